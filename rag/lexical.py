"""Keyword search: BM25 with stemming by SQLite's FTS5, inside the same database and transaction as the articles.

Chosen over bm25s (must be rebuilt to add an article) and tantivy (a second store to keep in step); see rag/DESIGN.md.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from .words import content_words, words

SCHEMA = """
CREATE VIRTUAL TABLE IF NOT EXISTS keywords USING fts5(
    text, content='', tokenize='porter unicode61 remove_diacritics 2'
);
"""
MAX_QUERY_WORDS = 64


def add(connection: sqlite3.Connection, rows: Iterable[tuple[int, str]]) -> None:
    """Index (passage id, text) rows."""
    connection.executemany("INSERT INTO keywords(rowid, text) VALUES (?, ?)", rows)


def remove(connection: sqlite3.Connection, rows: Iterable[tuple[int, str]]) -> None:
    """Take out (passage id, text) rows. The text must be the one that was added."""
    connection.executemany("INSERT INTO keywords(keywords, rowid, text) VALUES ('delete', ?, ?)", rows)


def search(
    connection: sqlite3.Connection, query: str, *, k: int, where: str, values: Sequence[object]
) -> list[tuple[int, float]]:
    """Return up to `k` (passage id, BM25 score), best first, higher is better, of passages for which `where` holds.

    `where` is SQL over the tables `passages` and `articles`, with `values` for its question marks. A query without
    content words falls back on all its words; one without any word finds nothing.
    """
    terms = list(dict.fromkeys(content_words(query) or words(query)))[:MAX_QUERY_WORDS]
    if not terms:
        return []
    match = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
    rows = connection.execute(
        f"""
        SELECT passages.id, keywords.rank FROM keywords
        JOIN passages ON passages.id = keywords.rowid JOIN articles ON articles.id = passages.article_id
        WHERE keywords MATCH ? AND {where} ORDER BY keywords.rank, passages.id LIMIT ?
        """,  # noqa: S608 - `where` is built by retrieving.py from fixed parts
        (match, *values, k),
    )
    return [(int(id_), -float(rank)) for id_, rank in rows]
