"""One keyword search of somebody else, built and asked in an environment of its own; prints its figures as JSON.

Run by `eval.benchmarks.peers` with a Python that has the peer's package and nothing of ours:
`python peers_worker.py NAME passages.txt queries.txt FOLDER`. A passage or a query a line; ids are line numbers.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

T = TypeVar("T")

FOUND = 50  # asked for
K1, B = 1.2, 0.75
AT_ONCE = 800  # passages a transaction, as in ours


class Tantivy:
    """Lucene's design in Rust; its English stemmer, one thread."""

    changes = True

    def __init__(self, folder: Path) -> None:
        tantivy: Any = import_module("tantivy")
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("id", stored=True, indexed=True, fast=True)
        builder.add_text_field("body", stored=False, tokenizer_name="en_stem")
        self._tantivy = tantivy
        self._index = tantivy.Index(builder.build(), path=str(folder))
        self._searcher = self._index.searcher()

    def add(self, first: int, texts: Sequence[str]) -> None:
        writer = self._index.writer(heap_size=128_000_000, num_threads=1)
        for number, text in enumerate(texts, first):
            writer.add_document(self._tantivy.Document(id=number, body=text))
        self._end(writer)

    def build(self, first: int, texts: Sequence[str]) -> None:
        self.add(first, texts)

    def remove(self, number: int) -> None:
        writer = self._index.writer(heap_size=15_000_000, num_threads=1)
        writer.delete_documents("id", number)
        self._end(writer)

    def search(self, query: str) -> list[int]:
        found = self._searcher.search(self._index.parse_query(query, ["body"]), FOUND).hits
        return [self._searcher.doc(address)["id"][0] for _, address in found]

    def _end(self, writer: Any) -> None:
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()


class Fts5:
    """SQLite's own, in the newest SQLite, without the texts; Porter's stemmer."""

    changes = True

    def __init__(self, folder: Path) -> None:
        self._connection: Any = import_module("apsw").Connection(str(folder / "fts5.sqlite"))
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS found "
            "USING fts5(body, content='', contentless_delete=1, tokenize='porter unicode61')"
        )

    def build(self, first: int, texts: Sequence[str]) -> None:
        for at in range(0, len(texts), AT_ONCE):
            self.add(first + at, texts[at : at + AT_ONCE])

    def add(self, first: int, texts: Sequence[str]) -> None:
        with self._connection:
            self._connection.executemany("INSERT INTO found (rowid, body) VALUES (?, ?)", list(enumerate(texts, first)))

    def remove(self, number: int) -> None:
        with self._connection:
            self._connection.execute("DELETE FROM found WHERE rowid = ?", (number,))

    def search(self, query: str) -> list[int]:
        words = " OR ".join(f'"{word}"' for word in query.split())
        rows = self._connection.execute(
            "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rank LIMIT ?", (words, FOUND)
        )
        return [row[0] for row in rows]


class Bm25s:
    """Scores computed when it is built, as a sparse matrix; read by memory mapping. It cannot be changed."""

    changes = False

    def __init__(self, folder: Path) -> None:
        self._bm25s: Any = import_module("bm25s")
        self._stemmer = import_module("Stemmer").Stemmer("english")
        self._folder = folder
        self._index: Any = self._bm25s.BM25.load(str(folder), mmap=True) if any(folder.iterdir()) else None

    def build(self, first: int, texts: Sequence[str]) -> None:
        index = self._bm25s.BM25(method="lucene", k1=K1, b=B)
        index.index(self._tokens(texts), show_progress=False)
        index.save(str(self._folder))
        self._index = index

    def search(self, query: str) -> list[int]:
        found, _ = self._index.retrieve(self._tokens([query]), k=FOUND, show_progress=False)
        return [int(number) for number in found[0]]

    def _tokens(self, texts: Sequence[str]) -> Any:
        return self._bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)


PEERS: dict[str, Callable[[Path], Any]] = {"tantivy": Tantivy, "fts5": Fts5, "bm25s": Bm25s}


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """Return what it returns, and its seconds on the clock and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def measured(
    make: Callable[[Path], Any], folder: Path, texts: Sequence[str], queries: Sequence[str]
) -> tuple[dict[str, float], list[list[int]]]:
    """Return the figures of one search, made anew by `make` for the folder, and what it finds for each query."""
    figures: dict[str, float] = {}
    index = make(folder)
    _, figures["build: seconds"], figures["build: CPU seconds"] = timed(lambda: index.build(0, texts))
    del index
    figures["megabytes on disk"] = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    index, _, figures["open and first query: CPU seconds"] = timed(lambda: opened(make, folder, queries[0]))
    asked = [timed(lambda query=query: index.search(query)) for query in queries]  # type: ignore[misc]
    figures["query: median ms"] = 1000 * median(wall for _, wall, _ in asked)
    figures["query: median CPU ms"] = 1000 * median(cpu for _, _, cpu in asked)
    if index.changes:
        eight = texts[:8]
        changes = [timed(lambda at=at: index.add(len(texts) + 8 * at, eight)) for at in range(3)]  # type: ignore[misc]
        figures["add 8 passages: CPU seconds, the most"] = max(cpu for _, _, cpu in changes)
        changes = [timed(lambda at=at: index.remove(len(texts) + 8 * at)) for at in range(3)]  # type: ignore[misc]
        figures["remove a passage: CPU seconds, the most"] = max(cpu for _, _, cpu in changes)
    return figures, [found[:10] for found, _, _ in asked]


def opened(make: Callable[[Path], Any], folder: Path, query: str) -> Any:
    index = make(folder)
    index.search(query)
    return index


def main(name: str, passages: str, queries: str, folder: str) -> None:
    texts, asked = (Path(path).read_text(encoding="utf-8").splitlines() for path in (passages, queries))
    figures, found = measured(PEERS[name], Path(folder), texts, asked)
    sys.stdout.write(json.dumps({"figures": figures, "found": found}))


if __name__ == "__main__":
    main(*sys.argv[1:])
