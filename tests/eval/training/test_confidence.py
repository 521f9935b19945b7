import json
from pathlib import Path

import numpy as np
import pytest

from eval.training.confidence import _put, held_out_chances, risk_points
from eval.training.pool import Asked, Read
from rag import Hit, Passage
from rag.schema import Reading, SentenceScore
from rag.verification.confidence import least_confidence

TEXT = "The zoo sent 12 walruses. Nobody asked the mayor."


def read(*answers: str, best: int = 0) -> Read:
    spans = ((0, 25), (26, len(TEXT)))
    passage = Passage("a1", 0, len(TEXT), TEXT, "body", spans)
    scores = tuple(SentenceScore(*span, 0.9 if at == best else 0.1) for at, span in enumerate(spans))
    hit = Hit(passage, 1, 1.0, "Zoo", None, None, "zoo", None, None)
    asked = Asked("How many walruses?", answers, "zoo", 0, len(TEXT) + 2, "zoo", "answerable")
    return Read(asked, (Reading(hit, 0.9, scores, (13, 15)),))


def test_right_is_the_sentence_with_an_answer_in_the_passage_of_the_question() -> None:
    assert read("12").right
    assert read("13", "12 WALRUSES").right
    assert not read("13").right
    assert not read("12", best=1).right
    assert not read().right


def test_a_whole_sentence_as_answer_may_be_longer_than_the_one_shown() -> None:
    assert read("The zoo sent 12 walruses. Nobody knew.").right


def test_the_curve_gives_the_confidence_from_which_no_more_than_the_accepted_share_is_wrong() -> None:
    chances = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.array([True, True, False, True, False])
    points = risk_points(chances, right)
    assert least_confidence(points, max_error=0.25) == 0.6  # one of the first four is wrong
    assert least_confidence(points, max_error=0.4) == 0.5
    assert least_confidence(points, max_error=0.15) == 0.8  # none was wrong, but the chances themselves expect so many


def test_more_errors_accepted_never_answer_less() -> None:
    random = np.random.default_rng(1)
    chances = random.random(500)
    points = risk_points(chances, random.random(500) < chances)
    least = [least_confidence(points, max_error=accepted) for accepted in np.linspace(0, 1, 50)]
    assert least == sorted(least, reverse=True)


def test_no_question_is_judged_by_a_fit_that_saw_its_article() -> None:
    # All questions on article 0 are answered rightly, one in twenty on the others: a fit that did not see it expects few.
    groups = [f"article {at % 10}" for at in range(200)]
    right = np.array([at % 10 == 0 or at < 10 for at in range(200)])
    chances = held_out_chances(np.ones((200, 1)), right, groups=groups)
    assert chances[0] < 0.1 < chances[1]


def test_a_fit_takes_the_place_of_the_one_of_its_reader_alone(tmp_path: Path) -> None:
    out = tmp_path / "confidence.json"
    _put({"bias": 1}, "fast", out)
    _put({"bias": 2}, "trained", out)
    _put({"bias": 3}, "fast", out)
    assert json.loads(out.read_text()) == {"fast": {"bias": 3}, "trained": {"bias": 2}}


@pytest.mark.parametrize("size", [1, 2, 39, 40, 41])
def test_a_curve_of_few_questions_ends_at_the_last(size: int) -> None:
    chances = np.linspace(0.9, 0.1, size)
    assert risk_points(chances, np.ones(size, dtype=bool))[-1][0] == pytest.approx(chances[-1], abs=1e-4)
