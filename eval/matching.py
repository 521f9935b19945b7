"""Compares words as a reader would: case, punctuation, articles and the spelling of numbers do not count."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

# fmt: off
UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
         "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on
SMALL = {word: value for value, word in enumerate(UNITS)} | {word: 10 * i for i, word in enumerate(TENS, start=2)}
SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

_ARTICLES = frozenset({"a", "an", "the"})
_FUNCTION_WORDS = frozenset(
    "about all am and any are as at be both but by can do for from had has have he her his i if in into is it its may me "
    "might mine must my no nor not of off on or our out shall she should so than that their them then they this to up us "
    "was we were what when where which who whom why will with would you your".split()
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ABBREVIATION = re.compile(r"\b(?:\w\.){2,}")
_PERCENT = re.compile(r"%|\bper cent\b")
# Chinese and Japanese write no spaces between words: each character stands alone.
_UNSPACED = re.compile(r"([\u3040-\u30ff\u3400-\u9fff])")
_PUNCTUATION = re.compile(r"(?<!\d)\.|\.(?!\d)|[^\w\s.]|_")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


def normalise(text: str) -> str:
    """Return the words in lower case, without punctuation and a/an/the, numbers as digits, single spaces between.

    `The twenty-five U.S. lions` gives `25 us lions`; `1.5 million` and `1,500,000` give `1500000`.
    """
    return " ".join(_spell_out([word for word in _words(text.casefold()) if word not in _ARTICLES]))


def _words(text: str) -> list[str]:
    text = unicodedata.normalize("NFKC", text)
    text = _THOUSANDS.sub("", text)
    text = _ABBREVIATION.sub(lambda found: found.group().replace(".", ""), text)
    text = _PERCENT.sub(" percent ", text)
    text = _UNSPACED.sub(r" \1 ", text)
    return _PUNCTUATION.sub(" ", text).split()


def contains(text: str, words: str) -> bool:
    """Return whether the words stand in the text, beginning and ending at word borders, after `normalise`.

    A name that is a function word but for its capitals ("May", "US") must have them.
    """
    wanted = normalise(words)
    if wanted in _FUNCTION_WORDS:
        name = next(word for word in _words(words) if word.casefold() == wanted)
        if name != wanted:
            return name in _words(text)
    return bool(wanted) and f" {wanted} " in f" {normalise(text)} "


def first_contained(text: str, alternatives: Sequence[str]) -> str | None:
    """Return the first of the alternatives that the text contains, or None."""
    return next((words for words in alternatives if contains(text, words)), None)


def _spell_out(words: Sequence[str]) -> list[str]:
    spelled: list[str] = []
    position = 0
    while position < len(words):
        value, used = _read_number(words, position)
        spelled.append(words[position] if used == 0 else format(value.normalize(), "f"))
        position += max(used, 1)
    return spelled


def _read_number(words: Sequence[str], start: int) -> tuple[Decimal, int]:
    """Return the number that begins at `start` and how many words it takes; none if there is no number."""
    total, group, used = Decimal(0), None, 0  # `group` is what the next scale word multiplies
    scale = 10**15
    for position in range(start, len(words)):
        word = words[position]
        if word == "and" and used and words[position - 1] in SCALES and _is_small(words, position + 1):
            continue
        if _DIGITS.fullmatch(word) and not used:
            group = Decimal(word)
        elif word in SMALL and _fits(group, SMALL[word], after_digits=bool(_DIGITS.fullmatch(words[position - 1]))):
            group = (group or Decimal(0)) + SMALL[word]
        elif word == "hundred":
            group = (Decimal(1) if group is None else group) * 100
        elif word in SCALES and SCALES[word] < scale:
            total, group, scale = total + (Decimal(1) if group is None else group) * SCALES[word], None, SCALES[word]
        else:
            break
        used = position + 1 - start
    return total + (group or Decimal(0)), used


def _is_small(words: Sequence[str], position: int) -> bool:
    return position < len(words) and words[position] in SMALL


def _fits(group: Decimal | None, value: int, *, after_digits: bool) -> bool:
    """Return whether a number goes on: "twenty" + "five", "hundred" + "fifty"; not "two" + "three", "2024" + "two"."""
    if group is None:
        return True
    if after_digits:
        return False
    rest = group % 100
    if rest == 0 and group > 0:
        return 0 < value < 100
    return rest >= 20 and rest % 10 == 0 and 0 < value < 10
