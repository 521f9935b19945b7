"""The words of questions and tables by which they meet: stems, numbers in figures, abbreviations, words that mean the same."""

from __future__ import annotations

import re
from functools import cache

from ..language.stems import stem
from ..language.word_lists import groups
from ..language.words import is_function_word
from .cell_times import DAY_OR_MONTH

TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_¹²³⁴⁵⁶⁷⁸⁹⁰]+")
PERCENT = re.compile(r"%|\bper ?cent(?:age)?\b")
SUMS = frozenset("all whole together against most least".split())  # that are elsewhere without meaning
_CARDINALS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
LEAST_ROOT = 4  # letters
ENDINGS = frozenset("ly al ally er ers or ion ation ment y ity ing ed ist".split())  # "region" and "regional"
MOST_ABBREVIATED = 4  # letters of a head that stand for a word: "Pts", "L"
NUMBERS = {word: str(at) for at, word in enumerate(_CARDINALS)} | {
    word: str(at) for at, word in enumerate(_ORDINALS, 1)
}


def meaning(words: str) -> list[str]:
    """Return the tokens that carry meaning; all, where none does."""
    found = TOKEN.findall(spelt(words))
    kept = [word for word in found if not is_function_word(word) or word in SUMS]
    return [token_of(word) for word in kept or found]


def tokens(words: str) -> list[str]:
    """Return the words as stems, with numbers in figures."""
    return [token_of(word) for word in TOKEN.findall(spelt(words))]


def spelt(words: str) -> str:
    return PERCENT.sub(" percent ", words.casefold())


def token_of(word: str) -> str:
    if word[0].isdigit():
        return word
    return NUMBERS.get(word) or (word[:3] if DAY_OR_MONTH.fullmatch(word.removesuffix("s")) else stem(word))


@cache
def same_in_tables() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in groups("table_words"):
        stems = frozenset(map(token_of, group)) | frozenset(map(stem, group))
        found |= {one: found.get(one, frozenset()) | stems for one in stems}
    return found


def abbreviates(head: str, word: str) -> bool:
    """Tell whether a head without a vowel holds letters of the word in their order, from the first: "Pts" of "points"."""
    letters = head.strip(".").casefold()
    if (
        not 0 < len(letters) <= MOST_ABBREVIATED
        or not re.fullmatch(r"[b-df-hj-np-tv-z]+", letters)
        or word[0] != letters[0]
    ):
        return False
    rest = iter(word)
    return len(word) > len(letters) and all(letter in rest for letter in letters)


def one_root(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= LEAST_ROOT and long.startswith(short) and long[len(short) :] in ENDINGS
