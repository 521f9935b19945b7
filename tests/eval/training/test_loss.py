import math

import pytest
import torch

from eval.training.groups import Labelled
from eval.training.loss import losses, token_span
from rag.reader.batching import Pair, Slice
from rag.reader.network import Scores

OFFSETS = ((-1, -1), (0, 4), (5, 9), (10, 14))
PAIR = Pair("who", "", "Anna fled home")


def part(rows: int) -> Slice:
    empty = torch.zeros((rows, 4), dtype=torch.long)
    return Slice(tuple(range(rows)), empty, empty, empty, empty.bool(), (OFFSETS,) * rows)


def test_the_answer_competes_with_the_tokens_of_every_passage_of_its_question() -> None:
    labelled = [Labelled(PAIR, ((0, 4),), 0), Labelled(PAIR, (), 0)]
    scores = Scores(torch.zeros(2, 4), torch.zeros(2, 4), torch.zeros(2))
    found = losses(labelled, read=[(part(2), scores)])
    assert float(found.shared) == pytest.approx(math.log(6))  # three tokens of each passage, "no answer" left aside
    assert float(found.single) == pytest.approx(math.log(4))  # three tokens and "no answer"
    assert float(found.relevance) == pytest.approx(math.log(2))


def test_passages_of_other_questions_do_not_compete() -> None:
    labelled = [Labelled(PAIR, ((0, 4),), 0), Labelled(PAIR, (), 1)]
    scores = Scores(torch.zeros(2, 4), torch.zeros(2, 4), torch.zeros(2))
    assert float(losses(labelled, read=[(part(2), scores)]).shared) == pytest.approx(math.log(3))


def test_a_certain_and_right_network_loses_nothing() -> None:
    start = torch.tensor([[-40.0, 40.0, -40.0, -40.0], [40.0, -40.0, -40.0, -40.0]])
    labelled = [Labelled(PAIR, ((0, 4),), 0), Labelled(PAIR, (), 0)]
    found = losses(labelled, read=[(part(2), Scores(start, start, torch.tensor([40.0, -40.0])))])
    assert float(found.total) == pytest.approx(0.0, abs=1e-6)


def test_a_question_without_any_answer_has_no_shared_part() -> None:
    found = losses(
        [Labelled(PAIR, (), 0)], read=[(part(1), Scores(torch.zeros(1, 4), torch.zeros(1, 4), torch.zeros(1)))]
    )
    assert float(found.shared) == 0.0


def test_token_span_covers_the_characters() -> None:
    assert token_span((5, 14), offsets=OFFSETS) == (2, 3)


def test_an_answer_that_was_cut_off_has_no_tokens() -> None:
    assert token_span((10, 20), offsets=OFFSETS) is None
