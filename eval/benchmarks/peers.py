"""Keyword search of others beside ours, in one run: building, size, opening, asking, changing, as ratios to ours.

`python -m eval.benchmarks.peers compare --passages 100000 --out eval/results/scale/peers/100000.json`. The peers are installed from
the registry into an environment of their own, each is run in a process of its own, and all get the same made-up passages
and queries (`made_up.py`). Seconds of the processor count: a busy machine tells the same ratios.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import mean
from typing import Annotated, Any

import typer

from rag import Settings
from rag.index import database
from rag.index.bm25 import KeywordIndex
from rag.index.dense import as_ids

from ..provenance import surroundings
from ..report import write_json
from . import peers_worker
from .made_up import EACH, Texts
from .peers_worker import AT_ONCE, FOUND, measured

PACKAGES = ("tantivy==0.27.0", "bm25s==0.3.16", "PyStemmer==3.1.0", "apsw==3.54.1.0")
OURS = "ours"
ASKED = 50

app = typer.Typer(add_completion=False)


class Ours:
    """The keyword index alone, in a database of its own, as the store writes it."""

    changes = True

    def __init__(self, folder: Path) -> None:
        self._connection = database.connect(folder)
        self._connection.executescript(database.SCHEMA)
        self._keywords = KeywordIndex(self._connection)
        self._texts: dict[int, str] = {}  # that were added to be taken out again: the store has them
        (stored,) = self._connection.execute("PRAGMA user_version").fetchone()
        self._ids = as_ids(list(range(stored)))  # which the store knows without asking the keyword index

    def build(self, first: int, texts: Sequence[str]) -> None:
        for at in range(0, len(texts), AT_ONCE):
            self._write(first + at, texts[at : at + AT_ONCE])
        self._connection.execute(f"PRAGMA user_version = {first + len(texts)}")

    def add(self, first: int, texts: Sequence[str]) -> None:
        self._texts |= dict(enumerate(texts, first))
        self._write(first, texts)

    def remove(self, number: int) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._keywords.remove([(number, self._texts.pop(number))])
        self._connection.commit()

    def search(self, query: str) -> list[int]:
        return [id_ for id_, _ in self._keywords.search(query, k=FOUND, among=self._ids)]

    def _write(self, first: int, texts: Sequence[str]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._keywords.add(list(enumerate(texts, first)))
        self._connection.commit()


def ours(passages: str, queries: str, folder: str) -> None:
    """What `peers_worker.main` does, for ours."""
    texts, asked = (Path(path).read_text(encoding="utf-8").splitlines() for path in (passages, queries))
    figures, found = measured(Ours, Path(folder), texts, asked)
    typer.echo(json.dumps({"figures": figures, "found": found}))


def written(folder: Path, *, passages: int) -> tuple[Path, Path]:
    """Write the passages and the queries, one a line, where they are not there yet, and return the two files."""
    files = folder / f"passages-{passages}.txt", folder / "queries.txt"
    texts = Texts()
    if not files[0].exists():
        scratch = files[0].with_suffix(".new")
        with scratch.open("w", encoding="utf-8") as file:
            for number in range(passages // EACH):
                draw = Random(number)  # noqa: S311
                topic = texts.topic(draw)
                file.writelines(f"{texts.passage(draw, topic)}\n" for _ in range(EACH))
        scratch.replace(files[0])
    draw = Random(1)  # noqa: S311
    files[1].write_text("".join(f"{texts.query(draw)}\n" for _ in range(ASKED)), encoding="utf-8")
    return files


def environment(folder: Path) -> Path:
    """Return the Python of an environment that has the peers, which is made if it is not there."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    done = folder / "installed.txt"
    if not done.exists() or done.read_text(encoding="utf-8").split() != list(PACKAGES):
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)  # noqa: S603
        done.write_text("\n".join(PACKAGES), encoding="utf-8")
    return python


def run(name: str, python: Path, files: tuple[Path, Path]) -> dict[str, Any]:
    """Build and ask one of them in a process of its own and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        worker = ["-m", "eval.benchmarks.peers", "ours"] if name == OURS else [peers_worker.__file__, name]
        command = [sys.executable if name == OURS else str(python), *worker, *map(str, files), folder]
        ended = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def ratios(results: dict[str, dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Return each peer's figures divided by ours, and how many of our first ten it finds too."""
    mine = results[OURS]
    table: dict[str, dict[str, float]] = {}
    for name, result in results.items():
        shared = {
            key: value / mine["figures"][key] for key, value in result["figures"].items() if mine["figures"].get(key)
        }
        same = [len(set(a) & set(b)) / max(1, len(b)) for a, b in zip(result["found"], mine["found"], strict=True)]
        table[name] = shared | {"share of our first ten": mean(same)}
    return table


@app.command("ours", hidden=True)
def _ours(passages: str, queries: str, folder: str) -> None:
    ours(passages, queries, folder)


@app.command("compare")
def compare(
    passages: Annotated[int, typer.Option(help="How many passages each of them holds.")] = 20_000,
    peers: Annotated[list[str] | None, typer.Option("--peer", help="Of those there are; by default all.")] = None,
    scratch: Annotated[Path | None, typer.Option(help="Where texts and environment are kept.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the figures are written as JSON.")] = None,
) -> None:
    """Build, ask and change each, and print its figures and their ratios to ours."""
    folder = scratch or Path(tempfile.gettempdir()) / "citedesk-peers"
    folder.mkdir(parents=True, exist_ok=True)
    python, files = environment(folder / "environment"), written(folder, passages=passages)
    results = {name: run(name, python, files) for name in (OURS, *(peers or peers_worker.PEERS))}
    table = ratios(results)
    for key in results[OURS]["figures"] | {"share of our first ten": 1.0}:
        cells = [f"{key:45}"]
        for name, result in results.items():
            value, ratio = result["figures"].get(key), table[name].get(key)
            cells.append(
                f"{name} {'-' if value is None else f'{value:.4g}'} ({'-' if ratio is None else f'{ratio:.2f}'})"
            )
        typer.echo(" | ".join(cells))
    if out:
        figures = {
            name: {k: float(f"{v:.4g}") for k, v in result["figures"].items()} for name, result in results.items()
        }
        rounded = {name: {k: round(v, 3) for k, v in each.items()} for name, each in table.items()}
        versions = [*PACKAGES, f"sqlite of ours {sqlite3.sqlite_version}"]
        made_with = surroundings(Settings()) | {"peers": versions}
        out.parent.mkdir(parents=True, exist_ok=True)
        write_json(out, {"made with": made_with, "passages": passages, "figures": figures, "ratios to ours": rounded})


if __name__ == "__main__":
    app()
