"""What a composer is given: a question with how it was read and what may answer it; and what all composers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..plugins import Models
from ..retrieval.library import Library
from ..retrieval.units import Unit
from ..schema import Reading, ReadQuestion
from .parts import Composed, Evidence

MOST_STATEMENTS = 8


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with how it was read and what it may be answered from; `evidence` is what the reader says to it.

    `before` are the ids of the articles that the answer before cites, where the question leans on that.
    """

    question: str
    read: ReadQuestion
    library: Library
    models: Models
    evidence: Evidence
    before: tuple[str, ...] = ()


Composer = Callable[[Asking], Composed | None]


def as_readings(units: Iterable[Unit]) -> tuple[Reading, ...]:
    """Return the passages of units as readings, which the gate looks for quotes in."""
    hits = {(unit.article_id, unit.hit.passage.start): unit.hit for unit in units}
    return tuple(Reading(hit, 0.0, (), None) for hit in hits.values())
