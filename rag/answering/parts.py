"""One question on its way to the Answer: what was read for it, what a composer found, what was written, all as one Part."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..drafts import Draft, NotSaid
from ..schema import Citation, Disagreement, Dropped, Reading, ReadQuestion, Statement
from .plan import AskedQuestion
from .refusal import why_refused, why_unsaid
from .short_answer import short_answer

NEAREST = 3  # hits that a refusal shows
SURE = 0.6  # confidence from which no sidebar is asked whether it answers better
OWN = "the articles' own sentences instead."
UNSUPPORTED = "The articles do not support what the language model wrote"
NOTHING_FOUND = "The language model found no answer in the articles"
BROKE_OFF = "The language model did not answer"
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
        """Whether the entailment model took part in it."""
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

    def in_place_of(self, other: Written) -> Written:
        """Return this, the articles' own sentences, as what stands in for another, of which nothing is shown."""
        found = UNSUPPORTED if other.not_said is None else NOTHING_FOUND
        note = f"{found if other.complete else BROKE_OFF}, so you are shown {OWN}"
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
