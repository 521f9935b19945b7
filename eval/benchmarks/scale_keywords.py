"""Keyword search of a million passages: the postings are drawn, not counted from texts, so that it takes minutes to have them.

`python -m eval.benchmarks.scale_keywords --passages 1000000 --folder FOLDER --out FILE`. Every passage has 40 to 104 words,
drawn with the frequencies of English. `--minutes` cuts the making off; the same command goes on with it.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from functools import partial
from math import inf
from pathlib import Path
from random import Random
from statistics import median
from typing import Annotated

import numpy as np
import numpy.typing as npt
import typer

from rag import Settings
from rag.index import database
from rag.index.bm25 import BLOCK, POSTING, KeywordIndex, row_of
from rag.index.dense import as_ids
from rag.index.stemming import Stemmer

from ..memory import peak_megabytes
from ..provenance import surroundings
from ..report import write_json
from .made_up import Texts, english

SHORTEST, LONGEST = 40, 104  # words of a passage
WORDS = 100_000  # the most frequent ones; the others are one in two hundred
ASKED, FOUND, SHARE = 60, 50, 0.05

app = typer.Typer(add_completion=False)


def stems() -> tuple[list[str], npt.NDArray[np.float64]]:
    """Return the stems of the frequent words, and the cumulative share of each in a text, ending with 1."""
    words, weights = english()
    each = np.diff(weights[:WORDS], prepend=0.0)
    stemmer, shares = Stemmer(), dict[str, float]()
    for stemmed, share in zip(stemmer.stems(words[:WORDS]), each.tolist(), strict=True):
        for stem in stemmed:
            shares[stem] = shares.get(stem, 0.0) + share
    stemmer.close()
    together = np.cumsum(list(shares.values()))
    return list(shares), together / together[-1]


def rows(block: int, count: int, names: list[str], shares: npt.NDArray[np.float64]) -> Iterator[tuple[int, int, bytes]]:
    """Yield the rows of a block of so many passages."""
    draw = np.random.default_rng(block)
    lengths = draw.integers(SHORTEST, LONGEST, endpoint=True, size=count)
    drawn = np.searchsorted(shares, draw.random(int(lengths.sum())), side="right")
    places, counts = np.unique(
        drawn.astype(np.int64) * BLOCK + np.repeat(np.arange(count), lengths), return_counts=True
    )
    postings = np.empty(len(places), dtype=POSTING)
    postings["offset"], postings["count"] = places % BLOCK, counts
    numbers, starts = np.unique(places // BLOCK, return_index=True)
    ends = [*starts[1:].tolist(), len(places)]
    for number, start, end in zip(numbers.tolist(), starts.tolist(), ends, strict=True):
        yield row_of(block, names[number], postings[start:end])
    whole = np.empty(count, dtype=POSTING)
    whole["offset"], whole["count"] = np.arange(count), lengths
    yield row_of(block, None, whole)


def make(connection: sqlite3.Connection, keywords: KeywordIndex, *, passages: int, until: float) -> bool:
    """Write the blocks that are not there yet, a transaction each; return whether all are there before the time is over."""
    names, shares = stems()
    begun = len(keywords.blocks())
    for block in range(begun, -(-passages // BLOCK)):
        if time.monotonic() > until:
            typer.echo(
                f"{block * BLOCK:,} of {passages:,} passages. The time is over; the same command goes on.", err=True
            )
            return False
        made = sorted(rows(block, min(BLOCK, passages - block * BLOCK), names, shares))
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO keywords VALUES (?, ?, ?)", made)
        connection.commit()
    return True


def measure(connection: sqlite3.Connection, keywords: KeywordIndex, *, passages: int) -> dict[str, float]:
    """Ask among all passages and among a twentieth, add eight and remove them, and return what each took."""
    texts, draw = Texts(), Random(1)  # noqa: S311
    queries = [texts.query(draw) for _ in range(ASKED)]
    everything = as_ids(list(range(passages)))
    few = everything[np.random.default_rng(2).random(passages) < SHARE]
    figures: dict[str, float] = {}
    for name, among in (("all", everything), ("a twentieth", few)):
        times = [_cpu(partial(keywords.search, query, k=FOUND, among=among)) for query in queries]
        figures[f"{name}: first query, CPU ms"] = 1000 * times[0]
        figures[f"{name}: query, median CPU ms"] = 1000 * median(times[1:])
        figures[f"{name}: query, CPU ms, 95 %"] = 1000 * sorted(times[1:])[int(0.95 * len(times[1:]))]
    new = [(passages + at, texts.passage(draw)) for at in range(8)]

    def change(work: Callable[[], None]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        work()
        connection.commit()

    figures["add 8 passages: CPU seconds"] = _cpu(lambda: change(lambda: keywords.add(new)))
    figures["query after a change, CPU ms"] = 1000 * _cpu(
        lambda: keywords.search(queries[1], k=FOUND, among=everything)
    )
    figures["remove 8 passages: CPU seconds"] = _cpu(lambda: change(lambda: keywords.remove(new)))
    return figures | {"peak megabytes": peak_megabytes()}


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


@app.command()
def main(
    folder: Annotated[Path, typer.Option(help="Where the database is made and kept.")],
    passages: Annotated[int, typer.Option(help="How many passages.")] = 100_000,
    minutes: Annotated[float, typer.Option(help="After which the making stops.")] = inf,
    out: Annotated[Path | None, typer.Option(help="Where the figures are written as JSON.")] = None,
) -> None:
    """Make the postings of so many passages and print what a query takes."""
    connection = database.connect(folder)
    connection.executescript(database.SCHEMA)
    connection.execute("PRAGMA synchronous = OFF")  # what is lost is drawn again
    keywords = KeywordIndex(connection)
    if not make(connection, keywords, passages=passages, until=time.monotonic() + 60 * minutes):
        raise typer.Exit(3)
    figures = measure(connection, keywords, passages=passages)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    keywords.close()
    connection.close()
    figures["megabytes on disk"] = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    for name, value in figures.items():
        typer.echo(f"{name:40} {value:10.4g}")
    if out:
        rounded = {name: float(f"{value:.4g}") for name, value in figures.items()}
        out.parent.mkdir(parents=True, exist_ok=True)
        write_json(out, {"made with": surroundings(Settings()), "passages": passages, "figures": rounded})


if __name__ == "__main__":
    app()
