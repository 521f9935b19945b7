"""Keyword search: BM25 over stems, in the same database and transaction as the articles.

Passages are grouped in blocks of ids; a row holds the passages of one block with one stem, so that adding or removing
an article rewrites the rows of its own words and nothing else. Stems are stored as hashes: no word of a removed
article can stay behind. Why not FTS5: see rag/design/decisions/001-keyword-search.md.
"""

from __future__ import annotations

import hashlib
import sqlite3
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ..errors import DamagedIndexError
from ..language.words import content_words, words
from .codec import damaged
from .dense import Ids
from .stemming import Stemmer

K1, B = 1.2, 0.75  # as in FTS5, and in most of the literature
LEAST_WEIGHT = 1e-6  # of a word in half of the passages or more
BLOCK = 4096
LENGTHS = 0  # under this key a block lists all its passages, with their lengths in words
MAX_QUERY_WORDS = 64
NOT_AMONG = -1

POSTING = np.dtype([("offset", "<u2"), ("count", "<u2")])  # id = block * BLOCK + offset
_pack = struct.Struct("<HH").pack
Postings = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class _Passages:
    """All passages by position, one BLOCK after the other: length, whether there is one, and its id if it may be found."""

    blocks: Ids
    lengths: npt.NDArray[np.float64]
    listed: npt.NDArray[np.bool_]
    ids: Ids
    count: int
    average: float


