from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from eval.training.entailment_loss import entailment_loss
from eval.training.pairs import Inference, paired
from eval.training.reading_data import Read
from eval.training.reading_loss import reading_loss
from rag.reader.batching import Pair, slices
from rag.reader.network import Scores


def test_either_of_two_allowed_verdicts_is_right(tokeniser: Any) -> None:
    told = [Inference("Rain fell.", "It snowed.", (1, 2), None, "")]
    (part,) = paired([(told[0].hypothesis, told[0].premise)], tokeniser=tokeniser)
    verdicts = torch.tensor([[0.0, math.log(2), math.log(3)]])
    loss = entailment_loss(told, part, verdicts, torch.zeros(part.ids.shape))
    assert float(loss) == pytest.approx(math.log(6 / 5))


def test_unsupported_words_are_learned_where_they_are_known(tokeniser: Any) -> None:
    told = [Inference("Rain fell.", "It snowed.", (1,), ((3, 9),), "")]
    (part,) = paired([(told[0].hypothesis, told[0].premise)], tokeniser=tokeniser)
    verdicts = torch.tensor([[-30.0, 30.0, -30.0]])
    right = torch.tensor([[30.0 if 3 <= start < 9 and end > start else -30.0 for start, end in part.offsets[0]]])
    right = torch.nn.functional.pad(right, (0, part.ids.shape[1] - right.shape[1]))
    assert float(entailment_loss(told, part, verdicts, right)) == pytest.approx(0.0, abs=1e-4)
    assert float(entailment_loss(told, part, verdicts, -right)) > 1


@pytest.mark.parametrize("loose", [False, True])
def test_reading_is_right_when_start_and_end_stand_in_the_answer(tokeniser: Any, loose: bool) -> None:
    passage = "Ferries sail. Olga Brenner called it off."
    tasks = [
        (Read(Pair("Who?", "", passage), ((14, 26),), loose, ""), Read(Pair("Who?", "", "It rained."), (), False, ""))
    ]
    parts = []
    for part in slices([read.pair for read in tasks[0]], tokeniser=tokeniser, longest=64):
        closed = torch.where(part.answerable, -30.0, float("-inf"))
        start, end = closed.clone(), closed.clone()
        relevance = torch.zeros(len(part.rows))
        for index, row in enumerate(part.rows):
            if row == 1:
                start[index, 0] = end[index, 0] = 30.0
                relevance[index] = -30.0
            else:
                tokens = [
                    token for token, (first, last) in enumerate(part.offsets[index]) if first >= 14 and last <= 26
                ]
                first, last = (tokens[1], tokens[1]) if loose else (tokens[0], tokens[-1])
                start[index, first] = end[index, last] = 30.0
                relevance[index] = 30.0
        parts.append((part, Scores(start, end, relevance)))
    assert float(reading_loss(tasks, parts=parts)) == pytest.approx(0.0, abs=1e-4)


def test_a_question_whose_answer_is_cut_off_teaches_nothing(tokeniser: Any) -> None:
    tasks = [(Read(Pair("Who?", "", "It rained. " * 60 + "Olga did it."), ((660, 664),), False, ""),)]
    parts = []
    for part in slices([tasks[0][0].pair], tokeniser=tokeniser, longest=64):
        scores = torch.zeros(part.ids.shape, requires_grad=True)
        parts.append((part, Scores(scores, scores, scores[:, 0])))
    loss = reading_loss(tasks, parts=parts)
    loss.backward()  # type: ignore[no-untyped-call]
    assert float(loss.detach()) == 0.0
