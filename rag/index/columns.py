"""What filters ask of each passage, as columns in memory: 13 bytes a passage, kept in step by what is new.

For many passages: a query by SQL reads a row of each, seconds for a million, again after every change.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import get_args

import numpy as np
import numpy.typing as npt

from ..filters import Scope
from ..schema import SectionKind
from .dense import Ids, as_ids

KINDS: tuple[str, ...] = get_args(SectionKind)
OTHER = 255  # the code of a kind that is none
NO_DAY = 0
_CASES = " ".join(f"WHEN '{kind}' THEN {code}" for code, kind in enumerate(KINDS))
_SELECT = (
    "SELECT group_concat(id), group_concat(number), group_concat(kind) FROM ("  # noqa: S608  fixed words
    f"SELECT id, number, CASE kind {_CASES} ELSE {OTHER} END AS kind FROM passages WHERE id > ? ORDER BY id)"
)


class PassageColumns:
    """The id, article and kind of each passage, and the outlet and day of each article. Not safe in threads."""

    def __init__(self) -> None:
        self.ids: Ids = as_ids([])
        self._numbers: Ids = as_ids([])
        self._kinds: npt.NDArray[np.uint8] = np.zeros(0, dtype=np.uint8)
        self._outlets: npt.NDArray[np.int32] = np.zeros(0, dtype=np.int32)  # by number: a code, -1 for none
        self._days: npt.NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self._codes: dict[str, int] = {}

    def catch_up(self, connection: sqlite3.Connection) -> Ids:
        """Bring the columns in step, and return the ids that are gone. Ids are never used twice."""
        before, last = self.ids, int(self.ids[-1]) if len(self.ids) else 0
        self._append(connection, last)
        (stored,) = connection.execute("SELECT count(*) FROM passages").fetchone()
        if stored == len(self.ids):
            return as_ids([])
        self.ids, self._numbers, self._kinds = as_ids([]), as_ids([]), np.zeros(0, dtype=np.uint8)
        self._append(connection, 0)
        return np.setdiff1d(before, self.ids, assume_unique=True)

    def where(self, scope: Scope, connection: sqlite3.Connection) -> Ids:
        """Return the ids, in order, of the passages in a scope; the very array of all where none is left out."""
        filters, kept = scope.filters, np.ones(len(self.ids), dtype=bool)
        if scope.kinds is not None:
            kept &= np.isin(self._kinds, [KINDS.index(kind) for kind in scope.kinds])
        if filters.outlets is not None:
            codes = [self._codes[outlet] for outlet in filters.outlets if outlet in self._codes]
            kept &= np.isin(self._outlets, codes)[self._numbers]
        for day, compare in ((filters.published_after, np.greater_equal), (filters.published_before, np.less_equal)):
            if isinstance(day, date):
                kept &= (compare(self._days, day.toordinal()) & (self._days != NO_DAY))[self._numbers]
        if scope.articles is not None:
            found = [connection.execute("SELECT number FROM articles WHERE id = ?", (id_,)) for id_ in scope.articles]
            kept &= np.isin(self._numbers, [row[0] for rows in found for row in rows])
        return self.ids if kept.all() else self.ids[kept]

    def _append(self, connection: sqlite3.Connection, last: int) -> None:
        row = connection.execute(_SELECT, (last,)).fetchone()
        if row[0] is None:
            return
        ids, numbers, kinds = (np.fromstring(column, dtype=np.int64, sep=",") for column in row)
        self.ids = np.concatenate([self.ids, ids])
        self._numbers = np.concatenate([self._numbers, numbers])
        self._kinds = np.concatenate([self._kinds, kinds.astype(np.uint8)])
        self._read_articles(connection, first=int(numbers.min()), last=int(numbers.max()))

    def _read_articles(self, connection: sqlite3.Connection, *, first: int, last: int) -> None:
        if last >= len(self._days):
            more = last + 1 + len(self._days) // 8 - len(self._days)
            self._outlets = np.concatenate([self._outlets, np.full(more, -1, dtype=np.int32)])
            self._days = np.concatenate([self._days, np.full(more, NO_DAY, dtype=np.int32)])
        rows = connection.execute(
            "SELECT number, outlet, published FROM articles WHERE number BETWEEN ? AND ?", (first, last)
        )
        for number, outlet, published in rows:
            self._outlets[number] = -1 if outlet is None else self._codes.setdefault(outlet, len(self._codes))
            self._days[number] = date.fromisoformat(published).toordinal() if published else NO_DAY


def condition(scope: Scope) -> tuple[str, list[object]]:
    """SQL that holds for the passages that may be found, with its values."""
    parts, values = ["1"], list[object]()
    filters = scope.filters
    for column, wanted in (
        ("passages.kind", scope.kinds),
        ("articles.outlet", filters.outlets),
        ("articles.id", scope.articles),
    ):
        if wanted is not None:
            parts.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            values.extend(wanted)
    for comparison, day in ((">=", filters.published_after), ("<=", filters.published_before)):
        if day is not None:
            parts.append(f"articles.published {comparison} ?")
            values.append(str(day))
    return " AND ".join(parts), values
