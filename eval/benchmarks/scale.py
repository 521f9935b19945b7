"""How an index grows: open time, memory, recall of dense search, times of a search, of adding and of removing.

`python -m eval.benchmarks.scale --passages 100000 --out eval/results/scale/100000.json`. The vectors are drawn from a
mixture of Gaussians fitted to the vectors of the seed articles' sentences; the words of the passages follow Zipf's law.
The index is written by the store itself, embedding aside, and measured in a process of its own.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from statistics import median
from typing import Annotated, Any

import numpy as np
import typer

from rag import Article, Corpus, Passage, Section, Settings
from rag.filters import ANYWHERE, Filters, Scope
from rag.index import dense_upkeep
from rag.index.dense_on_disk import DenseOnDisk, Nearest
from rag.index.inverted_file import POINTS_A_LIST, lists_for
from rag.index.local import LocalIndex
from rag.index.splitting import split
from rag.index.tables import Prepared
from rag.loading.articles import article_id
from rag.plugins import Models, Vectors
from rag.testing import HashEmbedder

from ..memory import peak_megabytes
from ..provenance import surroundings
from ..report import write_json
from ..stress.scene import vocabulary

app = typer.Typer(add_completion=False)

EACH = 8  # passages an article
SENTENCES, WORDS = 4, 18  # of a passage; of a sentence
AT_ONCE = 100  # articles in one transaction
COMPONENTS = 32  # of the mixture
OUTLETS = 20
ASKED = 100
QUERY_WORDS = 6
FITTED_TOKENS = 40  # of the passages that it is fitted to: there are few articles


class Mixture:
    """Unit vectors like those of real passages: as far apart, and as unevenly spread over the dimensions."""

    def __init__(self, rows: Vectors) -> None:
        """Fit it to rows, shape (n, dimension): centres by k-means, one covariance for what is left."""
        import faiss

        centres = faiss.Kmeans(rows.shape[1], min(COMPONENTS, len(rows) // 4), niter=10, seed=1)
        centres.train(rows)
        _, nearest = centres.index.search(rows, 1)
        found: Vectors = np.asarray(centres.centroids)
        self._centres: Vectors = found[nearest[:, 0]]
        rest = rows - self._centres
        values, axes = np.linalg.eigh(np.cov(rest, rowvar=False))
        self._spread: Vectors = (axes * np.sqrt(np.maximum(values, 1e-9))).T.astype(np.float32)
        self._across: Vectors = np.std(self._centres, axis=0).astype(np.float32)

    def draw(self, count: int, *, seed: int) -> Vectors:
        """Return `count` rows; those of one article share a topic of their own beside one of the centres."""
        draw = np.random.default_rng(seed)
        chosen = self._centres[draw.integers(0, len(self._centres), -(-count // EACH))]
        topics = chosen + draw.standard_normal(chosen.shape).astype(np.float32) * self._across
        rest = draw.standard_normal((count, self._centres.shape[1])).astype(np.float32) @ self._spread
        rows = np.repeat(topics, EACH, axis=0)[:count] + rest
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def real_rows(kept: Path | None) -> Vectors:
    """Return the vectors of short passages of the seed articles, from the file in which they are kept, if they are."""
    from rag.default import SEEDS

    if kept is not None and kept.exists():
        found: Vectors = np.load(kept)
        return found
    with Corpus.in_memory(embedder=HashEmbedder()) as corpus:
        corpus.add(SEEDS)
        texts = [
            passage.text for article in corpus.articles() for passage in split(article, passage_tokens=FITTED_TOKENS)
        ]
    rows = Models(Settings()).embedder.embed_texts(texts)
    if kept is not None:
        np.save(kept, rows)
    return rows


class Texts:
    """Made-up passages whose words are as frequent as those of a language."""

    def __init__(self) -> None:
        words, weights = vocabulary()
        self._words, self._weights = words, weights

    def passage(self, draw: Random) -> str:
        words = draw.choices(self._words, cum_weights=self._weights, k=SENTENCES * WORDS)
        sentences = [" ".join(words[at : at + WORDS]).capitalize() + "." for at in range(0, len(words), WORDS)]
        return " ".join(sentences)

    def query(self, draw: Random) -> str:
        """Words as frequent as in a passage, without the hundred that a language has as function words."""
        words = draw.choices(self._words, cum_weights=self._weights, k=40 * QUERY_WORDS)
        return " ".join([word for word in words if word not in self._words[:100]][:QUERY_WORDS])


def prepared(number: int, rows: Vectors, texts: Texts) -> Prepared:
    """An article of EACH passages, one section each; a tenth of the articles have a sidebar at their end."""
    draw = Random(number)  # noqa: S311
    parts = [texts.passage(draw) for _ in range(len(rows))]
    starts = [sum(len(part) + 2 for part in parts[:at]) for at in range(len(parts))]
    kinds = ["sidebar" if number % 10 == 0 and at == len(parts) - 1 else "body" for at in range(len(parts))]
    spans = [(start, start + len(part)) for start, part in zip(starts, parts, strict=True)]
    sections = tuple(Section(*span, kind) for span, kind in zip(spans, kinds, strict=True))  # type: ignore[arg-type]
    day = date(2000, 1, 1) + timedelta(days=number % 9000)
    fields = (f"Report {number}", "\n\n".join(parts), f"made/{number}", f"Outlet {number % OUTLETS}")
    whole = Article("", *fields, published=day, sections=sections)
    article = Article(article_id(whole), *fields, published=day, sections=sections)
    passages = tuple(
        Passage(article.id, *span, part, kind, (span,))  # type: ignore[arg-type]
        for span, part, kind in zip(spans, parts, kinds, strict=True)
    )
    return Prepared(article, passages, rows)


class _Given:
    """Stands for the model: what it is asked to embed is never needed here."""

    name, dimension = "mixture-1", 384

    def __init__(self, settings: Settings | None = None) -> None:
        pass

    def embed_texts(self, texts: object) -> Vectors:
        raise NotImplementedError

    def embed_query(self, text: str) -> Vectors:
        raise NotImplementedError


def opened(folder: Path) -> LocalIndex:
    return LocalIndex(Settings(), folder=folder, embedder=_Given())


def build(folder: Path, mixture: Mixture, *, passages: int, flat_most: int) -> dict[str, float]:
    """Write an index of so many passages, and return the seconds of it."""
    dense_upkeep.FLAT_MOST = flat_most
    texts, start, index = Texts(), time.perf_counter(), opened(folder)
    cpu = time.process_time()
    with index.alone():
        for first in range(0, passages // EACH, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, passages // EACH))
            rows = mixture.draw(len(numbers) * EACH, seed=first)
            batch = [prepared(number, rows[at * EACH : (at + 1) * EACH], texts) for at, number in enumerate(numbers)]
            index.put(batch)
        keeping, stored = time.perf_counter(), time.process_time()
    end, done = time.perf_counter(), time.process_time()
    index.close()
    return {
        "store: seconds": keeping - start,
        "store: CPU seconds": stored - cpu,
        "file for dense search: seconds": end - keeping,
        "file for dense search: CPU seconds": done - stored,
    }


def measure(folder: Path, mixture: Mixture, *, passages: int, flat_most: int) -> dict[str, float]:
    """Open the index in this process, ask, add and remove, and return what each took."""
    dense_upkeep.FLAT_MOST = flat_most
    figures: dict[str, float] = {}
    import faiss  # which takes a while, whatever the index is

    assert faiss
    opening, cpu = time.perf_counter(), time.process_time()
    index = opened(folder)
    dense = index.dense()
    figures["open: seconds"] = time.perf_counter() - opening
    figures["open: CPU seconds"] = time.process_time() - cpu
    figures["lists"] = dense.file.lists if isinstance(dense, DenseOnDisk) else 0
    figures["lists looked at"] = dense.file.probes if isinstance(dense, DenseOnDisk) else 0
    rows, texts, draw = mixture.draw(ASKED * EACH, seed=10**9)[::EACH], Texts(), Random(1)  # noqa: S311
    queries = [texts.query(draw) for _ in rows]
    scopes = {
        "all": ANYWHERE,
        "bodies": Scope(kinds=("body",)),
        "one outlet in twenty": Scope(filters=Filters(outlets=["Outlet 7"])),
        "one year in twenty-five": Scope(filters=Filters(published_after="2010-01-01", published_before="2010-12-31")),
        "one article": Scope(articles=(prepared(1, rows[:EACH], texts).article.id,)),
    }
    for name, scope in scopes.items():
        dense_times = [_timed(lambda row=row, scope=scope: index.search_dense(row, k=50, scope=scope)) for row in rows]  # type: ignore[misc]
        keyword_times = [
            _timed(lambda query=query, scope=scope: index.search_keywords(query, k=50, scope=scope))  # type: ignore[misc]
            for query in queries
        ]
        figures[f"{name}: first search, seconds"] = dense_times[0].wall + keyword_times[0].wall
        for kind, times in (("dense", dense_times[1:]), ("keyword", keyword_times[1:])):
            figures[f"{name}: {kind}, median ms"] = 1000 * median(one.wall for one in times)
            figures[f"{name}: {kind}, median CPU ms"] = 1000 * median(one.cpu for one in times)
        both = [one + other for one, other in zip(dense_times[1:], keyword_times[1:], strict=True)]
        figures[f"{name}: both, median ms"] = 1000 * median(one.wall for one in both)
        figures[f"{name}: both, median CPU ms"] = 1000 * median(one.cpu for one in both)
    figures["articles"] = len(index)
    listing = _timed(lambda: sum(1 for _ in index.summaries()))
    figures["list of all articles: seconds"], figures["list of all articles: CPU seconds"] = listing.wall, listing.cpu
    figures |= _changes(index, mixture, texts)
    figures["peak megabytes"] = peak_megabytes()
    figures["recall at 10"] = _recall(index, rows)
    index.close()
    figures["megabytes on disk"] = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    figures["megabytes of the file for dense search"] = (
        sum(file.stat().st_size for file in folder.glob("nearest.*")) / 1e6
    )
    return figures


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the clock, and seconds of a core in this process: of a busy machine, only the latter say anything."""

    wall: float
    cpu: float

    def __add__(self, other: Took) -> Took:
        return Took(self.wall + other.wall, self.cpu + other.cpu)


