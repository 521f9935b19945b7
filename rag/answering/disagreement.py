"""Where several articles answer one question, whether they can all be right: their numbers or their dates are compared.

Only answers of one number, or one date, each. What is told in other words, who did something, or why, is not compared.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..drafts import Draft, Quote
from ..language.amounts import Amount
from ..language.dates import Moment
from ..language.facts import facts_of
from ..language.interrogatives import is_question
from ..language.lines import LEADING_MARK
from ..question.question_type import asks_quantity, asks_when
from ..schema import Citation, Disagreement, Reading
from .short_answer import account_of

LEAST_SHARE = 0.5  # of the best reading's score, to count as an answer; chosen on the `dev` half of eval/cases/disagreements.jsonl
MOST = 5
ROUGHLY = 0.1  # of a number that is told as "about" or "nearly"

# What a date alone does not say: before, after or about it, from one to another, some years.
_STRETCH = re.compile(
    r"\b(?:between|before|after|by|since|until|till|from|to|about|around|circa|or)\b|\d0s\b|\d\s?[-–—]\s?\d",
    re.IGNORECASE,
)
_ODD = re.compile(
    r"\bminus\b|\d0s\b|\d\s?[BMT]\b|\b(?:a|an|per|each|every) (?:second|minute|hour|day|week|month|year|person|head)\b"
)  # "minus five", "40s", "$2B", "a day"
_DOLLARS = re.compile(r"\b([A-Z]{1,2})\$\s?$")  # A$ and US$ are not the same


@dataclass(frozen=True, slots=True)
class _Amount:
    """The values that a number stands for lie between `low` and `high`."""

    low: float
    high: float
    measures: frozenset[str]


@dataclass(frozen=True, slots=True)
class Differing:
    """Readings of several articles that answer one question: the best, those that cannot be right with it, the others."""

    best: Reading
    apart: tuple[Reading, ...]
    agreeing: tuple[Reading, ...]

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The best first, then those that differ from it; `MOST` at most."""
        return (self.best, *self.apart, *self.agreeing)[:MOST]

    def as_quoted(self, question: str, citations: Sequence[Citation]) -> Disagreement | None:
        """Return what those answer that a footnote quotes; None unless the best and one that differs are among them."""
        accounts = {reading: account for reading in self.readings if (account := account_of(reading, citations))}
        if self.best not in accounts or not any(reading in accounts for reading in self.apart):
            return None
        return Disagreement(question, tuple(accounts.values()))


def differing(question: str, readings: Sequence[Reading]) -> Differing | None:
    """Compare what the best reading answers with what those of other articles do; None where none differs from it.

    `readings` are best first, as the reader gives them.
    """
    if not readings or not (asks_when(question) or asks_quantity(question)):
        return None
    best, *others = _best_of_each_article(readings)
    if _sentence(best) is None:
        return None
    answering = [other for other in others if _sentence(other) and other.score >= LEAST_SHARE * best.score]
    compared = [(other, _can_both_be_right(question, best, other)) for other in answering]
    apart = tuple(other for other, right in compared if right is False)
    return Differing(best, apart, tuple(other for other, right in compared if right)) if apart else None


def quoted(reading: Reading) -> Draft:
    """Return the sentence in which the words stand that answer, to be checked as a statement of its own."""
    span, passage = _sentence(reading), reading.hit.passage
    assert span is not None
    words = passage.text[span[0] - passage.start : span[1] - passage.start]
    return Draft(words, (Quote(passage.article_id, *span, words),))


def _sentence(reading: Reading) -> tuple[int, int] | None:
    """Where the sentence stands that has the words that answer; None where there are none, or not in one that says something."""
    if reading.short is None:
        return None
    (first, last), passage = reading.short, reading.hit.passage
    for start, end in passage.sentences:
        text = passage.text[start - passage.start : end - passage.start]
        mark = LEADING_MARK.match(text)
        if start <= first and last <= end and not is_question(text):
            return (start + mark.end(), end) if mark and start + mark.end() <= first else (start, end)
    return None


def _best_of_each_article(readings: Sequence[Reading]) -> list[Reading]:
    best: dict[str, Reading] = {}
    for reading in readings:
        best.setdefault(reading.hit.passage.article_id, reading)
    return list(best.values())


def _can_both_be_right(question: str, one: Reading, other: Reading) -> bool | None:
    """Return None where the two answers cannot be compared."""
    if asks_when(question):
        day, another = _moment(question, one), _moment(question, other)
        return _same_moment(day, another) if day and another and _comparable(day, another) else None
    mine, theirs = _amount(one), _amount(other)
    if mine is None or theirs is None or mine.measures != theirs.measures:
        return None
    return mine.low < theirs.high and theirs.low < mine.high


def _moment(question: str, reading: Reading) -> Moment | None:
    """Return the date that answers; None where there is none, or several, or more is said than the question asks: "before 2010"."""
    words = _words(reading)
    found, stretch = facts_of(words).moments, _STRETCH.search(words)
    asked = stretch is not None and stretch[0].lower() in question.lower().split()  # "Until when …?"
    return found[0] if len(found) == 1 and (asked or stretch is None) else None


def _words(reading: Reading) -> str:
    assert reading.short is not None
    passage, (start, end) = reading.hit.passage, reading.short
    return passage.text[start - passage.start : end - passage.start]


def _comparable(one: Moment, other: Moment) -> bool:
    return any(mine and theirs for mine, theirs in ((one.year, other.year), (one.month, other.month)))


def _same_moment(one: Moment, other: Moment) -> bool:
    parts = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return all(not mine or not theirs or mine == theirs for mine, theirs in parts)


def _amount(reading: Reading) -> _Amount | None:
    """Return the number that answers, as its sentence bounds it; None where there is none, or several."""
    assert reading.short is not None
    sentence = quoted(reading)
    (quote,) = sentence.quotes
    start, end = (place - quote.start for place in reading.short)
    facts = facts_of(sentence.text)
    found = [
        amount
        for amount in facts.amounts
        if start <= facts.tokens[amount.first].start and facts.tokens[amount.last - 1].end <= end
    ]
    if not all(math.isfinite(one.value) for one in found) or _ODD.search(_words(reading)):
        return None
    match [one.comparison for one in found]:
        case ["from", "to"]:
            low, high = sorted((found[0].value, found[1].value))
            return _Amount(low - _rounding(low), high + _rounding(high), found[1].measures)
        case ["from"] | ["to"]:
            return None
        case [_]:
            money = _DOLLARS.search(sentence.text, 0, facts.tokens[found[0].first].start)
            return _Amount(*_range(found[0]), found[0].measures | ({money[1]} if money else set()))
    return None


def _range(amount: Amount) -> tuple[float, float]:
    value, rounding, roughly = amount.value, _rounding(amount.value), ROUGHLY * abs(amount.value)
    match amount.comparison:
        case "more" | "at least":
            return value - rounding, math.inf
        case "less" | "at most":
            return -math.inf, value + rounding
        case "about":
            return value - roughly, value + roughly
        case "almost":
            return value - roughly, value + rounding
        case "vague":  # "dozens", "thousands"
            return value, math.inf
        case _:
            return value - rounding, value + rounding


def _rounding(value: float) -> float:
    """Return how far a number may be from what it is rounded from: 1.5 million by 50,000, 12 by a half, 10,000 by 500."""
    number = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(number.exponent, int)
    place = number.exponent + len(number.digits) - max(2, len(number.digits))
    return 0.5 * 10.0 ** (max(0, place) if value.is_integer() else place)
