"""The SQLite database of an index folder: its tables, how it is opened, who may write, and what its errors mean."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import DamagedIndexError, IndexBusyError, IndexFolderError, IndexMismatchError
from ..settings import DATABASE, LOCK

LOG = f"{DATABASE}-wal"  # SQLite's, of changes that are not yet in the database
LOG_INDEX = f"{DATABASE}-shm"
BUSY_SECONDS = 10.0  # a transaction of another process is over by then; so is a search that holds up a clean-up

# Words of an article stand in `texts` and nowhere else, behind padding (see codec.py): only so does a deleted one
# leave nothing behind. The tables under "derived" can be made again from the others.
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, outlet TEXT, published TEXT
);
CREATE TABLE IF NOT EXISTS texts (number INTEGER PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS sources (source TEXT PRIMARY KEY, number INTEGER NOT NULL, file TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sources_by_article ON sources (number);
CREATE INDEX IF NOT EXISTS sources_by_file ON sources (file);
CREATE TABLE IF NOT EXISTS files (file TEXT PRIMARY KEY, stamp TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    kind TEXT NOT NULL, sentences TEXT NOT NULL, fingerprint BLOB NOT NULL, checksum INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS passages_by_article ON passages (number);
CREATE INDEX IF NOT EXISTS passages_by_fingerprint ON passages (fingerprint);

-- derived
CREATE TABLE IF NOT EXISTS vectors (number INTEGER PRIMARY KEY, first INTEGER NOT NULL, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS keywords (
    block INTEGER NOT NULL, term INTEGER NOT NULL, postings BLOB NOT NULL, PRIMARY KEY (block, term)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS copies (number INTEGER PRIMARY KEY, original INTEGER, published TEXT, bands BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS copies_by_original ON copies (original);
CREATE TABLE IF NOT EXISTS bands (
    band INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (band, number)
) WITHOUT ROWID;
"""


def connect(folder: Path | None) -> sqlite3.Connection:
    """Return a connection to the database in `folder`, which is made if need be; in memory when it is None.

    Where it may only be read, the connection reads; who keeps it has to `look` again and again.

    Raises:
        IndexFolderError: the folder cannot be made or opened, or its database is damaged.
    """
    if folder is not None and (folder / DATABASE).is_symlink():
        raise IndexFolderError(
            f"{folder / DATABASE} is a link to another file, expected the database itself. Nothing was opened. Name the "
            "folder that holds it with --index."
        )
    read_only = folder is not None and is_read_only(folder)
    place: str | Path = ":memory:"
    try:
        if folder is not None and read_only:
            place = _address_to_read(folder)
        elif folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # questions and articles are their owner's alone
            place = folder / DATABASE
            if not place.exists():  # also in a folder that others may enter; SQLite gives its logs the same mode
                place.touch(mode=0o600)
        connection = sqlite3.connect(
            place, uri=read_only, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite3.OperationalError) as error:
        raise IndexFolderError(
            f"the index folder {folder} cannot be opened ({error}), expected a folder that may be read, and written if it is new. "
            "Choose another one with --index or CITEDESK_INDEX."
        ) from error
    connection.text_factory = _text
    try:
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")  # no text in files outside the folder
        # An index may come from somebody else: nothing in its schema may run functions with side effects.
        connection.execute("PRAGMA trusted_schema = OFF")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise unusable(folder, error) from error
    return connection


def holds_index(folder: Path) -> bool:
    """Whether an index lies in the folder.

    Raises:
        IndexFolderError: one may not look into it.
    """
    try:
        return (folder / DATABASE).exists()
    except PermissionError as error:
        raise IndexFolderError(
            f"the folder {folder} cannot be looked into ({error}), expected one that may be read. See to its permissions."
        ) from error


def is_read_only(folder: Path) -> bool:
    """Whether there is an index that cannot be changed: SQLite writes to the database and makes files beside it."""
    file = folder / DATABASE
    return holds_index(folder) and not (os.access(folder, os.W_OK) and os.access(file, os.W_OK))


def look(folder: Path) -> tuple[int, ...]:
    """Return what is another one when another process has written to the database; a connection that reads is then stale.

    Raises:
        IndexFolderError: it is gone.
    """
    try:
        found = (folder / DATABASE).stat()
    except OSError as error:
        raise IndexFolderError(
            f"the index {folder} is no longer there ({error}), expected {DATABASE} in it. Put the folder back, or plug its "
            "drive in."
        ) from error
    return found.st_ino, found.st_size, found.st_mtime_ns, (folder / LOG).exists(), (folder / LOG_INDEX).exists()


def _address_to_read(folder: Path) -> str:
    """With a log of changes and its index beside the database, SQLite follows and locks them as ever. It would have to
    make them to read without, unless it is told that nobody changes the file (https://sqlite.org/wal.html#readonly)."""
    log, indexed = folder / LOG, (folder / LOG_INDEX).exists()
    logged = log.exists()
    if logged and not indexed and log.stat().st_size:
        raise IndexFolderError(
            f"the index {folder} may only be read and has changes in {LOG} that {DATABASE} lacks, expected it to be whole. "
            f"Nothing was changed. Run `citedesk list --index {folder}` where it can be written, or on a copy."
        )
    return f"{(folder / DATABASE).absolute().as_uri()}?mode=ro{'' if logged and indexed else '&immutable=1'}"