def _timed(work: Callable[[], object]) -> Took:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - wall, time.process_time() - cpu)


def measure_dense(mixture: Mixture, *, passages: int) -> dict[str, float]:
    """Compare all vectors, and read a file of them, with vectors alone: without a database, whose rows are in memory."""
    from rag.index.dense import DenseIndex, as_ids
    from rag.index.dense_on_disk import made

    figures: dict[str, float] = {}
    rows = np.concatenate([mixture.draw(min(10_000, passages - at), seed=at) for at in range(0, passages, 10_000)])
    ids = as_ids(list(range(passages)))
    asked = mixture.draw(ASKED * EACH, seed=10**9)[::EACH]
    flat = DenseIndex(rows.shape[1])
    flat.add(ids, rows)
    wanted = [{id_ for id_, _ in flat.search(row, k=10, among=None)} for row in asked]
    sample = np.random.default_rng(1).permutation(rows)[: lists_for(passages) * POINTS_A_LIST]
    with tempfile.TemporaryDirectory() as folder:
        file = None

        def make() -> None:
            nonlocal file
            batches = ((ids[at : at + 8000], rows[at : at + 8000]) for at in range(0, passages, 8000))
            file = made(Path(folder), passages=passages, sample=sample, batches=lambda: batches, exact=rows.__getitem__)

        building = _timed(make)
        assert file is not None
        disk = DenseOnDisk(file, exact=rows.__getitem__)
        found = [{id_ for id_, _ in disk.search(row, k=10, among=None)} for row in asked]
        few = ids[np.random.default_rng(2).random(passages) < 0.05]
        for name, among in (("all", None), ("a twentieth", few)):
            for kind, index in (("flat", flat), ("file", disk)):
                times = [_timed(lambda row=row, i=index, a=among: i.search(row, k=50, among=a)) for row in asked][1:]  # type: ignore[misc]
                figures[f"{name}: {kind}, median CPU ms"] = 1000 * median(one.cpu for one in times)
        exact = [{id_ for id_, _ in flat.search(row, k=10, among=few)} for row in asked]
        filtered = [{id_ for id_, _ in disk.search(row, k=10, among=few)} for row in asked]
        figures["file for dense search: CPU seconds"] = building.cpu
        figures["megabytes of the file"] = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
        figures["lists"], figures["lists looked at"] = file.lists, file.probes
    figures["recall at 10"] = float(np.mean([len(a & b) / 10 for a, b in zip(found, wanted, strict=True)]))
    figures["recall at 10, a twentieth"] = float(
        np.mean([len(a & b) / 10 for a, b in zip(filtered, exact, strict=True)])
    )
    return figures


