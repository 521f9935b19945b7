"""A corpus in an event loop: the loop goes on, and a stream that nobody wants any more ends its work."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rag import Answer, AsyncCorpus, Corpus, Filters, QuestionError

QUESTION = "How many animals did Putin give to North Korea?"


def run(corpus: Any, work: Callable[[AsyncCorpus], Any]) -> Any:
    async def inside() -> Any:
        desk = AsyncCorpus(corpus)
        return await work(desk)

    return asyncio.run(asyncio.wait_for(inside(), timeout=300))


class Talking:
    """Streams statements, after the first each when `go` is set; counts them, and tells when it was ended."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.told = 0
        self.waiting = threading.Event()
        self.ended = threading.Event()

    def stream(self, question: str, history: Any = (), **chosen: Any) -> Iterator[str | Answer]:
        try:
            for number in range(1000):
                self.told += 1
                yield f"{number} "
                self.waiting.set()
                self.go.wait(60)
                self.go.clear()
        finally:
            self.ended.set()

    def close(self) -> None:
        pass


def test_it_answers_searches_and_streams_as_the_corpus_does(
    corpus: Corpus, answers_with: Callable[..., Corpus]
) -> None:
    answers_with(corpus, "70 animals")
    corpus.models.entailment = corpus.models.consistency = None
    chosen = Filters(published_after="2020-01-01")

    async def work(desk: AsyncCorpus) -> None:
        assert await desk.ask(QUESTION, filters=chosen) == corpus.ask(QUESTION, filters=chosen)
        assert await desk.search("lion", k=3) == corpus.search("lion", k=3)
        assert [part async for part in desk.stream(QUESTION)] == list(corpus.stream(QUESTION))
        report = await desk.add({"text": "A walrus swims in the harbour."})
        assert len(report.added) == 1
        with pytest.raises(QuestionError):
            await desk.ask("  ")

    run(corpus, work)


def test_the_loop_goes_on_while_an_answer_is_made() -> None:
    talking = Talking()

    async def work(desk: AsyncCorpus) -> None:
        parts = desk.stream(QUESTION)
        assert await anext(parts) == "0 "
        waiting = asyncio.ensure_future(anext(parts))
        await asyncio.sleep(0.01)  # the loop would hang here if it were blocked
        assert not waiting.done()
        talking.go.set()
        assert await waiting == "1 "
        await parts.aclose()
        talking.go.set()

    run(talking, work)


@pytest.mark.parametrize("asked", ["stream", "ask"])
def test_a_task_that_is_cancelled_ends_the_work_at_the_next_statement(asked: str) -> None:
    talking = Talking()

    async def drain(desk: AsyncCorpus) -> None:
        if asked == "ask":
            await desk.ask(QUESTION)
        async for _ in desk.stream(QUESTION):
            pass

    async def work(desk: AsyncCorpus) -> None:
        task = asyncio.ensure_future(drain(desk))
        await asyncio.to_thread(talking.waiting.wait, 60)  # its second statement is at work
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not talking.ended.is_set()
        talking.go.set()
        assert await asyncio.to_thread(talking.ended.wait, 60)
        assert talking.told == 2
        await desk.close()

    run(talking, work)


def test_closing_it_closes_the_corpus(empty_corpus: Corpus) -> None:
    closed = threading.Event()
    empty_corpus.close = closed.set  # type: ignore[method-assign]

    async def inside() -> None:
        async with AsyncCorpus(empty_corpus) as desk:
            assert len(desk.corpus) == 0

    asyncio.run(inside())
    assert closed.is_set()
