"""Small words beside a figure, a date or a place that turn what it says: by and to, in and by, a day and a week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .amounts import Amount
from .gathering import Facts
from .stems import stem
from .tokens import Token, word_set

_CHANGES = frozenset(
    stem(word)
    for word in """rise fall drop increase decrease grow shrink decline climb jump gain lose cut raise reduce lower slip
    surge plunge soar tumble expand""".split()
)
_PASSED_OVER = word_set("the a an about around some nearly almost over just more less fewer than at least most roughly")


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
