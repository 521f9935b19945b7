"""What happened, by day and hour: relative dates are resolved against the day of the article that tells them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from ..language.dates import DAYS, Moment
from ..language.facts import facts_of
from ..language.headings import day_words
from ..language.lines import HOUR
from ..retrieval.library import Ranked
from ..retrieval.units import Unit
from .asking import MOST_STATEMENTS, Asking, as_readings
from .covering import NOTHING, articles_for
from .parts import Composed
from .selection import best_units

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NEAR = {"today": 0, "tonight": 0, "yesterday": 1}


@dataclass(frozen=True, slots=True, order=True)
class When:
    """When something happened: as far as it is told, and as it is shown."""

    day: date
    minute: int
    shown: str

    @property
    def exact(self) -> bool:
        """Whether more is told than the year."""
        return not self.shown.isdecimal()


def timeline(asking: Asking) -> Composed | None:
    """What the articles of one story tell, in the order in which it happened."""
    found = articles_for(asking, several=True)
    if not found:
        return Composed(remark=NOTHING)
    dated = {unit: when for one in found for unit in one.units if (when := when_of(unit, one))}
    if not dated:
        return None
    exact = {unit: when for unit, when in dated.items() if when.exact}
    if len(exact) >= MOST_STATEMENTS:  # a year is often named in passing
        dated = exact
    chosen = best_units(list(dated), asking.library, most=MOST_STATEMENTS, subject=asking.read.subject)
    ordered = sorted(chosen, key=lambda unit: (dated[unit].day, dated[unit].minute, unit.place))
    remark = f"From {len(found)} of {len(asking.library.listed()):,} articles." if len(found) > 1 else ""
    return Composed(tuple(unit.draft(label=dated[unit].shown) for unit in ordered), as_readings(chosen), remark=remark)


def when_of(unit: Unit, article: Ranked) -> When | None:
    """Return when a unit tells of; None where it names no day, hour or year."""
    published = article.listed.published
    hour = _hour(unit)
    minute = int(hour[1]) * 60 + int(hour[2]) if hour else 0  # of the day
    if hour and published:
        return When(published, minute, f"{day_words(published)}, {hour[1]}:{hour[2]}")
    moments = sorted(
        facts_of(unit.text).moments, key=lambda one: one.day is None and one.month is None and not one.phrase
    )
    found = next((day for one in moments if (day := resolved(one, published))), None)
    return When(found[0], 0, found[1]) if found else None


def _hour(unit: Unit) -> re.Match[str] | None:
    """The hour at the start of the entry in which a unit stands: of the last sentence of its line, up to it, that has one."""
    passage = unit.hit.passage
    line = passage.start + passage.text.rfind("\n", 0, max(0, unit.start - passage.start)) + 1
    found = None
    for start, end in passage.sentences:
        if line <= start <= unit.start:
            found = HOUR.match(passage.text[start - passage.start : end - passage.start]) or found
    return found or HOUR.match(unit.text)


def resolved(moment: Moment, published: date | None) -> tuple[date, str] | None:
    """Return the day that a date means in an article of that day, and how it is shown; None where it cannot be told."""
    if moment.phrase in DAYS and published:
        back = _NEAR.get(moment.phrase)
        if back is None and moment.phrase in _WEEK:
            back = (published.weekday() - _WEEK.index(moment.phrase)) % 7
        return None if back is None else _shown(published - timedelta(days=back))
    year = moment.year or (published.year if published else None)
    if year is None or (moment.year is None and moment.month is None):
        return None
    if moment.month is None:
        return date(year, 1, 1), str(year)
    try:
        day = date(year, moment.month, moment.day or 1)
    except ValueError:
        return None
    if moment.year is None and published and day > published + timedelta(days=120):
        day = day.replace(year=year - 1)  # the last one before the article, unless it is near ahead
    return _shown(day) if moment.day else (day, f"{day:%B %Y}")


def _shown(day: date) -> tuple[date, str]:
    return day, day_words(day)
