"""Conversations outlive a reload of the page: kept in memory while the program runs, each under the name of its tab."""

from __future__ import annotations

from threading import Lock

from .render import Turn

MOST_TURNS = 2_000  # of all conversations together; an answer takes 10 to 30 KB


class Conversations:
    """The latest conversations. Of too many turns, those of the conversation that waited longest go first.

    A tab's name is made by its browser, cannot be guessed and is told to no other tab; it is empty until it is known.
    """

    def __init__(self) -> None:
        self._turns: dict[str, tuple[Turn, ...]] = {}  # in the order in which they were last kept
        self._lock = Lock()

    def of(self, tab: str) -> tuple[Turn, ...]:
        """Return the tab's turns, none if there are none."""
        return self._turns.get(tab, ())

    def keep(self, tab: str, turns: tuple[Turn, ...]) -> None:
        """Put these turns in the place of the tab's earlier ones; with none, nothing is left of it."""
        with self._lock:
            self._turns.pop(tab, None)
            if tab and turns:
                self._turns[tab] = turns[-MOST_TURNS:]
            while sum(map(len, self._turns.values())) > MOST_TURNS:
                del self._turns[next(iter(self._turns))]
