"""Processes that search at full speed while another one updates.

Each update replaces all articles in one transaction. Every passage names the version of its article, so that a search
that saw two states at once gives itself away; all passages are wanted, so that one that saw half a state does too.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

from rag import Article, Corpus

from .scene import Outcome, created, opened

READERS = 2
# Each article has its own words, as many: near copies would be one hit, which the count of passages takes for a mixture.
GOODS = ("corn from high farms", "salt from old mines", "wood from far lands", "wool from green hills")


def run(*, updates: int, told: Callable[[str], None] = print) -> Outcome:
    """Update `updates` times while READERS processes search, look articles up and ask."""
    outcome = Outcome("readers")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        stop = context.Event()
        with created(index) as corpus:
            _update(corpus, 0)
            pipes = [context.Pipe() for _ in range(READERS)]
            processes = [context.Process(target=_read, args=(index, stop, theirs)) for _, theirs in pipes]
            for process, (_, theirs) in zip(processes, pipes, strict=True):
                process.start()
                theirs.close()
            for mine, _ in pipes:
                mine.recv()  # it has begun
            start = time.perf_counter()
            for version in range(1, updates + 1):
                _update(corpus, version)
            seconds = time.perf_counter() - start
        stop.set()
        found = [mine.recv() for mine, _ in pipes]
        for process in processes:
            process.join()
    searches = sum(one[0] for one in found)
    outcome.failures = [failure for one in found for failure in one[2]]
    outcome.figures |= {
        "updates": updates,
        "readers": READERS,
        "searches": searches,
        "questions": sum(one[1] for one in found),
        "states seen": sum(one[3] for one in found),
        "seconds": round(seconds, 1),
    }
    told(f"readers: {outcome.figures}, {len(outcome.failures)} failures")
    if min((one[0] for one in found), default=0) < updates // 10:
        outcome.failures.append(f"only {[one[0] for one in found]} searches fell into {updates} updates")
    return outcome


def _update(corpus: Corpus, version: int) -> None:
    """Replace all articles; every other version has one fewer passage in each."""
    articles = []
    for number, goods in enumerate(GOODS):
        paragraph = f"Harbour report of version {version} tells of {goods}. " * 12
        blocks = [f"Part {part} of it. {paragraph}" for part in range(4 - version % 2)]
        articles.append(Article("", "", "\n\n".join([f"Number {number} says:", *blocks]), f"source {number}"))
    corpus.add(articles)


def _read(index: Path, stop: Event, pipe: Connection) -> None:
    searches, questions, failures = 0, 0, []
    versions: set[str] = set()
    pipe.send("begun")
    try:
        with opened(index) as corpus:
            while not stop.is_set():
                failure = _search(corpus, versions)
                searches += 1
                if searches % 5 == 0:
                    corpus.ask("What does the harbour report tell of?")
                    questions += 1
                if failure:
                    failures.append(failure)
    except Exception as error:
        failures.append(f"{type(error).__name__}: {error}")
    pipe.send((searches, questions, failures[:5], len(versions)))


def _search(corpus: Corpus, versions: set[str]) -> str | None:
    hits = corpus.search("harbour report version", k=100)
    found = {hit.passage.text.split("version ")[1].split()[0] for hit in hits}
    if len(found) != 1:
        return f"one search found the versions {sorted(found)}"
    versions |= found
    of_article = [sum(hit.source == f"source {n}" for hit in hits) for n in range(len(GOODS))]
    if len(set(of_article)) != 1 or not of_article[0]:
        return f"one search found {of_article} passages of the articles, expected as many of each"
    if any(hit.dense is None or hit.keyword is None for hit in hits):
        return "a passage was found by one search and not by the other"
    return None
