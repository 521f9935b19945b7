"""Numbers that a statement tells otherwise than its quote: their value, measure, bound, change and period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ...language.amounts import Amount
from ...language.facts import Facts
from ...language.stems import listed_stems, stem
from ...language.tokens import Token, word_set

_POINT = stem("point")  # 2 percentage points are not 2 percent
_RANGE = ("from", "to")
_PASSED_OVER = word_set("the a an about around some nearly almost over just more less fewer than at least most roughly")
_EACH = word_set("a an per each every")
_NEAR = 3  # words from a number to "a day"
_PERIODS = word_set("minute hour day night week month year decade")
_RATES = {
    "daily": "day", "nightly": "night", "weekly": "week", "monthly": "month", "yearly": "year", "annual": "year",
    "annually": "year", "annum": "year", "hourly": "hour",
}  # fmt: skip


def missing_numbers(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find numbers that the quote does not tell, or tells of something else."""
    for amount in statement.amounts:
        if amount.words.casefold() == "one" or any(amount.words == str(moment.year) for moment in quote.moments):
            continue  # "one" is often no number; "2018 elections" here, "in 2018" there
        same = _equal(amount, quote)
        if not same:
            yield f"number: '{amount.words}' is not in the quote"
        elif not any(_counts_same(amount, other, quote) for other in same):
            yield f"unit: '{amount.words}' counts something else in the quote"


def other_measures(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find numbers in digits measured otherwise: "26 days" of "26 hours", percent of percentage points."""
    for amount in statement.amounts:
        same = _equal(amount, quote)
        if amount.words[0].isdigit() and same and all(_measured_otherwise(amount, other) for other in same):
            yield f"unit: '{amount.words}' is measured otherwise in the quote"


def other_bounds(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find numbers in digits bounded otherwise: "70 boats" of "more than 70 boats". Ends of a range are not compared."""
    for amount in statement.amounts:
        same = [other for other in _equal(amount, quote) if amount.units & other.units]
        bounds = [other.comparison for other in same]
        if amount.words[0].isdigit() and same and amount.comparison not in bounds and not set(bounds) & set(_RANGE):
            yield f"comparison: '{amount.words}' is '{amount.comparison or 'exactly'}' here, '{bounds[0] or 'exactly'}' in the quote"


def turned_steps(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find a change by a figure that is a change to or from it in the quote: "fell to 15 percent" of "fell 15 percent"."""
    for amount in statement.amounts:
        here = _step(statement, amount)
        there = [_step(quote, other) for other in _equal(amount, quote)]
        if here and there and all(step and step != here for step in there):
            yield f"comparison: '{here} {amount.words}' is '{there[0]}' in the quote"


def other_rates(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find what the quote does not say to be of each day, month or year: "30 minutes a week" of "30 minutes a day"."""
    held = {period for period, _ in _rates(quote)}
    for period, at in _rates(statement):
        counted = any(at - _NEAR <= amount.last <= at for amount in statement.amounts)
        if period not in held and (counted or statement.tokens[at].word not in ("a", "an")):
            yield f"unit: it is not 'a {period}' in the quote"


def _equal(amount: Amount, quote: Facts) -> list[Amount]:
    return [other for other in quote.amounts if other.value == amount.value]


def _counts_same(amount: Amount, other: Amount, quote: Facts) -> bool:
    if amount.measures != other.measures and not amount.measures & other.measures:
        return False
    if amount.units & other.units or not amount.units:
        return True
    return not other.units and bool(amount.units & quote.stems)


def _measured_otherwise(amount: Amount, other: Amount) -> bool:
    if "percent" in amount.units & other.units:
        return (_POINT in amount.units) != (_POINT in other.units)
    return bool(amount.measures and other.measures) and not amount.measures & other.measures


def _step(facts: Facts, amount: Amount) -> str:
    if not any(token.stem in listed_stems("changes") for token in facts.tokens):
        return ""
    before = _word_before(facts.tokens, amount.first)
    if before is None:
        return ""
    return "by" if before.stem in listed_stems("changes") else before.word if before.word in ("by", *_RANGE) else ""


def _word_before(tokens: Sequence[Token], index: int) -> Token | None:
    """Return the word before a token, past determiners and bounds; None across punctuation."""
    while index > 0 and not tokens[index].cut:
        index -= 1
        if tokens[index].word not in _PASSED_OVER:
            return tokens[index]
    return None


def _rates(facts: Facts) -> Iterator[tuple[str, int]]:
    """Yield each period, and the token that makes it one of many: "a" of "a day", which may also be a single day."""
    for at, (each, period) in enumerate(pairwise(facts.tokens)):
        if each.word in _EACH and period.word in _PERIODS:
            yield period.word, at
    yield from ((_RATES[token.word], at) for at, token in enumerate(facts.tokens) if token.word in _RATES)
