"""Is an index as it should be? Every invariant is checked; what can be made again from the articles is repaired."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from ..errors import DamagedIndexError, IndexFolderError
from ..loading.articles import article_id
from ..schema import Article, Passage, SectionKind
from ..settings import DATABASE, Settings
from . import inverted_file, near_duplicates
from .bm25 import KeywordIndex
from .codec import article_at, fingerprint
from .database import alone, connect, holds_index
from .dense_upkeep import described, is_of
from .derived import without_vectors, wrong_blocks
from .repair import SCRATCH, Vectorizer, identity_of, lengthen, salvage, take_noted
from .splitting import findable
from .store import FORMAT, Store
from .tables import passages_of

NOT_OURS = ("dense.faiss",)  # of version 0.1


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong. `part` is database, article, passages, sources, copies, vectors, keywords, nearest (the file for dense
    search) or folder; `where` names which."""

    part: str
    where: str
    problem: str


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was checked and found. After a repair, `findings` is what is still wrong, `repaired` what was.

    `lost` are the sources of articles whose text was damaged: add those again.
    """

    folder: str
    articles: int
    passages: int
    generation: int
    seconds: float
    findings: tuple[Finding, ...]
    repaired: tuple[Finding, ...] = ()
    lost: tuple[str, ...] = ()
    dense: str = (
        ""  # what dense search does and, where it does not compare all vectors, what share of the nearest it finds
    )

    @property
    def healthy(self) -> bool:
        return not self.findings and not self.lost


def examine(folder: str | Path) -> Checkup:
    """Return what is wrong with an index, in one state of it, also while others write.

    Raises:
        IndexFolderError: there is no index, it is of another version, or no database at all.
    """
    start = time.perf_counter()
    connection = _opened(Path(folder))
    keywords = KeywordIndex(connection)
    try:
        connection.execute("BEGIN")
        findings = tuple(_check(connection, keywords, Path(folder)))
        articles = _count(connection, "SELECT count(*) FROM articles")
        passages = _count(connection, "SELECT count(*) FROM passages")
        generation = _count(connection, "SELECT value FROM meta WHERE name = 'generation'")
        dense = _dense(connection, Path(folder))
    finally:
        keywords.close()
        connection.close()
    return Checkup(str(folder), articles, passages, generation, time.perf_counter() - start, findings, dense=dense)


def repair(folder: str | Path, *, settings: Settings | None = None, wait: bool = False) -> Checkup:
    """Examine an index, make again what is wrong, and return what was done and what could not be.

    Vectors and keyword rows are made again where they stand. After any other damage, every article whose text still has
    its checksum is taken over into a new database, which takes the place of the old one in one transaction.

    Raises:
        IndexFolderError: as for `examine`; IndexBusyError: another process is writing, and `wait` is False.
    """
    if holds_index(Path(folder)):
        with alone(Path(folder), wait=wait):
            lengthen(Path(folder))
    before = examine(folder)
    if not before.findings:
        return replace(before, lost=tuple(take_noted(Path(folder))))
    start = time.perf_counter()
    settings = settings or Settings.from_environment()
    if {finding.part for finding in before.findings} <= {"vectors", "keywords", "nearest"}:
        lost: list[str] = []
        _mend(Path(folder), settings, wait=wait)
    else:
        lost = salvage(Path(folder), settings, wait=wait)
    after = examine(folder)
    repaired = tuple(finding for finding in before.findings if finding not in after.findings)
    seconds = before.seconds + time.perf_counter() - start
    return replace(after, seconds=seconds, repaired=repaired, lost=tuple(lost))


def _mend(folder: Path, settings: Settings, *, wait: bool) -> None:
    connection = _opened(folder)
    keywords = KeywordIndex(connection)
    identity = identity_of(connection)
    blocks = list(wrong_blocks(connection, keywords))
    keywords.close()
    connection.close()
    embed = Vectorizer(settings, identity)
    dimension = int(identity.pop("dimension"))
    store = Store(folder, dimension=dimension, identity=identity, embed=embed)
    try:
        with store.alone(wait=wait):
            store.mend(blocks=blocks)
    finally:
        store.close()


def _opened(folder: Path) -> sqlite3.Connection:
    if not holds_index(folder):
        raise IndexFolderError(f"there is no index in {folder}, expected {DATABASE}. Name one with --index.")
    connection = connect(folder)
    try:
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            connection.close()
            raise IndexFolderError(
                f"{folder / DATABASE} is empty, expected an index. Put back a copy of the folder, or move it away and run "
                "`citedesk index` again."
            )
        version = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
    except sqlite3.DatabaseError:
        return connection  # damage is what is looked for
    if version is None or version[0] != FORMAT:
        connection.close()
        raise IndexFolderError(
            f"the index {folder} has format {version and version[0]}, expected {FORMAT}. Run `citedesk index` into a new "
            "folder (--index)."
        )
    return connection


def _count(connection: sqlite3.Connection, select: str) -> int:
    try:
        return int(connection.execute(select).fetchone()[0])
    except (sqlite3.DatabaseError, TypeError, ValueError):
        return 0


def _check(connection: sqlite3.Connection, keywords: KeywordIndex, folder: Path) -> Iterator[Finding]:
    parts: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("folder", lambda: _check_folder(folder)),
        ("database", lambda: _check_database(connection)),
        ("article", lambda: _check_articles(connection)),
        ("sources", lambda: _check_references(connection)),
        ("copies", lambda: _check_copies(connection)),
        ("vectors", lambda: _check_vectors(connection)),
        ("keywords", lambda: _check_keywords(connection, keywords)),
        ("nearest", lambda: _check_nearest(connection, folder)),
    )
    for part, check in parts:
        try:
            yield from check()
        except sqlite3.DatabaseError as error:
            yield Finding("database", part, f"it cannot be read: {error}")


def _check_folder(folder: Path) -> Iterator[Finding]:
    for file in sorted(folder.iterdir()):
        if file.name in NOT_OURS or file.name.startswith(SCRATCH):
            yield Finding("folder", file.name, "it is left over from an earlier version or a repair that was cut off")


def _check_database(connection: sqlite3.Connection) -> Iterator[Finding]:
    for (told,) in connection.execute("PRAGMA integrity_check(20)"):
        if told != "ok":
            yield Finding("database", "", str(told))


def _check_articles(connection: sqlite3.Connection) -> Iterator[Finding]:
    embedder = dict(connection.execute("SELECT name, value FROM meta")).get("embedder", "")
    rows = connection.execute("SELECT number, id, outlet, published FROM articles ORDER BY number").fetchall()
    for number, id_, outlet, published in rows:
        try:
            article = article_at(connection, number)
        except DamagedIndexError as error:
            yield Finding("article", str(id_), str(error))
            continue
        for problem in _problems(article, str(id_), outlet, published):
            yield Finding("article", str(id_), problem)
        sources = [row[0] for row in connection.execute("SELECT source FROM sources WHERE number = ?", (number,))]
        if article.source not in sources:
            yield Finding("sources", str(id_), f"{article.source!r} is not among its sources {sources}")
        try:
            passages = passages_of(connection, article, number=number)
        except DamagedIndexError as error:
            yield Finding("passages", str(id_), str(error))
            continue
        stored = dict(connection.execute("SELECT id, fingerprint FROM passages WHERE number = ?", (number,)))
        for passage_id, passage in passages.items():
            for problem in _passage_problems(passage, article):
                yield Finding("passages", f"{id_} passage {passage_id}", problem)
            if stored[passage_id] != fingerprint(embedder, findable(article, passage)):
                yield Finding("passages", f"{id_} passage {passage_id}", "its stored checksum does not match its text")


def _problems(article: Article, id_: str, outlet: object, published: object) -> Iterator[str]:
    if not id_ == article.id == article_id(article):
        yield f"its id is {id_}, its text, outlet and day are those of {article_id(article)}"
    known = (article.outlet, article.published.isoformat() if article.published else None)
    if (outlet, published) != known:
        yield f"outlet and date are filed as {outlet!r} and {published!r}, the article says {known}"
    borders = [at for section in article.sections for at in (section.start, section.end)]
    if borders != sorted(borders) or (borders and not 0 <= borders[0] <= borders[-1] <= len(article.text)):
        yield "its sections overlap or lie outside its text"


def _passage_problems(passage: Passage, article: Article) -> Iterator[str]:
    if not 0 <= passage.start < passage.end <= len(article.text):
        yield f"it spans {passage.start} to {passage.end} of {len(article.text)} characters"
    if passage.kind not in get_args(SectionKind):
        yield f"its kind is {passage.kind!r}"
    borders = [at for span in passage.sentences for at in span]
    if borders != sorted(borders) or (borders and not passage.start <= borders[0] <= borders[-1] <= passage.end):
        yield "its sentences overlap or lie outside it"


def _check_references(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Rows that point at an article that is not there."""
    for table in ("sources", "passages", "texts", "vectors"):
        orphans = f"SELECT count(*) FROM {table} WHERE number NOT IN (SELECT number FROM articles)"  # noqa: S608
        if count := connection.execute(orphans).fetchone()[0]:
            yield Finding("sources", table, f"{count} rows belong to no article")


