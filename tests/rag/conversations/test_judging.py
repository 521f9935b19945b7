"""What a person says of an answer becomes a case."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.conversations.judging import case_line, judged_case
from rag.conversations.records import Proof, Turn
from rag.errors import ConversationsError

Answered = Callable[..., Turn]


def test_an_answer_called_right_is_expected_with_its_quotes(answered: Answered) -> None:
    case = judged_case(
        (answered("lamps?"), Turn("q", error="e"), answered("seals?")), 2, verdict="right", why=" so it is "
    )
    assert case_line(case) == {
        "id": case.id,
        "question": "seals?",
        "answerable": True,
        "history": ["lamps?"],
        "expected_all": [["12"]],
        "evidence": [{"article": "seals", "quote": "They sent 12 grey seals."}],
        "why": "so it is",
        "tags": ["judged", "right"],
        "split": "test",
    }


def test_an_answer_called_wrong_must_not_be_given_again_and_the_right_one_is_expected_where_it_is_known(
    answered: Answered,
) -> None:
    unknown = judged_case((answered("seals?"),), 0, verdict="wrong")
    known = judged_case((answered("seals?"),), 0, verdict="wrong", right=" 13  seals ")
    assert (unknown.answerable, unknown.expected_all, unknown.wrong, unknown.evidence) == (True, (), ("12",), ())
    assert (known.expected_all, known.wrong) == ((("13 seals",),), ("12",))
    assert known.id == unknown.id  # a second thought takes the place of the first


def test_refusals_are_judged_too(answered: Answered, refused: Turn) -> None:
    assert judged_case((refused,), 0, verdict="right").answerable is False
    assert judged_case((answered("seals?"),), 0, verdict="unsaid").answerable is False
    said = judged_case((refused,), 0, verdict="said", right="two pandas")
    assert (said.answerable, said.expected_all, said.wrong) == (True, (("two pandas",),), ())
    with pytest.raises(ConversationsError, match="What would be right"):
        judged_case((refused,), 0, verdict="said", right=" ")


def test_evidence_is_of_words_in_the_text_alone(answered: Answered) -> None:
    case = judged_case((answered("who wrote it?", quote="Ada Brink", field="author"),), 0, verdict="right")
    assert case.evidence == ()
    assert Proof("seals", "Ada Brink") not in case.evidence


@pytest.mark.parametrize(("place", "verdict"), [(0, "right"), (1, "right"), (-1, "right"), (2, "maybe")])
def test_what_cannot_be_judged_is_an_error(answered: Answered, place: int, verdict: str) -> None:
    with pytest.raises(ConversationsError, match="expected"):
        judged_case((Turn("q", error="e"), Turn("q", stopped=True), answered("seals?")), place, verdict=verdict)
