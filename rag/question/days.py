"""Days that a question names, to the first and the last of them: "in March 2019", "on 17 November 2018", "last week"."""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date, timedelta

from ..language.dates import Moment
from ..language.facts import facts_of

REPORTED_WITHIN = 45  # days after what happened, in which an article tells of it

# Counted back from the newest article, never from the clock: the same question to the same articles has one answer.
_RELATIVE = {
    "today": (0, 0), "yesterday": (1, 1), "this week": (6, 0), "last week": (13, 7), "past week": (7, 0), "previous week": (13, 7),
    "this month": (30, 0), "last month": (60, 30), "past month": (30, 0), "previous month": (60, 30),
    "this year": (365, 0), "last year": (730, 365), "past year": (365, 0), "previous year": (730, 365),
}  # fmt: skip


def span_of(question: str, *, newest: date | None = None) -> tuple[date, date] | None:
    """Return the first and last day that the question's dates span; None without a year, or with nothing to count from."""
    spans = [span for moment in facts_of(question).moments if (span := span_of_moment(moment, newest=newest))]
    return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


def span_of_moment(moment: Moment, *, newest: date | None) -> tuple[date, date] | None:
    if moment.phrase:
        back = _RELATIVE.get(moment.phrase)
        return (newest - timedelta(back[0]), newest - timedelta(back[1])) if back and newest else None
    if moment.year is None:
        return None
    if moment.month is None:
        return date(moment.year, 1, 1), date(moment.year, 12, 31)
    last = calendar.monthrange(moment.year, moment.month)[1]
    if moment.day is None:
        return date(moment.year, moment.month, 1), date(moment.year, moment.month, last)
    day = date(moment.year, moment.month, min(moment.day, last))
    return day, day


def tells_of(days: tuple[date, date], text: str, *, published: date | None) -> bool:
    """Whether a text names a day, month or year that lies in these days; without a year it is that of `published`."""
    for moment in facts_of(text).moments:
        dated = moment.year is None and moment.month is not None and published
        told = replace(moment, year=published.year) if dated and published else moment
        span = span_of_moment(told, newest=published)
        if span and days[0] <= span[0] and span[1] <= days[1]:
            return True
    return False
