"""When a cell of a table is: which of several days or years a question means, quarters as their months, hours as parts of a day."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from ..language.months import MONTH, WEEKDAY

DAY_OR_MONTH = re.compile(rf"{MONTH}|{WEEKDAY}")
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?", re.IGNORECASE)
LATEST = re.compile(r"\b(?:latest|newest|most recent|end of|new|now|today|currently|nowadays|these days)\b")
EARLIEST = re.compile(r"\b(?:earliest|beginning of|start of|old|formerly|previous|previously|until now|so far)\b")
BORDER = re.compile(r"\b(?:until|till|to|before|up to|from|since|after|as of)\b")
QUARTER = re.compile(r"\bq\.? ?([1-4])\b|\b([1-4])(?:st|nd|rd|th)? quarter\b|\b(first|second|third|fourth) quarter\b")
_FOURTHS = ("first", "second", "third", "fourth")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# Hours in which a part of the day begins and ends.
PARTS_OF_DAY = {"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 24), "night": (20, 24)}


def is_time(words: str) -> bool:
    """Tell whether the words of a cell say when something is: an hour, a year, a day, a month, or in words."""
    return bool(
        CLOCK.fullmatch(words)
        or YEAR.search(words)
        or DAY_OR_MONTH.search(words.casefold())
        or not re.search(r"\d", words)
        or re.search(r"\d[:/–-]\d", words)
    )


def months_of(head: str) -> list[str]:
    """Return the months of the quarter that a head names, by three letters each, and "quarter"; none if it names none."""
    found = QUARTER.search(head.casefold())
    if not found:
        return []
    number = int(found[1] or found[2] or _FOURTHS.index(found[3]) + 1)
    return ["quarter", *_MONTHS[3 * number - 3 : 3 * number]]


def times_meant(question: str, names: Sequence[str]) -> frozenset[str]:
    """Return, of names that differ in their figures alone ("7 June", "14 June"; "until 2023", "from 2024"), the one meant.

    It is the last or the first, where the question wants that; none where it names a year itself.
    """
    words = question.casefold()
    late = LATEST.search(words) is not None
    if not late and not EARLIEST.search(words):
        return frozenset()
    return frozenset(_at_the_end(names, late=late))


def latest_of(question: str, names: Sequence[str]) -> frozenset[str]:
    """Return the last of names that differ in their year alone, where the question has no figure: nobody says "last year" of news."""
    if re.search(r"\d|\b(?:years|between|since|altogether|in all)\b", question):
        return frozenset()
    return frozenset(_at_the_end([name for name in names if YEAR.search(name)], late=True))


def fits_part_of_day(question: str, words: str) -> bool:
    """Tell whether the cell is an hour of the part of the day that the question names."""
    if not CLOCK.fullmatch(words):
        return False
    hour = int(re.split(r"[:.]", words)[0])
    if re.search(r"[ap]\.?m", words, re.IGNORECASE):
        hour = hour % 12 + 12 * bool(re.search(r"p\.?m", words, re.IGNORECASE))
    asked = question.casefold()
    return any(low <= hour < high for part, (low, high) in PARTS_OF_DAY.items() if re.search(rf"\b{part}", asked))


def _at_the_end(names: Sequence[str], *, late: bool) -> list[str]:
    alike: dict[str, set[str]] = defaultdict(set)
    for name in names:
        if re.search(r"\d", name):
            alike[" ".join(re.sub(r"\d+", "0", BORDER.sub(" ", name.casefold())).split())].add(name)
    pick = max if late else min
    return [
        pick(some, key=lambda one: [int(number) for number in re.findall(r"\d+", one)])
        for some in alike.values()
        if len(some) > 1
    ]
