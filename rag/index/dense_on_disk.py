"""Dense search of many passages: the inverted file for most, exact and in memory for those that came after it.

What the file proposes is ordered by the vectors in the database, so scores are exact; only a passage that the file does
not propose can be missed. How often that happens is measured between the passages' own vectors when the file is made.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import DamagedIndexError
from ..plugins import Vectors
from . import inverted_file
from .dense import DenseIndex, Ids, as_ids
from .inverted_file import InvertedFile

logger = logging.getLogger(__name__)

PROBED = (16, 32, 64, 128, 256, 512)  # lists, the least that find enough
RECALL = 0.995  # of the nearest ten, that is enough
ASKED = 100  # points whose neighbours are looked for, to measure it
NEIGHBOURS = 10
SPARE = 20  # proposals more than twice as many as wanted

Batches = Callable[[], Iterator[tuple[Ids, Vectors]]]
Exact = Callable[[Ids], Vectors]


class DenseOnDisk:
    """Passages in an inverted file, and newer ones beside it. The store fills it and keeps it in step."""

    def __init__(self, file: InvertedFile, *, exact: Exact) -> None:
        """`exact` gives the rows, shape (n, dimension), of n passages by id."""
        self.file = file
        self._exact = exact
        self._tail = DenseIndex(file.index.d)
        ids = file.ids
        self._alive = np.zeros(int(ids[-1]) + 1 if len(ids) else 0, dtype=bool)  # by id, those in the file
        self._alive[ids] = True
        self._count = len(ids)
        self._packed: tuple[Ids | None, npt.NDArray[np.uint8], int] | None = None
        self._seen = _look(file.folder)

    def __len__(self) -> int:
        return self._count + len(self._tail)

    @property
    def ids(self) -> Ids:
        return np.concatenate([np.flatnonzero(self._alive), self._tail.ids])

    @property
    def changed(self) -> bool:
        """Whether the files are no longer those that were opened."""
        return _look(self.file.folder) != self._seen

    @property
    def newer(self) -> int:
        """How many passages came after the file."""
        return len(self._tail)

    @property
    def behind(self) -> int:
        """How many passages came after the file, or are gone from it."""
        return self.newer + len(self.gone)

    @property
    def gone(self) -> Ids:
        """The ids in the file of passages that are gone."""
        return self.file.ids[~self._alive[self.file.ids]]

    def add(self, ids: Ids, vectors: Vectors) -> None:
        self._tail.add(ids, vectors)

    def remove(self, ids: Ids) -> None:
        inside = ids[ids < len(self._alive)]
        inside = inside[self._alive[inside]]
        self._alive[inside] = False
        self._count -= len(inside)
        self._packed = None
        self._tail.remove(ids)

    def erase_gone(self) -> None:
        """Overwrite in the file what is gone from it. It stays the one that was opened: nothing is read again."""
        self.file.erase(self.gone)
        self._seen = _look(self.file.folder)

    def search(self, query: Vectors, *, k: int, among: Ids | None) -> list[tuple[int, float]]:
        """Return up to `k` (id, cosine), best first; only ids in `among`, unless it is None. Ties go by id."""
        newer = None if among is None else among[among >= len(self._alive)]
        found = self._tail.search(query, k=k, among=newer) if newer is None or len(newer) else []
        proposed = self._proposed(query, max(k, 2 * k + SPARE), among)
        scores = self._exact(proposed) @ query
        found += [(int(id_), float(score)) for id_, score in zip(proposed, scores, strict=True)]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]

    def _proposed(self, query: Vectors, k: int, among: Ids | None) -> Ids:
        bits, count = self._bits(among)
        if count <= k:
            ids = np.flatnonzero(np.unpackbits(bits, bitorder="little")) if count else as_ids([])
            return ids.astype(np.int64)
        try:
            return self.file.search(query, k=k, bits=bits, share=count / len(self.file.ids))
        except DamagedIndexError:
            again = inverted_file.opened(self.file.folder, dimension=self.file.index.d) if self.changed else None
            if again is None or not np.array_equal(again.ids, self.file.ids):
                raise
            self.file, self._seen = again, _look(again.folder)  # another process erased what was removed
            return self.file.search(query, k=k, bits=bits, share=count / len(self.file.ids))

    def _bits(self, among: Ids | None) -> tuple[npt.NDArray[np.uint8], int]:
        """Which ids in the file may be found, a bit each, and how many those are; kept for the next query."""
        if self._packed is None or self._packed[0] is not among:
            alive = self._alive
            if among is not None:
                wanted = np.zeros_like(alive)
                wanted[among[among < len(alive)]] = True
                alive = alive & wanted
            self._packed = among, np.packbits(alive, bitorder="little"), int(alive.sum())
        return self._packed[1], self._packed[2]


def made(folder: Path, *, passages: int, sample: Vectors, batches: Batches, exact: Exact) -> InvertedFile:
    """Train and write the file of an index anew, and choose how many lists are looked at by what that finds.

    `sample` is of vectors drawn at random, shape (n, dimension); `batches` yields all of them with their ids.
    """
    inverted_file.forget(folder)
    meta = inverted_file.trained(sample, passages=passages)
    asked = between(sample)
    nearest = Nearest(asked)
    file = inverted_file.written(folder, meta, nearest.watching(batches()), gone=as_ids([]))
    return tuned(file, asked, nearest.ids, exact=exact)


def between(sample: Vectors) -> Vectors:
    """Return up to ASKED unit vectors, each half-way between two passages: a question is like none that is stored.

    Passages themselves are found by looking at few lists, for their articles' others are beside them: with as many as
    found 99.5 % of those, 96.3 % of the nearest of other points were found (20,000 passages of eval.benchmarks.scale).
    """
    half = min(ASKED, len(sample) // 2)
    middle = sample[:half] + sample[half : 2 * half]
    unit: Vectors = middle / np.maximum(np.linalg.norm(middle, axis=1, keepdims=True), 1e-9)
    return unit.astype(np.float32)


def tuned(file: InvertedFile, asked: Vectors, nearest: list[set[int]], *, exact: Exact) -> InvertedFile:
    """Note with a file the fewest lists that find enough of the nearest, and the share that they find."""
    recall = 0.0
    for probes in PROBED:
        file = replace(file, meta=file.meta | {"probes": np.array(min(probes, file.lists))})
        recall = recall_of(DenseOnDisk(file, exact=exact), asked, nearest)
        if recall >= RECALL or probes >= file.lists:
            break
    logger.info("dense search looks at %d of %d lists and finds %.1f %%", file.probes, file.lists, 100 * recall)
    return inverted_file.settled(file, probes=file.probes, recall=recall)


def recall_of(dense: DenseOnDisk, asked: Vectors, nearest: list[set[int]]) -> float:
    """Return the share of the nearest passages of each row that the search finds among its first."""
    shares = []
    for row, wanted in zip(asked, nearest, strict=True):
        found = dense.search(row, k=NEIGHBOURS, among=None)
        shares.append(len(wanted & {id_ for id_, _ in found}) / max(1, len(wanted)))
    return float(np.mean(shares)) if shares else 1.0


class Nearest:
    """The nearest passages of some rows, exactly, from all vectors as they come by."""

    def __init__(self, asked: Vectors) -> None:
        self._asked = asked
        self._ids = np.zeros((len(asked), 0), dtype=np.int64)
        self._scores = np.zeros((len(asked), 0), dtype=np.float32)

    def watching(self, batches: Iterable[tuple[Ids, Vectors]]) -> Iterator[tuple[Ids, Vectors]]:
        for ids, rows in batches:
            scores = np.concatenate([self._scores, self._asked @ rows.T], axis=1)
            all_ids = np.concatenate([self._ids, np.broadcast_to(ids, (len(self._asked), len(ids)))], axis=1)
            best = np.argpartition(-scores, min(NEIGHBOURS, scores.shape[1]) - 1, axis=1)[:, :NEIGHBOURS]
            self._scores, self._ids = (np.take_along_axis(each, best, axis=1) for each in (scores, all_ids))
            yield ids, rows

    @property
    def ids(self) -> list[set[int]]:
        return [set(row.tolist()) for row in self._ids]


def _look(folder: Path) -> tuple[int, ...]:
    """What is another one when another process has written the files."""
    try:
        found = os.stat(folder / inverted_file.META_FILE)
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns
