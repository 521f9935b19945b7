"""Stems as Milvus keeps them: hashed, so that its analyzer takes every one whole, and no word of an article stands there."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import lru_cache

from ...language.words import content_words, words
from ..stemming import Stemmer
from .cluster import MOST_TEXT

MOST_QUERY_WORDS = 64  # as in rag.index.bm25


class Words:
    """The same stems as those of an index in a folder. Safe to use from several threads."""

    def __init__(self) -> None:
        self._stemmer = Stemmer()
        self._lock = threading.Lock()

    def close(self) -> None:
        self._stemmer.close()

    def of_texts(self, texts: Sequence[str]) -> list[str]:
        """Return the hashed stems of each text, in order."""
        with self._lock:
            found = self._stemmer.stems(list(texts))
        most = MOST_TEXT // (len(_hashed("")) + 1)
        return [" ".join(_hashed(stem) for stem in stems[:most]) for stems in found]

    def of_query(self, query: str) -> str:
        """Return the hashed stems of the words of a query; a query without content words falls back on all its words."""
        terms = list(dict.fromkeys(content_words(query) or words(query)))[:MOST_QUERY_WORDS]
        return " ".join(self.of_texts([" ".join(terms)])) if terms else ""


@lru_cache(maxsize=65_536)
def _hashed(stem: str) -> str:
    """A letter first: digits alone may be another kind of token."""
    return "s" + hashlib.blake2b(stem.encode(), digest_size=7).hexdigest()
