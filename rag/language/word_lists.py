"""The lists of English words in `data/en`: a word or a group of words a line, below a line that says what they are for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

LISTS = Path(__file__).parent / "data" / "en"


@cache
def groups(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of each line of a list."""
    _, *lines = (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split()) for line in lines)


@cache
def listed(name: str) -> frozenset[str]:
    """Return all words of a list."""
    return frozenset(word for group in groups(name) for word in group)
