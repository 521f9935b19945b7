"""Dense search past what is scanned whole: an inverted file on disk, read by memory mapping.

The vectors are in lists by the nearest of some centroids (IVF), one byte a dimension (SQ8). A search looks at the lists
whose centroids are nearest to the query; what it finds is only a choice, whose cosines are to be computed from the
vectors themselves. FAISS trains, encodes and scans; the two files are ours, so that nothing of FAISS's own format is
read from a folder that may come from someone else:

    nearest.ivf   for each list its codes, then its passage ids, both with room up to a multiple of 8
    nearest.npz   centroids, ranges of the codes, ids, and a checksum of each list
"""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from ..errors import DamagedIndexError
from ..plugins import Vectors
from .dense import Ids

LISTS_FILE, META_FILE = "nearest.ivf", "nearest.npz"
SCRATCH = "nearest-"  # before the name of a file that is being written
LAYOUT = 1
POINTS_A_LIST = 40  # to train on: FAISS warns below 39
ROUNDS = 8  # of k-means
PORTION = 300_000  # passages encoded in memory at once, 0.4 KB each

Meta = dict[str, npt.NDArray[Any]]


@dataclass
class InvertedFile:
    """An inverted file in a folder, as it was when it was opened. `ids` are sorted; `probes` lists are looked at."""

    folder: Path
    meta: Meta
    index: Any  # faiss.IndexIVFScalarQuantizer
    tested: set[int] = field(default_factory=set)  # lists whose checksum was compared

    @property
    def ids(self) -> Ids:
        return self.meta["ids"]

    @property
    def probes(self) -> int:
        return int(self.meta["probes"])

    @property
    def lists(self) -> int:
        return len(self.meta["centroids"])

    def search(self, query: Vectors, *, k: int, bits: npt.NDArray[np.uint8], share: float) -> Ids:
        """Return up to `k` ids near the query, of those whose bit is set, which are about this share of all.

        The smaller the share, the more lists are looked at: the rest of each costs next to nothing.

        Raises:
            DamagedIndexError: a list is not as it was written.
        """
        faiss = _faiss()
        probes = min(self.lists, int(np.ceil(self.probes / max(share, 1e-9))))
        row = np.ascontiguousarray(query.reshape(1, -1), dtype=np.float32)
        _, near = self.index.quantizer.search(row, probes)
        self.test(near[0].tolist())
        parameters = faiss.SearchParametersIVF(nprobe=probes, sel=faiss.IDSelectorBitmap(bits))
        _, found = self.index.search(row, k, params=parameters)
        return np.unique(found[0][found[0] >= 0])

    def test(self, numbers: Iterable[int]) -> None:
        """Compare the checksums of these lists, once each.

        Raises:
            DamagedIndexError: a list is not as it was written.
        """
        for number in numbers:
            if number in self.tested or number < 0:
                continue
            codes, ids = _list_of(self.index, number)
            if _checksum(codes, ids) != int(self.meta["checksums"][number]):
                raise not_as_written(self.folder, f"list {number} has another checksum")
            self.tested.add(number)

    def damaged_lists(self) -> list[int]:
        """Return the lists that are not as they were written."""
        bad = []
        for number in range(self.lists):
            try:
                self.test([number])
            except DamagedIndexError:
                bad.append(number)
        return bad

    def erase(self, gone: Ids) -> None:
        """Overwrite the codes of these passages with zeros, so that nothing of what was removed stays in the file."""
        left = np.setdiff1d(gone, self.meta["erased"])
        if not len(left):
            return
        checksums = self.meta["checksums"].copy()
        dimension = self.index.d
        with (self.folder / LISTS_FILE).open("r+b") as file:
            for number in range(self.lists):
                codes, ids = _list_of(self.index, number)
                places = np.flatnonzero(np.isin(ids, left))
                if not len(places):
                    continue
                for place in places.tolist():
                    file.seek(int(self.meta["offsets"][number]) + place * dimension)
                    file.write(bytes(dimension))
                codes = codes.copy()
                codes[places] = 0
                checksums[number] = _checksum(codes, ids)
            file.flush()
            os.fsync(file.fileno())
        meta = self.meta | {"checksums": checksums, "erased": np.union1d(self.meta["erased"], left)}
        _write_meta(self.folder, meta)
        self.meta = meta


