"""Summaries, accounts of a subject, what an article or an outlet says, reasons and lists: the units that cover it best, in order."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import zip_longest

from ..filters import Filters
from ..question.days import REPORTED_WITHIN, tells_of
from ..question.kinds import PIECE
from ..retrieval.library import Ranked, coverage
from ..retrieval.topicality import topicality
from ..retrieval.units import Unit
from ..schema import ArticleSummary, Reading
from .asking import MOST_STATEMENTS, Asking, as_readings
from .parts import Composed, Evidence
from .selection import best_units, reader_scores

LEAST_CHANCE = 0.15  # of the reader and the entailment model, below which nothing there gives a reason or a yes or no
MOST_ARTICLES = 5
READER_WEIGHT = 6.0  # in log odds, of the reader's best score in an article
BEFORE = 4.0  # log odds that an article has more, that the answer before cites
_ONE = re.compile(
    r"\b(?:the|that|this|an?|short) (?:[\w’'-]+ ){0,3}?(?:article|piece|story|report|column|letter|editorial|interview|obituary"
    r"|feature|analysis|profile|transcript|audit|briefing|session|speech|minutes)\b",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:all|every|everything|each)\b", re.IGNORECASE)
_THROUGHOUT = re.compile(rf"\b(?:the|these|your|all) {PIECE}\b|\bcollection\b", re.IGNORECASE)
NOTHING = "None of the articles is about this."


def summary(asking: Asking) -> Composed | None:
    """What an article says, or several on one story: their best units in order."""
    several = bool(_ALL.search(asking.question)) or not _ONE.search(asking.question)
    found = articles_for(asking, several=several)
    return covered(asking, found, subject=asking.read.subject) if found else _refused(asking)


def source(asking: Asking) -> Composed | None:
    """What one article or outlet says, on the subject that the question names."""
    found = articles_for(asking, several=False)
    return covered(asking, found, subject=asking.read.subject) if found else _refused(asking)


def about(asking: Asking) -> Composed | None:
    """What the articles say about somebody or something."""
    found = articles_for(asking, several=True)
    return covered(asking, found, subject=asking.read.subject) if found else _refused(asking)


def reasons(asking: Asking) -> Composed | None:
    """Reasons, ways and lists: the unit that answers best, then what completes it in the articles on the same story."""
    found = articles_for(asking, several=True)
    if asking.read.kind == "why" and not bears(asking, found):
        return None  # a reason that is not there is the easiest to make up: the premise may be false
    return pooled(asking, found) if found else _refused(asking)


def items(asking: Asking) -> Composed | None:
    """A list: of the units of one story, or what each of several articles has of it."""
    if not _THROUGHOUT.search(asking.question):
        return reasons(asking)
    if not is_about(asking, asking.library.ranked(asking.read.subject)[:1]):
        return Composed(remark=NOTHING)  # what is nearest is only a word of it
    return gathered(asking) or reasons(asking)


def _refused(asking: Asking) -> Composed | None:
    return None if asking.evidence.enough else Composed(remark=NOTHING)


def articles_for(asking: Asking, *, several: bool) -> list[Ranked]:
    """Return the articles that a question is about, best first; none where none is about it."""
    read, library = asking.read, asking.library
    named = [one for one in library.listed() if one.title in read.articles]
    if named:
        return [_whole(asking, one) for one in named][:MOST_ARTICLES]
    filters = library.filters
    if read.outlets:
        filters = replace(filters, outlets=read.outlets)
    ranked = library.ranked(read.subject, filters=filters, also=asking.before)
    if read.days and not (filters.published_after or filters.published_before):
        ranked = _of_days(asking, filters, read.days, ranked)
    if not ranked:
        return []
    said = _best_readings(asking.evidence.readings)
    ranked.sort(
        key=lambda one: -(one.odds + READER_WEIGHT * said.get(one.id, 0.0) + BEFORE * (one.id in asking.before))
    )
    if ranked[0].id in asking.before:
        return [one for one in ranked if one.id in asking.before] if several else ranked[:1]
    same = library.story(ranked)[:MOST_ARTICLES]
    if not (read.outlets or asking.evidence.enough or is_about(asking, same)):
        return []
    return same if several and not read.outlets else ranked[:1]


def _of_days(asking: Asking, filters: Filters, days: tuple[date, date], ranked: list[Ranked]) -> list[Ranked]:
    """Return the articles that appeared in these days or soon after, or that name them.

    Where none did, an outlet said nothing then; what happened may be told by articles of other days.
    """
    soon = replace(filters, published_after=days[0], published_before=days[1] + timedelta(days=REPORTED_WITHIN))
    then = asking.library.ranked(asking.read.subject, filters=soon)
    known = {one.id for one in then}
    later = [one for one in ranked if one.id not in known and _names_days(one, days)]
    found = then + later
    if asking.read.outlets:
        return found
    best = max((one.odds for one in ranked), default=-math.inf)
    return found if any(topicality().alike(one.odds, best=best) for one in found) else ranked


def _names_days(one: Ranked, days: tuple[date, date]) -> bool:
    return any(tells_of(days, unit.text, published=one.listed.published) for unit in one.units)


def is_about(asking: Asking, found: Sequence[Ranked]) -> bool:
    """Whether one of these articles is about the subject; what is compared may stand in several of them."""
    best = max((one.odds for one in found), default=-math.inf)
    if asking.read.sides and found:
        said = frozenset().union(*(one.said for one in found))
        together = topicality().odds(
            coverage=coverage(asking.library.weights(asking.read.subject), said),
            closeness=max(one.closeness for one in found),
            unnamed=asking.library.unnamed(asking.read.subject, said),
        )
        best = max(best, together)
    return topicality().is_about(best)


def bears(asking: Asking, found: Sequence[Ranked]) -> bool:
    """Whether articles may be quoted for a reason, or for yes or no: the reader is sure, or sees a chance in what they say.

    Then what they say best is shown, with that low confidence. Neither is often said in the words of the question, and an
    article that denies what the question assumes says so in the same place.
    """
    evidence = asking.evidence
    return bool(found) and (evidence.enough or (is_about(asking, found) and evidence.chance >= LEAST_CHANCE))


def _whole(asking: Asking, one: ArticleSummary) -> Ranked:
    return Ranked(one, asking.library.units(one.article_id), asking.library.said(one), 1.0, 1.0, 0.0, math.inf)


def _best_readings(readings: Sequence[Reading]) -> dict[str, float]:
    best: dict[str, float] = {}
    for reading in readings:
        best.setdefault(reading.hit.passage.article_id, reading.score)
    return best


def covered(asking: Asking, found: Sequence[Ranked], *, subject: str) -> Composed:
    """Return the best units of each article, oldest article first, in the order in which they stand."""
    best = [best_units(one.units, asking.library, most=MOST_STATEMENTS, subject=subject) for one in found]
    return in_order(asking, found, _shared_out(best, least=2))


def _shared_out(best: Sequence[Sequence[Unit]], *, least: int) -> list[Unit]:
    """Return of each article at least so many units while there is room, and as many of each as it goes; best first."""
    each = max(least, MOST_STATEMENTS // len(best))
    first = [unit for units in best for unit in units[:each]]
    further = [unit for row in zip_longest(*(units[each:] for units in best)) for unit in row if unit]
    return [*first, *further][:MOST_STATEMENTS]


def pooled(asking: Asking, found: Sequence[Ranked]) -> Composed | None:
    """Return the units of all articles together that answer best, the very best first."""
    units = [unit for one in found for unit in one.units]
    scores = reader_scores(asking.question, units, asking.library, asking.models.reader)
    chosen = best_units(units, asking.library, most=MOST_STATEMENTS, subject=asking.question, scores=scores)
    if asking.read.kind == "why" and not any(holds_best(asking.evidence, unit) for unit in units):
        return None  # what answers stands elsewhere, as in a sidebar
    best = max(units, key=lambda unit: (holds_best(asking.evidence, unit), scores.get(unit, 0.0)))
    if best not in chosen:
        chosen = [best, *chosen][:MOST_STATEMENTS]
    return in_order(asking, found, chosen, first=best)


def holds_best(evidence: Evidence, unit: Unit) -> bool:
    """Whether the sentence that answers best, of all passages that were searched, stands in the unit."""
    best = evidence.readings[0] if evidence.readings else None
    span = max(best.sentences, key=lambda one: one.score, default=None) if best else None
    if best is None or span is None or best.hit.passage.article_id != unit.article_id:
        return False
    return unit.start <= span.start < unit.end


def gathered(asking: Asking) -> Composed | None:
    """Return from each article that is about the subject the units that say it best; None where only one is."""
    ranked = [one for one in asking.library.ranked(asking.read.subject) if one.units]
    found = [one for one in ranked if topicality().is_about(one.odds)][:MOST_STATEMENTS]
    units = [unit for one in found for unit in one.units]
    scores = reader_scores(asking.question, units, asking.library, asking.models.reader)
    best = [
        best_units(one.units, asking.library, most=MOST_STATEMENTS, subject=asking.read.subject, scores=scores)
        for one in found
    ]
    return in_order(asking, found, _shared_out(best, least=1)) if len(found) > 1 else None


def in_order(asking: Asking, found: Sequence[Ranked], chosen: Sequence[Unit], *, first: Unit | None = None) -> Composed:
    """Return units as statements: the oldest article first, each in its own order; `first` before all."""
    days: Mapping[str, str] = {one.id: str(one.listed.published or "") for one in found}
    ordered = sorted(chosen, key=lambda unit: (unit != first, days[unit.article_id], unit.article_id, unit.place))
    used = len({unit.article_id for unit in chosen})
    remark = f"From {used} of {len(asking.library.listed()):,} articles." if used > 1 else ""
    return Composed(tuple(unit.draft() for unit in ordered), as_readings(chosen), remark=remark)
