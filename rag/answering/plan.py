"""What is to be answered, before anything is searched: the questions, each as it stands by itself, and its queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..language.words import unshouted
from ..question.contextualization import completed, names_something, standalone
from ..question.decomposition import parts
from ..question.kinds import kind_of
from ..schema import Turn

# Kinds of question that may ask several things; the others take it as one.
IN_PARTS = ("fact", "yes-no", "choice", "why")


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One of the questions asked: as it was typed, and as it was searched, with further `queries` for the search."""

    question: str
    asked: str
    queries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The questions in order; `notes` says what went otherwise than it should in making it."""

    asked: tuple[AskedQuestion, ...]
    notes: tuple[str, ...] = ()


def contextualize(question: str, history: Sequence[Turn]) -> Plan:
    """Return the questions that `question` holds, each as typed and as it stands by itself after the earlier turns."""
    whole = unshouted(question)
    typed = parts(whole)
    if kind_of(typed[0]) not in IN_PARTS:
        typed = (whole,)
    asked = [_by_itself(one, history, typed[:at]) for at, one in enumerate(typed)]
    shown = typed if len(typed) > 1 else (question,)
    return Plan(tuple(AskedQuestion(one, other) for one, other in zip(shown, asked, strict=True)))


def _by_itself(part: str, history: Sequence[Turn], before: Sequence[str]) -> str:
    """Return a part of a question as it stands by itself; one that names nothing is about what the parts before it name."""
    turns = (*history, *before)
    if before and names_something(before[0]) and not names_something(part):
        return completed(part, turns)
    return standalone(part, turns)
