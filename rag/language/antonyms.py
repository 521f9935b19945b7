"""Words that say the opposite of each other, by stem."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from .stems import stem
from .word_lists import groups


def opposites_of(word_stem: str) -> frozenset[str]:
    """Return the stems that say the opposite of a stem."""
    return _opposites().get(word_stem, frozenset())


@cache
def _opposites() -> dict[str, frozenset[str]]:
    against: dict[str, set[str]] = defaultdict(set)
    for pair in groups("antonyms"):
        one, other = map(stem, pair)
        against[one].add(other)
        against[other].add(one)
    return {word: frozenset(others) for word, others in against.items()}
