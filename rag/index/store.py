"""The index folder: articles in SQLite, the one truth, and the two search structures that follow it.

Knows articles, passages and vectors; not how any of them is made, but for vectors that damage has lost.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TypeVar

from ..errors import DamagedIndexError, UnknownArticleError
from ..filters import Scope
from ..plugins import Vectors
from ..schema import Article
from . import changes, derived, tables
from .changes import FileRead
from .codec import article_at, damaged
from .columns import PassageColumns, condition
from .connection import IndexConnection
from .database import alone, connect
from .dense import Ids, as_ids
from .dense_upkeep import Dense, DenseUpkeep, columns_of
from .tables import Located, Prepared

__all__ = ["FileRead", "Prepared", "Store"]

logger = logging.getLogger(__name__)

FORMAT = "6"  # another one whenever passages, their findable text or the tables change
MOST_FILTERS_REMEMBERED = 8

T = TypeVar("T")


class Store:
    """One index folder, or a database in memory when `folder` is None. Safe to use from several threads."""

    def __init__(
        self,
        folder: Path | None,
        *,
        dimension: int,
        identity: dict[str, str],
        embed: Callable[[Sequence[str]], Vectors] | None = None,
    ) -> None:
        """Open the folder, or make it. With `embed`, vectors that were damaged are made again when they are needed.

        Raises:
            IndexMismatchError: the index was made with another `identity` (embedding model, settings, format).
            IndexFolderError: the folder cannot be made or read, or its database is damaged.
        """
        self.folder = folder
        self.dimension = dimension
        self._embed = embed
        self._embedder = identity.get("embedder", "")
        self._changing = threading.Lock()  # threads of one opening wait for each other
        self._database = IndexConnection(folder, identity | {"format": FORMAT, "dimension": str(dimension)})
        self._upkeep = DenseUpkeep(folder, dimension=dimension, reading=self._database.reading)
        self._dense: Dense | None = None
        self._dense_state: tuple[int, int] | None = None
        self._columns: PassageColumns | None = None
        self._ids_where: dict[tuple[object, ...], Ids] = {}

    def close(self) -> None:
        self._database.close()

    # Reading

    def __len__(self) -> int:
        """The number of articles."""
        with self._database.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])

    @property
    def state(self) -> tuple[int, int]:
        """Another one after every change, also when another index lies in the folder that may only be read."""
        generation = self.generation  # first: it may open the index anew
        return self._database.opened, generation

    @property
    def generation(self) -> int:
        """Grows by one with every change."""
        with self._database.reading() as connection:
            return int(connection.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()[0])

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            UnknownArticleError: no article has this id.
            DamagedIndexError: it is not as it was written.
        """
        with self.snapshot() as connection:
            if (number := tables.number_of(connection, article_id)) is not None:
                return article_at(connection, number)
        raise UnknownArticleError(
            f"no article has the id {article_id!r}, expected one of this corpus. It may have been removed or changed."
        )

    def articles(self) -> Iterator[Article]:
        """Iterate over all articles in order of id, one in memory at a time. Each is whole; changes meanwhile show."""
        last = ""
        while True:
            with self.snapshot() as connection:
                row = connection.execute(
                    "SELECT id, number FROM articles WHERE id > ? ORDER BY id LIMIT 1", (last,)
                ).fetchone()
                if row is None:
                    return
                if row[0] <= last:  # or it would go round for ever
                    raise damaged("the articles are out of order")
                article = article_at(connection, row[1])
            last = row[0]
            yield article

    def has(self, article_id: str) -> bool:
        with self._database.reading() as connection:
            return tables.number_of(connection, article_id) is not None

    def article_id_of(self, source: str) -> str | None:
        """Return the id of the article that this source gave when it was last read."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT articles.id FROM sources JOIN articles USING (number) WHERE source = ?", (source,)
            ).fetchone()
        return None if row is None else str(row[0])

    def sources(self) -> dict[str, str]:
        """Return every known source with the id of its article."""
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT source, articles.id FROM sources JOIN articles USING (number) ORDER BY source"
            )
            return dict(found.fetchall())

    def sources_of(self, file: str) -> list[str]:
        """Return the sources of the articles that came from a file."""
        with self._database.reading() as connection:
            return tables.sources_from(connection, file)

    def files_at(self, path: str) -> list[str]:
        """Return the files that were read at a path: itself, and those below it if it is, or was, a folder."""
        below = path.rstrip(os.sep) + os.sep
        where = "file = ? OR (file > ? AND file < ?)"  # a range, for which the tables have an index
        values = (path, below, below[:-1] + chr(ord(os.sep) + 1)) * 2
        with self._database.reading() as connection:
            query = f"SELECT file FROM sources WHERE {where} UNION SELECT file FROM files WHERE {where}"  # noqa: S608
            return sorted(row[0] for row in connection.execute(query, values))

    def stamp_of(self, file: str) -> str:
        """Return the stamp of a file when it was last read; empty if there is none."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT stamp FROM files WHERE file = ?", (file,)).fetchone()
        return "" if row is None else str(row[0])

    def known_vectors(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Return the vectors of those texts that a passage of the corpus has already."""
        with self.snapshot() as connection:
            return derived.known_vectors(connection, texts, embedder=self._embedder, dimension=self.dimension)

    def copy_to(self, folder: Path) -> None:
        """Write the database, as it is, into a folder that holds none."""
        with closing(connect(folder)) as copy, self._database.reading() as connection:
            connection.backup(copy)

    # Searching

    def snapshot(self) -> AbstractContextManager[sqlite3.Connection]:
        """One consistent state for all that is read inside, also while another process writes."""
        return self._database.snapshot()

    def consistent(self, search: Callable[[], T]) -> T:
        """Return what `search` finds, all of it in one state. Damaged search structures are made again first.

        Where they may only be read, what looks like damage may be another process's change halfway.
        """
        try:
            with self.snapshot():
                return search()
        except DamagedIndexError:
            with self._database.lock:
                if not (self._database.open_again() if self._database.read_only else self.mend()):
                    raise
        with self.snapshot():
            return search()

    def passages(self, ids: Sequence[int]) -> dict[int, Located]:
        """Return the passages with these ids, each with its article."""
        with self._database.reading() as connection:
            return tables.passages_at(connection, ids)

    def passages_of(self, article_id: str) -> list[Located]:
        """Return the passages of one article, in order; none where no article has this id."""
        with self._database.reading() as connection:
            if (number := tables.number_of(connection, article_id)) is None:
                return []
            ids = [
                row[0] for row in connection.execute("SELECT id FROM passages WHERE number = ? ORDER BY id", (number,))
            ]
            return list(tables.passages_at(connection, ids).values())

    def rarity(self, terms: Sequence[str]) -> list[float]:
        """Return how much each word tells: the logarithm of how rare it is among the passages (idf)."""
        with self._database.reading():
            return self._database.keywords.rarity(terms)

    def ids_where(self, where: str, values: Sequence[object]) -> Ids:
        """Return the ids, in order, of the passages for which the SQL `where` holds; remembered until a change."""
        query = (
            "SELECT passages.id FROM passages LEFT JOIN articles ON articles.number = passages.number "  # noqa: S608
            f"WHERE {where} ORDER BY passages.id"  # built by the retrieval from fixed parts
        )
        return self._remembered(
            (where, *values), lambda connection: as_ids([row[0] for row in connection.execute(query, values)])
        )

    def ids_in(self, scope: Scope) -> Ids:
        """Return the ids, in order, of the passages in a scope; remembered until a change."""
        self.dense()  # with which the columns are brought in step
        columns = self._columns
        if columns is None:
            return self.ids_where(*condition(scope))
        return self._remembered((scope,), lambda connection: columns.where(scope, connection))

    def _remembered(self, asked: tuple[object, ...], find: Callable[[sqlite3.Connection], Ids]) -> Ids:
        key = (self.state, asked)
        if key not in self._ids_where:
            with self._database.reading() as connection:
                found = find(connection)
            fresh = [known for known in self._ids_where if known[0] == key[0]][-MOST_FILTERS_REMEMBERED:]
            self._ids_where = {known: self._ids_where[known] for known in fresh} | {key: found}
        return self._ids_where[key]

    def keyword_search(self, query: str, *, k: int, among: Ids) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, BM25 score), best first, of the passages `among`."""
        with self._database.reading():
            return self._database.keywords.search(query, k=k, among=among)

    def dense(self) -> Dense:
        """Return the dense index, in step with the snapshot it is called in.

        Raises:
            DamagedIndexError: vectors are missing or not as they were written.
        """
        with self._database.reading() as connection:
            state = self.state
            dense = self._dense if self._dense_state and self._dense_state[0] == state[0] else None
            if dense is None or self._dense_state != state:
                self._columns = None if dense is None else self._columns
                if dense is None or dense.changed:
                    dense = self._upkeep.begun(connection)
                self._dense = None  # if this fails half-way, the next one begins anew
                self._columns = columns_of(connection, self._columns)
                stored = None if self._columns is None else self._columns.ids
                derived.catch_up(connection, dense, dimension=self.dimension, stored=stored)
                self._dense, self._dense_state = dense, state
            return dense

    def _keep_dense(self) -> None:
        with self._database.reading() as connection:
            self._dense = self._upkeep.kept(connection, self.dense())

    # Writing

    @contextmanager
    def alone(self, *, wait: bool = False) -> Iterator[None]:
        """Keep other writers away, and afterwards what was deleted out of the log of changes.

        Raises:
            IndexBusyError: another one is writing, and `wait` is False.
            IndexFolderError: the index may only be read.
        """
        with self._changing, alone(self.folder, wait=wait), self._upkeep.alone():
            try:
                yield
            finally:
                self._database.settle()
            if self._upkeep.needed():
                self.consistent(self._keep_dense)

    def put(self, prepared: Sequence[Prepared], *, files: Sequence[FileRead] = ()) -> None:
        """Store articles and what is known of files, in one transaction. An article under a known source takes its place.

        An article that is known by its text stays as it is, unless it comes with passages.
        """
        self._change(
            lambda connection: changes.put(
                connection, self._database.keywords, prepared, files, embedder=self._embedder
            )
        )

    def forget_files(self, files: Sequence[str]) -> list[str]:
        """Note that files are gone, in one transaction, and return their sources.

        Their articles go with them, unless another source gave the same.
        """
        return self._change(lambda connection: changes.forget_files(connection, self._database.keywords, files))

    def remove(self, article_id: str) -> None:
        """Take an article out, with its passages, vectors and sources.

        Raises:
            UnknownArticleError: no article has this id.
        """
        self._change(lambda connection: changes.remove(connection, self._database.keywords, article_id))

    def remove_sources(self, sources: Sequence[str]) -> list[str]:
        """Take out the articles of these sources, all or none, and return every source that these articles had.

        Raises:
            UnknownArticleError: a source gave no article of the corpus.
        """
        return self._change(lambda connection: changes.remove_sources(connection, self._database.keywords, sources))

    def mend(self, *, blocks: Iterable[int] = ()) -> bool:
        """Make damaged vectors and keyword rows again from the articles, and say so in the log. Returns whether any were.

        `blocks` of keyword rows are made again in any case.
        """
        with self._database.lock, self._database.writing(counts=False) as connection:
            mended = derived.mend_keywords(connection, self._database.keywords, blocks=blocks)
            articles = derived.mend_vectors(connection, dimension=self.dimension, embed=self._embed)
        if mended:
            logger.warning("the keyword index of %s was damaged; %d blocks were made again", self.folder, mended)
        if articles:
            logger.warning("vectors in %s were damaged; those of %d articles were made again", self.folder, articles)
        if again := self._upkeep.mend():
            logger.warning("the file for dense search in %s was damaged; it is made again", self.folder)
            self._dense = None
        return bool(mended or articles or again)

    def _change(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._database.lock:
            try:
                with self._database.writing() as connection:
                    return work(connection)
            except DamagedIndexError:
                if not self.mend():
                    raise
            with self._database.writing() as connection:
                return work(connection)
