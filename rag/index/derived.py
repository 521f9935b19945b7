"""The search structures follow the articles: filled, brought in step, and made again where damage has reached them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

import numpy as np

from ..errors import DamagedIndexError
from ..plugins import Vectors
from .bm25 import BLOCK, KeywordIndex
from .codec import damaged, fingerprint, vectors_from_bytes
from .dense import DenseIndex, Ids, as_ids
from .dense_on_disk import DenseOnDisk
from .tables import index_block, texts_of_block, texts_to_find, write_vectors

ARTICLES_AT_ONCE = 1000
SPARSE = 100  # times as many ids were given as are there, from which a table of them all is no longer small


def catch_up(
    connection: sqlite3.Connection, dense: DenseIndex | DenseOnDisk, *, dimension: int, stored: Ids | None = None
) -> None:
    """Bring the dense index in step. Ids are never used twice, so the difference of the two sets is all that changed.

    `stored` are the ids in the database, if they are known.

    Raises:
        DamagedIndexError: vectors are missing or not as they were written.
    """
    if stored is None:
        stored = as_ids([row[0] for row in connection.execute("SELECT id FROM passages ORDER BY id")])
    held = dense.ids
    if len(gone := _without(held, stored)):
        dense.remove(gone)
    if not len(missing := _without(stored, held)):
        return
    found = connection.execute(
        "SELECT first, content FROM vectors WHERE number IN (SELECT number FROM passages WHERE id BETWEEN ? AND ?) "
        "ORDER BY first",
        (int(missing[0]), int(missing[-1])),
    )
    added = 0
    for ids, rows in _batches(found, dimension=dimension):
        wanted = np.isin(ids, missing)
        dense.add(ids[wanted], rows[wanted])
        added += int(wanted.sum())
    if added != len(missing):
        raise damaged("vectors are missing")


def vectors_in_order(connection: sqlite3.Connection, *, dimension: int) -> Iterator[tuple[Ids, Vectors]]:
    """Yield all passages' ids and rows, those of ARTICLES_AT_ONCE at a time.

    Raises:
        DamagedIndexError: vectors are not as they were written.
    """
    yield from _batches(connection.execute("SELECT first, content FROM vectors ORDER BY number"), dimension=dimension)


def some_vectors(connection: sqlite3.Connection, *, k: int, dimension: int) -> Vectors:
    """Return the rows of `k` passages or a few more, of articles drawn at random, the same ones each time; fewer if there are.

    Raises:
        DamagedIndexError: vectors are not as they were written.
    """
    numbers = [row[0] for row in connection.execute("SELECT number FROM vectors")]
    drawn = np.random.default_rng(1).permutation(len(numbers))
    rows: list[Vectors] = []
    count = 0
    for at in drawn.tolist():
        if count >= k:
            break
        first, content = connection.execute(
            "SELECT first, content FROM vectors WHERE number = ?", (numbers[at],)
        ).fetchone()
        rows.append(vectors_from_bytes(content, first=first, dimension=dimension))
        count += len(rows[-1])
    together: Vectors = np.concatenate(rows) if rows else np.zeros((0, dimension), dtype=np.float32)
    return np.random.default_rng(2).permutation(together)


def vectors_at(connection: sqlite3.Connection, ids: Ids, *, dimension: int) -> Vectors:
    """Return the rows of these passages, shape (len(ids), dimension), in their order.

    Raises:
        DamagedIndexError: vectors are missing or not as they were written.
    """
    rows = np.zeros((len(ids), dimension), dtype=np.float32)
    parts: dict[int, tuple[int, Vectors]] = {}
    for at, id_ in enumerate(ids.tolist()):
        row = connection.execute("SELECT number FROM passages WHERE id = ?", (id_,)).fetchone()
        if row is None:
            raise damaged(f"there is no passage {id_}")
        if row[0] not in parts:
            found = connection.execute("SELECT first, content FROM vectors WHERE number = ?", row).fetchone()
            first, content = found or (0, None)
            parts[row[0]] = first, vectors_from_bytes(content, first=first, dimension=dimension)
        first, mine = parts[row[0]]
        if not 0 <= id_ - first < len(mine):
            raise damaged(f"the vector of passage {id_} is missing")
        rows[at] = mine[id_ - first]
    return rows


def known_vectors(
    connection: sqlite3.Connection, texts: Sequence[str], *, embedder: str, dimension: int
) -> dict[str, Vectors]:
    """Return the vectors of those texts that a passage has already."""
    known: dict[str, Vectors] = {}
    for text in dict.fromkeys(texts):
        row = connection.execute(
            "SELECT passages.id, first, content FROM passages JOIN vectors USING (number) WHERE fingerprint = ? LIMIT 1",
            (fingerprint(embedder, text),),
        ).fetchone()
        if row is not None:
            with suppress(DamagedIndexError, IndexError):  # else it is embedded again
                known[text] = vectors_from_bytes(row[2], first=row[1], dimension=dimension)[row[0] - row[1]]
    return known


def _batches(found: sqlite3.Cursor, *, dimension: int) -> Iterator[tuple[Ids, Vectors]]:
    while batch := found.fetchmany(ARTICLES_AT_ONCE):
        parts = [(first, vectors_from_bytes(content, first=first, dimension=dimension)) for first, content in batch]
        ids = np.concatenate([np.arange(first, first + len(part)) for first, part in parts])
        yield ids, np.concatenate([part for _, part in parts])


def _without(ids: Ids, others: Ids) -> Ids:
    """Return, in order, the ids that are not among others."""
    most = max(int(ids.max(initial=-1)), int(others.max(initial=-1)))
    if most > SPARSE * (len(ids) + len(others)):
        return np.setdiff1d(ids, others)
    known = np.zeros(most + 1, dtype=bool)  # of a million, a table takes a tenth of the time
    known[others] = True
    return np.sort(ids[~known[ids]])


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