def _changes(index: LocalIndex, mixture: Mixture, texts: Texts) -> dict[str, float]:
    """Seconds of adding and removing one article, and of the first search after each; the slowest of three."""
    taken: dict[str, list[Took]] = {"add": [], "remove": [], "search after a change": []}

    def timed(name: str, work: Callable[[], object]) -> None:
        taken[name].append(_timed(work))

    def change(work: Callable[[], None]) -> None:
        with index.alone():
            work()

    def search() -> None:
        index.search_dense(mixture.draw(1, seed=5)[0], k=50, scope=ANYWHERE)
        index.search_keywords("one two", k=50, scope=ANYWHERE)

    change(lambda: index.put([prepared(10**7 - 1, mixture.draw(EACH, seed=3), texts)]))  # which loads libraries
    for number in range(10**7, 10**7 + 3):
        one = prepared(number, mixture.draw(EACH, seed=number), texts)
        timed("add", lambda one=one: change(lambda: index.put([one])))  # type: ignore[misc]
        timed("search after a change", lambda: index.consistent(search))
        timed("remove", lambda one=one: change(lambda: index.remove(one.article.id)))  # type: ignore[misc]
        timed("search after a change", lambda: index.consistent(search))
    slowest = {f"{name}: seconds, the slowest": max(one.wall for one in times) for name, times in taken.items()}
    return slowest | {f"{name}: CPU seconds, the most": max(one.cpu for one in times) for name, times in taken.items()}


