"""Small words beside a figure or a date that turn what it says: by and to, by and after, a day and a week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ...language.amounts import Amount
from ...language.facts import Facts
from ...language.stems import stem
from ...language.tokens import Token, tokens_of, word_set

_CHANGES = frozenset(
    stem(word)
    for word in """rise fall drop increase decrease grow shrink decline climb jump gain lose cut raise reduce lower slip
    surge plunge soar tumble expand""".split()
)
_PASSED_OVER = word_set("the a an about around some nearly almost over just more less fewer than at least most roughly")
# What a word before a date does not say. "In" and "on" are left out: they are loosely put for "by", "until" and "since".
_OTHERWISE = {
    "by": word_set("in on after since from"),
    "before": word_set("in on after since"),
    "after": word_set("by before"),
    "since": word_set("by before until"),
    "until": word_set("by since after"),
}
_EACH = word_set("a an per each every")
_NEAR = 3  # words from a number to "a day"
_PERIODS = word_set("minute hour day night week month year decade")
_RATES = {
    "daily": "day", "nightly": "night", "weekly": "week", "monthly": "month", "yearly": "year", "annual": "year",
    "annually": "year", "annum": "year", "hourly": "hour",
}  # fmt: skip


def turned_steps(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find a change by a figure that is a change to or from it in the quote: "fell to 15 percent" of "fell 15 percent"."""
    for amount in statement.amounts:
        here = _step(statement, amount)
        there = [_step(quote, other) for other in quote.amounts if other.value == amount.value]
        if here and there and all(step and step != here for step in there):
            yield f"comparison: '{here} {amount.words}' is '{there[0]}' in the quote"


def _step(facts: Facts, amount: Amount) -> str:
    if not any(token.stem in _CHANGES for token in facts.tokens):
        return ""
    before = _word_before(facts.tokens, amount.first)
    if before is None:
        return ""
    return "by" if before.stem in _CHANGES else before.word if before.word in ("by", "to", "from") else ""


def _word_before(tokens: Sequence[Token], index: int) -> Token | None:
    """Return the word before a token, past determiners and bounds; None across punctuation."""
    while index > 0 and not tokens[index].cut:
        index -= 1
        if tokens[index].word not in _PASSED_OVER:
            return tokens[index]
    return None


def turned_times(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find dates with another word before them: "after 2030" of "by 2030"."""
    for moment in statement.moments:
        here = _words_before(statement, moment.words)
        others = dict.fromkeys(other.words for other in quote.moments if moment.agrees(other))
        there = [word for words in others for word in _words_before(quote, words)]
        if here and there and all(two in _OTHERWISE.get(one, ()) for one in here for two in there):
            yield f"date: '{here[0]} {moment.words}' is '{there[0]}' in the quote"


def _words_before(facts: Facts, words: str) -> list[str]:
    """Return the word before each place where the words stand, "" where there is none."""
    wanted = [token.word for token in tokens_of(words)]
    found = []
    for index in range(len(facts.tokens) - len(wanted) + 1):
        if [token.word for token in facts.tokens[index : index + len(wanted)]] == wanted:
            before = _word_before(facts.tokens, index)
            found.append(before.word if before else "")
    return found


def turned_rates(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find what the quote does not say to be of each day, month or year: "30 minutes a week" of "30 minutes a day"."""
    held = {period for period, _ in _rates(quote)}
    for period, at in _rates(statement):
        counted = any(at - _NEAR <= amount.last <= at for amount in statement.amounts)
        if period not in held and (counted or statement.tokens[at].word not in ("a", "an")):
            yield f"unit: it is not 'a {period}' in the quote"


def _rates(facts: Facts) -> Iterator[tuple[str, int]]:
    """Yield each period, and the token that makes it one of many: "a" of "a day", which may also be a single day."""
    for at, (each, period) in enumerate(pairwise(facts.tokens)):
        if each.word in _EACH and period.word in _PERIODS:
            yield period.word, at
    yield from ((_RATES[token.word], at) for at, token in enumerate(facts.tokens) if token.word in _RATES)