def _text(data: bytes) -> str:
    """What damage made of a text is found out by its checksum, not here."""
    return data.decode(errors="surrogateescape")


def prepare(connection: sqlite3.Connection, identity: dict[str, str], *, folder: Path | None) -> None:
    """Make the tables of a new index and note what it is made with; of an existing one, check that it is the same.

    Raises:
        IndexMismatchError: it was made with another `identity`.
    """
    _check_schema(connection, folder)
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
    found = dict(connection.execute("SELECT name, value FROM meta")) if known else {}
    if not known and folder is not None and (folder / LOCK).exists():
        raise DamagedIndexError(
            f"the index {folder} is empty though it was written to, expected {DATABASE} as it was. Nothing was changed. "
            "Put back a copy of the folder, or move it away and run `citedesk index` again."
        )
    if "format" in identity and found.get("format", identity["format"]) != identity["format"]:
        raise IndexMismatchError(
            f"the index {folder} has format {found['format']}, expected {identity['format']}: another version of "
            "Citedesk made it. Use that version, or run `citedesk index` into a new folder (--index)."
        )
    for name, wanted in sorted(identity.items()):
        if found.get(name, wanted) != wanted:
            raise IndexMismatchError(
                f"the index {folder} was made with {name} {found[name]}, the settings say {wanted}. "
                "Go back to those settings, or run `citedesk index` into a new folder (--index)."
            )
    if identity.keys() | {"generation"} <= found.keys():
        return
    connection.execute("BEGIN IMMEDIATE")
    for statement in SCHEMA.split(";"):
        connection.execute(statement)
    for name, value in sorted((identity | {"generation": "0"}).items()):
        connection.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (name, value))
    connection.commit()


def _check_schema(connection: sqlite3.Connection, folder: Path | None) -> None:
    """Raise where the database holds what this program never makes, and what would run with its queries."""
    foreign = connection.execute(
        "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view') OR sql LIKE 'CREATE VIRTUAL%'"
    ).fetchone()
    if foreign:
        raise IndexFolderError(
            f"the index {folder} holds the {foreign[0]} {foreign[1]!r}, which Citedesk never makes; expected its own tables "
            "alone. Nothing was changed. Use an index from someone you trust, or run `citedesk index` into a new folder."
        )


@contextmanager
def alone(folder: Path | None, *, wait: bool) -> Iterator[None]:
    """Let no other process or opening of the folder write meanwhile. The lock ends with the process, even if killed.

    Raises:
        IndexBusyError: another one is writing, and `wait` is False.
        IndexFolderError: the index may only be read, or the lock cannot be made.
    """
    if folder is None:
        yield
        return
    if is_read_only(folder):
        raise IndexFolderError(
            f"the index {folder} may only be read, expected a folder and {DATABASE} in it that can be written. Nothing was "
            "changed; it can be asked as it is. See to its permissions, or copy the folder and name the copy with --index."
        )
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK, mode=0o600)
    try:
        lock.acquire(blocking=wait)
    except Timeout as error:
        raise IndexBusyError(
            f"Another process is writing to the index {folder}. Retry, or use --wait (in Python: wait=True)."
        ) from error
    except OSError as error:
        raise IndexFolderError(
            f"the index {folder} cannot be locked for writing ({error}), expected a folder that can be written. "
            "See to its permissions and that the disk is not full."
        ) from error
    try:
        yield
    finally:
        lock.release()


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
    """Return what to raise for an error of SQLite: only damage is called damage; a lock, a full disk or a closed corpus is not."""
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return IndexBusyError(
            f"Another process was writing to the index {folder} for over {BUSY_SECONDS:.0f} seconds ({error}). "
            "Nothing was changed. Retry when it has finished."
        )
    if isinstance(error, sqlite3.OperationalError) and "interrupted" in str(error):
        return IndexFolderError(
            f"a query of the index {folder} did not come to its end, expected a minute at most. Nothing was changed. "
            f"Run: citedesk doctor --index {folder}"
        )
    if isinstance(error, sqlite3.OperationalError):
        return IndexFolderError(
            f"the index {folder} cannot be used now ({error}), expected to read and write it. Nothing was changed. "
            "See that it is not locked by another program, not read-only, and that the disk is not full."
        )
    if "closed" in str(error):
        return IndexFolderError(
            f"the corpus is closed ({error}), expected an open one. Ask before close(), or open it again with Corpus.open."
        )
    if "malformed" in str(error):
        return DamagedIndexError(
            f"the index {folder} is damaged ({error}), expected {DATABASE} as it was written. Nothing was changed. "
            f"Run: citedesk doctor --repair --index {folder}"
        )
    return IndexFolderError(
        f"the index {folder} cannot be read ({error}), expected a Citedesk database in {DATABASE}. "
        "Nothing was changed. Move the folder away and run `citedesk index` again."
    )
