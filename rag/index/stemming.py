"""Words to stems, by the tokenizer of SQLite's FTS5 (unicode61, Porter): fast, and the same wherever SQLite is."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

_TABLES = """
CREATE VIRTUAL TABLE texts USING fts5(text, content='', tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE stems USING fts5vocab(texts, instance);
"""


class Stemmer:
    """A full-text index in memory that is emptied after every use. Not to be used from two threads at once."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._connection.executescript(_TABLES)

    def close(self) -> None:
        self._connection.close()

    def stems(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the stems of each text in the order of its words."""
        found: list[list[str]] = [[] for _ in texts]
        for row, stem in self._read(texts, "SELECT doc, term FROM stems ORDER BY doc, offset"):
            found[row].append(stem)
        return found

    def counts(self, texts: Sequence[str]) -> list[tuple[str, int, int]]:
        """Return (stem, row of the text, how often it stands there), in order of stem and row."""
        return self._read(texts, "SELECT term, doc, count(*) FROM stems GROUP BY term, doc")

    def _read(self, texts: Sequence[str], select: str) -> list[Any]:
        self._connection.execute("BEGIN")
        try:
            # SQLite's text ends at a NUL.
            clean = ((row, text.replace("\0", " ")) for row, text in enumerate(texts))
            self._connection.executemany("INSERT INTO texts(rowid, text) VALUES (?, ?)", clean)
            return self._connection.execute(select).fetchall()
        finally:
            self._connection.rollback()
