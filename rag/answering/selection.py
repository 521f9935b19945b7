"""Which units of an article say most, or most of a subject, without saying it twice: maximal marginal relevance.

Carbonell and Goldstein 1998. The weights are logistic regressions of whether a unit holds a key point, rounded, on 1,338
units of the `dev` half of eval/cases/documents.jsonl.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..language.facts import facts_of
from ..language.stems import stem
from ..language.words import WORD, content_words
from ..plugins import Reader
from ..retrieval.library import Library, coverage, most_alike
from ..retrieval.units import Unit
from ..schema import Hit

REPETITION = 0.5  # of the likeness to the nearest unit chosen before
MOST_EMBEDDED = 24  # units of an article, or of a pool
MOST_READ = 20  # passages
FEW_WORDS = 6
LONG = 300  # characters


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts for a unit, each feature from 0 to 1.

    `centre` is how near it is to the middle of its article, `subject` and `cover` how near to the subject and how much of it
    it says, `place` how late it stands, `last` whether it ends the article.
    """

    centre: float
    subject: float
    cover: float
    amounts: float
    moments: float
    length: float
    place: float
    last: float
    reader: float


COVERING = Weights(0.6, 0.0, 0.6, 0.5, 0.4, 1.1, -0.35, -0.3, 0.0)
ANSWERING = Weights(0.4, 0.5, 0.2, 0.2, 0.15, 0.6, -0.8, -0.45, 1.4)


def best_units(
    units: Sequence[Unit],
    library: Library,
    *,
    most: int,
    subject: str = "",
    scores: Mapping[Unit, float] | None = None,
) -> list[Unit]:
    """Return up to `most` units, the best first. `scores` are what the reader gives them, 0 to 1."""
    if not units or most <= 0:
        return []
    given = COVERING if scores is None else ANSWERING
    plain = _worth(units, given, library, subject, scores or {})
    units = list(units)
    if len(units) > MOST_EMBEDDED:  # of a long article, those that are best without the likeness
        kept = np.sort(np.argsort(-plain, kind="stable")[:MOST_EMBEDDED])
        units, plain = [units[at] for at in kept], plain[kept]
    vectors = library.embed([unit.text for unit in units])
    worth = plain + given.centre * (vectors @ most_alike(vectors))
    if subject:
        worth += given.subject * (vectors @ library.embed([subject])[0])
    alike = vectors @ vectors.T
    chosen: list[int] = []
    while len(chosen) < min(most, len(units)):
        nearest = alike[:, chosen].max(axis=1) if chosen else np.zeros(len(units))
        gain = worth - REPETITION * nearest
        gain[chosen] = -np.inf
        chosen.append(int(np.argmax(gain)))
    return [units[at] for at in chosen]


def _worth(
    units: Sequence[Unit], given: Weights, library: Library, subject: str, scores: Mapping[Unit, float]
) -> npt.NDArray[np.float64]:
    """Return what each unit is worth without the likeness of its vector to others."""
    last: dict[str, int] = {}
    for unit in units:
        last[unit.article_id] = max(last.get(unit.article_id, 0), len(library.units(unit.article_id)) - 1)
    worth = np.zeros(len(units))
    for at, unit in enumerate(units):
        found = facts_of(unit.text)
        worth[at] += given.amounts * min(1.0, len(found.amounts) / 3) + given.moments * min(1.0, len(found.moments) / 2)
        worth[at] += given.length * min(1.0, len(unit.text) / LONG)
        worth[at] += given.place * unit.place / max(1, last[unit.article_id])
        worth[at] += given.last * (unit.place == last[unit.article_id])
        worth[at] += given.reader * scores.get(unit, 0.0)
        worth[at] -= 0.3 * (len(WORD.findall(unit.text)) < FEW_WORDS)
    if subject:
        weights = library.weights(subject)
        worth += [given.cover * _cover(weights, unit) for unit in units]
    return worth


def reader_scores(question: str, units: Sequence[Unit], library: Library, reader: Reader) -> dict[Unit, float]:
    """Return what the reader gives each unit, 0 to 1; 0 outside the passages nearest to the question."""
    hits = {_place(unit.hit): unit.hit for unit in units}
    if len(hits) > MOST_READ:
        within = replace(library.filters, articles=tuple(dict.fromkeys(unit.article_id for unit in units)))
        near = {_place(hit) for hit in library.search(question, k=MOST_READ, filters=within)}
        hits = {place: hit for place, hit in hits.items() if place in near}
    found = {_place(reading.hit): reading.sentences for reading in reader.read(question, list(hits.values()))}
    return {
        unit: max(
            (one.score for one in found.get(_place(unit.hit), ()) if unit.start <= one.start and one.end <= unit.end),
            default=0.0,
        )
        for unit in units
    }


def _place(hit: Hit) -> tuple[str, int]:
    return hit.passage.article_id, hit.passage.start


def _cover(weights: Mapping[str, float], unit: Unit) -> float:
    """How much of a subject a unit says, half of it by the paragraph up to it: what goes on about a subject rarely names it again."""
    return (coverage(weights, stems_of(unit.text)) + coverage(weights, stems_of(unit.paragraph))) / 2


def stems_of(text: str) -> frozenset[str]:
    return frozenset(map(stem, content_words(text)))
