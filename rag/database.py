"""The SQLite database of an index folder: its tables, how it is opened, and what its errors mean."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from . import lexical
from .errors import IndexFolderError

DATABASE = "corpus.sqlite"
BUSY_SECONDS = 10.0

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY, outlet TEXT, published TEXT, text TEXT NOT NULL, record TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sources (source TEXT PRIMARY KEY, article_id TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sources_by_article ON sources (article_id);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    kind TEXT NOT NULL, sentences TEXT NOT NULL, findable TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS passages_by_article ON passages (article_id);
{lexical.SCHEMA}
"""


def connect(folder: Path | None) -> sqlite3.Connection:
    """Return a connection to the database in `folder`, which is made if need be; in memory when it is None.

    Raises:
        IndexFolderError: the folder cannot be made or opened, or its database is damaged.
    """
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            ":memory:" if folder is None else folder / DATABASE,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
    except (OSError, sqlite3.OperationalError) as error:
        raise IndexFolderError(
            f"the index folder {folder} cannot be opened ({error}), expected a folder that can be written. "
            "Choose another one with --index or CITEDESK_INDEX."
        ) from error
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise unusable(folder, error) from error
    return connection


def sources_in(folder: Path) -> list[str]:
    """Return the sources of the articles in an index, whatever it was made with."""
    connection = connect(folder)
    try:
        return [row[0] for row in connection.execute("SELECT source FROM sources ORDER BY source")]
    except sqlite3.DatabaseError as error:
        raise unusable(folder, error) from error
    finally:
        connection.close()


def unusable(folder: Path | None, error: sqlite3.DatabaseError) -> IndexFolderError:
    """Return what to raise for an error of SQLite: only damage is called damage, a lock or a full disk is not."""
    if isinstance(error, sqlite3.OperationalError):
        return IndexFolderError(
            f"the index {folder} cannot be used now ({error}), expected to read and write it. Nothing was changed. "
            "See that it is not locked by another program, not read-only, and that the disk is not full."
        )
    return IndexFolderError(
        f"the index {folder} cannot be read ({error}), expected a Citedesk database in {DATABASE}. "
        "Nothing was changed. Move the folder away and run `citedesk index` again."
    )
