"""Articles and vectors as bytes in the database, with checksums, laid so that a deleted one leaves nothing behind."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Sequence
from datetime import date

import numpy as np

from ..errors import DamagedIndexError
from ..plugins import Vectors
from ..schema import Article, ArticleSummary, Passage
from ..serialization import from_plain, to_plain

# SQLite moves the beginning of a row from page to page and forgets old copies of it, even with secure_delete: of 2,838
# deleted texts, 23 could still be found. At most usable size - 35 bytes of a row lie there (fileformat2, 1.6); what
# comes after has pages of its own, which are never copied and are zeroed when freed. So nothing but padding moves.
PADDING = b"\0" * 4096
_BODY = len(PADDING) + 4


def article_bytes(article: Article, *, number: int) -> bytes:
    """Return the article under its number as padding, checksum, record as JSON, NUL, and text."""
    record = to_plain(article)
    del record["text"]
    return _sealed(json.dumps(record, ensure_ascii=False).encode() + b"\0" + article.text.encode(), number)


def article_from_bytes(content: object, *, number: int) -> Article:
    """Return the article that `article_bytes` wrote.

    Raises:
        DamagedIndexError: the bytes are not those that were written.
    """
    record, _, text = _opened(content, number, "an article").partition(b"\0")
    return from_plain(Article, json.loads(record) | {"text": text.decode()})


def summary_from_bytes(content: object, *, number: int, sources: Sequence[str]) -> ArticleSummary:
    """Return what a list shows of the article that `article_bytes` wrote, whose sources these are.

    Raises:
        DamagedIndexError: the bytes are not those that were written.
    """
    record = json.loads(_opened(content, number, "an article").partition(b"\0")[0])
    published = record["published"] and date.fromisoformat(record["published"])
    ordered = sorted(sources, key=lambda source: (source != record["source"], source))
    return ArticleSummary(
        record["id"],
        record["title"],
        record["outlet"],
        published,
        tuple(ordered),
        tuple(record.get("notes", ())),
        record["author"],
    )


def article_at(connection: sqlite3.Connection, number: int) -> Article:
    """Return the article with this number.

    Raises:
        DamagedIndexError: it is missing or not as it was written.
    """
    row = connection.execute("SELECT content FROM texts WHERE number = ?", (number,)).fetchone()
    return article_from_bytes(row and row[0], number=number)


def vector_bytes(vectors: Vectors, *, first: int) -> bytes:
    """Return rows, shape (n, dimension), of the passages from id `first` on, as bytes."""
    return _sealed(vectors.astype("<f4").tobytes(), first)


def vectors_from_bytes(content: object, *, first: int, dimension: int) -> Vectors:
    """Return the rows that `vector_bytes` wrote.

    Raises:
        DamagedIndexError: the bytes are not those that were written, or of another dimension.
    """
    body = _opened(content, first, "the vectors of an article")
    if len(body) % (4 * dimension):
        raise damaged(f"the vectors of an article do not have {dimension} dimensions")
    rows: Vectors = np.frombuffer(body, dtype="<f4").reshape(-1, dimension)
    return rows


def fingerprint(embedder: str, findable: str) -> bytes:
    """Return what tells whether a passage was embedded before: the same text by the same embedder has the same."""
    return hashlib.blake2b(f"{embedder}\0{findable}".encode(), digest_size=16).digest()


def passage_checksum(passage: Passage, findable: str) -> int:
    return zlib.crc32(f"{passage.kind}\0{spans_text(passage.sentences)}\0{findable}".encode())


def spans_text(sentences: Sequence[tuple[int, int]]) -> str:
    return json.dumps(sentences, separators=(",", ":"))


def damaged(what: str) -> DamagedIndexError:
    return DamagedIndexError(f"the index is damaged: {what}. Run: citedesk doctor --repair (with --index, if need be)")


def _sealed(body: bytes, key: int) -> bytes:
    return PADDING + _checksum(body, key) + body


def _opened(content: object, key: int, what: str) -> bytes:
    if not isinstance(content, bytes) or _checksum(content[_BODY:], key) != content[len(PADDING) : _BODY]:
        raise damaged(f"{what} is missing or not as it was written")
    return content[_BODY:]


def _checksum(body: bytes, key: int) -> bytes:
    """The key is covered too, so that a row that changed places is noticed."""
    return zlib.crc32(body, zlib.crc32(str(key).encode())).to_bytes(4, "big")
