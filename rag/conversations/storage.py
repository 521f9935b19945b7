"""The file of conversations: a small SQLite database in the index folder. What quotes a removed article leaves it.

Nothing is written before there is something to keep. A removed article's words stay in no page of the file:
`secure_delete` overwrites them, and the rollback journal is gone after each change.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from ..errors import ConversationsError, RecordError
from ..rendering.words import shortened
from ..serialization import to_plain
from . import tables
from .mentioned import article_ids, without_search
from .records import GONE, Conversation, ConversationSummary, JudgedCase, Mentioning, Note, Turn

FILE = "conversations.sqlite"
MOST_TITLE_CHARACTERS = 80
MOST_QUESTION_CHARACTERS = 10_000


class History:
    """The conversations, notes and judged cases of one index. Safe to use from several threads and processes."""

    def __init__(self, file: Path | None) -> None:
        """Prefer `History.open` or `History.in_memory`."""
        self._file = file
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None

    @classmethod
    def open(cls, folder: Path) -> History:
        """Return the history of an index folder; its file is made with the first thing that is kept.

        Raises:
            ConversationsError: the file cannot be read, or is not one of conversations.
        """
        history = cls(folder / FILE)
        if history._there():
            with history._changing():
                pass
        return history

    @classmethod
    def in_memory(cls) -> History:
        """Return a history that ends with the process."""
        return cls(None)

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def __enter__(self) -> History:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Conversations

    def summaries(self, words: str = "") -> list[ConversationSummary]:
        """Return all conversations, the one changed last first; of those, the ones with each word in title, questions or answers."""
        wanted = words.casefold().split()
        found = []
        for id_, title, changed, turns, said in self._rows(
            "SELECT id, title, changed, count(place), coalesce(group_concat(words, ' '), '') FROM conversations "
            "LEFT JOIN turns ON turns.conversation = conversations.id GROUP BY id ORDER BY changed DESC, id"
        ):
            if all(word in f"{title.casefold()} {said}" for word in wanted):
                found.append(ConversationSummary(id_, title, changed, turns))
        return found

    def conversation(self, id_: str) -> Conversation | None:
        """Return one conversation; None if none has this id."""
        with self._lock:
            rows = self._rows("SELECT title, changed FROM conversations WHERE id = ?", id_)
            if not rows:
                return None
            turns = self._rows("SELECT content FROM turns WHERE conversation = ? ORDER BY place", id_)
        (title, changed), *_ = rows
        return Conversation(id_, title, changed, tuple(tables.turn_of(content) for (content,) in turns))

    def of(self, id_: str) -> tuple[Turn, ...]:
        """Return the turns of a conversation; none if there is none."""
        found = self.conversation(id_)
        return found.turns if found else ()

    def keep(self, id_: str, turns: Sequence[Turn]) -> None:
        """Put these turns in the place of the conversation's earlier ones; without any, nothing is left of it."""
        if not turns:
            self.delete(id_)
        if not (id_ and turns):
            return
        kept = [
            without_search(replace(one, partial="", question=one.question[:MOST_QUESTION_CHARACTERS])) for one in turns
        ]
        title = shortened(" ".join(kept[0].question.split()), MOST_TITLE_CHARACTERS)
        with self._changing() as connection:
            connection.execute(
                "INSERT INTO conversations (id, title, changed) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                "changed = excluded.changed, title = iif(named, title, excluded.title)",
                (id_, title, tables.now()),
            )
            tables.forget_turns(connection, id_)
            for place, turn in enumerate(kept):
                tables.put_turn(connection, id_, place, turn)

    def rename(self, id_: str, title: str) -> None:
        """Give a conversation a title of the person's own; an empty one is passed over."""
        if words := shortened(" ".join(title.split()), MOST_TITLE_CHARACTERS):
            with self._changing() as connection:
                connection.execute("UPDATE conversations SET title = ?, named = 1 WHERE id = ?", (words, id_))

    def delete(self, id_: str) -> None:
        """Delete a conversation. Notes and cases that were made of it stay."""
        if not self._there():
            return
        with self._changing() as connection:
            connection.execute("DELETE FROM conversations WHERE id = ?", (id_,))
            tables.forget_turns(connection, id_)

    # Notes, and cases made of answers that were judged

    def notes(self) -> list[Note]:
        """Return all notes, the first one pinned first."""
        rows = self._rows("SELECT id, written, content FROM notes ORDER BY written, id")
        return [Note(id_, written, tables.turn_of(content)) for id_, written, content in rows]

    def pin(self, id_: str, turn: Turn) -> None:
        """Keep an answered turn among the notes, once."""
        note = without_search(replace(turn, partial="", pinned=True))
        with self._changing() as connection:
            tables.put(connection, "notes", id_, json.dumps(to_plain(note)), article_ids(note))

    def unpin(self, id_: str) -> None:
        """Take a turn out of the notes."""
        self._drop("notes", id_)

    def cases(self) -> list[JudgedCase]:
        """Return the cases made of answers that were judged, oldest first."""
        rows = self._rows("SELECT content FROM cases ORDER BY written, id")
        return [tables.record_of(JudgedCase, content) for (content,) in rows]

    def keep_case(self, case: JudgedCase, *, mentions: Collection[str]) -> None:
        """Keep a case, in the place of one with the same id; it goes with the articles that it mentions."""
        with self._changing() as connection:
            tables.put(connection, "cases", case.id, json.dumps(to_plain(case)), mentions)

    def drop_case(self, id_: str) -> None:
        """Take a judgement back."""
        self._drop("cases", id_)

    # Articles that are gone

    def mentioned(self) -> list[str]:
        """Return the ids of all articles that stand in what is kept."""
        return [row[0] for row in self._rows("SELECT DISTINCT article FROM mentions ORDER BY article")]

    def mentioning(self, article_id: str) -> Mentioning:
        """Return all in which an article stands, so that it can be put back."""
        rows = self._rows(
            "SELECT conversation, turns.place, content FROM mentions JOIN turns "
            "ON turns.conversation = mentions.id AND turns.place = mentions.place WHERE kind = 'turns' AND article = ?",
            article_id,
        )
        turns = {(conversation, place): tables.turn_of(content) for conversation, place, content in rows}
        others = self._rows("SELECT kind, id FROM mentions WHERE kind != 'turns' AND article = ?", article_id)
        notes = tuple(one for one in self.notes() if ("notes", one.id) in others)
        cases = {
            case: tuple(row[0] for row in self._rows("SELECT article FROM mentions WHERE id = ?", case.id))
            for case in self.cases()
            if ("cases", case.id) in others
        }
        return Mentioning(turns, notes, cases)

    def put_back(self, lost: Mentioning) -> None:
        """Put back what was lost with an article; turns, where their questions still stand."""
        with self._changing() as connection:
            for (id_, place), turn in lost.turns.items():
                row = connection.execute(
                    "SELECT content FROM turns WHERE conversation = ? AND place = ?", (id_, place)
                ).fetchone()
                if row and (now := tables.turn_of(row[0])).question == turn.question and now.error == GONE:
                    tables.forget_turns(connection, id_, place)
                    tables.put_turn(connection, id_, place, turn)
        for note in lost.notes:
            self.pin(note.id, note.turn)
        for case, articles in lost.cases.items():
            self.keep_case(case, mentions=articles)

    def forget_articles(self, gone: Collection[str]) -> None:
        """Take every answer, note and case out in which one of these articles stands. Questions stay."""
        if not gone:
            return
        with self._changing() as connection:
            for article in gone:
                rows = connection.execute(
                    "SELECT kind, id, place FROM mentions WHERE article = ?", (article,)
                ).fetchall()
                for kind, id_, place in rows:
                    if kind == "turns":
                        tables.forget_answer(connection, id_, place)
                    else:
                        tables.take_out(connection, kind, id_)

    # The file

    def _there(self) -> bool:
        return self._connection is not None or self._file is None or self._file.exists()

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        if not self._there():
            return []
        with self._lock, self._told():
            return self._opened().execute(query, values).fetchall()

    def _drop(self, kind: str, id_: str) -> None:
        if self._there():
            with self._changing() as connection:
                tables.take_out(connection, kind, id_)

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, all or nothing."""
        with self._lock, self._told():
            connection = self._opened()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.commit()
            except BaseException:
                connection.rollback()
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.DatabaseError, OSError, RecordError) as error:
            raise ConversationsError(
                f"the conversations in {self._file} cannot be used ({error}), expected a file that Citedesk wrote. Move it "
                "away, or keep none: citedesk chat --no-history"
            ) from error

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = tables.connect(self._file)
        return self._connection


def forget_missing(folder: Path | None, has: Callable[[str], bool]) -> None:
    """Take out of the history of an index folder what mentions an article that the index no longer has."""
    if folder is None or not (folder / FILE).exists():
        return
    with History.open(folder) as history:
        history.forget_articles([id_ for id_ in history.mentioned() if not has(id_)])
