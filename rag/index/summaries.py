"""All articles without their texts: of those that are known, only what changed since is read from the database again.

Reading them all takes 0.025 ms of a core and 20 KB of the disk each, three seconds for 125,000; asking which are new, a tenth.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from ..schema import ArticleSummary
from . import tables

AT_ONCE = 256  # that are read in one state: a question does not wait for the whole list

Known = dict[int, tuple[int | None, ArticleSummary]]  # by number: the first passage's id, never used twice


class Summaries:
    """What was read of the articles of one database. Safe in threads: it is only ever replaced whole."""

    def __init__(self, snapshot: Callable[[], AbstractContextManager[sqlite3.Connection]]) -> None:
        self._snapshot = snapshot
        self._known: tuple[int, Known] = (0, {})

    def all(self, opened: int) -> Iterator[ArticleSummary]:
        """Yield them in the order in which the articles came; changes meanwhile may show.

        `opened` is another number when another database may lie in the folder.

        Raises:
            DamagedIndexError: one of them is missing or not as it was written.
        """
        known = self._known[1] if self._known[0] == opened else {}
        with self._snapshot() as connection:
            numbers = [row[0] for row in connection.execute("SELECT number FROM articles ORDER BY number")]
            first = dict(connection.execute("SELECT number, min(id) FROM passages GROUP BY number").fetchall())
            sources = tables.all_sources(connection)
        found: Known = {}
        for at in range(0, len(numbers), AT_ONCE):
            batch = numbers[at : at + AT_ONCE]
            stale = [one for one in batch if not _same(known.get(one), first.get(one), sources.get(one, ()))]
            read: dict[int, ArticleSummary] = {}
            if stale:
                with self._snapshot() as connection:
                    read = tables.summaries_at(connection, stale)
            gone = set(stale) - read.keys()  # were taken out meanwhile
            for number in batch:
                if number not in gone:
                    summary = read[number] if number in read else known[number][1]
                    found[number] = first.get(number), summary
                    yield summary
        self._known = opened, found


def _same(known: tuple[int | None, ArticleSummary] | None, first: int | None, sources: tuple[str, ...]) -> bool:
    """Whether an article is as it was: written anew it has other passages, and only of several sources can another come
    first."""
    return known is not None and first is not None and known[0] == first and known[1].sources == sources[:1] == sources
