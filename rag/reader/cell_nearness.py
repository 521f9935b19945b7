"""How near a question stands in meaning to the names of a table's rows and columns, by the embedder that searches.

A list of words that mean the same holds those that somebody thought of: "wage" for "salary", but not "loud" for "noise".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set

import numpy as np

from ..language.words import is_function_word
from ..plugins import Embedder, Vectors
from .cell_words import token_of

MOST_KEPT = 4_000  # vectors of names and words: a head is asked about often, and embedding is what costs
WORD = re.compile(r"[^\W\d_]{2,}")
IN_BRACKETS = re.compile(r"\([^()]*\)")  # units, as a rule


class Nearness:
    """Keeps the vectors of names and words that it has met."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._kept: dict[str, Vectors] = {}

    def of(self, question: str, names: Iterable[str], *, spent: Set[str]) -> dict[str, float]:
        """Return for each name how much nearer it is to the question than the mean of the names, 0 for all if it is alone.

        It is the cosine of the whole question and the whole name, and that of their nearest two words; words of the
        question whose tokens are `spent` on something else do not count among these. Only names of one kind compare:
        the heads of a table, or the first cells of its rows.
        """
        names = list(dict.fromkeys(names))
        asked = question.casefold()
        free = [word for word in _words(asked) if token_of(word) not in spent]
        parts = {name: _words(IN_BRACKETS.sub(" ", name.casefold())) or _words(name.casefold()) for name in names}
        vectors = self._vectors(
            [asked, *free, *map(str.casefold, names), *(one for own in parts.values() for one in own)]
        )
        whole = {name: float(vectors[name.casefold()] @ vectors[asked]) if name else None for name in names}
        nearest = {
            name: max((float(vectors[one] @ vectors[word]) for one in own for word in free), default=0.0)
            for name, own in parts.items()
        }
        return _added(_centred(whole), _centred(nearest))

    def _vectors(self, texts: Sequence[str]) -> dict[str, Vectors]:
        known = dict(self._kept)
        fresh = [text for text in dict.fromkeys(texts) if text and text not in known]
        if fresh:
            known |= dict(zip(fresh, self._embedder.embed_texts(fresh), strict=True))
            self._kept = known if len(known) <= MOST_KEPT else {}
        return known


def _words(words: str) -> list[str]:
    return [word for word in WORD.findall(words) if not is_function_word(word)]


def _centred(values: Mapping[str, float | None]) -> dict[str, float]:
    told = [value for value in values.values() if value is not None]
    mean = float(np.mean(told)) if told else 0.0
    return {name: 0.0 if value is None else value - mean for name, value in values.items()}


def _added(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    return {name: value + other[name] for name, value in one.items()}
