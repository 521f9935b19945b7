"""A large index: how fast it is built against plain encoding, in how much memory, and what a change of it costs."""

from __future__ import annotations

import math
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from rag import Article, Corpus, Settings
from rag.index.doctor import examine
from rag.index.splitting import split
from rag.ingest.report import Step

from ..memory import peak_megabytes
from .scene import SETTINGS, AnyReader, Outcome, article_text, opened, write_articles

PASSAGES_AN_ARTICLE = 8.5  # at 24 sentences
SENTENCES = 24
TENTHS = 10
MOST_SECONDS = 0.5  # for adding or removing one article
LEAST_RATIO = 3.0
MOST_GROWTH = 1.25  # of the memory's peak from the first tenth to the end


def run(
    *,
    passages: int,
    embedder: str = "minilm",
    encoded: int = 1000,
    most_seconds: float = MOST_SECONDS,
    told: Callable[[str], None] = print,
) -> Outcome:
    """Build an index of about `passages`, encode `encoded` of them plainly in the same run, then change it.

    `embedder` may be `eval.stress.scene:QuickEmbedder`: then nothing is compared, and the time is that of the rest.
    """
    outcome = Outcome("building")
    with tempfile.TemporaryDirectory() as folder:
        articles, index = Path(folder) / "articles", Path(folder) / "index"
        write_articles(articles, range(math.ceil(passages / PASSAGES_AN_ARTICLE)), sentences=SENTENCES)
        # In a process of its own: what is measured is its memory, not ours.
        built = _apart(_build, articles, index, embedder)
        checkup = examine(index)
        outcome.failures.extend(f"doctor finds {finding}" for finding in checkup.findings)
        rate = checkup.passages / built["seconds"]
        outcome.figures |= {"articles": checkup.articles, "passages": checkup.passages}
        outcome.figures |= built
        outcome.figures |= {
            "passages a second": round(rate, 1),
            "megabytes on disk": round(sum(file.stat().st_size for file in index.iterdir()) / 1e6),
            "doctor: seconds": round(checkup.seconds, 1),
        }
        told(f"building: {outcome.figures}")
        growth = built["peak megabytes"] / built["peak megabytes after a tenth"]
        if growth > MOST_GROWTH:
            outcome.failures.append(
                f"the memory's peak grew {growth:.2f}-fold from the first tenth, at most {MOST_GROWTH}"
            )
        if embedder == "minilm":
            plain = _apart(_encode, articles, encoded)
            ratio = rate / plain["passages a second, plain encode in float32"]
            outcome.figures |= plain | {"ratio": round(ratio, 2)}
            if ratio < LEAST_RATIO:
                outcome.failures.append(
                    f"building is {ratio:.2f} times as fast as plain encoding, expected {LEAST_RATIO}"
                )
        else:
            outcome.figures |= (costs := _apart(_change, articles, index))
            for name in ("add one", "remove one"):
                if costs[f"{name}: seconds"] > most_seconds:
                    outcome.failures.append(f"{name} takes {costs[f'{name}: seconds']} s, at most {most_seconds}")
    return outcome


def _apart(work: Callable[..., dict[str, float]], *arguments: Any) -> dict[str, float]:
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_report, args=(work, arguments, theirs))
    process.start()
    theirs.close()
    figures: dict[str, float] = mine.recv()
    process.join()
    return figures


def _report(work: Callable[..., dict[str, float]], arguments: tuple[Any, ...], pipe: Connection) -> None:
    pipe.send(work(*arguments))


def _build(articles: Path, index: Path, embedder: str) -> dict[str, float]:
    peaks: dict[int, float] = {}

    def note(step: Step) -> None:
        peaks[step.done * TENTHS // max(step.total, 1)] = peak_megabytes()

    settings = Settings(embedder=embedder)
    with Corpus.create(index, settings, reader=AnyReader()) as corpus:
        corpus.models.embedder.embed_texts(["The first one pays for what is loaded late."])
        start = time.perf_counter()
        corpus.add(articles, progress=note)
        seconds = time.perf_counter() - start
    return {
        "seconds": round(seconds, 1),
        "peak megabytes after a tenth": round(peaks[1]),
        "peak megabytes": round(peaks[TENTHS]),
    }


def _encode(articles: Path, count: int) -> dict[str, float]:
    """What one would do without us: SentenceTransformer.encode with its own defaults, on the same passages."""
    from sentence_transformers import SentenceTransformer

    from rag.index.embedding import minilm_folder

    texts: list[str] = []
    for file in sorted(articles.iterdir()):
        if len(texts) >= count:
            break
        text = file.read_text(encoding="utf-8")
        texts.extend(passage.text for passage in split(_article(text), passage_tokens=SETTINGS.passage_tokens))
    model = SentenceTransformer(str(minilm_folder()), device="cpu")
    model.encode(["The first one pays for what is loaded late."])
    start = time.perf_counter()
    model.encode(texts[:count])
    seconds = time.perf_counter() - start
    return {"passages a second, plain encode in float32": round(min(count, len(texts)) / seconds, 1)}


def _article(text: str) -> Article:
    from rag.loading.articles import article_from_text

    return article_from_text(text, source="")


def _change(articles: Path, index: Path) -> dict[str, float]:
    """Seconds of opening, adding, removing, syncing and searching; the slowest of three where there are three."""
    figures: dict[str, float] = {}

    def timed(name: str, work: Callable[[], object]) -> None:
        start = time.perf_counter()
        work()
        seconds = time.perf_counter() - start
        figures[f"{name}: seconds"] = round(max(seconds, figures.get(f"{name}: seconds", 0.0)), 3)

    opening = time.perf_counter()
    with opened(index) as corpus:
        figures["open: seconds"] = round(time.perf_counter() - opening, 3)
        for number in range(4):
            source = f"new {number}"
            article = Article("", "", article_text(10**6 + number, sentences=SENTENCES), source)
            adding = "add one" if number else "first add"  # which loads libraries
            timed(adding, lambda article=article: corpus.add(article))  # type: ignore[misc]
            timed("remove one", lambda source=source: corpus.remove(corpus.sources()[source]))  # type: ignore[misc]
        timed("sync after no change", lambda: corpus.sync(articles))
        timed("first search", lambda: corpus.search("report of version"))
        for number in range(20):
            timed("search", lambda number=number: corpus.search(article_text(number)[200:260]))  # type: ignore[misc]
        (articles / "000001.txt").write_text(article_text(1, version=1, sentences=SENTENCES), encoding="utf-8")
        timed("sync after one change", lambda: corpus.sync(articles))
        timed("search after a change", lambda: corpus.search("report of version"))
    return figures
