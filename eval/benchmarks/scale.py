"""How an index grows: open time, memory, recall of dense search, times of a search, of adding and of removing.

`python -m eval.benchmarks.scale --passages 100000 --out eval/results/scale/100000.json`. The vectors are drawn from a
mixture of Gaussians fitted to the vectors of the seed articles' sentences; the words of the passages are English ones, as
frequent as in English, and every article has some of its own that come again and again. The index is written by the store
itself, embedding aside, and measured in a process of its own. With `--folder`, a build that `--minutes` or a kill cut
off goes on where it was.
"""

from __future__ import annotations

import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from statistics import median
from typing import Annotated, Any, TypeVar

import numpy as np
import typer

from rag import Settings
from rag.filters import ANYWHERE, Filters, Scope
from rag.index import dense_upkeep
from rag.index.dense import DenseIndex, Ids, as_ids
from rag.index.dense_on_disk import DenseOnDisk, Nearest, made
from rag.index.inverted_file import POINTS_A_LIST, lists_for
from rag.index.local import LocalIndex
from rag.plugins import Vectors

from ..memory import peak_megabytes
from ..provenance import surroundings
from ..report import write_json
from .made_up import EACH, Mixture, Texts, prepared, real_rows

app = typer.Typer(add_completion=False)
T = TypeVar("T")

AT_ONCE = 100  # articles in one transaction
COMMITTED = 25  # transactions after which a build says how far it is
ASKED = 100


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


def build(
    folder: Path, mixture: Mixture, *, passages: int, flat_most: int, minutes: float = inf
) -> dict[str, float] | None:
    """Write an index of so many passages, or go on with one, and return the seconds of it; None if time ran out.

    What earlier runs took stands in a file beside the folder.
    """
    dense_upkeep.FLAT_MOST = 10**12  # while it is not whole, no file is made
    texts, start, index = Texts(), time.perf_counter(), opened(folder)
    taken, until = Path(f"{folder}.json"), start + 60 * minutes
    before: dict[str, float] = json.loads(taken.read_text(encoding="utf-8")) if taken.exists() and len(index) else {}
    cpu, wanted = time.process_time(), passages // EACH
    while (first := len(index)) < wanted and time.perf_counter() < until:
        with index.alone():
            for begin in range(first, min(first + COMMITTED * AT_ONCE, wanted), AT_ONCE):
                numbers = range(begin, min(begin + AT_ONCE, wanted))
                rows = mixture.draw(len(numbers) * EACH, seed=begin)
                index.put([prepared(n, rows[at * EACH : (at + 1) * EACH], texts) for at, n in enumerate(numbers)])
        figures = {
            "store: seconds": before.get("store: seconds", 0.0) + time.perf_counter() - start,
            "store: CPU seconds": before.get("store: CPU seconds", 0.0) + time.process_time() - cpu,
            "store: peak megabytes": max(before.get("store: peak megabytes", 0.0), peak_megabytes()),
        }
        write_json(taken, figures)
        typer.echo(f"{len(index) * EACH:,} passages, {figures['store: CPU seconds']:.0f} CPU seconds", err=True)
    complete = len(index) >= wanted
    index.close()
    if not complete:
        return None
    dense_upkeep.FLAT_MOST = flat_most
    making, cpu, index = time.perf_counter(), time.process_time(), opened(folder)
    with index.alone():
        pass  # the file for dense search is made when nobody else may write
    index.close()
    known: dict[str, float] = json.loads(taken.read_text(encoding="utf-8"))
    return known | {
        "file for dense search: seconds": time.perf_counter() - making,
        "file for dense search: CPU seconds": time.process_time() - cpu,
        "file for dense search: peak megabytes": peak_megabytes(),
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
    rows = np.empty((passages, mixture.dimension), dtype=np.float32)
    for at in range(0, passages, 10_000):
        rows[at : at + 10_000] = mixture.draw(min(10_000, passages - at), seed=at)
    ids, asked = as_ids(list(range(passages))), mixture.draw(ASKED * EACH, seed=10**9)[::EACH]
    chosen = np.random.default_rng(1).permutation(passages)[: lists_for(passages) * POINTS_A_LIST]
    few = ids[np.random.default_rng(2).random(passages) < 0.05]
    figures: dict[str, float] = {}
    flat = DenseIndex(rows.shape[1])
    with tempfile.TemporaryDirectory() as folder:

        def batches() -> Iterator[tuple[Ids, Vectors]]:
            return ((ids[at : at + 8000], rows[at : at + 8000]) for at in range(0, passages, 8000))

        making = time.process_time()
        file = made(
            Path(folder), passages=passages, sample=rows[chosen], batches=batches, exact=lambda them: rows[them]
        )
        figures["file for dense search: CPU seconds"] = time.process_time() - making
        figures["megabytes of the file"] = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
        figures["lists"], figures["lists looked at"] = file.lists, file.probes
        disk = DenseOnDisk(file, exact=lambda them: rows[them])
        for name, among, part in (("all", None, rows), ("a twentieth", few, rows[few])):
            nearest = Nearest(asked)
            for _ in nearest.watching(
                ((few if among is not None else ids)[at : at + 8000], part[at : at + 8000])
                for at in range(0, len(part), 8000)
            ):
                pass
            times, found = [], []
            for row in asked:
                cpu = time.process_time()
                found.append({id_ for id_, _ in disk.search(row, k=50, among=among)[:10]})
                times.append(time.process_time() - cpu)
            figures[f"{name}: recall at 10"] = float(
                np.mean([len(a & b) / 10 for a, b in zip(found, nearest.ids, strict=True)])
            )
            figures[f"{name}: file, median CPU ms"] = 1000 * median(times[1:])
    flat.add(ids, rows)
    for name, among in (("all", None), ("a twentieth", few)):
        scans = [_timed(lambda row=row, among=among: flat.search(row, k=50, among=among)) for row in asked[:8]]  # type: ignore[misc]
        figures[f"{name}: flat, median CPU ms"] = 1000 * median(one.cpu for one in scans[1:])
    return figures


def _changes(index: LocalIndex, mixture: Mixture, texts: Texts) -> dict[str, float]:
    """Seconds of adding and removing one article, and of the first search after each; the slowest of three."""
    names = ("add", "remove", "search after a change", "list of all articles after a change")
    taken: dict[str, list[Took]] = {name: [] for name in names}

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
        timed("list of all articles after a change", lambda: sum(1 for _ in index.summaries()))
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


def _apart(work: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """What is measured is its own memory, not ours."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_report, args=(work, arguments, named, theirs))
    process.start()
    theirs.close()
    result: T = mine.recv()
    process.join()
    return result


def _report(work: Callable[..., object], arguments: Any, named: Any, pipe: Connection) -> None:
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
    data: Annotated[Path | None, typer.Option(help="Folder of public sets; the mixture is fitted to theirs.")] = None,
    minutes: Annotated[float, typer.Option(help="After which a build stops; the same command goes on with it.")] = inf,
    dense_only: Annotated[bool, typer.Option(help="Measure vectors alone, without a database.")] = False,
) -> None:
    """Build an index of made-up passages and print what it takes."""
    mixture = Mixture(real_rows(rows, data))
    if dense_only:
        _told(_apart(measure_dense, mixture, passages=passages), passages, out)
        return
    with tempfile.TemporaryDirectory() as scratch:
        place = folder or Path(scratch) / "index"
        built = _apart(build, place, mixture, passages=passages, flat_most=flat_most, minutes=minutes)
        if built is None:
            typer.echo("The time is over. The same command goes on.", err=True)
            raise typer.Exit(3)
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
