"""What was found and written for each question asked, to the one Answer. Confidences of several parts are multiplied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from ..drafts import Draft, NotSaid
from ..language.words import unshouted
from ..question.spelling import respelled
from ..schema import Answer, Citation, Disagreement, Dropped, Hit, Reading, ReadQuestion, Statement, Status, Trace
from .plan import AskedQuestion
from .refusal import why_refused, why_unsaid
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
class Written:
    """What an answerer wrote for one question: the statements that were let through, and those that were not.

    `by` names who wrote. `complete` is false where the answerer broke off. `not_said` is what it says the articles do
    not answer.
    """

    statements: tuple[Statement, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    by: str = ""
    complete: bool = True
    not_said: NotSaid | None = None

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
        written = self.written
        said = bool(written.statements) and written.complete and written.not_said is None
        return said and (not self.composed or self.composed.whole)

    @property
    def remark(self) -> str:
        """What the reader should know of it: why nothing is said, that only a sidebar says it, what was not read."""
        if self.composed is not None and self.composed.remark:
            return self.composed.remark
        if self.written.not_said:
            return why_unsaid(self.written.not_said, self.evidence.readings, said=bool(self.written.statements))
        why = ONLY_ASIDE if self.evidence.aside else ""
        if not self.written.statements:
            why = why_refused(self.question.question, self.evidence.readings)
        return " ".join(filter(None, (why, *self._unread)))

    @property
    def _unread(self) -> list[str]:
        """What was not read of the articles that are cited, or, when refusing, of the nearest ones."""
        cited = {citation.article_id for citation in self.written.citations}
        hits = [reading.hit for reading in self.evidence.readings]
        asked = [hit for hit in hits if hit.passage.article_id in cited] if self.written.statements else hits[:NEAREST]
        told = dict.fromkeys((hit.title, hit.notes) for hit in asked if hit.notes)
        return [f"“{title}”: {' '.join(notes)}" for title, notes in told]


def compose(
    question: str,
    parts: Sequence[Part],
    *,
    made_by: Mapping[str, str],
    seconds: Mapping[str, float],
    notes: Sequence[str] = (),
) -> Answer:
    """Return the whole reply; `notes` are on all of it. Its confidence is the chance that all that is answered is right, as if parts were independent."""
    readings = tuple(reading for part in parts for reading in part.evidence.readings)
    statements = tuple(dict.fromkeys(statement for part in parts for statement in part.written.statements))
    answered = [part for part in parts if part.written.statements]
    whole = all(part.whole for part in parts)
    status: Status = "answered" if whole else "partly" if statements else "not_found"
    confidences = [part.evidence.confidence for part in answered or parts]
    notes = list(dict.fromkeys([*notes, *(note for part in parts for note in part.written.notes)]))
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
            queries=tuple(query for part in parts for query in part.question.queries),
            read=tuple(part.read for part in parts if part.read),
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
