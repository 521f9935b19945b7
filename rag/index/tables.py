"""Articles and passages as rows of the database: put in, read back with their checksums tested, taken out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from ..errors import DamagedIndexError
from ..plugins import Vectors
from ..schema import Article, ArticleSummary, Passage
from . import near_duplicates
from .bm25 import BLOCK, KeywordIndex
from .codec import (
    article_at,
    article_bytes,
    damaged,
    fingerprint,
    passage_checksum,
    spans_text,
    summary_from_bytes,
    vector_bytes,
)
from .splitting import findable


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be stored: row i of `vectors`, shape (n, dimension), is of `passages[i]`.

    `file` is the file it was read from; None for one that a program gave.
    """

    article: Article
    passages: tuple[Passage, ...]
    vectors: Vectors
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """A passage with its article, all the article's sources, and the id of the article that it copies, or its own."""

    passage: Passage
    article: Article
    sources: tuple[str, ...]
    original: str


def number_of(connection: sqlite3.Connection, article_id: str) -> int | None:
    """Return the number under which an article is stored."""
    row = connection.execute("SELECT number FROM articles WHERE id = ?", (article_id,)).fetchone()
    return None if row is None else int(row[0])


def passages_of(connection: sqlite3.Connection, article: Article, *, number: int) -> dict[int, Passage]:
    """Return an article's passages by id, in order.

    Raises:
        DamagedIndexError: one of them is not as it was written.
    """
    rows = connection.execute(f"{_SELECT} WHERE number = ? ORDER BY id", (number,))
    return {row[0]: _passage(row, article) for row in rows}


def passages_at(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Located]:
    """Return the passages with these ids, each with its article.

    Raises:
        DamagedIndexError: one of them or its article is missing or not as it was written.
    """
    articles: dict[int, tuple[Article, tuple[str, ...], str]] = {}
    found = {}
    for id_ in ids:
        row = connection.execute(f"{_SELECT} WHERE id = ?", (id_,)).fetchone()
        if row is None:
            raise damaged(f"there is no passage {id_}")
        number = row[1]
        if number not in articles:
            article = article_at(connection, number)
            original = near_duplicates.original_of(connection, number) or article.id
            articles[number] = article, tuple(sources_of(connection, number)), original
        found[id_] = Located(_passage(row, articles[number][0]), *articles[number])
    return found


def summaries_at(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, ArticleSummary]:
    """Return the articles with these numbers, without their text; those that are not there are left out.

    Raises:
        DamagedIndexError: one of them is not as it was written.
    """
    found = connection.execute(
        "SELECT number, content FROM articles LEFT JOIN texts USING (number) "  # noqa: S608
        f"WHERE number IN ({', '.join(map(str, numbers))})"
    )
    return {
        number: summary_from_bytes(content, number=number, sources=sources_of(connection, number))
        for number, content in found.fetchall()
    }


def texts_to_find(connection: sqlite3.Connection, number: int) -> list[tuple[int, str]]:
    """Return (passage id, text to embed and index) of an article, in order.

    Raises:
        DamagedIndexError: it is not as it was written.
    """
    article = article_at(connection, number)
    return [(id_, findable(article, one)) for id_, one in passages_of(connection, article, number=number).items()]


def insert(
    connection: sqlite3.Connection, one: Prepared, *, number: int | None, embedder: str
) -> tuple[int, list[tuple[int, str]]]:
    """Store an article, under `number` if given. Return its number and what is to be found, as `texts_to_find` does."""
    article = one.article
    published = article.published.isoformat() if article.published else None
    cursor = connection.execute(
        "INSERT INTO articles VALUES (?, ?, ?, ?)", (number, article.id, article.outlet, published)
    )
    number = int(cursor.lastrowid or 0)
    write_text(connection, article, number=number)
    near_duplicates.add(connection, number, article)
    rows = []
    for passage in one.passages:
        text = findable(article, passage)
        cursor = connection.execute(
            "INSERT INTO passages (number, start, end, kind, sentences, fingerprint, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                passage.start,
                passage.end,
                passage.kind,
                spans_text(passage.sentences),
                fingerprint(embedder, text),
                passage_checksum(passage, text),
            ),
        )
        rows.append((int(cursor.lastrowid or 0), text))
    if rows:
        write_vectors(connection, number, rows[0][0], one.vectors)
    return number, rows


def write_text(connection: sqlite3.Connection, article: Article, *, number: int) -> None:
    content = article_bytes(article, number=number)
    connection.execute("INSERT OR REPLACE INTO texts VALUES (?, ?)", (number, content))


def write_vectors(connection: sqlite3.Connection, number: int, first: int, vectors: Vectors) -> None:
    """Store the vectors of an article's passages, whose ids count on from `first`."""
    content = vector_bytes(vectors, first=first)
    connection.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", (number, first, content))


def set_source(connection: sqlite3.Connection, source: str, number: int, *, file: str | None) -> int | None:
    """Note which article a source gave, and return the number of the one that it gave before."""
    row = connection.execute("SELECT number FROM sources WHERE source = ?", (source,)).fetchone()
    connection.execute("INSERT OR REPLACE INTO sources VALUES (?, ?, ?)", (source, number, file))
    return None if row is None else int(row[0])


