"""A statement turned into questions: each asks for one of its names, numbers or dates, by a question word in its place.

It knows no parser, so a question may be rough ("The bank raised its rate to how many percent on Thursday?").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..drafts import Cloze
from ..language.dates import Moment
from ..language.facts import Facts
from ..language.stems import same_name
from ..language.tokens import Token, word_set

Span = tuple[int, int]

COMPANY = 4  # words; with 2 or 3, more false statements pass that copy half a sentence

_JOINING = word_set("of de for")  # within a name: "Bank of England"
_ARTICLES = ("the", "a", "an")
_BEFORE_DAY = ("in", "on")
_AT = ("in", "at")
_BEFORE_PLACE = (*_AT, "near", "across", "outside", "inside")
_BEFORE_THING = ("from", "to", "of")
_MONEY = "$€£¥₹"
_POSSESSIVE = re.compile(r"['’]s?$")


def clozes(statement: Facts, quote: Facts) -> Iterator[Cloze]:
    """Yield a question for each number, date and name of the statement that stands in the quote in some form.

    But for those that stand there between the same words as here.
    """
    taken: set[int] = set()
    for amount in statement.amounts:
        taken.update(range(amount.first, amount.last))
        places = [(other.first, other.last) for other in quote.amounts if other.value == amount.value]
        asks = _how_many(statement, amount.first, amount.last, ordinal="ordinal" in amount.units)
        yield from _cloze(statement, amount.first, amount.last, asks, quote, places)
    for moment in statement.moments:
        dated = _tokens_of(moment, statement, taken)
        if dated:
            taken.update(dated)
            first, last = dated[0], dated[-1] + 1
            stems = {token.stem for token in statement.tokens[first:last]}
            places = [(at, at + 1) for at, token in enumerate(quote.tokens) if token.stem in stems]
            yield from _cloze(statement, first, last, _when(statement, first, last), quote, places)
    for first, last in _names(statement, taken):
        places = _named(_words(statement.tokens[first:last]), quote)
        yield from _cloze(statement, first, last, _who(statement, first, last), quote, places)


def _cloze(
    statement: Facts, first: int, last: int, question: str, quote: Facts, places: Sequence[Span]
) -> Iterator[Cloze]:
    if places and not _copied(statement, first, last, quote):
        said = statement.text[statement.tokens[first].start : statement.tokens[last - 1].end]
        spans = tuple((quote.tokens[start].start, quote.tokens[end - 1].end) for start, end in places)
        yield Cloze(_asked(question), said, spans)


def _copied(statement: Facts, first: int, last: int, quote: Facts) -> bool:
    """Whether the quote has these words with the same up to `COMPANY` words before and after them."""
    here, there = ([token.stem for token in facts.tokens] for facts in (statement, quote))
    words = here[max(0, first - COMPANY) : last + COMPANY]
    alone = len(words) < last - first + 2
    return not alone and any(there[at : at + len(words)] == words for at in range(len(there) - len(words) + 1))


def _asked(question: str) -> str:
    bare = question.strip().rstrip(".")
    return f"{bare[:1].upper()}{bare[1:]}?"


def _around(statement: Facts, first: int, last: int) -> tuple[str, str, str]:
    start, end = statement.tokens[first].start, statement.tokens[last - 1].end
    return statement.text[:start], statement.text[start:end], statement.text[end:]


def _how_many(statement: Facts, first: int, last: int, *, ordinal: bool) -> str:
    before, _, after = _around(statement, first, last)
    if ordinal:
        return f"{before}which{after}"
    if before.rstrip().endswith(tuple(_MONEY)):
        return f"{before.rstrip()[:-1]}how much money{after}"
    return f"{before}how many{' percent' + after[1:] if after.startswith('%') else after}"


def _when(statement: Facts, first: int, last: int) -> str:
    before, words, after = _around(statement, first, last)
    return f"{_without(_BEFORE_DAY, before)}{'which day’s' if _POSSESSIVE.search(words) else 'when'}{after}"


def _who(statement: Facts, first: int, last: int) -> str:
    before, words, after = _around(statement, first, last)
    before = _without(_ARTICLES, before)
    if _POSSESSIVE.search(words):
        return f"{before}whose{after}"
    if _last(before) in _BEFORE_PLACE:
        return f"{_without(_AT, before)}where{after}"
    return f"{before}{'what' if _last(before) in _BEFORE_THING else 'who'}{after}"


def _last(before: str) -> str:
    return (before.lower().split() or [""])[-1]


def _without(words: Sequence[str], before: str) -> str:
    """Return what stands before a place, without the last word where it is one of these."""
    return before.rstrip()[: -len(_last(before))] if _last(before) in words else before


def _tokens_of(moment: Moment, facts: Facts, taken: set[int]) -> list[int]:
    """Return the tokens of the first place with the moment's words that is not taken."""
    for found in re.finditer(re.escape(moment.words), facts.text):
        inside = [at for at, token in enumerate(facts.tokens) if found.start() <= token.start < found.end()]
        if inside and not taken & set(inside):
            return inside
    return []


def _names(facts: Facts, taken: set[int]) -> Iterator[Span]:
    """Yield (first, last) of each run of names, "of" and the like within it, what is taken left aside."""
    tokens, named = facts.tokens, {word for run in facts.names for word in run}

    def is_name(at: int) -> bool:
        return at < len(tokens) and at not in taken and tokens[at].text[0].isupper() and tokens[at].word in named

    at = 0
    while at < len(tokens):
        first = at
        while is_name(at) and (at == first or not tokens[at].cut):
            joined = at + 2 < len(tokens) and tokens[at + 1].word in _JOINING and is_name(at + 2)
            at += 2 if joined and not tokens[at + 1].cut and not tokens[at + 2].cut else 1
        if at > first:
            yield first, at
        at = max(at, first + 1)


def _named(words: Sequence[str], quote: Facts) -> list[Span]:
    """Return where the quote names the same: all words of the one in the other; else where it has any of them."""
    runs = [(first, last, _words(quote.tokens[first:last])) for first, last in _names(quote, set())]
    same = [(first, last) for first, last, other in runs if _within(words, other) or _within(other, words)]
    return same or [
        (at, at + 1)
        for at, token in enumerate(quote.tokens)
        if any(_same(word, _POSSESSIVE.sub("", token.word)) for word in words)
    ]


def _words(tokens: Sequence[Token]) -> list[str]:
    return [_POSSESSIVE.sub("", token.word) for token in tokens if token.word not in _JOINING]


def _within(words: Sequence[str], others: Sequence[str]) -> bool:
    return all(any(_same(word, other) for other in others) for word in words)


def _same(word: str, other: str) -> bool:
    return word == other or same_name(word, other)
