"""Near copies: articles that tell the same text, cut, edited, under another headline or with other furniture around it.

Two articles are near copies when most runs of words of their bodies are the same, or when one begins like the other and
is contained in it. Articles connected by near copies are one group, so the order in which they come and go does not
change it; its original is the one published first, or else added first. MinHash bands of each article in a table find
the others that are worth comparing: adding one takes the longer the more share its bands, removing one the longer the
larger its group is, neither the larger the index is.
"""

from __future__ import annotations

import hashlib
import sqlite3
import struct
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from ..errors import DamagedIndexError
from ..language.words import words
from ..schema import Article
from .codec import article_at
from .database import SCHEMA

if TYPE_CHECKING:
    from datasketch import MinHash

SHINGLE_WORDS = 3
LEAST_WORDS = 20  # of a shorter body, one edit is most of the text
LEAST_SHARED = (
    0.6  # Jaccard of the shingles from which two bodies are one text: python -m eval.benchmarks.near_duplicates
)
LEAD_WORDS = 80
LEAST_SHARED_LEAD = 0.5
LEAST_CONTAINED = 0.8
# Bands and the hashes in each: an article that shares 0.6 is found in 89 of 100 cases, 0.7 in 99, 0.1 in none of 600.
WHOLE = (16, 4)
LEAD = (8, 3)
MOST_COMPARED = 50  # furniture that nobody recognised may be shared by many articles

Shingles = frozenset[str]


@dataclass(frozen=True, slots=True)
class Wording:
    """The runs of words in an article's body, and those of its first words. Empty where there are too few."""

    whole: Shingles
    lead: Shingles


def wording(article: Article) -> Wording:
    """Return the runs of words of an article by which its copies are known: those of its body, without headings."""
    body = [article.text[section.start : section.end] for section in article.sections if section.kind == "body"]
    tokens = [word for text in body for word in words(text)]
    if len(tokens) < LEAST_WORDS:
        return Wording(frozenset(), frozenset())
    return Wording(_shingles(tokens), _shingles(tokens[:LEAD_WORDS]))


def near(one: Wording, other: Wording) -> bool:
    """Whether one is the other with small edits, or a shortened version that begins like it."""
    if shared(one.whole, other.whole) >= LEAST_SHARED:
        return True
    contained = len(one.whole & other.whole) / max(1, min(len(one.whole), len(other.whole)))
    return contained >= LEAST_CONTAINED and shared(one.lead, other.lead) >= LEAST_SHARED_LEAD


def shared(one: Shingles, other: Shingles) -> float:
    """Return the Jaccard similarity: the share of both that is in each; 0 when there is nothing."""
    both = len(one & other)
    return both / max(1, len(one) + len(other) - both)


def add(connection: sqlite3.Connection, number: int, article: Article) -> None:
    """Enter an article; it belongs to no group before `settle`."""
    bands = bands_of(wording(article))
    published = article.published.isoformat() if article.published else None
    connection.execute("INSERT INTO copies VALUES (?, NULL, ?, ?)", (number, published, packed(bands)))
    connection.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, number) for band in sorted(bands)])


def remove(connection: sqlite3.Connection, number: int) -> None:
    """Take an article out; those that it may have held together belong to no group before `settle`."""
    row = connection.execute("SELECT original, bands FROM copies WHERE number = ?", (number,)).fetchone()
    if row is None:
        return
    gone = [(band, number) for band in _unpacked(row[1])]
    connection.executemany("DELETE FROM bands WHERE band = ? AND number = ?", gone)
    connection.execute("DELETE FROM copies WHERE number = ?", (number,))
    connection.execute("UPDATE copies SET original = NULL WHERE original = ?", (row[0],))


def settle(connection: sqlite3.Connection, *, texts: sqlite3.Connection | None = None) -> None:
    """Group the articles that belong to no group. Their words are read from `texts`, another database if given."""
    texts = texts or connection
    waiting = [row[0] for row in connection.execute("SELECT number FROM copies WHERE original IS NULL ORDER BY number")]
    connection.execute("UPDATE copies SET original = number WHERE original IS NULL")
    groups = _Groups(connection)
    read: dict[int, Wording] = {}
    for number in waiting:
        compared = 0
        for other in groups.alike(number):
            if groups.original(number) == groups.original(other):
                continue
            if compared == MOST_COMPARED:
                break
            compared += 1
            if near(_wording_at(texts, number, read), _wording_at(texts, other, read)):
                groups.join(number, other)
    groups.write()


def original_of(connection: sqlite3.Connection, number: int) -> str | None:
    """Return the id of the original of an article's group; its own if it is that or has no copies."""
    row = connection.execute(
        "SELECT articles.id FROM copies JOIN articles ON articles.number = copies.original WHERE copies.number = ?",
        (number,),
    ).fetchone()
    return None if row is None else str(row[0])


def passages_of_copies(
    connection: sqlite3.Connection, passage_ids: Sequence[int], shown: Collection[tuple[str, str]]
) -> list[int]:
    """Return those of the passages whose article is a copy of one that is `shown`, a pair of its id and its original's."""
    found = []
    for passage_id in passage_ids:
        row = connection.execute(
            "SELECT articles.id, originals.id FROM passages JOIN copies USING (number) JOIN articles USING (number) "
            "JOIN articles AS originals ON originals.number = copies.original WHERE passages.id = ?",
            (passage_id,),
        ).fetchone()
        if row and any(row[1] == original and row[0] != article_id for article_id, original in shown):
            found.append(passage_id)
    return found


