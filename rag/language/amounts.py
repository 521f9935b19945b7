"""Numbers in a text: in digits or in words, with what bounds them and what they count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from .stems import listed_stems, stem
from .tokens import Token
from .word_lists import listed

_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS = {word: float(value) for value, word in enumerate(_SMALL.split())} | {
    word: 10.0 * (2 + index) for index, word in enumerate(_TENS.split())
}
SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "lakh": 1e5, "million": 1e6, "mn": 1e6, "crore": 1e7, "billion": 1e9,
    "bn": 1e9, "trillion": 1e12, "tn": 1e12, "dozen": 12.0,
}  # fmt: skip
_VAGUE = {word + "s": scale for word, scale in SCALES.items() if len(word) > 2}
_ORDINAL_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth"
ORDINALS = {word: float(value) for value, word in enumerate(_ORDINAL_WORDS.split(), start=1)}
MONEY = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupee", "%": "percent"}
_COMPARISONS = {
    "more": "more than|greater than|higher than|over|above|exceeding|exceeded|exceeds|upwards of|just over",
    "at least": "at least|no fewer than|no less than|not less than|a minimum of|minimum of",
    "less": "less than|fewer than|under|below|lower than|just under",
    "at most": "up to|at most|no more than|not more than|as many as|as much as|a maximum of|maximum of",
    "about": "about|around|approximately|roughly|some|circa|an estimated|estimated",
    "almost": "almost|nearly|close to",
}
BEFORE = {tuple(phrase.split()): kind for kind, phrases in _COMPARISONS.items() for phrase in phrases.split("|")}
_AFTER = {"or more": "at least", "or fewer": "at most", "or less": "at most", "or so": "about"}
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?")  # 1,000 and 1,00,000; another comma is a decimal one
_MINUS = re.compile(r"(?:(?<!\S)[-−–]|\bminus\s)[$€£¥]?$", re.IGNORECASE)
_ORDINAL_ENDINGS = ("st", "nd", "rd", "th")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number: its value, how it is bounded ("more", "about"; "" when exact), and the words it counts."""

    value: float
    comparison: str
    units: frozenset[str]
    words: str
    first: int  # its tokens are first:last
    last: int

    @property
    def measures(self) -> frozenset[str]:
        """The units of measure among its words."""
        return self.units & listed_stems("units")


def amounts_of(text: str, tokens: tuple[Token, ...], taken: frozenset[int]) -> tuple[Amount, ...]:
    found: list[Amount] = []
    index = 0
    while index < len(tokens):
        value, last, vague = (None, index, False) if index in taken else _value(text, tokens, index)
        if value is None:
            index += 1
            continue
        units = _units(text, tokens, index, last)
        comparison = "vague" if vague else _comparison(text, tokens, index, last)
        words = text[tokens[index].start : tokens[last - 1].end]
        found.append(Amount(value, comparison, units, words, index, last))
        index = last
    return tuple(_with_ranges(text, tokens, found))


def _value(text: str, tokens: tuple[Token, ...], index: int) -> tuple[float | None, int, bool]:
    """Return the number that begins at a token, the token after it, and whether it is as vague as "thousands"."""
    token = tokens[index]
    if token.word in _VAGUE:
        return _VAGUE[token.word], index + 1, True
    if token.text[0].isdigit():
        return _value_of_digits(text, tokens, index)
    following = tokens[index + 1].word if index + 1 < len(tokens) else ""
    if token.word in ("a", "half"):
        skipped = 2 if token.word == "half" and following == "a" else 1
        scale = tokens[index + skipped].word if index + skipped < len(tokens) else ""
        if scale in SCALES and len(scale) > 2:
            return SCALES[scale] * (0.5 if token.word == "half" else 1.0), index + skipped + 1, False
    if token.word in ORDINALS and token.word != "second":
        return ORDINALS[token.word], index + 1, False
    if token.word == "second" and following not in ("", "s") and not _counted_before(tokens, index):
        return 2.0, index + 1, False
    if token.word == "one" and (not following or following in listed("function_words")):
        return None, index, False
    return _value_of_words(tokens, index)


def _counted_before(tokens: tuple[Token, ...], index: int) -> bool:
    return index > 0 and (tokens[index - 1].text[0].isdigit() or tokens[index - 1].word in NUMBER_WORDS | {"a": 1.0})