def set_file(connection: sqlite3.Connection, file: str, *, stamp: str, sources: Sequence[str]) -> list[int]:
    """Note the stamp of a file, forget what came from it and is not among `sources`, and return the numbers of those."""
    connection.execute("DELETE FROM files WHERE file = ?", (file,))
    if stamp:
        connection.execute("INSERT INTO files VALUES (?, ?)", (file, stamp))
    kept = set(sources)
    connection.executemany(
        "UPDATE sources SET file = ? WHERE source = ? AND file IS NOT ?", [(file, source, file) for source in kept]
    )
    known = connection.execute("SELECT source, number FROM sources WHERE file = ?", (file,)).fetchall()
    gone = [(source, number) for source, number in known if source not in kept]
    connection.executemany("DELETE FROM sources WHERE source = ?", [(source,) for source, _ in gone])
    return [number for _, number in gone]


def forget_sources(connection: sqlite3.Connection, number: int) -> None:
    """Forget the sources of an article, and that their files were read: the next time they are read again."""
    connection.execute("DELETE FROM files WHERE file IN (SELECT file FROM sources WHERE number = ?)", (number,))
    connection.execute("DELETE FROM sources WHERE number = ?", (number,))


def delete_if_unsourced(connection: sqlite3.Connection, keywords: KeywordIndex, number: int) -> None:
    """Delete the article with its last source; while it has another, its footnotes point there."""
    sources = sources_of(connection, number)
    if not sources:
        delete(connection, keywords, number)
        return
    article = article_at(connection, number)
    if article.source not in sources:
        write_text(connection, replace(article, source=sources[0]), number=number)


def delete(connection: sqlite3.Connection, keywords: KeywordIndex, number: int) -> None:
    """Take out an article with its passages and vectors, damaged or not. Its sources stay."""
    ids = [row[0] for row in connection.execute("SELECT id FROM passages WHERE number = ?", (number,))]
    try:
        rows = texts_to_find(connection, number)
    except DamagedIndexError:
        # Its words are not known: what the others say is indexed again.
        _delete_rows(connection, number)
        for block in {id_ // BLOCK for id_ in ids}:
            index_block(connection, keywords, block)
        return
    keywords.remove(rows)
    _delete_rows(connection, number)


def index_block(connection: sqlite3.Connection, keywords: KeywordIndex, block: int) -> None:
    """Make the keyword rows of a block again from its articles."""
    keywords.drop(block)
    keywords.add(list(texts_of_block(connection, block)))


def texts_of_block(connection: sqlite3.Connection, block: int) -> Iterator[tuple[int, str]]:
    """Yield (passage id, text to find) of the passages in a block, in order."""
    span = (block * BLOCK, (block + 1) * BLOCK - 1)
    numbers = connection.execute(
        "SELECT number FROM passages WHERE id BETWEEN ? AND ? GROUP BY number ORDER BY min(id)", span
    ).fetchall()
    rows = chain.from_iterable(texts_to_find(connection, number) for (number,) in numbers)
    return ((id_, text) for id_, text in rows if span[0] <= id_ <= span[1])


def sources_from(connection: sqlite3.Connection, file: str) -> list[str]:
    """Return the sources of the articles that came from a file."""
    found = connection.execute("SELECT source FROM sources WHERE file = ? ORDER BY source", (file,))
    return [row[0] for row in found]


def sources_of(connection: sqlite3.Connection, number: int) -> list[str]:
    """Return the sources of an article."""
    found = connection.execute("SELECT source FROM sources WHERE number = ? ORDER BY source", (number,))
    return [row[0] for row in found]


def all_sources(connection: sqlite3.Connection) -> dict[int, tuple[str, ...]]:
    """Return the sources of every article, by its number."""
    found: dict[int, tuple[str, ...]] = {}
    for number, source in connection.execute("SELECT number, source FROM sources ORDER BY source"):
        found[number] = (*found.get(number, ()), source)
    return found


def _delete_rows(connection: sqlite3.Connection, number: int) -> None:
    near_duplicates.remove(connection, number)
    for table in ("passages", "vectors", "texts", "articles"):
        connection.execute(f"DELETE FROM {table} WHERE number = ?", (number,))  # noqa: S608


_SELECT = "SELECT id, number, start, end, kind, sentences, checksum FROM passages"


def _passage(row: tuple[int, int, int, int, str, str, int], article: Article) -> Passage:
    id_, _, start, end, kind, sentences, checksum = row
    try:
        spans = tuple((first, last) for first, last in json.loads(sentences))
        passage = Passage(article.id, start, end, article.text[start:end], kind, spans)  # type: ignore[arg-type]
        intact = passage_checksum(passage, findable(article, passage)) == checksum
    except (TypeError, ValueError) as error:
        raise damaged(f"passage {id_} is not as it was written") from error
    if not intact:
        raise damaged(f"passage {id_} is not as it was written")
    return passage