class KeywordIndex:
    """The table `keywords` of a database. Not to be used from two threads at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._stemmer = Stemmer()
        self._last: tuple[Ids, tuple[int, int], _Passages] | None = (
            None  # ids searched among, state, what is known then
        )
        connection.create_function("joined", 2, _joined, deterministic=True)

    def close(self) -> None:
        self._stemmer.close()

    def add(self, rows: Sequence[tuple[int, str]]) -> None:
        """Index (passage id, text) rows."""
        sealed = [(*key, _seal(*key, postings)) for key, postings in self._postings(rows)]
        self._connection.executemany(
            "INSERT INTO keywords VALUES (?, ?, ?) "
            "ON CONFLICT (block, term) DO UPDATE SET postings = joined(postings, excluded.postings)",
            sealed,
        )

    def remove(self, rows: Sequence[tuple[int, str]]) -> None:
        """Take out (passage id, text) rows. The text must be the one that was added.

        Raises:
            DamagedIndexError: the index does not hold them.
        """
        for (block, term), postings in self._postings(rows):
            held, gone = self._row(block, term), np.frombuffer(postings, dtype=POSTING)
            kept = held[~np.isin(held["offset"], gone["offset"])]
            if len(held) - len(kept) != len(gone):
                raise damaged("the keyword index lacks a passage that is to be removed")
            if len(kept):
                self._connection.execute(
                    "UPDATE keywords SET postings = ? WHERE block = ? AND term = ?",
                    (_seal(block, term, kept.tobytes()), block, term),
                )
            else:
                self._connection.execute("DELETE FROM keywords WHERE block = ? AND term = ?", (block, term))

    def search(self, query: str, *, k: int, among: Ids) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, BM25 score), best first, higher is better, of the passages `among`.

        A query without content words falls back on all its words; one without any word finds nothing. A word that
        consists of several stems ("Jae-in") stands where all of them do.

        Raises:
            DamagedIndexError: what is stored is not what was written.
        """
        terms = list(dict.fromkeys(content_words(query) or words(query)))[:MAX_QUERY_WORDS]
        if not terms or not len(among):
            return []
        known = self._passages(among)
        scores = np.zeros(len(known.lengths))
        for stems in self._stemmer.stems(terms):
            places, counts = self._places(stems, known.blocks)
            if not known.listed[places].all():
                raise damaged("the keyword index holds passages that are not there")
            weight = np.log((known.count - len(places) + 0.5) / (len(places) + 0.5))
            spread = K1 * (1 - B + B * known.lengths[places] / max(known.average, 1.0))
            scores[places] += max(float(weight), LEAST_WEIGHT) * counts * (K1 + 1) / (counts + spread)
        return _best(scores, known.ids, k)

    def rarity(self, terms: Sequence[str]) -> list[float]:
        """Return log((n + 1) / (passages with the word + 1)) of each word, over n passages."""
        blocks = self._blocks()
        if not len(blocks):
            return [0.0 for _ in terms]
        passages = len(self._find(LENGTHS, blocks)[0])
        found = [len(self._places(stems, blocks)[0]) for stems in self._stemmer.stems(list(terms))]
        return [float(np.log((passages + 1) / (count + 1))) for count in found]

    def holds(self, block: int, ids: Ids) -> bool:
        """Whether a block lists these ids and no others, and all its rows are as they were written."""
        rows = self._connection.execute("SELECT term, postings FROM keywords WHERE block = ?", (block,)).fetchall()
        try:
            opened = {term: _open(block, term, postings) for term, postings in rows}
        except DamagedIndexError:
            return False
        listed = opened.get(LENGTHS, np.zeros(0, dtype=POSTING))["offset"]
        return np.array_equal(np.sort(listed), np.sort(ids) - block * BLOCK)

    def matches(self, block: int, rows: Sequence[tuple[int, str]]) -> bool:
        """Whether a block holds exactly what these rows, all its passages, say.

        Raises:
            DamagedIndexError: a row is not as it was written.
        """
        expected = {key: np.sort(np.frombuffer(postings, dtype=POSTING)) for key, postings in self._postings(rows)}
        stored = self._connection.execute("SELECT term, postings FROM keywords WHERE block = ?", (block,))
        found = {(block, term): np.sort(_open(block, term, postings)) for term, postings in stored}
        same = expected.keys() == found.keys()
        return same and all(np.array_equal(postings, found[key]) for key, postings in expected.items())

    def drop(self, block: int) -> None:
        """Forget a block, damaged or not."""
        self._connection.execute("DELETE FROM keywords WHERE block = ?", (block,))

    def blocks(self) -> list[int]:
        """Return the blocks that have rows, in order."""
        return [int(block) for block in self._blocks()]

    def _postings(self, rows: Sequence[tuple[int, str]]) -> Iterator[tuple[tuple[int, int], bytes]]:
        """Yield ((block, term), postings) in order of the key, as the table is, with the lengths."""
        found: defaultdict[tuple[int, int], bytearray] = defaultdict(bytearray)
        places = [divmod(id_, BLOCK) for id_, _ in rows]
        totals = [0] * len(rows)
        for stem, row, count in self._stemmer.counts([text for _, text in rows]):
            block, offset = places[row]
            found[block, _key(stem)] += _pack(offset, min(count, 65_535))
            totals[row] += count
        for (block, offset), total in zip(places, totals, strict=True):
            found[block, LENGTHS] += _pack(offset, min(total, 65_535))
        for key in sorted(found):
            yield key, bytes(found[key])

    def _row(self, block: int, term: int) -> Postings:
        row = self._connection.execute(
            "SELECT postings FROM keywords WHERE block = ? AND term = ?", (block, term)
        ).fetchone()
        return np.zeros(0, dtype=POSTING) if row is None else _open(block, term, row[0])

    def _blocks(self) -> Ids:
        """One step in the index a block; DISTINCT would read every row."""
        found: list[int] = []
        while True:
            last = found[-1] if found else -1
            row = self._connection.execute("SELECT min(block) FROM keywords WHERE block > ?", (last,)).fetchone()
            if row[0] is None:
                return np.array(found, dtype=np.int64)
            if not isinstance(row[0], int) or row[0] <= last:  # or it would go round for ever
                raise damaged("the keyword index is out of order")
            found.append(row[0])

    def _lengths(self, blocks: Ids) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Return the length of the passage at each position, and whether there is one."""
        lengths = np.zeros((len(blocks) + 1) * BLOCK)
        listed = np.zeros(len(lengths), dtype=bool)  # the last block is of passages whose block is not there
        places, counts = self._find(LENGTHS, blocks)
        lengths[places], listed[places] = counts, True
        return lengths, listed

    def _passages(self, among: Ids) -> _Passages:
        """All passages, and which of them are `among`; kept for the next query: of a million, it takes longer than a search.

        Raises:
            DamagedIndexError: one of `among` is not there.
        """
        state = self._state()
        if self._last is None or self._last[0] is not among or self._last[1] != state:
            same = self._last[2] if self._last is not None and self._last[1] == state else None
            blocks = self._blocks() if same is None else same.blocks
            lengths, listed = self._lengths(blocks) if same is None else (same.lengths, same.listed)
            wanted = _positions(among, blocks)
            if not listed[wanted].all():
                raise damaged("the keyword index lacks passages")
            ids = np.full(len(lengths), NOT_AMONG)
            ids[wanted] = among
            count = int(listed.sum())
            known = _Passages(blocks, lengths, listed, ids, count, float(lengths.sum()) / max(count, 1))
            self._last = among, state, known
        return self._last[2]

    def _state(self) -> tuple[int, int]:
        """Another one after each change, by this connection or another one."""
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version), self._connection.total_changes

    def _places(self, stems: Sequence[str], blocks: Ids) -> tuple[Ids, npt.NDArray[np.float64]]:
        """Return the positions where all the stems stand, and how often the rarest of them does."""
        if not stems:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        places, counts = self._find(_key(stems[0]), blocks)
        for stem in stems[1:]:
            others, other_counts = self._find(_key(stem), blocks)
            places, mine, theirs = np.intersect1d(places, others, return_indices=True)
            counts = np.minimum(counts[mine], other_counts[theirs])
        return places, counts

    def _find(self, term: int, blocks: Ids) -> tuple[Ids, npt.NDArray[np.float64]]:
        """Return the positions of the passages with a term, and how often it stands in each."""
        among = ", ".join(map(str, blocks))
        rows = self._connection.execute(
            f"SELECT block, postings FROM keywords WHERE block IN ({among}) AND term = ? ORDER BY block",  # noqa: S608
            (term,),
        )
        opened = [(block, _body(block, term, sealed)) for block, sealed in rows]
        if not opened:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        postings = np.frombuffer(b"".join(body for _, body in opened), dtype=POSTING)
        index = np.searchsorted(blocks, [block for block, _ in opened]) * BLOCK
        starts = np.repeat(index, [len(body) // POSTING.itemsize for _, body in opened])
        return starts + postings["offset"], postings["count"].astype(float)


def row_of(block: int, stem: str | None, postings: Postings) -> tuple[int, int, bytes]:
    """Return the row that the table holds of a block and a stem; of no stem, that of the block's passages and lengths."""
    term = LENGTHS if stem is None else _key(stem)
    return block, term, _seal(block, term, postings.tobytes())


