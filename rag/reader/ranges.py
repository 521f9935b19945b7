"""Ranges of figures, as heads and first cells of tables have them ("50,001–100,000", "under 26", "60 and over") and questions too."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"\d[\d,.]{0,24}(?<![.,])"
_BELOW, _ABOVE = r"under|below|less than|up to|at most", r"over|above|more than|at least|from"
RANGE = re.compile(
    rf"(?P<low>{_NUMBER})\s?(?:[–—-]|to)\s?(?P<high>{_NUMBER})"
    rf"|(?:{_BELOW})[ -](?P<below>{_NUMBER})|(?:{_ABOVE})[ -](?P<above>{_NUMBER})"
    rf"|(?P<least>{_NUMBER})\s?(?:\+|and (?:over|more|above|older|up))"
)
NUMBER = re.compile(_NUMBER)
_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
IN_FIGURES = {
    word: str(10 * at) for at, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
} | {word: str(at) for at, word in enumerate(_ONES.split(), 1)}
IN_WORDS = re.compile(rf"\b(?:{'|'.join(IN_FIGURES)})\b")
ENDLESS = 1e15
YEAR, LAST_YEAR = re.compile(r"(?:1[5-9]|20)\d\d"), 2_100


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both within."""

    low: float
    high: float


def range_of(words: str) -> Range | None:
    """Return the range that a name is, or begins or ends with; None if it is none."""
    found = RANGE.search(_in_figures(words))
    return _range(found) if found else None


def figures_within(question: str, within: Range) -> list[str]:
    """Return the figures of a question by which it names a range: those that lie in it, or a range with the same bound."""
    words = _in_figures(question)
    found: list[str] = []
    for one in RANGE.finditer(words):
        own = _range(one)
        if own and _alike(own, within):
            found += NUMBER.findall(one.group())
    rest = RANGE.sub(" ", words)
    single = [one for one in NUMBER.findall(rest) if not (YEAR.fullmatch(one) and LAST_YEAR < within.high < ENDLESS)]
    return found + [one for one in single if within.low <= _value(one) <= within.high]


def _alike(one: Range, other: Range) -> bool:
    if other.high == ENDLESS or one.high == ENDLESS:
        return one.high == other.high and one.low == other.low
    return one.high == other.high and one.low >= other.low


def _range(found: re.Match[str]) -> Range | None:
    if found["low"]:
        low, high = _value(found["low"]), _value(found["high"])
        return Range(low, high) if low < high else None
    if found["below"]:
        return Range(0, _value(found["below"]))
    return Range(_value(found["above"] or found["least"]), ENDLESS)


def _in_figures(words: str) -> str:
    return IN_WORDS.sub(lambda word: IN_FIGURES[word.group()], words.casefold())


def _value(words: str) -> float:
    """Return the number: a comma, or a point before three figures, parts thousands."""
    return float(re.sub(r"[,.](?=\d{3}(?!\d))", "", words).replace(",", "."))
