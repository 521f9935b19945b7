"""What a person says of an answer, as a case that measures it from then on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from ..errors import ConversationsError
from ..schema import Answer
from .mentioned import id_of
from .records import JudgedCase, Proof, Turn, Verdict


def judged_case(turns: Sequence[Turn], place: int, *, verdict: str, right: str = "", why: str = "") -> JudgedCase:
    """Return the case that the answer at a place makes, with the questions before it as its history.

    - "right": what it says, proved by its quotes, is expected from now on; of a refusal, that it refuses.
    - "wrong": `right` is expected where it is given; what was said must not be said again.
    - "unsaid": the articles do not say this, and a refusal is expected.
    - "said": the articles do say it, in the words of `right`.

    Raises:
        ConversationsError: there is no answer at this place, no such verdict, or it needs the words of a right answer.
    """
    answer = turns[place].answer if 0 <= place < len(turns) else None
    if answer is None:
        raise ConversationsError("there is no answer here that could be judged, expected a finished one. Ask again.")
    if verdict not in get_args(Verdict):
        raise ConversationsError(f"no verdict is called {verdict!r}, expected one of {', '.join(get_args(Verdict))}.")
    right, why = " ".join(right.split()), " ".join(why.split())
    if verdict == "said" and not right:
        raise ConversationsError(
            "no words of a right answer are given, expected those that the articles say, or how should a test know "
            "them? Fill in “What would be right?”."
        )
    refused = answer.status == "not_found"
    answerable = verdict in ("wrong", "said") or (verdict == "right" and not refused)
    return JudgedCase(
        id=f"judged-{id_of(turns[place])}",
        question=turns[place].question,
        answerable=answerable,
        history=tuple(turn.question for turn in turns[:place] if turn.answer is not None),
        expected_all=_expected(answer, verdict, right),
        evidence=_evidence(answer) if verdict == "right" and answerable else (),
        wrong=_said(answer) if verdict == "wrong" else (),
        why=why,
        tags=("judged", verdict),
    )


def _expected(answer: Answer, verdict: str, right: str) -> tuple[tuple[str, ...], ...]:
    if verdict in ("wrong", "said"):
        return ((right,),) if right else ()
    if verdict == "unsaid" or answer.status == "not_found":
        return ()
    return tuple((words,) for words in _said(answer))


def _said(answer: Answer) -> tuple[str, ...]:
    """The few words that answer; where there are none, each statement."""
    return (answer.short,) if answer.short else tuple(dict.fromkeys(one.text for one in answer.statements))


def _evidence(answer: Answer) -> tuple[Proof, ...]:
    """The quotes; a field of an article is none that a case can name."""
    proofs = (Proof(one.article_id, one.quote) for one in answer.citations if one.field is None)
    return tuple(dict.fromkeys(proofs))


def case_line(case: JudgedCase) -> dict[str, object]:
    """Return a case as an object of a file of cases, without the fields that are empty."""
    line: dict[str, object] = {"id": case.id, "question": case.question, "answerable": case.answerable}
    if case.history:
        line["history"] = list(case.history)
    if case.expected_all:
        line["expected_all"] = [list(group) for group in case.expected_all]
    if case.evidence:
        line["evidence"] = [{"article": one.article, "quote": one.quote} for one in case.evidence]
    if case.wrong:
        line["wrong"] = list(case.wrong)
    if case.why:
        line["why"] = case.why
    return line | {"tags": list(case.tags), "split": case.split}
