"""Which dense structure an index has: all in memory while it is small, else a file; when that is made, and written anew.

The file is derived from the database, and only a process that is alone on the index writes it. Without one, or where it
is damaged or belongs to another database, the search goes over all vectors in memory, as for few passages.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import numpy as np

from ..errors import DamagedIndexError, IndexFolderError
from ..plugins import Vectors
from . import database, derived, inverted_file
from .codec import damaged
from .columns import PassageColumns
from .dense import DenseIndex, Ids
from .dense_on_disk import ASKED, DenseOnDisk, Nearest, between, made, recall_of
from .inverted_file import POINTS_A_LIST, InvertedFile, lists_for

logger = logging.getLogger(__name__)

FLAT_MOST = 200_000  # passages that are scanned whole; see rag/design/decisions/046-dense-search-on-disk.md
TAIL_MOST = 0.05  # of the file: share of passages that came after it or are gone, from which it is written anew
LEAST_TAIL = 10_000
GROWN = 4.0  # times as many passages as it was trained for, from which it is trained again
COMPARED = 64  # passages by which a file is known to be of this database

Reading = Callable[[], AbstractContextManager[sqlite3.Connection]]
Dense = DenseIndex | DenseOnDisk


class DenseUpkeep:
    """Opens, makes and keeps the dense structure of one index. Not safe in threads."""

    def __init__(self, folder: Path | None, *, dimension: int, reading: Reading) -> None:
        self._folder = folder
        self._dimension = dimension
        self._reading = reading
        self._is_alone = False  # whether other writers are kept away now

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Say that other writers are kept away meanwhile."""
        self._is_alone = True
        try:
            yield
        finally:
            self._is_alone = False

    def needed(self) -> bool:
        """Whether there is a file to keep, or should be one."""
        if self._folder is None:
            return False
        with self._reading() as connection:
            return passages_in(connection) > FLAT_MOST or (self._folder / inverted_file.META_FILE).exists()

    def begun(self, connection: sqlite3.Connection) -> Dense:
        """Return the structure for as many passages as there are, not yet in step."""
        passages = passages_in(connection)
        (last,) = connection.execute("SELECT max(id) FROM passages").fetchone()
        if self._folder is None or passages <= FLAT_MOST or last > derived.SPARSE * passages:
            return DenseIndex(self._dimension)
        file = self._opened(connection)
        if file is None:
            with self._writing() as may_write:
                file = self._made(connection) if may_write else None
        if file is None:
            logger.warning(
                "the index %s has no file for dense search that may be used, and none may be written now, so all vectors "
                "are kept in memory",
                self._folder,
            )
            return DenseIndex(self._dimension)
        return DenseOnDisk(file, exact=self._exact)

    def mend(self) -> bool:
        """Delete the file if it is damaged, so that it is made again. Returns whether it was."""
        if self._folder is None:
            return False
        try:
            file = inverted_file.opened(self._folder, dimension=self._dimension)
            if file is None or not file.damaged_lists():
                return False
        except DamagedIndexError:
            pass
        with self._writing() as may_write:
            if may_write:
                inverted_file.forget(self._folder)
            return may_write

    @contextmanager
    def _writing(self) -> Iterator[bool]:
        """Keep other writers away, and say whether that was possible."""
        with ExitStack() as stack:
            may_write = self._is_alone
            if not may_write:
                with suppress(IndexFolderError):
                    stack.enter_context(database.alone(self._folder, wait=False))
                    may_write = True
            yield may_write

    def kept(self, connection: sqlite3.Connection, dense: Dense) -> Dense:
        """Write the file anew if too much came after it, erase in it what is gone, and return what is to be used now."""
        if self._folder is None:
            return dense
        inverted_file.clean(self._folder)
        if passages_in(connection) <= FLAT_MOST:
            inverted_file.forget(self._folder)
            return dense
        if isinstance(dense, DenseIndex) or len(dense) > GROWN * int(dense.file.meta["layout"][2]):
            file = self._made(connection)
        elif dense.behind > max(LEAST_TAIL, TAIL_MOST * len(dense.file.ids)):
            file = self._grown(connection, dense, dense.file)
        else:
            dense.erase_gone()
            return dense
        return dense if file is None else DenseOnDisk(file, exact=self._exact)

    def _grown(self, connection: sqlite3.Connection, dense: DenseOnDisk, file: InvertedFile) -> InvertedFile | None:
        try:
            file = inverted_file.written(
                file.folder, file.meta, self._after(connection, dense), kept=file, gone=dense.gone
            )
            return inverted_file.settled(file, **self._known_by(connection, file))
        except OSError as error:
            self._warn(error)
            return None

    def _after(self, connection: sqlite3.Connection, dense: DenseOnDisk) -> Iterator[tuple[Ids, Vectors]]:
        ids = np.sort(np.setdiff1d(dense.ids, dense.file.ids))
        for at in range(0, len(ids), 1000):
            part = ids[at : at + 1000]
            yield part, derived.vectors_at(connection, part, dimension=self._dimension)

    def _opened(self, connection: sqlite3.Connection) -> InvertedFile | None:
        assert self._folder is not None
        try:
            file = inverted_file.opened(self._folder, dimension=self._dimension)
            if file is not None and not is_of(file, connection):
                raise inverted_file.not_as_written(self._folder, "it is of another database")
        except DamagedIndexError as error:
            logger.warning("%s", error)
            return None
        return file

    def _made(self, connection: sqlite3.Connection) -> InvertedFile | None:
        assert self._folder is not None
        passages = passages_in(connection)
        logger.info("a file for dense search is made of %d passages; it takes about a minute a million", passages)
        sample = derived.some_vectors(connection, k=lists_for(passages) * POINTS_A_LIST, dimension=self._dimension)
        batches = partial(derived.vectors_in_order, connection, dimension=self._dimension)
        try:
            file = made(self._folder, passages=passages, sample=sample, batches=batches, exact=self._exact)
            return inverted_file.settled(file, **self._known_by(connection, file))
        except OSError as error:
            self._warn(error)
            return None

    def _warn(self, error: OSError) -> None:
        logger.warning(
            "the file for dense search in %s cannot be written (%s), expected a disk with room; the articles are safe in "
            "the database. It is tried again with the next change.",
            self._folder,
            error,
        )

    def _exact(self, ids: Ids) -> Vectors:
        with self._reading() as connection:
            return derived.vectors_at(connection, ids, dimension=self._dimension)

    def _known_by(self, connection: sqlite3.Connection, file: InvertedFile) -> dict[str, Ids]:
        """A few ids and what is their passages' fingerprint, to know the database by."""
        ids = file.ids[:: max(1, len(file.ids) // COMPARED)]
        return {"known": ids, "fingerprints": np.array([_fingerprint(connection, id_) or 0 for id_ in ids.tolist()])}


def described(connection: sqlite3.Connection, folder: Path, *, dimension: int) -> str:
    """Return what dense search does in an index, in a sentence; of a file, what it finds of the passages' own neighbours.

    Raises:
        DamagedIndexError: the file or the vectors are not as they were written.
    """
    passages = passages_in(connection)
    file = inverted_file.opened(folder, dimension=dimension)
    if file is None or passages <= FLAT_MOST:
        rule = f"up to {FLAT_MOST:,} passages" if passages <= FLAT_MOST else "for there is no file for it yet"
        return f"Dense search compares all vectors, in memory: {rule}."
    dense = DenseOnDisk(file, exact=partial(derived.vectors_at, connection, dimension=dimension))
    derived.catch_up(connection, dense, dimension=dimension)
    asked = between(derived.some_vectors(connection, k=2 * ASKED, dimension=dimension))
    nearest = Nearest(asked)
    for _ in nearest.watching(derived.vectors_in_order(connection, dimension=dimension)):
        pass
    recall = recall_of(dense, asked, nearest.ids)
    return (
        f"Dense search looks at {file.probes:,} of {file.lists:,} lists of {len(file.ids):,} passages on disk and at "
        f"{dense.newer:,} newer ones in memory; of the ten nearest to {len(asked)} points between your own passages it finds "
        f"{recall:.1%}."
    )


def is_of(file: InvertedFile, connection: sqlite3.Connection) -> bool:
    """Whether a file is of this database: the passages it is known by are gone or have the same fingerprint."""
    if "known" not in file.meta:  # its making was cut off
        return False
    pairs = zip(file.meta["known"].tolist(), file.meta["fingerprints"].tolist(), strict=True)
    return all(_fingerprint(connection, id_) in (None, told) for id_, told in pairs)


def columns_of(connection: sqlite3.Connection, columns: PassageColumns | None) -> PassageColumns | None:
    """Return the columns in step with the database; None for so few passages that SQL is as fast."""
    if passages_in(connection) <= FLAT_MOST:
        return None
    columns = columns or PassageColumns()
    columns.catch_up(connection)
    return columns


def passages_in(connection: sqlite3.Connection) -> int:
    """Return how many passages there are."""
    return int(connection.execute("SELECT count(*) FROM passages").fetchone()[0])


def _fingerprint(connection: sqlite3.Connection, id_: int) -> int | None:
    row = connection.execute("SELECT fingerprint FROM passages WHERE id = ?", (id_,)).fetchone()
    if row is not None and not isinstance(row[0], bytes):
        raise damaged(f"passage {id_} is not as it was written")
    return None if row is None else int.from_bytes(row[0][:7], "big")