def trained(sample: Vectors, *, passages: int) -> Meta:
    """Return centroids and ranges for so many passages, trained on `sample`, shape (n, dimension)."""
    faiss = _faiss()
    lists = min(lists_for(passages), len(sample))
    dimension = sample.shape[1]
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension), dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.niter, index.cp.max_points_per_centroid = ROUNDS, POINTS_A_LIST
    index.train(np.ascontiguousarray(sample, dtype=np.float32))
    nothing = np.zeros(0, dtype=np.int64)
    return {
        "layout": np.array([LAYOUT, dimension, passages]),
        "centroids": index.quantizer.reconstruct_n(0, lists),
        "ranges": faiss.vector_to_array(index.sq.trained),
        "sizes": np.zeros(lists, dtype=np.int64),
        "offsets": np.zeros(lists, dtype=np.int64),
        "checksums": np.zeros(lists, dtype=np.uint32),
        "ids": nothing,
        "erased": nothing,
        "probes": np.array(min(lists, 16)),
        "recall": np.array(np.nan),
    }


def lists_for(passages: int) -> int:
    """Return how many lists so many passages are put into: twice the root, a power of two."""
    return int(2 ** np.round(np.log2(max(2.0 * passages**0.5, 8.0))))


def written(
    folder: Path, meta: Meta, batches: Iterable[tuple[Ids, Vectors]], *, kept: InvertedFile | None = None, gone: Ids
) -> InvertedFile:
    """Write the file anew with the passages of `batches`, and those of the `kept` one that are not `gone`; open it.

    Memory is bounded by PORTION passages, whatever comes. A file that is open elsewhere stays as it is there.
    """
    done, waiting, count = kept, list[tuple[Ids, Vectors]](), 0
    for ids, rows in batches:
        waiting.append((ids, rows))
        count += len(ids)
        if count >= PORTION:
            done, waiting, count = _merged(folder, meta, waiting, kept=done, gone=gone), [], 0
    if count or done is None or (done is kept and len(gone)):
        done = _merged(folder, meta, waiting, kept=done, gone=gone)
    return done


def opened(folder: Path, *, dimension: int) -> InvertedFile | None:
    """Return the file of a folder, None if there is none.

    Raises:
        DamagedIndexError: it is not as it was written.
    """
    if not (folder / META_FILE).exists():
        return None
    try:
        with np.load(folder / META_FILE, allow_pickle=False) as found:
            meta: Meta = dict(found)
        size = (folder / LISTS_FILE).stat().st_size
        layout, wanted, _ = meta["layout"].tolist()
        room = (meta["sizes"] + 7) // 8 * 8
        ends = np.cumsum(room * (dimension + 8))
        whole = (
            (layout, wanted) == (LAYOUT, dimension)
            and meta["centroids"].shape == (len(room), dimension)
            and meta["ranges"].shape == (2 * dimension,)
            and bool((meta["sizes"] >= 0).all())
            and np.array_equal(meta["offsets"], ends - room * (dimension + 8))
            and size == (int(ends[-1]) if len(ends) else 0)
            and len(meta["checksums"]) == len(room)
            and len(meta["ids"]) == int(meta["sizes"].sum())
            and bool((np.diff(meta["ids"], prepend=-1) > 0).all())
        )
    except (OSError, ValueError, KeyError, BadZipFile, EOFError, zlib.error) as error:
        raise not_as_written(folder, str(error)) from error
    if not whole:
        raise not_as_written(folder, f"{LISTS_FILE} and {META_FILE} do not go together")
    return InvertedFile(folder, meta, _mapped(folder / LISTS_FILE, meta, size=size))


def forget(folder: Path) -> None:
    """Delete the file, and what a writing that was cut off left of one."""
    clean(folder)
    for name in (META_FILE, LISTS_FILE):
        (folder / name).unlink(missing_ok=True)


def clean(folder: Path) -> None:
    """Delete what a writing that was cut off left behind."""
    for path in folder.glob(f"{SCRATCH}*"):
        path.unlink(missing_ok=True)


def settled(file: InvertedFile, **values: float | npt.NDArray[Any]) -> InvertedFile:
    """Note values with a file, such as its `probes` and `recall`."""
    meta = file.meta | {name: np.array(value) for name, value in values.items()}
    _write_meta(file.folder, meta)
    return replace(file, meta=meta)


def not_as_written(folder: Path, why: str) -> DamagedIndexError:
    return DamagedIndexError(
        f"the file for dense search in {folder} is damaged: {why}. It is made again from the vectors in the database; "
        "run: citedesk doctor --repair (with --index, if need be)"
    )


