"""The articles beside the chat: listed in an order, removed, and put back for a minute. Knows no gradio."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rag.conversations.records import Mentioning
from rag.conversations.storage import History
from rag.corpus import Corpus
from rag.errors import CitedeskError, UnknownArticleError
from rag.schema import Article, ArticleSummary

from . import render, render_article

UNDO_SECONDS = 60.0

_ORDERS: Mapping[str, Callable[[ArticleSummary], tuple[object, ...]]] = {
    "title": lambda one: (one.title.casefold(),),
    "outlet": lambda one: (one.outlet is None, (one.outlet or "").casefold(), one.title.casefold()),
    "newest": lambda one: (one.published is None, -(one.published or date.min).toordinal(), one.title.casefold()),
    "oldest": lambda one: (one.published is None, (one.published or date.max).toordinal(), one.title.casefold()),
}


@dataclass(frozen=True, slots=True)
class _Removed:
    article: Article
    sources: tuple[str, ...]
    lost: Mentioning


class Sources:
    """The articles of one corpus. What was removed is held in memory for a minute, and nowhere else."""

    def __init__(self, corpus: Corpus, history: History | None, *, undo_seconds: float = UNDO_SECONDS) -> None:
        self._corpus = corpus
        self._history = history
        self._seconds = undo_seconds
        self._removed: dict[str, _Removed] = {}

    def listed(self, words: str, order: str = "title", number: int = 1) -> str:
        """Return a page of the articles that the words name, of all without any, in an order."""
        order = order if order in _ORDERS else "title"
        try:
            found = sorted(self._corpus.list_articles(words), key=_ORDERS[order])
            return render_article.article_list(found, total=len(self._corpus), order=order, number=number)
        except CitedeskError as error:
            return render.error(str(error))

    def remove(self, article_id: str) -> str:
        """Remove an article at once, and return what became of it, with a way to undo it."""
        try:
            article = self._corpus.article(article_id)
            sources = tuple(source for source, id_ in self._corpus.sources().items() if id_ == article_id)
            lost = self._history.mentioning(article_id) if self._history else Mentioning()
            self._corpus.remove(article_id, wait=True)  # another visitor's upload is soon over
        except CitedeskError as error:
            return render.error(str(error))
        self._removed[article_id] = _Removed(article, sources or (article.source,), lost)
        forgetting = threading.Timer(self._seconds, self._removed.pop, (article_id, None))
        forgetting.daemon = True
        forgetting.start()
        return render_article.removed(article)

    def put_back(self, article_id: str) -> str:
        """Put an article back that was removed in the last minute, and return what became of it."""
        removed = self._removed.pop(article_id, None)
        if removed is None:
            return render.error("this article was removed more than a minute ago. Add its file again.")
        try:
            self._add(removed)
            if self._history:
                self._history.put_back(removed.lost)
        except CitedeskError as error:
            self._removed[article_id] = removed
            return render.error(str(error))
        return render_article.put_back(removed.article)

    def _add(self, removed: _Removed) -> None:
        """Read its files again, so that the index goes on following them; add it as it was where that does not give it."""
        for source in removed.sources:
            if Path(source).is_file():
                self._corpus.add(Path(source), wait=True)
        try:
            self._corpus.article(removed.article.id)
        except UnknownArticleError:
            self._corpus.add([replace(removed.article, source=source) for source in removed.sources], wait=True)