def copied(connection: sqlite3.Connection, sources: Sequence[str]) -> Iterator[str]:
    """Yield those of the sources whose text another one gave first, or an article of which theirs is a near copy."""
    for source in dict.fromkeys(sources):
        row = connection.execute(
            "SELECT number, original FROM sources LEFT JOIN copies USING (number) WHERE source = ?", (source,)
        ).fetchone()
        if row is None:
            continue
        number, original = row
        (several,) = connection.execute("SELECT count(*) FROM sources WHERE number = ?", (number,)).fetchone()
        if number != original or (several > 1 and article_at(connection, number).source != source):
            yield source


def misfiled(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield what the tables say otherwise than the articles do. Takes as long as entering all of them."""
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for statement in SCHEMA.split(";"):
            fresh.execute(statement)
        _fill(fresh, connection)
        settle(fresh, texts=connection)
        for table, key in (("copies", "number"), ("bands", "band, number")):
            select = f"SELECT * FROM {table} ORDER BY {key}"  # noqa: S608
            if any(held != made for held, made in zip_longest(connection.execute(select), fresh.execute(select))):
                yield f"the rows of {table} do not say what the articles say"
    finally:
        fresh.close()


def bands_of(one: Wording) -> set[int]:
    """Return what articles alike share with a probability that grows with their likeness; nothing for no words."""
    return {*_bands(one.whole, *WHOLE, name="whole"), *_bands(one.lead, *LEAD, name="lead")} if one.whole else set()


def _bands(shingles: Shingles, bands: int, hashes: int, *, name: str) -> Iterator[int]:
    sketch = _blank(bands * hashes).copy()
    sketch.update_batch([shingle.encode() for shingle in shingles])
    rows = sketch.hashvalues.astype("<u4").reshape(bands, hashes)
    for at, row in enumerate(rows):
        digest = hashlib.blake2b(row.tobytes(), digest_size=8, person=f"{name} {at}".encode()).digest()
        yield int.from_bytes(digest, "little", signed=True)


@cache
def _blank(hashes: int) -> MinHash:
    """Stored bands depend on the scheme and the seed: another one makes another format of the index."""
    from datasketch import MinHash  # half a second

    return MinHash(num_perm=hashes, seed=1, scheme="affine32")


def _shingles(tokens: Sequence[str]) -> Shingles:
    return frozenset(" ".join(tokens[at : at + SHINGLE_WORDS]) for at in range(len(tokens) - SHINGLE_WORDS + 1))


def _fill(connection: sqlite3.Connection, texts: sqlite3.Connection) -> None:
    """Enter each article of another database."""
    for (number,) in texts.execute("SELECT number FROM articles ORDER BY number").fetchall():
        with suppress(DamagedIndexError):  # told of by doctor
            add(connection, number, article_at(texts, number))


class _Groups:
    """The groups while they grow. A band is read once, and no longer looked at when all its articles are in one group."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._above: dict[int, int] = {}  # article → its original, or one that had been it: a forest
        self._members: dict[int, list[int]] = {}  # of each band that several articles share
        self._joined: list[int] = []  # those that are no longer originals

    def original(self, number: int) -> int:
        above = self._above
        while above[number] != above[above[number]]:
            above[number] = above[above[number]]
        return above[number]

    def alike(self, number: int) -> list[int]:
        """The articles of other groups that share a band, most shared first."""
        bands = self._read(number)
        mine, shares = self.original(number), Counter(chain.from_iterable(bands))
        outside = {other for other in shares if self.original(other) != mine}
        for members in bands:
            if outside.isdisjoint(members):
                members.clear()
        return sorted(outside, key=lambda other: (-shares[other], other))

    def join(self, one: int, other: int) -> None:
        """Make one group of two, named by the original published first."""
        pair = self.original(one), self.original(other)
        (first,) = self._connection.execute(
            "SELECT number FROM copies WHERE number IN (?, ?) ORDER BY published IS NULL, published, number LIMIT 1",
            pair,
        ).fetchone()
        last = pair[0] if first == pair[1] else pair[1]
        self._above[last] = first
        self._joined.append(last)

    def write(self) -> None:
        renamed = [(self.original(number), number) for number in self._joined]
        self._connection.executemany("UPDATE copies SET original = ? WHERE original = ?", renamed)

    def _read(self, number: int) -> list[list[int]]:
        """The members of each band that an article shares."""
        self._above.setdefault(number, number)  # one without words has no bands
        (packed,) = self._connection.execute("SELECT bands FROM copies WHERE number = ?", (number,)).fetchone()
        bands = _unpacked(packed)
        new = [band for band in bands if band not in self._members]
        rows = self._connection.execute(
            "SELECT band, number, original FROM bands JOIN copies USING (number) "  # noqa: S608
            f"WHERE band IN ({', '.join('?' * len(new))})",
            new,
        )
        found: dict[int, list[int]] = {}
        for band, member, original in rows:
            found.setdefault(band, []).append(member)
            if member not in self._above:
                self._above.setdefault(original, original)
                self._above[member] = original
        self._members |= {band: members for band, members in found.items() if len(members) > 1}
        return [self._members[band] for band in bands if band in self._members]


def _wording_at(texts: sqlite3.Connection, number: int, read: dict[int, Wording]) -> Wording:
    if number not in read:
        if len(read) > 2 * MOST_COMPARED:
            read.clear()
        try:
            read[number] = wording(article_at(texts, number))
        except DamagedIndexError:
            read[number] = Wording(frozenset(), frozenset())  # like nothing; told of by doctor
    return read[number]


def packed(bands: set[int]) -> bytes:
    return struct.pack(f"<{len(bands)}q", *sorted(bands))


def _unpacked(bands: object) -> tuple[int, ...]:
    data = bands if isinstance(bands, bytes) else b""
    return struct.unpack(f"<{len(data) // 8}q", data[: len(data) // 8 * 8])