def _positions(ids: Ids, blocks: Ids) -> Ids:
    """Where each id stands in an array of one BLOCK after the other; in the last one if its block is not there."""
    block, offset = ids // BLOCK, ids % BLOCK
    index = np.searchsorted(blocks, block)
    there = np.append(blocks, -1)[index] == block
    return np.where(there, index, len(blocks)) * BLOCK + offset


def _best(scores: npt.NDArray[np.float64], ids: Ids, k: int) -> list[tuple[int, float]]:
    """The best of those with a score, by the id at each position."""
    found = np.flatnonzero(scores)
    found = found[ids[found] != NOT_AMONG]
    if len(found) > k:
        least = np.partition(scores[found], -k)[-k]
        found = found[scores[found] >= least]  # with all that tie for the last place
    best = found[np.lexsort((ids[found], -scores[found]))][:k]
    return [(int(ids[at]), float(scores[at])) for at in best]


@lru_cache(maxsize=65_536)
def _key(stem: str) -> int:
    digest = hashlib.blake2b(stem.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True) or 1


def _seal(block: int, term: int, postings: bytes) -> bytes:
    """The postings behind their checksum, which also covers the key."""
    return zlib.crc32(postings, _start(block, term)).to_bytes(4, "big") + postings


def _open(block: int, term: int, sealed: object) -> Postings:
    return np.frombuffer(_body(block, term, sealed), dtype=POSTING)


def _body(block: int, term: int, sealed: object) -> memoryview:
    if not isinstance(sealed, bytes) or len(sealed) < 4 or len(sealed) % POSTING.itemsize:
        raise damaged("a row of the keyword index is not as it was written")
    body = memoryview(sealed)[4:]
    if zlib.crc32(body, _start(block, term)) != int.from_bytes(sealed[:4], "big"):
        raise damaged("a row of the keyword index is not as it was written")
    return body


def _start(block: int, term: int) -> int:
    return zlib.crc32(struct.pack("<qq", block, term))


def _joined(held: bytes, new: bytes) -> bytes:
    """Called by SQLite. The checksum is carried on, not made again: damage to what was held stays noticeable."""
    return zlib.crc32(new[4:], int.from_bytes(held[:4], "big")).to_bytes(4, "big") + held[4:] + new[4:]
