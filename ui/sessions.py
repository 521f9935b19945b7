"""Conversations outlive a reload of the page: kept in memory while the program runs, each under the name of its tab."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from .render import Turn

MOST_PASSAGES = 15_000  # that the answers of all conversations were found in; each takes 2 to 3 KB
MOST_QUESTION_CHARACTERS = 10_000


class Conversations:
    """The latest conversations. Of too much, those go first that waited longest; of one that is too long alone, its beginning.

    A tab's name is made by its browser, cannot be guessed and is told to no other tab; it is empty until it is known.
    """

    def __init__(self) -> None:
        self._turns: dict[str, tuple[Turn, ...]] = {}  # in the order in which they were last kept
        self._lock = Lock()

    def of(self, tab: str) -> tuple[Turn, ...]:
        """Return the tab's turns, none if there are none. What is quoted in them may have been removed meanwhile."""
        return self._turns.get(tab, ())

    def keep(self, tab: str, turns: tuple[Turn, ...]) -> None:
        """Put these turns in the place of the tab's earlier ones; with none, nothing is left of it."""
        with self._lock:
            self._turns.pop(tab, None)
            if tab and turns:
                self._turns[tab] = tuple(
                    replace(one, question=one.question[:MOST_QUESTION_CHARACTERS]) for one in turns
                )
            while sum(map(_size, self._turns.values())) > MOST_PASSAGES:
                longest_waiting = next(iter(self._turns))
                if longest_waiting != tab:
                    del self._turns[longest_waiting]
                else:
                    self._turns[tab] = self._turns[tab][1:]


def _size(turns: tuple[Turn, ...]) -> int:
    return sum(1 + (len(turn.answer.trace.readings) if turn.answer else 0) for turn in turns)
