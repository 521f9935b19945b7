"""What was found and written for each question asked, to the one Answer. Confidences of several parts are multiplied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from ..language.words import unshouted
from ..question.spelling import respelled
from ..schema import (
    Answer,
    Citation,
    Disagreement,
    Draft,
    Dropped,
    Hit,
    Reading,
    ReadQuestion,
    Statement,
    Status,
    Trace,
)
from .refusal import why_refused
from .short_answer import short_answer

NEAREST = 3
SURE = 0.6  # confidence from which no sidebar is asked whether it answers better
ONLY_ASIDE = "Only a sidebar says this: a teaser of another story, or a box beside the article."


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was read for a question, best first, and whether it is enough to answer."""

    readings: tuple[Reading, ...]
    confidence: float | None
    enough: bool
    aside: bool = False
    notes: tuple[str, ...] = ()

    @property
    def chance(self) -> float:
        """The confidence, or what stands in for it where there is none."""
        if self.confidence is not None:
            return self.confidence
        return self.readings[0].score if self.readings else 0.0

    @property
    def sure(self) -> bool:
        return self.enough and self.chance >= SURE

    @property
    def read_back(self) -> bool:
        """Whether a judge took part in it."""
        return any(reading.verified is not None for reading in self.readings)


@dataclass(frozen=True, slots=True)
class Composed:
    """What is said to a question of a kind: drafts to be checked, in order, and the readings in which their quotes lie.

    Without drafts, `remark` says why; with some, what the reader should know. `short` is the few words that answer. `whole`
    is false where part of the question is left open.
    """

    drafts: tuple[Draft, ...] = ()
    readings: tuple[Reading, ...] = ()
    short: str | None = None
    remark: str = ""
    confidence: float | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One of the questions asked: as it was typed, and as it was searched."""

    question: str
    asked: str


@dataclass(frozen=True, slots=True)
class Written:
    """What an answerer wrote for one question: the statements that were let through, and those that were not.

    `by` names who wrote. `complete` is false where the answerer broke off.
    """

    statements: tuple[Statement, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    by: str = ""
    complete: bool = True

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(citation for statement in self.statements for citation in statement.citations)

    def followed_by(self, other: Written) -> Written:
        """Return this with the statements of another that are new, and with what was dropped there."""
        new = tuple(statement for statement in other.statements if statement not in self.statements)
        return replace(self, statements=self.statements + new, dropped=self.dropped + other.dropped)

    def in_place_of(self, other: Written, *, note: str) -> Written:
        """Return this as what stands in for another, of which nothing is shown; `note` says so."""
        return replace(
            self,
            dropped=other.dropped + self.dropped,
            notes=(*other.notes, note, *self.notes),
            by=f"{self.by} (stands in for {other.by})",
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One of the questions asked, with its evidence and what is said to it."""

    question: AskedQuestion
    evidence: Evidence
    written: Written
    disagreement: Disagreement | None = None
    read: ReadQuestion | None = None
    composed: Composed | None = None

    @property
    def short(self) -> str | None:
        if self.composed is not None:
            return self.composed.short
        return short_answer(self.question.asked, self.evidence.readings, self.written.statements)

    @property
    def whole(self) -> bool:
        """Whether all that was asked is answered; a greeting asks nothing."""
        if self.read is not None and self.read.kind == "small-talk":
            return True
        return bool(self.written.statements) and self.written.complete and (not self.composed or self.composed.whole)

    @property
    def remark(self) -> str:
        """What the reader should know of it: why nothing is said, or that only a sidebar says it."""
        if self.composed is not None and self.composed.remark:
            return self.composed.remark
        if not self.written.statements:
            return why_refused(self.question.question, self.evidence.readings)
        return ONLY_ASIDE if self.evidence.aside else ""


def compose(
    question: str, parts: Sequence[Part], *, made_by: Mapping[str, str], seconds: Mapping[str, float]
) -> Answer:
    """Return the whole reply. Its confidence is the chance that all that is answered is right, as if parts were independent."""
    readings = tuple(reading for part in parts for reading in part.evidence.readings)
    statements = tuple(dict.fromkeys(statement for part in parts for statement in part.written.statements))
    answered = [part for part in parts if part.written.statements]
    whole = all(part.whole for part in parts)
    status: Status = "answered" if whole else "partly" if statements else "not_found"
    confidences = [part.evidence.confidence for part in answered or parts]
    notes = list(dict.fromkeys(note for part in parts for note in part.written.notes))
    writers = dict.fromkeys(part.written.by for part in parts if part.written.by)
    return Answer(
        question=question,
        asked=" ".join(part.question.asked for part in parts),
        status=status,
        reason=" ".join((*_remarks(parts), *notes)) or None,
        short="; ".join(words for part in answered if (words := part.short)) or None,
        statements=statements,
        disagreements=tuple(part.disagreement for part in answered if part.disagreement),
        confidence=None if None in confidences else prod(chance for chance in confidences if chance is not None),
        nearest=() if statements or whole else _nearest(parts),
        suggestion=None if statements or whole else respelled(unshouted(question), readings),
        trace=Trace(
            readings,
            tuple(dropped for part in parts for dropped in part.written.dropped),
            (*dict.fromkeys(note for part in parts for note in part.evidence.notes), *notes),
            seconds,
            tuple(part.read for part in parts if part.read),
        ),
        made_by={**made_by, "answerer": ", ".join(writers) or "none"},
    )


def _remarks(parts: Sequence[Part]) -> list[str]:
    if len(parts) == 1:
        return [parts[0].remark] if parts[0].remark else []
    return [f"“{part.question.question}” {part.remark}" for part in parts if part.remark]


def _nearest(parts: Sequence[Part]) -> tuple[Hit, ...]:
    each = max(1, NEAREST // len(parts))
    found = [reading.hit for part in parts for reading in part.evidence.readings[:each]]
    return tuple({(hit.passage.article_id, hit.passage.start): hit for hit in found}.values())[:NEAREST]
