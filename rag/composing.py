"""What was found and written for each question asked, to the one Answer. Confidences of several parts are multiplied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

from .comparing import differing
from .refusing import respelled, why_refused
from .schema import Answer, Disagreement, Dropped, Hit, Reading, Statement, Status, Trace
from .short_answer import account_of, short_answer
from .words import unshouted

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


@dataclass(slots=True)
class Part:
    """One of the questions asked, as it was typed and as it was searched: its evidence, and what is written for it so far."""

    question: str
    asked: str
    evidence: Evidence
    statements: list[Statement] = field(default_factory=list)  # one may stand under several parts; it is shown once
    dropped: list[Dropped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    by: str = ""
    broke_off: bool = False

    @property
    def short(self) -> str | None:
        return short_answer(self.asked, self.evidence.readings, self.statements)

    @property
    def disagreement(self) -> Disagreement | None:
        """What its articles answer otherwise, of those that are quoted; None where they do not."""
        cited = [citation for statement in self.statements for citation in statement.citations]
        shown = [reading for reading in self.evidence.readings if account_of(reading, cited)]
        accounts = (account_of(reading, cited) for reading in differing(self.question, shown))
        found = tuple(account for account in accounts if account)
        return Disagreement(self.question, found) if found else None

    @property
    def remark(self) -> str:
        """What the reader should know of it: why nothing is said, or that only a sidebar says it."""
        if not self.statements:
            return why_refused(self.asked, self.evidence.readings)
        return ONLY_ASIDE if self.evidence.aside else ""


def composed(
    question: str, parts: Sequence[Part], *, made_by: Mapping[str, str], seconds: Mapping[str, float]
) -> Answer:
    """Return the whole reply. Its confidence is the chance that all that is answered is right, as if parts were independent."""
    readings = tuple(reading for part in parts for reading in part.evidence.readings)
    statements = tuple(dict.fromkeys(statement for part in parts for statement in part.statements))
    answered = [part for part in parts if part.statements]
    whole = len(answered) == len(parts) and not any(part.broke_off for part in parts)
    status: Status = "not_found" if not statements else "answered" if whole else "partly"
    confidences = [part.evidence.confidence for part in answered or parts]
    notes = list(dict.fromkeys(note for part in parts for note in part.notes))
    remarks = [part.remark if len(parts) == 1 else f"“{part.question}” {part.remark}" for part in parts if part.remark]
    writers = dict.fromkeys(part.by for part in parts if part.by)
    return Answer(
        question=question,
        asked=" ".join(part.asked for part in parts),
        status=status,
        reason=" ".join((*remarks, *notes)) or None,
        short="; ".join(words for part in answered if (words := part.short)) or None,
        statements=statements,
        disagreements=tuple(found for part in answered if (found := part.disagreement)),
        confidence=None if None in confidences else prod(chance for chance in confidences if chance is not None),
        nearest=() if statements else _nearest(parts),
        suggestion=None if statements else respelled(unshouted(question), readings),
        trace=Trace(
            readings,
            tuple(dropped for part in parts for dropped in part.dropped),
            (*dict.fromkeys(note for part in parts for note in part.evidence.notes), *notes),
            seconds,
        ),
        made_by={**made_by, "answerer": ", ".join(writers) or "none"},
    )


def _nearest(parts: Sequence[Part]) -> tuple[Hit, ...]:
    each = max(1, NEAREST // len(parts))
    found = [reading.hit for part in parts for reading in part.evidence.readings[:each]]
    return tuple({(hit.passage.article_id, hit.passage.start): hit for hit in found}.values())[:NEAREST]