def _check_copies(connection: sqlite3.Connection) -> Iterator[Finding]:
    for problem in near_duplicates.misfiled(connection):
        yield Finding("copies", "groups", problem)


def _check_vectors(connection: sqlite3.Connection) -> Iterator[Finding]:
    for number in without_vectors(connection, dimension=_dimension(connection)):
        found = connection.execute("SELECT id FROM articles WHERE number = ?", (number,)).fetchone()
        where = str(found[0]) if found else f"article number {number}"
        yield Finding("vectors", where, "they are missing, not as they were written, or not of unit length")


def _check_nearest(connection: sqlite3.Connection, folder: Path) -> Iterator[Finding]:
    try:
        file = inverted_file.opened(folder, dimension=_dimension(connection))
    except DamagedIndexError as error:
        yield Finding("nearest", inverted_file.META_FILE, str(error))
        return
    if file is None:
        return
    for number in file.damaged_lists():
        yield Finding("nearest", f"list {number}", "it is not as it was written")
    if not is_of(file, connection):
        yield Finding("nearest", inverted_file.LISTS_FILE, "it is of another database, or its making was cut off")


def _dense(connection: sqlite3.Connection, folder: Path) -> str:
    try:
        return described(connection, folder, dimension=_dimension(connection))
    except (DamagedIndexError, sqlite3.DatabaseError):
        return ""  # damage is told of as a finding


def _dimension(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT value FROM meta WHERE name = 'dimension'").fetchone()
    return int(row[0]) if row else 0


def _check_keywords(connection: sqlite3.Connection, keywords: KeywordIndex) -> Iterator[Finding]:
    for block in wrong_blocks(connection, keywords):
        yield Finding("keywords", f"block {block}", "the rows do not say what the articles say")
