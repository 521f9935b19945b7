"""The index folder on disk. SQLite holds the truth; the FAISS file beside it is a copy that is checked and remade.

Knows articles, passages, vectors and texts to find; not how any of them is made.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import lexical
from .database import BUSY_SECONDS, SCHEMA, connect, unusable
from .errors import IndexFolderError, IndexMismatchError, UnknownArticleError
from .plugins import Vectors
from .records import from_plain, to_plain
from .schema import Article, Passage
from .vectors import DenseIndex, Ids, as_ids

logger = logging.getLogger(__name__)

DENSE = "dense.faiss"
FORMAT = "2"  # another one whenever passages, their findable text or the tables change
MOST_FILTERS_REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be stored: row i of `vectors`, shape (n, dimension), and `findable[i]` are of `passages[i]`.

    `findable` is the text that keyword search indexes.
    """

    article: Article
    passages: tuple[Passage, ...]
    findable: tuple[str, ...]
    vectors: Vectors


class Store:
    """One index folder, or a database in memory when `folder` is None. Safe to use from several threads."""

    def __init__(self, folder: Path | None, *, dimension: int, identity: dict[str, str]) -> None:
        """Open the folder, or make it.

        Raises:
            IndexMismatchError: the index was made with another `identity` (embedding model, settings, format).
            IndexFolderError: the folder cannot be written or its database is damaged.
        """
        self.folder = folder
        self.dimension = dimension
        self._lock = threading.RLock()
        self._connection = connect(folder)
        try:
            self._connection.executescript(SCHEMA)
            self._check_identity(identity | {"format": FORMAT})
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise unusable(folder, error) from error
        except IndexMismatchError:
            self._connection.close()
            raise
        self._dense: DenseIndex | None = None
        self._dense_generation = -1
        self._ids_where: dict[tuple[object, ...], Ids] = {}

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def __len__(self) -> int:
        """The number of articles."""
        with self._lock:
            return int(self._connection.execute("SELECT count(*) FROM articles").fetchone()[0])

    @property
    def generation(self) -> int:
        """Grows by one with every change."""
        return int(self._meta("generation") or 0)

    # Reading

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """One consistent state for all that is read inside, also while another process writes."""
        with self._lock:
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                self._connection.rollback()

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            UnknownArticleError: no article has this id.
        """
        with self._lock:
            row = self._connection.execute("SELECT record, text FROM articles WHERE id = ?", (article_id,)).fetchone()
        if row is None:
            raise UnknownArticleError(
                f"no article has the id {article_id!r}, expected one of this corpus. It may have been removed."
            )
        return _article(row)

    def articles(self) -> Iterator[Article]:
        """Iterate over all articles in order of id, one in memory at a time."""
        last = ""
        while True:
            with self._lock:
                row = self._connection.execute(
                    "SELECT record, text, id FROM articles WHERE id > ? ORDER BY id LIMIT 1", (last,)
                ).fetchone()
            if row is None:
                return
            last = row[2]
            yield _article(row[:2])

    def article_id_of(self, source: str) -> str | None:
        """Return the id of the article that this source gave when it was last read."""
        with self._lock:
            row = self._connection.execute("SELECT article_id FROM sources WHERE source = ?", (source,)).fetchone()
        return None if row is None else str(row[0])

    def sources(self) -> dict[str, str]:
        """Return every known source with the id of its article."""
        with self._lock:
            return dict(self._connection.execute("SELECT source, article_id FROM sources ORDER BY source").fetchall())

    def has(self, article_id: str) -> bool:
        with self._lock:
            return self._connection.execute("SELECT 1 FROM articles WHERE id = ?", (article_id,)).fetchone() is not None

    def passages(self, ids: Sequence[int]) -> dict[int, tuple[Passage, Article]]:
        """Return the passages with these ids, each with its article."""
        found: dict[int, tuple[Passage, Article]] = {}
        articles: dict[str, Article] = {}
        with self._lock:
            for id_ in ids:
                row = self._connection.execute(
                    "SELECT article_id, start, end, kind, sentences FROM passages WHERE id = ?", (id_,)
                ).fetchone()
                article_id, start, end, kind, sentences = row
                article = articles.get(article_id) or articles.setdefault(article_id, self.article(article_id))
                spans = tuple((first, last) for first, last in json.loads(sentences))
                found[id_] = Passage(article_id, start, end, article.text[start:end], kind, spans), article
        return found

    def ids_where(self, where: str, values: Sequence[object]) -> Ids:
        """Return the ids, in order, of the passages for which the SQL `where` holds; remembered until a change."""
        key = (self.generation, where, tuple(values))
        if key not in self._ids_where:
            rows = self._connection.execute(
                "SELECT passages.id FROM passages JOIN articles ON articles.id = passages.article_id "  # noqa: S608
                f"WHERE {where} ORDER BY passages.id",  # built by retrieving.py from fixed parts
                values,
            )
            fresh = [known for known in self._ids_where if known[0] == key[0]][-MOST_FILTERS_REMEMBERED:]
            self._ids_where = {known: self._ids_where[known] for known in fresh}
            self._ids_where[key] = as_ids([row[0] for row in rows])
        return self._ids_where[key]

    def dense(self) -> DenseIndex:
        """Return the dense index, in step with the snapshot it is called in."""
        with self._lock:
            generation = self.generation
            if self._dense is None:
                self._dense = self._load_dense()
            if self._dense_generation != generation:
                self._catch_up(self._dense)
                self._dense_generation = generation
            return self._dense

    # Writing

    def put(self, prepared: Sequence[Prepared]) -> None:
        """Store articles with their passages, in one transaction. An article under a known source takes its place."""
        with self._writing() as connection:
            replaced: dict[str, None] = {}
            for one in prepared:
                before = self.article_id_of(one.article.source)
                self._remember_source(connection, one.article)
                if before not in (None, one.article.id):
                    replaced[str(before)] = None
                known = self.has(one.article.id)
                if known and one.passages:
                    self._delete(connection, one.article.id)
                if one.passages or not known:
                    self._insert(connection, one)
            # Last, for an article that leaves one source may come back from another in the same batch.
            for article_id in replaced:
                self._remove_if_unsourced(connection, article_id)

    def forget_source(self, source: str) -> None:
        """Note that a source is gone. Its article goes with it, unless another source gave the same."""
        with self._writing() as connection:
            article_id = self.article_id_of(source)
            connection.execute("DELETE FROM sources WHERE source = ?", (source,))
            if article_id is not None:
                self._remove_if_unsourced(connection, article_id)

    def remove(self, article_id: str) -> None:
        """Take an article out, with its passages, vectors and sources.

        Raises:
            UnknownArticleError: no article has this id.
        """
        with self._writing() as connection:
            self.article(article_id)
            connection.execute("DELETE FROM sources WHERE article_id = ?", (article_id,))
            self._delete(connection, article_id)

    def save_dense(self) -> None:
        """Write the dense index beside the database, so that the next opening need not rebuild it."""
        if self.folder is None:
            return
        with self._lock:
            try:
                self._set_meta("dense_checksum", str(self.dense().save(self.folder / DENSE)))
            except (OSError, sqlite3.OperationalError) as error:
                # The articles are stored; without the copy, the next opening only takes longer.
                logger.warning("the dense index was not written to %s: %s", self.folder, error)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise IndexFolderError(
                    f"the index {self.folder} is being written by another process ({error}), expected to be alone for "
                    f"writing within {BUSY_SECONDS:.0f} seconds. Try again when it has finished."
                ) from error
            try:
                yield self._connection
                self._set_meta("generation", str(self.generation + 1))
                self._connection.commit()
            except BaseException:
                self._connection.rollback()
                raise

    def _insert(self, connection: sqlite3.Connection, one: Prepared) -> None:
        article = one.article
        record = to_plain(article)
        del record["text"]
        published = article.published.isoformat() if article.published else None
        connection.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?)",
            (article.id, article.outlet, published, article.text, json.dumps(record, ensure_ascii=False)),
        )
        for passage, findable, vector in zip(one.passages, one.findable, one.vectors, strict=True):
            cursor = connection.execute(
                "INSERT INTO passages (article_id, start, end, kind, sentences, findable, vector) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    article.id,
                    passage.start,
                    passage.end,
                    passage.kind,
                    json.dumps(passage.sentences, separators=(",", ":")),
                    findable,
                    vector.astype("<f4").tobytes(),
                ),
            )
            lexical.add(connection, [(int(cursor.lastrowid or 0), findable)])

    def _remember_source(self, connection: sqlite3.Connection, article: Article) -> None:
        connection.execute("INSERT OR REPLACE INTO sources VALUES (?, ?)", (article.source, article.id))

    def _remove_if_unsourced(self, connection: sqlite3.Connection, article_id: str) -> None:
        """Delete the article with its last source; while it has another, its footnotes point there."""
        rows = connection.execute("SELECT source FROM sources WHERE article_id = ? ORDER BY source", (article_id,))
        sources = [row[0] for row in rows]
        if not sources:
            self._delete(connection, article_id)
        elif self.article(article_id).source not in sources:
            connection.execute(
                "UPDATE articles SET record = json_set(record, '$.source', ?) WHERE id = ?", (sources[0], article_id)
            )

    def _delete(self, connection: sqlite3.Connection, article_id: str) -> None:
        rows = connection.execute("SELECT id, findable FROM passages WHERE article_id = ?", (article_id,)).fetchall()
        lexical.remove(connection, rows)
        connection.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))
        connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))

    # The dense copy

    def _load_dense(self) -> DenseIndex:
        checksum = self._meta("dense_checksum")
        if self.folder is not None and checksum is not None:
            loaded = DenseIndex.load(self.folder / DENSE, dimension=self.dimension, checksum=int(checksum))
            if loaded is not None:
                return loaded
        return DenseIndex(self.dimension)

    def _catch_up(self, dense: DenseIndex) -> None:
        """Ids are never used twice, so the difference of the two sets of ids is all that has changed."""
        stored = as_ids([row[0] for row in self._connection.execute("SELECT id FROM passages ORDER BY id")])
        held = dense.ids
        if len(gone := np.setdiff1d(held, stored)):
            dense.remove(gone)
        for batch in _batches(np.setdiff1d(stored, held), 10_000):
            first, last = int(batch[0]), int(batch[-1])
            rows = self._connection.execute(
                "SELECT id, vector FROM passages WHERE id BETWEEN ? AND ? ORDER BY id", (first, last)
            )
            wanted = set(batch.tolist())
            kept = [(id_, vector) for id_, vector in rows if id_ in wanted]
            vectors = np.frombuffer(b"".join(vector for _, vector in kept), dtype="<f4").reshape(-1, self.dimension)
            dense.add(as_ids([id_ for id_, _ in kept]), vectors.astype(np.float32))

    # Meta

    def _meta(self, name: str) -> str | None:
        with self._lock:
            row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def _set_meta(self, name: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def _check_identity(self, identity: dict[str, str]) -> None:
        for name, wanted in sorted(identity.items()):
            found = self._meta(name)
            if found is None:
                with self._connection:
                    self._set_meta(name, wanted)
            elif found != wanted:
                raise IndexMismatchError(
                    f"the index {self.folder} was made with {name} {found}, the settings say {wanted}. "
                    "Go back to those settings, or run `citedesk index` into a new folder (--index)."
                )


def _article(row: tuple[str, str]) -> Article:
    record, text = row
    return from_plain(Article, json.loads(record) | {"text": text})


def _batches(
    ids: np.ndarray[tuple[int], np.dtype[np.int64]], size: int
) -> Iterator[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
