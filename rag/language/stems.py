"""When two English words count as the same word: inflections, irregular verbs, a country and its people."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from .word_lists import groups, listed

_PEOPLE_ENDINGS = ("ians", "ian", "ans", "an", "ese", "n", "i", "is", "ns")


def fold(word: str) -> str:
    """Return the word in lower case without accents, dots or a possessive ending."""
    plain = unicodedata.normalize("NFKD", word.replace("’", "'"))
    plain = "".join(character for character in plain if not unicodedata.combining(character)).casefold()
    return plain.removesuffix("'s").rstrip("'").replace(".", "")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return what the inflections of a word share: `gifted` and `gifts` both give `gift`, `sent` gives `send`."""
    plain = fold(word)
    same = _same()
    return _stripped(same.get(plain) or (same.get(plain[:-1]) if plain.endswith("s") else None) or plain)


@cache
def listed_stems(name: str) -> frozenset[str]:
    """Return the stems of all words of a list."""
    return frozenset(map(stem, listed(name)))


@cache
def _same() -> dict[str, str]:
    """Return the first word of its group for each word that the lists hold."""
    return {word: group[0] for name in ("same_word", "peoples") for group in groups(name) for word in group}


def _stripped(word: str) -> str:
    if len(word) <= 3:
        return word
    for ending, instead in (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return _bare(word.removesuffix(ending) + instead)
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and any(letter in "aeiouy" for letter in rest):
            return _bare(rest)
    return _bare(word)


def _bare(word: str) -> str:
    """Undo a doubled consonant, a silent e and British spelling, so that `planned` meets `plan`."""
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouslf":
        word = word[:-1]
    word = word.removesuffix("e") if len(word) > 3 else word
    word = word.replace("isation", "ization")
    return word.removesuffix("is") + "iz" if len(word) > 5 and word.endswith("is") else word


def same_name(one: str, other: str) -> bool:
    """Return whether two folded words name the same place or person: equal, or a place and its people."""
    if one == other or stem(one) == stem(other):
        return True
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if len(short) < 4 or not long.startswith(short[:-1]):
        return False
    return any(long == root + ending for root in (short, short[:-1]) for ending in _PEOPLE_ENDINGS if len(root) >= 4)
