"""One answer in the making: what is asked of the articles, what is written, what is written anew.

The pipeline sees an answerer through this alone: a plain one, which only writes, and a language model, which may also
plan and revise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ..drafts import Draft, NotSaid
from ..language_model.deadline import Deadline
from ..plugins import Answerer
from ..schema import Dropped, Reading, Turn
from .plan import Plan, contextualize


@dataclass(frozen=True, slots=True)
class Rejected:
    """Sentence `number` of an answer, counted from 1, and why it is not shown."""

    number: int
    draft: Draft
    dropped: Dropped


class Writing(Protocol):
    """`trusted`: it is asked whatever the local confidence says, and decides what is said and what is not."""

    verbatim: bool
    trusted: bool

    @property
    def name(self) -> str: ...

    def plan(self) -> Plan: ...
    def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft | NotSaid]: ...
    def rewrite(self, question: str, readings: Sequence[Reading], rejected: Sequence[Rejected]) -> dict[int, Draft]: ...


@runtime_checkable
class Conversing(Protocol):
    """An answerer that makes something of the turns before, or of the time that is left."""

    def begin(self, question: str, history: Sequence[Turn], deadline: Deadline) -> Writing: ...


def begin(answerer: Answerer, question: str, history: Sequence[Turn], deadline: Deadline) -> Writing:
    """Return the writing of one answer."""
    if isinstance(answerer, Conversing):
        return answerer.begin(question, history, deadline)
    return PlainWriting(answerer, question, history)


class PlainWriting:
    """What an answerer writes that knows the question and the readings alone."""

    trusted = False

    def __init__(self, answerer: Answerer, question: str, history: Sequence[Turn]) -> None:
        self._answerer, self._question, self._history = answerer, question, history
        self.verbatim = answerer.verbatim

    @property
    def name(self) -> str:
        return self._answerer.name

    def plan(self) -> Plan:
        return contextualize(self._question, self._history)

    def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft | NotSaid]:
        return self._answerer.write(question, readings)

    def rewrite(self, question: str, readings: Sequence[Reading], rejected: Sequence[Rejected]) -> dict[int, Draft]:
        return {}
