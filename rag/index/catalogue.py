"""The articles as a list shows them: without their text, by title; read once for each state of the index."""

from __future__ import annotations

from ..plugins import Index
from ..schema import ArticleSummary


class Listing:
    """The list of an index. Safe to use from several threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known: tuple[tuple[int, int] | None, list[ArticleSummary]] = (
            None,
            [],
        )  # the state of the index, and its list

    def naming(self, words: str) -> list[ArticleSummary]:
        """Return the articles with each word in title, outlet or a source, by title, then source. No word: all."""
        wanted = words.casefold().split()
        return [one for one in self._all() if not wanted or all(word in _names(one) for word in wanted)]

    def _all(self) -> list[ArticleSummary]:
        state = self._index.state  # first: what changes while it is read shows the next time
        known, listed = self._known
        if known != state:
            listed = sorted(self._index.summaries(), key=lambda one: (one.title.casefold(), one.sources))
            self._known = state, listed
        return listed


def _names(one: ArticleSummary) -> str:
    return " ".join((one.title, one.outlet or "", *one.sources)).casefold()
