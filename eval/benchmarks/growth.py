"""What an index of up to a billion passages takes: bytes, machines, hours and money, from costs measured and costs assumed.

`python -m eval.benchmarks.growth`. Bytes, memory and CPU times of one machine are those of `eval.benchmarks.scale` with a
file for dense search, a line through two of its runs; what could not be measured here stands in `Assumed`, to be changed with `--set NAME=VALUE`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated

import typer

RESULTS = Path(__file__).resolve().parents[1] / "results" / "scale" / "file"
SIZES = (10**6, 10**7, 10**8, 10**9)

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Assumed:
    """What was not measured: the cluster's bytes a passage, speeds of machines, prices, and what is asked of it."""

    cluster_vector_bytes: float = 1536.0 * 1.15  # float32 and a graph of 32 neighbours, in memory
    cluster_text_bytes: float = 4000.0  # text, hashed stems and sparse vector, on disk
    node_memory_gb: float = 64.0
    node_filled: float = 0.7  # of its memory
    node_cores: float = 16.0
    node_price: float = 0.70  # an hour
    core_query_seconds: float = 0.02  # of a core, for both searches of 10 million passages in memory
    gpu_passages_a_second: float = 3000.0  # embedded
    gpu_price: float = 2.50  # an hour
    gpu_answers_a_second: float = 10.0  # read and verified
    questions_a_second: float = 20.0
    replicas: float = 2.0  # of each shard, at least


@dataclass(frozen=True, slots=True)
class Line:
    """A cost that grows with the passages: `start` and so much for each."""

    start: float
    slope: float

    def at(self, passages: float) -> float:
        return max(0.0, self.start + self.slope * passages)


def line(points: list[tuple[float, float]]) -> Line:
    """Return the line through the first and the last point, from 0 if there is but one."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    if x0 == x1:
        return Line(0.0, y0 / x0)
    slope = (y1 - y0) / (x1 - x0)
    return Line(y0 - slope * x0, slope)


def measured(results: Path) -> dict[str, Line]:
    """Return a line for each figure that the runs in a folder have in common.

    Raises:
        FileNotFoundError: there is no run in it.
    """
    runs = sorted((json.loads(path.read_text(encoding="utf-8")) for path in results.glob("*.json")), key=_size)
    if not runs:
        raise FileNotFoundError(f"{results} holds no run, expected one of eval.benchmarks.scale. Make one with --out.")
    names = set.intersection(*(set(run["figures"]) for run in runs))
    return {name: line([(_size(run), run["figures"][name]) for run in runs]) for name in sorted(names)}


def one_machine(costs: dict[str, Line], passages: float, *, embedded_a_second: float) -> list[str]:
    """Return the cells of one machine's row: disk, memory, a search, opening, listing, embedding."""
    return [
        f"{costs['megabytes on disk'].at(passages) / 1000:,.1f} GB",
        f"{costs['peak megabytes'].at(passages) / 1000:,.1f} GB",
        f"{costs['all: both, median CPU ms'].at(passages):,.0f} ms",
        f"{costs['open: CPU seconds'].at(passages):,.1f} s",
        f"{costs['list of all articles: CPU seconds'].at(passages):,.1f} s",
        f"{passages / embedded_a_second / 3600:,.1f} h",
    ]


def cluster(assumed: Assumed, passages: float) -> list[str]:
    """Return the cells of a cluster's row: shards, nodes, disk, GPUs for reading, embedding hours and money, cost a month."""
    room = assumed.node_memory_gb * 1e9 * assumed.node_filled
    shards = max(1, math.ceil(passages * assumed.cluster_vector_bytes / room))
    # A graph search grows with the logarithm; the keyword search with the passages of a shard.
    seconds = assumed.core_query_seconds * (passages / shards / 1e7)
    busy = assumed.questions_a_second * 3 * seconds  # three searches a question
    replicas = max(int(assumed.replicas), math.ceil(busy / assumed.node_cores))
    gpus = math.ceil(assumed.questions_a_second / assumed.gpu_answers_a_second)
    hours = passages / assumed.gpu_passages_a_second / 3600
    month = (shards * replicas * assumed.node_price + gpus * assumed.gpu_price) * 24 * 30
    disk = passages * (assumed.cluster_vector_bytes + assumed.cluster_text_bytes) / 1e12
    return [
        f"{shards:,}",
        f"{shards * replicas:,}",
        f"{disk:,.2f} TB",
        f"{gpus:,}",
        f"{hours:,.1f} h",
        f"{hours * assumed.gpu_price:,.0f}",
        f"{month:,.0f}",
    ]


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def changed(assumed: Assumed, values: list[str]) -> Assumed:
    """Return it with NAME=VALUE put in.

    Raises:
        typer.BadParameter: there is no such name, or the value is no number.
    """
    known = {one.name for one in fields(assumed)}
    for value in values:
        name, _, number = value.partition("=")
        if name not in known:
            raise typer.BadParameter(f"{name!r} is not assumed, expected one of {', '.join(sorted(known))}.")
        try:
            assumed = replace(assumed, **{name: float(number)})
        except ValueError as error:
            raise typer.BadParameter(f"{name} is {number!r}, expected a number.") from error
    return assumed


def _size(run: dict[str, float]) -> float:
    return float(run["passages"])


@app.command()
def main(
    results: Annotated[Path, typer.Option(help="The folder with the runs of eval.benchmarks.scale.")] = RESULTS,
    embedded_a_second: Annotated[float, typer.Option(help="Passages that two cores embed, from `make stress`.")] = 68.2,
    values: Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE, in place of what is assumed.")] = None,
) -> None:
    """Print what one machine and a cluster need for a million to a billion passages."""
    costs, assumed = measured(results), changed(Assumed(), values or [])
    head = ["passages", "disk", "memory", "both searches, CPU", "open, CPU", "list, CPU", "embedding, two cores"]
    rows = [[f"{n:,}", *one_machine(costs, n, embedded_a_second=embedded_a_second)] for n in SIZES[:2]]
    typer.echo(table(head, rows) + "\n")
    head = ["passages", "shards", "nodes", "disk", "GPUs reading", "embedding, one GPU", "its cost", "cost a month"]
    typer.echo(table(head, [[f"{n:,}", *cluster(assumed, n)] for n in SIZES]))


if __name__ == "__main__":
    app()
