"""What one change does to the rows of an index, in one transaction: articles put, files gone, articles taken out."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import UnknownArticleError
from ..loading.sources import whole_characters
from . import tables
from .bm25 import KeywordIndex
from .tables import Prepared


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read whole: its articles have these `sources`, and what else came from it before is gone.

    `stamp` tells the file as it is from another version; empty if it is too fresh to tell.
    """

    file: str
    stamp: str
    sources: tuple[str, ...]


def put(
    connection: sqlite3.Connection,
    keywords: KeywordIndex,
    prepared: Sequence[Prepared],
    files: Sequence[FileRead],
    *,
    embedder: str,
) -> None:
    """Store articles and what is known of files. See `Store.put`."""
    fresh: set[int] = set()
    left: dict[int, None] = {}
    to_find: list[tuple[int, str]] = []
    for one in prepared:
        article = one.article
        number = tables.number_of(connection, article.id)
        if number is None or (one.passages and number not in fresh):
            if number is not None:
                tables.delete(connection, keywords, number)
            number, texts = tables.insert(connection, one, number=number, embedder=embedder)
            to_find.extend(texts)
            fresh.add(number)
        before = tables.set_source(connection, article.source, number, file=one.file)
        if before not in (None, number):
            left[int(before or 0)] = None
    keywords.add(to_find)
    for file in files:
        left |= dict.fromkeys(tables.set_file(connection, file.file, stamp=file.stamp, sources=file.sources))
    # Last, for an article that leaves one source may come back from another in the same batch.
    for number in left:
        tables.delete_if_unsourced(connection, keywords, number)


def forget_files(connection: sqlite3.Connection, keywords: KeywordIndex, files: Sequence[str]) -> list[str]:
    """Note that files are gone, and return their sources; an article goes with its last source."""
    gone: list[str] = []
    left: dict[int, None] = {}
    for file in files:
        gone.extend(tables.sources_from(connection, file))
        left |= dict.fromkeys(tables.set_file(connection, file, stamp="", sources=()))
    for number in left:
        tables.delete_if_unsourced(connection, keywords, number)
    return gone


def remove(connection: sqlite3.Connection, keywords: KeywordIndex, article_id: str) -> None:
    """Take an article out. Raises UnknownArticleError if there is none with this id."""
    number = tables.number_of(connection, article_id)
    if number is None:
        raise UnknownArticleError(
            f"no article has the id {article_id!r}, expected one of this corpus. It may be removed already."
        )
    _remove(connection, keywords, number)


def remove_sources(connection: sqlite3.Connection, keywords: KeywordIndex, sources: Sequence[str]) -> list[str]:
    """Take out the articles of these sources, and return every source that these articles had.

    A file stands for all that came from it, and a path may be as it is seen from the working directory.

    Raises:
        UnknownArticleError: a source gave no article of the corpus.
    """
    numbers = {source: _numbers_from(connection, source) for source in map(whole_characters, sources)}
    if unknown := [source for source, found in numbers.items() if not found]:
        raise UnknownArticleError(
            f"no article came from {', '.join(map(repr, unknown))}, expected sources as `citedesk list` prints them, or "
            "files of several. Nothing was removed. Look them up with `citedesk list` and the same --index."
        )
    gone = []
    for number in dict.fromkeys(number for found in numbers.values() for number in found):
        gone += tables.sources_of(connection, number)
        _remove(connection, keywords, number)
    return gone


def _numbers_from(connection: sqlite3.Connection, source: str) -> list[int]:
    """Return the numbers of the articles of a source: of just that, else of all that came from it as a file."""
    for place in dict.fromkeys((source, os.path.abspath(source), os.path.realpath(source))):
        query = "SELECT number FROM sources WHERE source = ?1 OR file = ?1 ORDER BY source"
        if found := connection.execute(query, (place,)).fetchall():
            return [number for (number,) in found]
    return []


def _remove(connection: sqlite3.Connection, keywords: KeywordIndex, number: int) -> None:
    tables.forget_sources(connection, number)
    tables.delete(connection, keywords, number)
