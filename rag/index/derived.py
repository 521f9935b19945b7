"""The search structures follow the articles: filled, brought in step, and made again where damage has reached them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from ..errors import DamagedIndexError
from ..plugins import Vectors
from .bm25 import BLOCK, KeywordIndex
from .codec import damaged, vectors_from_bytes
from .dense import DenseIndex, as_ids
from .tables import index_block, texts_of_block, texts_to_find, write_vectors

ARTICLES_AT_ONCE = 1000


def catch_up(connection: sqlite3.Connection, dense: DenseIndex, *, dimension: int) -> None:
    """Bring the dense index in step. Ids are never used twice, so the difference of the two sets is all that changed.

    Raises:
        DamagedIndexError: vectors are missing or not as they were written.
    """
    stored = as_ids([row[0] for row in connection.execute("SELECT id FROM passages ORDER BY id")])
    held = dense.ids
    if len(gone := np.setdiff1d(held, stored)):
        dense.remove(gone)
    if not len(missing := np.setdiff1d(stored, held)):
        return
    found = connection.execute(
        "SELECT first, content FROM vectors WHERE number IN (SELECT number FROM passages WHERE id BETWEEN ? AND ?) "
        "ORDER BY first",
        (int(missing[0]), int(missing[-1])),
    )
    added = 0
    while batch := found.fetchmany(ARTICLES_AT_ONCE):
        parts = [(first, vectors_from_bytes(content, first=first, dimension=dimension)) for first, content in batch]
        ids = np.concatenate([np.arange(first, first + len(part)) for first, part in parts])
        wanted = np.isin(ids, missing)
        dense.add(ids[wanted], np.concatenate([part for _, part in parts])[wanted])
        added += int(wanted.sum())
    if added != len(missing):
        raise damaged("vectors are missing")


def mend_keywords(connection: sqlite3.Connection, keywords: KeywordIndex, *, blocks: Iterable[int] = ()) -> int:
    """Index again `blocks` and every one that is not as it was written, and return how many those are.

    A row that is missing does not show here: `wrong_blocks` looks closer, and takes as long as indexing.
    """
    ids = as_ids([row[0] for row in connection.execute("SELECT id FROM passages ORDER BY id")])
    known = {*(ids // BLOCK).tolist(), *keywords.blocks()}
    bad = {block for block in known if not keywords.holds(block, ids[ids // BLOCK == block])} | set(blocks)
    for block in sorted(bad):
        index_block(connection, keywords, block)
    return len(bad)


def wrong_blocks(connection: sqlite3.Connection, keywords: KeywordIndex) -> Iterator[int]:
    """Yield each block whose rows do not say what the articles say."""
    held = {row[0] // BLOCK for row in connection.execute("SELECT id FROM passages")}
    for block in sorted(held.union(keywords.blocks())):
        try:
            same = keywords.matches(block, list(texts_of_block(connection, block)))
        except DamagedIndexError:
            same = False
        if not same:
            yield block


def mend_vectors(
    connection: sqlite3.Connection, *, dimension: int, embed: Callable[[Sequence[str]], Vectors] | None
) -> int:
    """Embed again every article whose vectors are not as they were written, and return how many those are.

    Raises:
        DamagedIndexError: there are some, and no `embed`.
    """
    connection.execute("DELETE FROM vectors WHERE number NOT IN (SELECT number FROM passages)")
    bad = list(without_vectors(connection, dimension=dimension))
    if bad and embed is None:
        raise damaged(f"the vectors of {len(bad)} articles are missing or not as they were written")
    for number in bad:
        found = texts_to_find(connection, number)
        assert embed is not None
        write_vectors(connection, number, found[0][0], embed([text for _, text in found]))
    return len(bad)


def without_vectors(connection: sqlite3.Connection, *, dimension: int) -> Iterator[int]:
    """Yield the number of each article whose vectors are missing, changed, not finite, or not of unit length."""
    counts = connection.execute("SELECT number, count(*), min(id) FROM passages GROUP BY number").fetchall()
    for number, count, first in counts:
        row = connection.execute("SELECT first, content FROM vectors WHERE number = ?", (number,)).fetchone()
        try:
            vectors = vectors_from_bytes(row and row[1], first=first, dimension=dimension)
        except DamagedIndexError:
            yield number
            continue
        if row[0] != first or len(vectors) != count or not unit_rows(vectors):
            yield number


def unit_rows(vectors: Vectors) -> bool:
    """Whether each row has unit length, or is zero, as that of a text without words is."""
    lengths = np.linalg.norm(vectors, axis=1)
    return bool((np.isclose(lengths, 1.0, atol=1e-3) | (lengths == 0.0)).all())
