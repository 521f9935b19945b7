import pytest

from rag.retrieval.redundancy import holders
from rag.schema import Passage


def passage(*sentences: str) -> Passage:
    spans, at = [], 0
    for sentence in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    return Passage("i", 0, at - 1, " ".join(sentences), "body", tuple(spans))


STRIKE = "The strike left 19 grain carriers at anchor, the port authority of Norvik said on Monday."
TALKS = "Talks over the pay for night shifts had collapsed a week before."


def test_a_passage_repeats_others_when_each_sentence_stands_in_one_of_them() -> None:
    better = [passage("Grain is dear.", STRIKE), passage(TALKS)]
    assert holders(passage(STRIKE), better) == {0}
    assert holders(passage(STRIKE, TALKS), better) == {0, 1}
    assert holders(passage(STRIKE, "A walrus watched."), better) == set()
    assert holders(passage(STRIKE), []) == set()


@pytest.mark.parametrize(
    ("edited", "same"),
    [
        (STRIKE.replace("Norvik", "Norvik’s harbour").replace("Norvik’s", "Norvik"), True),
        (STRIKE.replace("grain carriers", "carriers"), True),
        (STRIKE.replace("19", "23"), False),
        (STRIKE.replace("Norvik", "Halden"), False),
        (STRIKE.replace("left", "did not leave"), False),
        (STRIKE.replace("Monday", "Friday"), False),
    ],
)
def test_an_edit_that_changes_a_fact_is_no_repetition(edited: str, same: bool) -> None:
    assert bool(holders(passage(edited), [passage(STRIKE)])) is same


def test_quotation_marks_and_line_breaks_make_no_difference() -> None:
    assert holders(passage("“It’s over,” she\nsaid."), [passage('"It\'s over," she said.')]) == {0}
