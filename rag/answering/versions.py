"""Several accounts of one thing: what replaces another is first, then the newest; older ones follow as such.

A sentence replaces another when it names that one's figure and says another instead ("not 52,000", "up from 212"), or when it
corrects the entry in which that one stands. Where none does, the newest article counts of those that answer with another number
or date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from ..language.facts import facts_of
from ..language.headings import day_words
from ..language.lines import HOUR
from ..retrieval.units import Unit
from ..schema import Reading
from .asking import Asking, as_readings
from .covering import is_about
from .disagreement import differing
from .parts import Composed

MOST_ACCOUNTS = 5  # articles in which what replaces the answer is looked for
MOST_REPLACED = 3  # of the best units, that may have been replaced
AS_GOOD = 0.35  # of the best unit's score, from which another article's unit answers too
MOST_OLDER = 2
_INSTEAD = re.compile(
    r"\bcorrect(?:ion|ed|s)?\b|\bnot (?:the )?[“\"]?[\d£$€]|\b(?:instead of|rather than|up from|down from|raised .{0,40}from|revised|amended"
    r"|new figure|no longer|latest count|last count|earlier (?:version|report|post|entry|figure)|we (?:wrongly|had) |was (?:our )?(?:typing )?error|untrue)\b",
    re.IGNORECASE,
)
_CORRECTS_ENTRY = re.compile(r"\bcorrect\w* (?:to|of|for) our (\d{1,2}[:.]\d{2})", re.IGNORECASE)


def versions(asking: Asking) -> Composed | None:
    """Return what replaces the best answer, or the newest of several; None where there is one account alone."""
    readings = asking.evidence.readings
    if not asking.evidence.enough or not readings:
        return None
    ranked = asking.library.ranked(asking.read.subject, most=MOST_ACCOUNTS, also=asking.before)
    story = asking.library.story(ranked) if ranked else []
    if not is_about(asking, story):
        return None
    units = [unit for one in story for unit in one.units]
    answering = _answering(readings, units)
    if not answering:
        return None
    days = {one.id: one.listed.published for one in story}
    lead = _latest(answering, units)
    older = [unit for unit in answering if unit != lead and _replaces(lead, unit)]
    if lead == answering[0]:
        lead, *older = _by_day(asking.question, readings, units, days) or [lead]
    if lead == answering[0]:
        return None
    shown = [lead, *older[:MOST_OLDER]]
    label = f"As of {day_words(days[lead.article_id])}" if days[lead.article_id] else "Latest"
    drafts = tuple(unit.draft(label=label if unit == lead else "Before") for unit in shown)
    whole = as_readings(shown)
    return Composed(drafts, whole, short=_short(lead, readings), confidence=asking.evidence.confidence)


def _answering(readings: Sequence[Reading], units: Sequence[Unit]) -> list[Unit]:
    """Return the units that answer, best first, of those of the story."""
    scores: dict[Unit, float] = {}
    for reading in readings:
        for one in reading.sentences:
            for unit in units:
                if (
                    unit.article_id == reading.hit.passage.article_id
                    and unit.start <= one.start
                    and one.end <= unit.end
                ):
                    scores[unit] = max(scores.get(unit, 0.0), one.score)
    if not scores:
        return []
    best = max(scores.values())
    return sorted((unit for unit in scores if scores[unit] >= AS_GOOD * best), key=lambda unit: -scores[unit])


def _latest(answering: Sequence[Unit], units: Sequence[Unit]) -> Unit:
    """Follow what replaces the best units to the last that nothing replaces."""
    lead = answering[0]
    for _ in range(MOST_REPLACED):
        replaced = next((unit for unit in units if unit != lead and _replaces(unit, lead)), None)
        if replaced is None:
            break
        lead = replaced
    if lead != answering[0]:
        return lead
    for other in answering[1:MOST_REPLACED]:  # the best may be about something else
        replaced = next((unit for unit in units if unit != other and _replaces(unit, other)), None)
        if replaced is not None and not _replaces(lead, other):
            return replaced
    return lead


def _by_day(
    question: str, readings: Sequence[Reading], units: Sequence[Unit], days: Mapping[str, date | None]
) -> list[Unit]:
    """Return the unit of the newest article that answers with another number or date than the best, then the best one's.

    Nothing where none does, or where a day is not known.
    """
    found = differing(question, readings)
    before = days.get(found.best.hit.passage.article_id) if found else None
    if found is None or before is None:
        return []
    later = [
        (day, reading)
        for reading in found.apart
        if (day := days.get(reading.hit.passage.article_id)) is not None and day > before
    ]
    if not later:
        return []
    newest = max(later, key=lambda one: one[0])[1]
    told = [_holding(reading, units) for reading in (newest, found.best)]
    return [unit for unit in told if unit] if told[0] else []


def _holding(reading: Reading, units: Sequence[Unit]) -> Unit | None:
    """The unit in which the words stand with which a reading answers."""
    if reading.short is None:
        return None
    start, end = reading.short
    article_id = reading.hit.passage.article_id
    return next((one for one in units if one.article_id == article_id and one.start <= start and end <= one.end), None)


def _replaces(unit: Unit, other: Unit) -> bool:
    """Whether a unit names another one's figure, or its entry, and says something else instead."""
    if not _INSTEAD.search(unit.text):
        return False
    mine, theirs = _figures(unit), _figures(other)
    entry = _CORRECTS_ENTRY.search(unit.text)
    if entry:
        return unit.article_id == other.article_id and entry[1] in other.paragraph
    return bool(mine & theirs) and bool(mine - theirs) and not (_INSTEAD.search(other.text) and mine <= theirs)


def _figures(unit: Unit) -> frozenset[float]:
    """The numbers of a unit, without the hour at its start."""
    return frozenset(one.value for one in facts_of(HOUR.sub("", unit.text)).amounts if one.value >= 1)


def _short(lead: Unit, readings: Sequence[Reading]) -> str | None:
    """The words with which the reader answers, where they stand in the lead."""
    for reading in readings:
        if reading.hit.passage.article_id == lead.article_id and reading.short is not None:
            start, end = reading.short
            if lead.start <= start and end <= lead.end:
                return lead.text[start - lead.start : end - lead.start]
    return None
