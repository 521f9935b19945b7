"""The tables of the file of conversations: made, and their rows put in and taken out, inside a transaction of the caller."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from ..errors import RecordError
from ..serialization import from_plain, to_plain
from .mentioned import article_ids
from .records import GONE, Turn

FORMAT = 1
BUSY_SECONDS = 10.0

T = TypeVar("T")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, named INTEGER NOT NULL DEFAULT 0, changed TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS turns (
    conversation TEXT NOT NULL, place INTEGER NOT NULL, content TEXT NOT NULL, words TEXT NOT NULL,
    PRIMARY KEY (conversation, place)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (id TEXT PRIMARY KEY, written TEXT NOT NULL, content TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cases (id TEXT PRIMARY KEY, written TEXT NOT NULL, content TEXT NOT NULL) WITHOUT ROWID;
-- Which articles stand in what is kept: `kind` is the name of its table.
CREATE TABLE IF NOT EXISTS mentions (
    kind TEXT NOT NULL, id TEXT NOT NULL, place INTEGER NOT NULL, article TEXT NOT NULL,
    PRIMARY KEY (kind, id, place, article)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mentions_by_article ON mentions (article);
"""


def connect(file: Path | None) -> sqlite3.Connection:
    """Return a connection to the file, which is made if need be; in memory without one.

    Raises:
        OSError: it cannot be made, or is a link.
        sqlite3.DatabaseError: it is no database, of another format, or holds what would run with our queries.
    """
    if file is not None:
        if file.is_symlink():
            raise OSError("it is a link to another file")
        # Made for its owner alone before SQLite writes to it.
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(
        file or ":memory:", timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, FORMAT):
            raise sqlite3.DatabaseError(f"it has format {version}, this version of Citedesk writes {FORMAT}")
        foreign = connection.execute(  # an index folder may come from somebody else: these would run with our queries
            "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view') OR sql LIKE 'CREATE VIRTUAL%'"
        ).fetchone()
        if foreign:
            raise sqlite3.DatabaseError(f"it holds the {foreign[0]} {foreign[1]!r}, which Citedesk never makes")
        connection.executescript(_SCHEMA)
        connection.execute(f"PRAGMA user_version = {FORMAT}")
    except BaseException:
        connection.close()
        raise
    return connection


def turn_of(content: str) -> Turn:
    """Return the turn that `put_turn` wrote.

    Raises:
        RecordError: it was not written so.
    """
    return record_of(Turn, content)


def record_of(kind: type[T], content: str) -> T:
    """Return the record of this kind that stands in a row.

    Raises:
        RecordError: it is none.
    """
    try:
        return from_plain(kind, json.loads(content))
    except json.JSONDecodeError as error:
        raise RecordError(f"{kind.__name__} is no JSON ({error}), expected what Citedesk wrote.") from error


def put_turn(connection: sqlite3.Connection, id_: str, place: int, turn: Turn) -> None:
    """Put a turn in at its place, and which articles stand in it."""
    said = f"{turn.question} {turn.answer.text if turn.answer else ''}".casefold()
    connection.execute("INSERT INTO turns VALUES (?, ?, ?, ?)", (id_, place, json.dumps(to_plain(turn)), said))
    mentions = [("turns", id_, place, article) for article in article_ids(turn)]
    connection.executemany("INSERT INTO mentions VALUES (?, ?, ?, ?)", mentions)


def forget_turns(connection: sqlite3.Connection, id_: str, place: int | None = None) -> None:
    """Take all turns of a conversation out, or the one at a place."""
    values = {"id": id_, "place": place}
    connection.execute("DELETE FROM turns WHERE conversation = :id AND (:place IS NULL OR place = :place)", values)
    connection.execute(
        "DELETE FROM mentions WHERE kind = 'turns' AND id = :id AND (:place IS NULL OR place = :place)", values
    )


def forget_answer(connection: sqlite3.Connection, id_: str, place: int) -> None:
    """Leave of a turn its question, and why there is no answer any more."""
    row = connection.execute("SELECT content FROM turns WHERE conversation = ? AND place = ?", (id_, place)).fetchone()
    forget_turns(connection, id_, place)
    if row:
        before = turn_of(row[0])
        put_turn(connection, id_, place, Turn(before.question, error=GONE, only=before.only))


def put(connection: sqlite3.Connection, kind: str, id_: str, content: str, mentions: Collection[str]) -> None:
    """Put a note or a case in, in the place of one with this id; `kind` is the name of the table."""
    take_out(connection, kind, id_)
    connection.execute(f"INSERT INTO {kind} VALUES (?, ?, ?)", (id_, now(), content))  # noqa: S608
    connection.executemany(
        "INSERT INTO mentions VALUES (?, ?, 0, ?)", [(kind, id_, article) for article in dict.fromkeys(mentions)]
    )


def take_out(connection: sqlite3.Connection, kind: str, id_: str) -> None:
    """Take a note or a case out."""
    assert kind in ("notes", "cases")
    connection.execute(f"DELETE FROM {kind} WHERE id = ?", (id_,))  # noqa: S608
    connection.execute("DELETE FROM mentions WHERE kind = ? AND id = ?", (kind, id_))


def now() -> str:
    """Return this moment, ISO, UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
