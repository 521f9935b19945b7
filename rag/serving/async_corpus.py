"""A corpus for a server with an event loop: the work runs in threads, so that the loop goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from datetime import date
from functools import partial
from types import TracebackType
from typing import TypedDict, TypeVar, Unpack

from ..corpus import Corpus
from ..filters import Filters
from ..ingest.records import Addable
from ..ingest.report import AddReport, Progress
from ..schema import Answer, Hit, SectionKind, Turn

Result = TypeVar("Result")


class Narrowing(TypedDict, total=False):
    """Which articles are looked at, as for `Corpus.ask`: a record, or days and outlets one by one."""

    filters: Filters | None
    published_after: date | str | None
    published_before: date | str | None
    outlets: Sequence[str] | None


class Asking(Narrowing, total=False):
    """What `Corpus.ask` takes beside the question."""

    answerer: str | None


class Searching(Narrowing, total=False):
    """What `Corpus.search` takes beside the query."""

    k: int
    kinds: Sequence[SectionKind]


class AsyncCorpus:
    """The calls of a Corpus that take time, each awaited. Of everything else, ask `corpus` itself.

    async with AsyncCorpus(Corpus.open("my-index")) as desk:
        answer = await desk.ask("Who signed the treaty?")
    """

    def __init__(self, corpus: Corpus, *, threads: int = 4) -> None:
        """Work on `corpus` in so many threads at most; what comes on top waits for one of them."""
        self.corpus = corpus
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="citedesk")

    async def __aenter__(self) -> AsyncCorpus:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Wait for what is under way, then close the corpus."""
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)
        self.corpus.close()

    async def ask(self, question: str, history: Sequence[Turn] | str = (), **chosen: Unpack[Asking]) -> Answer:
        """Return the finished answer: `stream`, drained."""
        async with aclosing(self.stream(question, history, **chosen)) as parts:
            return [part async for part in parts if isinstance(part, Answer)][-1]

    async def stream(
        self, question: str, history: Sequence[Turn] | str = (), **chosen: Unpack[Asking]
    ) -> AsyncGenerator[str | Answer, None]:
        """Yield what `Corpus.stream` yields. A task that is cancelled, or a stream that is closed, stops the work at the
        next statement."""
        loop = asyncio.get_running_loop()
        found: asyncio.Queue[str | Answer | BaseException] = asyncio.Queue()
        stopped = threading.Event()

        def work() -> None:
            try:
                for part in self.corpus.stream(question, history, **chosen):
                    if stopped.is_set():
                        return
                    tell(part)
            except BaseException as error:  # it belongs to whoever awaits
                tell(error)

        def tell(part: str | Answer | BaseException) -> None:
            with suppress(RuntimeError):  # the loop has ended, so nobody waits
                loop.call_soon_threadsafe(found.put_nowait, part)

        job = loop.run_in_executor(self._threads, work)
        try:
            while True:
                part = await found.get()
                if isinstance(part, BaseException):
                    raise part
                yield part
                if isinstance(part, Answer):
                    return
        finally:
            stopped.set()
            job.cancel()

    async def search(self, query: str, **chosen: Unpack[Searching]) -> list[Hit]:
        """Return what `Corpus.search` returns."""
        return await self._run(partial(self.corpus.search, query, **chosen))

    async def add(
        self, what: Addable | Iterable[Addable], *, progress: Progress | None = None, wait: bool = False
    ) -> AddReport:
        """Do what `Corpus.add` does; `progress` is called in a thread. Cancelling the task does not stop the adding."""
        return await self._run(partial(self.corpus.add, what, progress=progress, wait=wait))

    async def _run(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