def _merged(
    folder: Path, meta: Meta, parts: Sequence[tuple[Ids, Vectors]], *, kept: InvertedFile | None, gone: Ids
) -> InvertedFile:
    """One list after the other: of the old file what is not gone, then what is new."""
    fresh = _encoded(meta, parts)
    dimension = meta["centroids"].shape[1]
    sizes, offsets, checksums = (np.zeros_like(meta[name]) for name in ("sizes", "offsets", "checksums"))
    everything, at = [], 0
    handle, scratch = tempfile.mkstemp(prefix=SCRATCH, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            for number in range(len(sizes)):
                codes, ids = _list_of(fresh, number)
                if kept is not None:
                    old_codes, old_ids = _list_of(kept.index, number)
                    stay = ~np.isin(old_ids, gone)
                    codes, ids = np.concatenate([old_codes[stay], codes]), np.concatenate([old_ids[stay], ids])
                room = -(-len(ids) // 8) * 8
                for array in (
                    codes,
                    np.zeros((room - len(ids), dimension), np.uint8),
                    ids,
                    np.zeros(room - len(ids), "<i8"),
                ):
                    file.write(np.ascontiguousarray(array).data)
                sizes[number], offsets[number], checksums[number] = len(ids), at, _checksum(codes, ids)
                everything.append(ids)
                at += room * (dimension + 8)
            file.flush()
            os.fsync(file.fileno())
        new = {"sizes": sizes, "offsets": offsets, "checksums": checksums}
        new |= {"ids": np.sort(np.concatenate(everything)), "erased": np.zeros(0, dtype=np.int64)}
        # A kill between the two leaves files that do not go together: that is noticed, and both are made again.
        os.replace(scratch, folder / LISTS_FILE)
        _write_meta(folder, meta | new)
    finally:
        Path(scratch).unlink(missing_ok=True)
    found = opened(folder, dimension=dimension)
    assert found is not None
    return found


def _encoded(meta: Meta, parts: Sequence[tuple[Ids, Vectors]]) -> Any:
    """A FAISS index in memory with the same centroids, that holds these passages."""
    index = _empty(meta)
    for ids, rows in parts:
        index.add_with_ids(np.ascontiguousarray(rows, dtype=np.float32), np.ascontiguousarray(ids, dtype=np.int64))
    return index


def _empty(meta: Meta) -> Any:
    faiss = _faiss()
    lists, dimension = meta["centroids"].shape
    quantizer = faiss.IndexFlatIP(dimension)
    quantizer.add(np.ascontiguousarray(meta["centroids"], dtype=np.float32))
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    faiss.copy_array_to_vector(np.ascontiguousarray(meta["ranges"], dtype=np.float32), index.sq.trained)
    index.is_trained = True
    return index


def _mapped(path: Path, meta: Meta, *, size: int) -> Any:
    """The lists of a file as a FAISS index, mapped into memory: what is not looked at is not read."""
    faiss = _faiss()
    index = _empty(meta)
    stored = faiss.OnDiskInvertedLists()
    each = faiss.OnDiskOneListVector()
    one = faiss.OnDiskOneList()
    for length, offset in zip(meta["sizes"].tolist(), meta["offsets"].tolist(), strict=True):
        one.size, one.capacity, one.offset = length, -(-length // 8) * 8, offset
        each.push_back(one)
    stored.nlist, stored.code_size, stored.read_only = len(meta["sizes"]), index.code_size, True
    stored.filename, stored.totsize, stored.lists = str(path), size, each
    if size:
        stored.do_mmap()
    index.replace_invlists(stored, True)
    stored.this.disown()  # it is the index's now
    index.ntotal = int(meta["sizes"].sum())
    return index


def _faiss() -> Any:
    return import_module("faiss")  # late, as it takes a while; its types do not know half of it


def _list_of(index: Any, number: int) -> tuple[npt.NDArray[np.uint8], Ids]:
    faiss = _faiss()
    lists = faiss.downcast_InvertedLists(index.invlists)
    size = lists.list_size(number)
    if not size:
        return np.zeros((0, index.d), dtype=np.uint8), np.zeros(0, dtype=np.int64)
    codes = faiss.rev_swig_ptr(lists.get_codes(number), size * index.d).reshape(size, index.d)
    return codes, faiss.rev_swig_ptr(lists.get_ids(number), size)


def _checksum(codes: npt.NDArray[np.uint8], ids: Ids) -> int:
    return zlib.crc32(np.ascontiguousarray(ids).data, zlib.crc32(np.ascontiguousarray(codes).data))


def _write_meta(folder: Path, meta: Meta) -> None:
    handle, scratch = tempfile.mkstemp(prefix=SCRATCH, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **meta)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        os.replace(scratch, folder / META_FILE)
    finally:
        Path(scratch).unlink(missing_ok=True)
