import pytest

from eval.training.rewriting import REWRITERS

PASSAGE = "Nikola Berg came first. Berg built it."
REWRITTEN = [
    ("aside dropped", "The yard (the oldest one) has a dock.", "The yard has a dock."),
    ("aside dropped", "The yard, which opened late, has a dock.", "The yard has a dock."),
    ("clause dropped", "The yard has an old dry dock, and it is closed.", "The yard has an old dry dock."),
    ("reordered", "In 1889, the yard opened its dock.", "The yard opened its dock in 1889."),
    ("reordered", "The yard opened its large dock in 1889.", "In 1889, the yard opened its large dock."),
    ("number written", "The yard has 7 docks.", "The yard has seven docks."),
    ("number written", "It took seven docks.", "It took 7 docks."),
    ("name shortened", "The first was Nikola Berg.", "The first was Berg."),
    ("synonym", "The yard was founded here.", "The yard was established here."),
]


@pytest.mark.parametrize(("kind", "sentence", "rewritten"), REWRITTEN)
def test_a_sentence_is_said_otherwise(kind: str, sentence: str, rewritten: str) -> None:
    assert REWRITERS[kind](sentence, PASSAGE) == rewritten


@pytest.mark.parametrize("kind", list(REWRITERS))
def test_a_sentence_that_offers_nothing_is_left_alone(kind: str) -> None:
    assert REWRITERS[kind]("Geese fly.", "Geese fly.") is None


def test_a_day_of_a_month_is_no_small_number() -> None:
    assert REWRITERS["number written"]("It opened on May 7 in rain.", "") is None
