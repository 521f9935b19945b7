"""Where several articles answer one question, whether they can all be right: their numbers or their dates are compared.

What is told in other words than these, who did something, or why, is not compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product

from .asking import asks_quantity, asks_when
from .facts import facts_of
from .facts.amounts import Amount
from .facts.moments import Moment
from .schema import Draft, Quote, Reading

LEAST_SHARE = 0.5  # of the best reading's score, to count as an answer; chosen on the `dev` half of eval/cases/disagreements.jsonl
MOST = 5
ROUGHLY = 0.1  # of a number that is told as "about" or "nearly"

Range = tuple[float, float]


def differing(question: str, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Return the best reading and those of other articles that answer, when one of them differs from it; else none.

    `readings` are best first, as the reader gives them. Those that differ come before those that agree.
    """
    if not readings or not (asks_when(question) or asks_quantity(question)):
        return ()
    best, *others = _best_of_each_article(readings)
    if _sentence(best) is None:
        return ()
    answering = [other for other in others if _sentence(other) and other.score >= LEAST_SHARE * best.score]
    apart = [other for other in answering if _differ(question, best, other)]
    if not apart:
        return ()
    return (best, *apart, *(other for other in answering if _agree(question, best, other)))[:MOST]


def quoted(reading: Reading) -> Draft:
    """Return the sentence in which the words stand that answer, to be checked as a statement of its own."""
    span, passage = _sentence(reading), reading.hit.passage
    assert span is not None
    words = passage.text[span[0] - passage.start : span[1] - passage.start]
    return Draft(words, (Quote(passage.article_id, *span, words),))


def _sentence(reading: Reading) -> tuple[int, int] | None:
    """Where the sentence stands that has the words that answer; None where there are none, or not in one sentence."""
    if reading.short is None:
        return None
    start, end = reading.short
    return next((one for one in reading.hit.passage.sentences if one[0] <= start and end <= one[1]), None)


def _best_of_each_article(readings: Sequence[Reading]) -> list[Reading]:
    best: dict[str, Reading] = {}
    for reading in readings:
        best.setdefault(reading.hit.passage.article_id, reading)
    return list(best.values())


def _differ(question: str, one: Reading, other: Reading) -> bool:
    return bool(_compared(question, one, other)) and not _agree(question, one, other)


def _agree(question: str, one: Reading, other: Reading) -> bool:
    return any(_compared(question, one, other))


def _compared(question: str, one: Reading, other: Reading) -> list[bool]:
    """Return, for each two numbers or dates of these answers that can be compared, whether both can be right."""
    if asks_when(question):
        return [
            _same_moment(mine, theirs)
            for mine, theirs in product(_moments(one), _moments(other))
            if _comparable(mine, theirs)
        ]
    return [
        mine_low < their_high and their_low < mine_high
        for (mine, (mine_low, mine_high)), (theirs, (their_low, their_high)) in product(
            _bounded(_amounts(one)), _bounded(_amounts(other))
        )
        if mine.measures == theirs.measures
    ]


def _moments(reading: Reading) -> list[Moment]:
    assert reading.short is not None
    passage, (start, end) = reading.hit.passage, reading.short
    return list(facts_of(passage.text[start - passage.start : end - passage.start]).moments)


def _comparable(one: Moment, other: Moment) -> bool:
    return any(mine and theirs for mine, theirs in ((one.year, other.year), (one.month, other.month)))


def _same_moment(one: Moment, other: Moment) -> bool:
    parts = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return all(not mine or not theirs or mine == theirs for mine, theirs in parts)


def _amounts(reading: Reading) -> list[Amount]:
    """Return the numbers among the words that answer, as their sentence bounds them."""
    assert reading.short is not None
    sentence = quoted(reading)
    (quote,) = sentence.quotes
    start, end = (place - quote.start for place in reading.short)
    facts = facts_of(sentence.text)
    return [
        amount
        for amount in facts.amounts
        if start <= facts.tokens[amount.first].start and facts.tokens[amount.last - 1].end <= end
    ]


def _bounded(amounts: Sequence[Amount]) -> Iterator[tuple[Amount, Range]]:
    """Yield each number, a range as one, with the values it stands for."""
    low = -math.inf
    for amount in amounts:
        if amount.comparison == "from":
            low = amount.value
        elif amount.comparison == "to":
            yield amount, (low, amount.value + _rounding(amount.value))
        else:
            yield amount, _range(amount)


def _range(amount: Amount) -> Range:
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
