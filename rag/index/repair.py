"""A damaged index is made anew from the articles whose text still has its checksum."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from .. import plugins
from ..errors import DamagedIndexError, IndexMismatchError
from ..loading.articles import article_id
from ..loading.sources import whole_characters
from ..plugins import Embedder, Vectors
from ..schema import Article
from ..settings import DATABASE, Settings
from . import inverted_file, near_duplicates
from .bm25 import KeywordIndex
from .codec import article_at, vectors_from_bytes
from .database import LOG, alone, connect, prepare, unusable
from .derived import unit_rows
from .splitting import findable, split
from .store import FORMAT
from .tables import Prepared, insert, number_of, passages_of, set_source

LOST = ".lost"  # in the index folder: what a repair under way cannot save
SCRATCH = "repair-"
UNNAMED = "more, perhaps: their names cannot be read"
PLAUSIBLE = 10_000_000  # articles; damaged pages can point at each other in a circle
UNUSED_ID = 2**40  # larger than any id that was given


class Vectorizer:
    """Embeds texts with the model that the index was made with, loaded when it is first needed."""

    def __init__(self, settings: Settings, identity: dict[str, str]) -> None:
        self._settings = settings
        self._wanted = identity.get("embedder")
        self._embedder: Embedder | None = None

    @property
    def embedder(self) -> Embedder:
        if self._embedder is None:
            self._embedder = plugins.load("embedder", self._settings.embedder, self._settings)
            if self._wanted not in (None, self._embedder.name):
                raise IndexMismatchError(
                    f"the index was made with embedder {self._wanted}, the settings say {self._embedder.name}. "
                    "Repair it with the settings that it was made with (CITEDESK_EMBEDDER)."
                )
        return self._embedder

    def __call__(self, texts: Sequence[str]) -> Vectors:
        return self.embedder.embed_texts(texts)


def identity_of(connection: sqlite3.Connection) -> dict[str, str]:
    """Return what the index says it was made with; empty when that cannot be read."""
    try:
        found = dict(connection.execute("SELECT name, value FROM meta"))
    except sqlite3.DatabaseError:
        return {}
    return {name: found[name] for name in ("dimension", "embedder", "passage_tokens") if name in found}


def lengthen(folder: Path) -> None:
    """Give a database file that was cut its length back, in zeros: SQLite then reads what is left of it."""
    with (folder / DATABASE).open("r+b") as file:
        header = file.read(100)
        size = file.seek(0, os.SEEK_END)
        # Page size and number of pages: fileformat2, 1.3.
        whole = int.from_bytes(header[16:18], "big") * int.from_bytes(header[28:32], "big")
        # The log holds the newer state of what it holds; a file is shorter than it says only until it is emptied.
        log = folder / LOG
        if header.startswith(b"SQLite format 3\0") and size < whole and not (log.exists() and log.stat().st_size):
            file.truncate(whole)


def salvage(folder: Path, settings: Settings, *, wait: bool) -> list[str]:
    """Make the index anew from what is left, and return the sources of the articles that are lost.

    Raises:
        IndexBusyError: another process is writing, and `wait` is False.
        IndexFolderError: there is no room for a second copy, or nothing of the database can be read.
    """
    with alone(folder, wait=wait):
        for old in folder.glob(f"{SCRATCH}*"):
            shutil.rmtree(old)
        (folder / "dense.faiss").unlink(missing_ok=True)
        inverted_file.forget(folder)
        scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=folder))
        damaged = connect(folder)
        try:
            lost = _take_over(damaged, scratch, settings, folder=folder)
            (folder / LOST).unlink()
            return lost
        except sqlite3.DatabaseError as error:
            raise unusable(folder, error) from error
        finally:
            damaged.close()
            shutil.rmtree(scratch)


def _take_over(damaged: sqlite3.Connection, scratch: Path, settings: Settings, *, folder: Path) -> list[str]:
    identity = {"passage_tokens": str(settings.passage_tokens)} | identity_of(damaged)
    embed = Vectorizer(settings, identity)
    if not {"embedder", "dimension"} <= identity.keys():
        identity |= {"embedder": embed.embedder.name, "dimension": str(embed.embedder.dimension)}
    whole = connect(scratch)
    keywords = KeywordIndex(whole)
    try:
        prepare(whole, identity | {"format": FORMAT}, folder=scratch)
        whole.execute("PRAGMA synchronous = OFF")  # a copy that a crash may take
        whole.execute("BEGIN")
        # Other processes that have the old one open must not take new passages for old ones.
        last = _number(damaged, "SELECT seq FROM sqlite_sequence WHERE name = 'passages'", default=UNUSED_ID)
        whole.execute("INSERT INTO sqlite_sequence VALUES ('passages', ?)", (last,))
        generation = _number(damaged, "SELECT value FROM meta WHERE name = 'generation'", default=UNUSED_ID) + 1
        whole.execute("UPDATE meta SET value = ? WHERE name = 'generation'", (str(generation),))
        for number, article in _articles(damaged):
            if number_of(whole, article.id) is not None:
                continue
            one = _prepared(damaged, article, number, embed, identity)
            _, texts = insert(whole, one, number=number, embedder=identity["embedder"])
            keywords.add(texts)
            for source, file in _rows(damaged, "SELECT source, file FROM sources WHERE number = ?", number):
                if _is_whole(source) and _is_whole(file):  # its own source is in the article, and noted below
                    set_source(whole, source, number, file=file)
            set_source(whole, article.source, number, file=one.file)
        near_duplicates.settle(whole)
        whole.commit()
        lost = sorted({*_noted(folder), *_lost(damaged, whole)})
        (folder / LOST).write_text(json.dumps(lost), encoding="utf-8")  # a kill from here on must not hide what is lost
        whole.backup(damaged)
    finally:
        keywords.close()
        whole.close()
    damaged.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return lost


def take_noted(folder: Path) -> list[str]:
    """Return what a repair that was cut off had lost, once."""
    found = _noted(folder)
    (folder / LOST).unlink(missing_ok=True)
    return found


def _noted(folder: Path) -> list[str]:
    try:
        found = json.loads((folder / LOST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [str(source) for source in found] if isinstance(found, list) else []


def _is_whole(words: object) -> bool:
    """Whether a source is as it was written: damage leaves half characters, or no text at all."""
    return words is None or (isinstance(words, str) and whole_characters(words) == words)


def _prepared(
    damaged: sqlite3.Connection, article: Article, number: int, embed: Vectorizer, identity: dict[str, str]
) -> Prepared:
    """The article with its passages and vectors as far as they are whole, the others made again."""
    files = _rows(damaged, "SELECT file FROM sources WHERE source = ?", article.source)
    file = files[0][0] if files and _is_whole(files[0][0]) else None
    try:
        stored = passages_of(damaged, article, number=number)
        ((first, content),) = _rows(damaged, "SELECT first, content FROM vectors WHERE number = ?", number)
        vectors = vectors_from_bytes(content, first=first, dimension=int(identity["dimension"]))
    except (DamagedIndexError, sqlite3.DatabaseError, ValueError):
        stored, first, vectors = {}, 0, np.zeros((0, 0), dtype=np.float32)
    if stored and list(stored) == list(range(first, first + len(vectors))) and unit_rows(vectors):
        return Prepared(article, tuple(stored.values()), vectors, file)
    passages = tuple(split(article, passage_tokens=int(identity["passage_tokens"])))
    texts = [findable(article, passage) for passage in passages]
    return Prepared(article, passages, embed(texts) if texts else vectors, file)


def _articles(damaged: sqlite3.Connection) -> Iterator[tuple[int, Article]]:
    """Yield the articles that are whole, with their numbers. One by one: a damaged page must not end the search."""
    numbers = {row[0] for table in ("articles", "texts", "sources", "vectors") for row in _numbers(damaged, table)}
    last = _number(damaged, "SELECT seq FROM sqlite_sequence WHERE name = 'articles'", default=0)
    numbers |= set(range(1, last + 1 if last < PLAUSIBLE else 1))
    for number in sorted(one for one in numbers if isinstance(one, int)):
        try:
            article = article_at(damaged, number)
        except (DamagedIndexError, sqlite3.DatabaseError):
            continue
        if article_id(article) == article.id:
            yield number, article


def _numbers(damaged: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    return _rows(damaged, f"SELECT number FROM {table}")  # noqa: S608


def _lost(damaged: sqlite3.Connection, whole: sqlite3.Connection) -> list[str]:
    """The sources of articles that were not taken over; their ids where no source can be read."""
    kept = {row[0] for table in ("source FROM sources", "id FROM articles") for row in whole.execute(f"SELECT {table}")}
    sources = _rows(damaged, "SELECT source, number FROM sources")
    articles = _rows(damaged, "SELECT id, number FROM articles")
    named = {number for _, number in sources}
    lost = {str(source) for source, _ in sources if source not in kept}
    lost |= {f"article {id_}" for id_, number in articles if id_ not in kept and number not in named}
    if not (_readable(damaged, "sources") and _readable(damaged, "articles")):
        lost.add(UNNAMED)
    return sorted(lost)


def _readable(damaged: sqlite3.Connection, table: str) -> bool:
    try:
        damaged.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
    except sqlite3.DatabaseError:
        return False
    return True


def _number(damaged: sqlite3.Connection, select: str, *, default: int) -> int:
    rows = _rows(damaged, select)
    try:
        number = int(rows[0][0])
    except (IndexError, TypeError, ValueError):
        return default
    return number if 0 <= number < UNUSED_ID else default


def _rows(damaged: sqlite3.Connection, select: str, *values: object) -> list[tuple[Any, ...]]:
    """As many rows as can be read."""
    rows: list[tuple[Any, ...]] = []
    with suppress(sqlite3.DatabaseError):
        rows.extend(islice(damaged.execute(select, values), PLAUSIBLE))
    return rows
