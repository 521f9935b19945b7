"""The corpus for servers: questions wait in order for one of a few places, and none blocks the event loop."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import TypeVar

import anyio.to_thread
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.requests import Request

from rag.corpus import Corpus
from rag.filters import Filters
from rag.schema import Answer, Hit, Turn
from rag.serving.async_corpus import AsyncCorpus

from ..fair_queue import AT_ONCE, FairQueue
from .selection import check_selection

T = TypeVar("T")


def client_of(request: Request, user: str = "") -> str:
    """Return for whom a request is: the user that a front end names, at the address it came from."""
    return f"{request.client.host if request.client else ''} {user}"


class Service:
    """Answers questions of many clients from one corpus. Made inside a running event loop's thread; holds the metrics."""

    def __init__(self, corpus: Corpus, queue: FairQueue | None = None) -> None:
        self.corpus = corpus
        self._desk = AsyncCorpus(corpus, threads=AT_ONCE)
        self._queue = FairQueue() if queue is None else queue
        self.registry = CollectorRegistry()
        self._asked = Counter("citedesk_questions", "Questions by status.", ["status"], registry=self.registry)
        self._seconds = Histogram(
            "citedesk_answer_seconds", "Seconds to the whole answer, waiting included.", registry=self.registry
        )
        waiting = Gauge("citedesk_questions_present", "Questions that wait or are answered.", registry=self.registry)
        waiting.set_function(lambda: len(self._queue))
        articles = Gauge("citedesk_articles", "Articles in the index.", registry=self.registry)
        articles.set_function(lambda: len(corpus))

    async def call(self, work: Callable[[], T]) -> T:
        """Return what `work` does, done in a thread: looking never waits behind asking."""
        return await anyio.to_thread.run_sync(work)

    async def search(self, query: str, *, k: int, filters: Filters) -> list[Hit]:
        """Return the passages that match best.

        Raises:
            CitedeskError: the query is empty, or the filters name no article.
        """

        def work() -> list[Hit]:
            check_selection(self.corpus, filters)
            return self.corpus.search(query, k=k, filters=filters)

        return await self.call(work)

    async def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        answerer: str | None = None,
        filters: Filters | None = None,
        client: str = "",
    ) -> AsyncIterator[str | Answer]:
        """Yield each checked statement, then the Answer; closing it ends the work at the next statement.

        Raises:
            BusyError: too many wait already.
            FilterError, UnknownArticleError: the filters name no article.
        """
        await self.call(lambda: check_selection(self.corpus, filters))
        began, status = time.perf_counter(), "failed"
        stream = self._desk.stream(question, history, answerer=answerer, filters=filters)
        try:
            with self._queue.enter(client) as ticket:
                await ticket.ready()
                async with aclosing(stream) as pieces:
                    async for piece in pieces:
                        if isinstance(piece, Answer):
                            status = piece.status
                        yield piece
        finally:
            self._asked.labels(status).inc()
            self._seconds.observe(time.perf_counter() - began)

    async def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        answerer: str | None = None,
        filters: Filters | None = None,
        client: str = "",
    ) -> Answer:
        """Return the finished answer: `stream`, drained."""
        stream = self.stream(question, history, answerer=answerer, filters=filters, client=client)
        answer = [piece async for piece in stream][-1]
        assert isinstance(answer, Answer)
        return answer