def _recall(index: LocalIndex, rows: Vectors) -> float:
    """The share of the exact ten nearest of each row that the search finds."""
    from rag.index.derived import vectors_in_order

    nearest = Nearest(rows)
    with index.snapshot() as connection:
        for _ in nearest.watching(vectors_in_order(connection, dimension=rows.shape[1])):
            pass
    found = [{id_ for id_, _ in index.search_dense(row, k=10, scope=ANYWHERE)} for row in rows]
    return float(np.mean([len(one & wanted) / len(wanted) for one, wanted in zip(found, nearest.ids, strict=True)]))


def _apart(work: Callable[..., dict[str, float]], *arguments: Any, **named: Any) -> dict[str, float]:
    """What is measured is its own memory, not ours."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_report, args=(work, arguments, named, theirs))
    process.start()
    theirs.close()
    figures: dict[str, float] = mine.recv()
    process.join()
    return figures


def _report(work: Callable[..., dict[str, float]], arguments: Any, named: Any, pipe: Connection) -> None:
    pipe.send(work(*arguments, **named))


@app.command()
def main(
    passages: Annotated[int, typer.Option(help="How many passages the index holds.")] = 20_000,
    out: Annotated[Path | None, typer.Option(help="Where the figures are written as JSON.")] = None,
    flat_most: Annotated[
        int, typer.Option(help="Passages up to which all vectors are compared.")
    ] = dense_upkeep.FLAT_MOST,
    folder: Annotated[Path | None, typer.Option(help="Where the index is made and kept; else it is deleted.")] = None,
    rows: Annotated[Path | None, typer.Option(help="Where the vectors that the mixture is fitted to are kept.")] = None,
    dense_only: Annotated[bool, typer.Option(help="Measure vectors alone, without a database.")] = False,
) -> None:
    """Build an index of made-up passages and print what it takes."""
    mixture = Mixture(real_rows(rows))
    if dense_only:
        _told(_apart(measure_dense, mixture, passages=passages), passages, out)
        return
    with tempfile.TemporaryDirectory() as scratch:
        place = folder or Path(scratch) / "index"
        built = (
            {}
            if (place / "corpus.sqlite").exists()
            else _apart(build, place, mixture, passages=passages, flat_most=flat_most)
        )
        figures = built | _apart(measure, place, mixture, passages=passages, flat_most=flat_most)
    _told(figures, passages, out)


def _told(figures: dict[str, float], passages: int, out: Path | None) -> None:
    for name, value in figures.items():
        typer.echo(f"{name:45} {value:12,.4g}")
    if out:
        rounded = {name: float(f"{value:.4g}") for name, value in figures.items()}
        out.parent.mkdir(parents=True, exist_ok=True)
        write_json(out, {"made with": surroundings(Settings()), "passages": passages, "figures": rounded})


if __name__ == "__main__":
    app()