def _value_of_digits(text: str, tokens: tuple[Token, ...], index: int) -> tuple[float | None, int, bool]:
    digits = tokens[index].text
    try:
        value = float(digits.replace(",", "") if _THOUSANDS.fullmatch(digits) else digits.replace(",", "."))
    except ValueError:  # 1.2.3 or 12.30.45: a version, not a number
        return None, index, False
    if _MINUS.search(text, max(0, tokens[index].start - 10), tokens[index].start):
        value = -value
    last = index + 1
    while last < len(tokens) and not tokens[last].cut:
        word, adjacent = tokens[last].word, tokens[last].start == tokens[last - 1].end
        money = text[max(0, tokens[index].start - 1) : tokens[index].start] in MONEY
        if word in SCALES and (len(word) > 1 or adjacent):
            value *= SCALES[word]
        elif word == "m" and adjacent and money:
            value *= 1e6
        elif not (word in _ORDINAL_ENDINGS and adjacent):
            break
        last += 1
    return value, last, False


def _value_of_words(tokens: tuple[Token, ...], index: int) -> tuple[float | None, int, bool]:
    total = current = 0.0
    last = index
    while last < len(tokens) and (last == index or not tokens[last].cut):
        word = tokens[last].word
        if word in NUMBER_WORDS and (last == index or _continues(current, NUMBER_WORDS[word])):
            current += NUMBER_WORDS[word]
        elif word in SCALES and len(word) > 2 and last > index:
            current *= SCALES[word]
            if SCALES[word] >= 1e3:
                total, current = total + current, 0.0
        elif not (word == "and" and last > index and _joins(tokens, last)):
            break
        last += 1
    return (total + current, last, False) if last > index else (None, index, False)


def _continues(current: float, value: float) -> bool:
    return (value < 10 and current % 10 == 0 and current % 100 != 10 and current > 0) or current % 100 == 0


def _joins(tokens: tuple[Token, ...], index: int) -> bool:
    """Return whether "and" stands inside a number: two hundred and fifty."""
    before, after = tokens[index - 1].word, tokens[index + 1].word if index + 1 < len(tokens) else ""
    return before in SCALES and after in NUMBER_WORDS


def _units(text: str, tokens: tuple[Token, ...], first: int, last: int) -> frozenset[str]:
    units: set[str] = set()
    before, after = text[: tokens[first].start].rstrip()[-1:], text[tokens[last - 1].end :].lstrip()[:1]
    units.update(stem(MONEY[symbol]) for symbol in (before, after) if symbol in MONEY)
    if first and tokens[first - 1].word == "aged":
        units.add("year")
    if tokens[last - 1].word in _ORDINAL_ENDINGS or (last - first == 1 and tokens[first].word in ORDINALS):
        units.add("ordinal")
    for token in tokens[last : last + 5]:
        if token.cut or token.word[:1].isdigit() or token.word in NUMBER_WORDS:
            break
        if token.word == "cent" and tokens[last].word == "per":
            units.add("percent")
        if token.word in ("of", "per") and token is tokens[last]:
            continue
        if token.word in listed("function_words"):
            break
        units.add(token.stem)
    return frozenset(units)


def _comparison(text: str, tokens: tuple[Token, ...], first: int, last: int) -> str:
    if text[tokens[last - 1].end :][:1] == "+":
        return "at least"
    if after := bound_after(tokens, last):
        return after
    before = [token.word for token in tokens[max(0, first - 4) : first] if token.word not in ("us",)]
    if before and before[-1] in ("the", "a"):
        before.pop()
    if last - first == 1 and NUMBER_WORDS.get(tokens[first].word, 99.0) < 13 and before[-1:] in (["under"], ["about"]):
        return ""  # "under two abbots", "about three saints"
    for length in (3, 2, 1):
        if tuple(before[-length:]) in BEFORE and len(before) >= length:
            return BEFORE[tuple(before[-length:])]
    return ""


def bound_after(tokens: tuple[Token, ...], last: int) -> str:
    """Return how the words after a number bound it: "or more" does, "or more than 500" bounds the next one."""
    words = [token.word for token in tokens[last : last + 3]]
    return "" if words[2:] == ["than"] else _AFTER.get(" ".join(words[:2]), "")


def _with_ranges(text: str, tokens: tuple[Token, ...], amounts: list[Amount]) -> list[Amount]:
    """Mark both ends of "1,000 to 12,000", so that neither passes for a number by itself; "6 % to $48" has no ends."""
    ranged = list(amounts)
    for place, (low, high) in enumerate(pairwise(amounts)):
        gap = text[tokens[low.last - 1].end : tokens[high.first].start].strip(" $€£¥%").casefold()
        opened = low.first > 0 and tokens[low.first - 1].word == "between"
        alike = low.units & high.units or not (low.units and high.units)
        if alike and (gap in ("to", "-", "–", "—") or (gap == "and" and opened)):
            units = high.units | low.units
            ranged[place] = Amount(low.value, "from", units, low.words, low.first, low.last)
            ranged[place + 1] = Amount(high.value, "to", units, high.words, high.first, high.last)
    return ranged
