"""The articles as a list shows them: without their text, by title; read once for each state of the index."""

from __future__ import annotations

from collections.abc import Iterator

from ..schema import ArticleSummary
from . import tables
from .store import Store

BATCH = 256  # that are read at once: a question does not wait for the whole list


class Listing:
    """The list of an index. Safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: tuple[tuple[int, int] | None, list[ArticleSummary]] = (
            None,
            [],
        )  # the state of the index, and its list

    def naming(self, words: str) -> list[ArticleSummary]:
        """Return the articles with each word in title, outlet or a source, by title, then source. No word: all."""
        wanted = words.casefold().split()
        return [one for one in self._all() if not wanted or all(word in _names(one) for word in wanted)]

    def _all(self) -> list[ArticleSummary]:
        state = self._store.state  # first: what changes while it is read shows the next time
        known, listed = self._known
        if known != state:
            listed = sorted(self._read(), key=lambda one: (one.title.casefold(), one.sources))
            self._known = state, listed
        return listed

    def _read(self) -> Iterator[ArticleSummary]:
        last = 0
        while True:
            with self._store.snapshot() as connection:
                batch = tables.summaries_after(connection, last, k=BATCH)
            if not batch:
                return
            yield from batch.values()
            last = max(batch)


def _names(one: ArticleSummary) -> str:
    return " ".join((one.title, one.outlet or "", *one.sources)).casefold()
