"""The corpus for servers: questions wait in order for one of a few places, and none blocks the event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import TypeVar

import anyio.to_thread
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from rag.corpus import Corpus
from rag.errors import CitedeskError
from rag.filters import Filters
from rag.schema import Answer, Turn
from rag.serving.async_corpus import AsyncCorpus

T = TypeVar("T")

AT_ONCE = 2  # questions that are answered at once: more on two cores only make each of them later
MOST_WAITING = 200


class BusyError(CitedeskError):
    """So many questions wait that another one would wait too long."""


class Service:
    """Answers questions of many clients from one corpus. Made inside a running event loop's thread; holds the metrics."""

    def __init__(self, corpus: Corpus, *, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        self.corpus = corpus
        self._desk = AsyncCorpus(corpus, threads=at_once)
        self._places = asyncio.Semaphore(at_once)  # first come, first served
        self._most = at_once + most_waiting
        self._present = 0
        self.registry = CollectorRegistry()
        self._asked = Counter("citedesk_questions", "Questions by status.", ["status"], registry=self.registry)
        self._seconds = Histogram(
            "citedesk_answer_seconds", "Seconds to the whole answer, waiting included.", registry=self.registry
        )
        waiting = Gauge("citedesk_questions_present", "Questions that wait or are answered.", registry=self.registry)
        waiting.set_function(lambda: self._present)
        articles = Gauge("citedesk_articles", "Articles in the index.", registry=self.registry)
        articles.set_function(lambda: len(corpus))

    async def call(self, work: Callable[[], T]) -> T:
        """Return what `work` does, done in a thread: looking never waits behind asking."""
        return await anyio.to_thread.run_sync(work)

    async def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        answerer: str | None = None,
        filters: Filters | None = None,
    ) -> AsyncIterator[str | Answer]:
        """Yield each checked statement, then the Answer; closing it ends the work at the next statement.

        Raises:
            BusyError: too many wait already.
        """
        began, status = time.perf_counter(), "failed"
        stream = self._desk.stream(question, history, answerer=answerer, filters=filters)
        async with self._place(), aclosing(stream) as pieces:
            try:
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
    ) -> Answer:
        """Return the finished answer: `stream`, drained."""
        pieces = [piece async for piece in self.stream(question, history, answerer=answerer, filters=filters)]
        answer = pieces[-1]
        assert isinstance(answer, Answer)
        return answer

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._present >= self._most:
            raise BusyError(f"{self._present} questions wait already, expected at most {self._most}. Ask again later.")
        self._present += 1
        try:
            async with self._places:
                yield
        finally:
            self._present -= 1
