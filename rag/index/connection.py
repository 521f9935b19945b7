"""The connection to an index: opened, opened anew where another process has changed it, read and written in transactions."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..errors import IndexFolderError
from . import near_duplicates
from .bm25 import KeywordIndex
from .database import connect, is_read_only, look, prepare, unusable

logger = logging.getLogger(__name__)

# Of SQLite's machine, that all queries of one reading may take: a minute or so. An index may come from somebody else, or be
# damaged, and a query that does not end would hold up everybody. Those of a million passages take some fifty million.
MOST_STEPS = 3_000_000_000
STEPS_AT_ONCE = 1_000_000  # between two looks at how many there were


class IndexConnection:
    """One SQLite connection with the keyword index in it, shared by threads under `lock`."""

    def __init__(self, folder: Path | None, identity: Mapping[str, str]) -> None:
        """Open the folder, or make it; in memory without one.

        Raises:
            IndexMismatchError: the index was made with another `identity`.
            IndexFolderError: the folder cannot be made or read, or its database is damaged.
        """
        self.folder = folder
        self.lock = threading.RLock()
        self.opened = 0  # times
        self._identity = dict(identity)
        self._depth = 0  # of readings in readings
        self._steps: int | None = 0  # taken so far; None while changes are made, which may take long
        self._open()

    def _open(self) -> None:
        seen = look(self.folder) if self.folder is not None and is_read_only(self.folder) else None
        connection = connect(self.folder)
        try:
            prepare(connection, self._identity, folder=self.folder)
        except sqlite3.DatabaseError as error:
            connection.close()
            raise unusable(self.folder, error) from error
        except IndexFolderError:
            connection.close()
            raise
        self._seen = seen  # of an index that may only be read
        self.opened += 1
        self._connection = connection
        connection.set_progress_handler(self._count, STEPS_AT_ONCE)
        self.keywords = KeywordIndex(connection)

    def _count(self) -> bool:
        """Whether the query is to be broken off."""
        if self._steps is None:
            return False
        self._steps += STEPS_AT_ONCE
        return self._steps > MOST_STEPS

    @property
    def read_only(self) -> bool:
        return self._seen is not None

    def open_again(self) -> bool:
        """Open an index that may only be read anew if another process has changed it: SQLite may have been told that
        nobody does. Returns whether one has."""
        if self._seen is None or self.folder is None or self._seen == look(self.folder):
            return False
        keywords, connection = self.keywords, self._connection
        self._open()
        keywords.close()
        connection.close()
        return True

    def close(self) -> None:
        with self.lock:
            self.keywords.close()
            self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one query."""
        with self.lock:
            if not self._depth:
                self._steps = 0
            self._depth += 1
            try:
                if not self._connection.in_transaction:
                    self.open_again()
                yield self._connection
            except sqlite3.DatabaseError as error:
                raise unusable(self.folder, error) from error
            finally:
                self._depth -= 1

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """One consistent state for all that is read inside, also while another process writes."""
        with self.reading() as connection:
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def writing(self, *, counts: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction, all or nothing. One that `counts` makes a new generation."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            self._steps = None
            try:
                yield connection
                if counts:
                    near_duplicates.settle(connection)
                    connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'generation'")
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
            finally:
                self._steps = 0

    def settle(self) -> None:
        """Empty the log of changes: in it, too, stands what was deleted."""
        with self.lock:
            try:
                busy, *_ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.DatabaseError as error:
                logger.warning("the log of changes in %s could not be emptied: %s", self.folder, error)
                return
        if busy:
            logger.warning(
                "another process reads %s without a pause: until the next change or the last closing, the log of changes "
                "may hold what was removed",
                self.folder,
            )
