"""Conversations outlive a reload of the page. Without a history on disk they are kept in memory, each under the name of its tab."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from rag.conversations.mentioned import article_ids
from rag.conversations.records import GONE, Turn
from rag.conversations.storage import History
from rag.corpus import Corpus
from rag.errors import CitedeskError, UnknownArticleError

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


def checked(corpus: Corpus, turn: Turn) -> Turn:
    """Return the turn, without its answer when an article that it mentions is gone or cannot be read."""
    try:
        for article_id in article_ids(turn):
            corpus.article(article_id)
    except UnknownArticleError:
        return replace(turn, answer=None, error=GONE, verdict=None, pinned=False)
    except CitedeskError as error:
        return replace(turn, answer=None, error=str(error))
    return turn


def keep(kept: Conversations | History, corpus: Corpus, tab: str, turns: tuple[Turn, ...]) -> None:
    """Keep a conversation, but nothing of an article that was removed meanwhile, be it after it was kept."""
    kept.keep(tab, turns)
    if not isinstance(kept, History):
        return
    gone = []
    for article_id in {one for turn in turns for one in article_ids(turn)}:
        try:
            corpus.article(article_id)
        except UnknownArticleError:
            gone.append(article_id)
        except CitedeskError:  # said when it is shown again
            continue
    kept.forget_articles(gone)


def ended(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Return the turns, the last one marked as stopped if its answer is not complete."""
    if not turns or turns[-1].answer is not None or turns[-1].error is not None:
        return turns
    return (*turns[:-1], replace(turns[-1], stopped=True))


def _size(turns: tuple[Turn, ...]) -> int:
    return sum(1 + (len(turn.answer.trace.readings) if turn.answer else 0) for turn in turns)
