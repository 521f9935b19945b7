from collections.abc import Sequence
from dataclasses import replace

import pytest

from rag import Hit, Passage
from rag.drafts import Thresholds
from rag.schema import Reading, SentenceScore
from rag.verification.read_back import LONGEST_QUESTION, MOST_READ_BACK, likeliest_first, read_back, verified

TEXT = "Ada Holm led the port. She left in 1998. Olaf Lund came."
SENTENCES = ((0, 22), (23, 40), (41, 56))
FIRST = 100  # where the passage begins in its article


class EchoModel:
    """Certain, and keeps what it was asked."""

    name = "echo-1"
    thresholds = Thresholds(0.5, 0.5)

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def chances(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        self.asked.extend(pairs)
        return [0.8] * len(pairs)


@pytest.fixture
def entailment() -> EchoModel:
    return EchoModel()


def reading(short: tuple[int, int] | None) -> Reading:
    spans = tuple((FIRST + start, FIRST + end) for start, end in SENTENCES)
    hit = Hit(
        Passage("a", FIRST, FIRST + len(TEXT), TEXT, "body", spans), 1, 1.0, "Port news", None, None, "s", 0.7, 1.0
    )
    return Reading(hit, 0.9, tuple(SentenceScore(*span, 0.5) for span in spans), short)


def test_the_best_readings_are_read_back_each_with_its_heading_its_sentence_and_the_one_before(
    entailment: EchoModel,
) -> None:
    found = [reading((FIRST + 35, FIRST + 39)), *[reading(None)] * MOST_READ_BACK]
    best, *others, last = verified("When did she leave?", found, entailment)
    told = ("When did she leave? 1998", "Port news. [Ada Holm led the port.] She left in 1998.")
    assert entailment.asked[0] == told
    assert len(entailment.asked) == MOST_READ_BACK
    assert [best.verified, *(one.verified for one in others), last.verified] == [0.8] * MOST_READ_BACK + [None]
    assert replace(best, verified=None) == reading((FIRST + 35, FIRST + 39))


def test_the_first_sentence_stands_alone() -> None:
    told = read_back("Who led it?", reading((FIRST, FIRST + 8)))
    assert told == [("Who led it? Ada Holm", "Port news. Ada Holm led the port.")]


def test_where_no_few_words_answer_the_best_sentence_does() -> None:
    told = read_back("Why did she leave?", reading(None))
    assert told == [("Why did she leave? Ada Holm led the port.", "Port news. Ada Holm led the port.")]


def test_given_answers_are_put_in_place_of_the_words() -> None:
    told = read_back("Did Ada Holm lead the port?", reading((FIRST, FIRST + 8)), answers=("yes", "no"))
    assert [statement for statement, _ in told] == [
        "Did Ada Holm lead the port? yes",
        "Did Ada Holm lead the port? no",
    ]


def test_what_holds_no_sentence_is_read_whole() -> None:
    bare = reading(None)
    bare = replace(bare, hit=replace(bare.hit, passage=replace(bare.hit.passage, sentences=())), sentences=())
    assert read_back("Who?", bare) == [(f"Who? {TEXT}", f"Port news. {TEXT}")]


def test_without_readings_or_a_model_nothing_is_asked(entailment: EchoModel) -> None:
    assert verified("Who?", [], entailment) == ()
    assert verified("Who?", [reading(None)], None) == (reading(None),)
    assert entailment.asked == []


def test_the_words_are_read_back_with_the_end_of_a_long_question() -> None:
    question = "Since I have read so much about it and would like to be sure, " * 8 + "who led it?"
    ((statement, _),) = read_back(question, reading((FIRST, FIRST + 8)))
    assert statement.endswith("to be sure, who led it? Ada Holm")
    assert len(statement) <= LONGEST_QUESTION + len(" Ada Holm")


def test_what_both_models_hold_likelier_comes_first_and_what_was_not_asked_last() -> None:
    scores = ((0.9, 0.01), (0.8, 0.95), (0.99, None))
    found = [replace(reading(None), score=score, verified=chance) for score, chance in scores]
    assert [one.score for one in likeliest_first(found)] == [0.8, 0.9, 0.99]
