"""How long a warm answer takes and how much memory it needs, on an index of ten thousand passages, against what was promised.

`python -m eval.benchmarks.speed --data DATA`. Each reader is measured in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median
from typing import Annotated, TypeVar

import typer

from rag.schema import Article, Section
from rag.serialization import to_plain
from rag.settings import Settings

from ..case import CaseError
from ..cli import told
from ..intervals import median_interval, percentile
from ..memory import peak_megabytes
from ..provenance import surroundings
from ..report import write_json
from .retrieval_sets import chunking, hotpotqa, musique

app = typer.Typer(add_completion=False)
T = TypeVar("T")

READING = ("squad2_part.json", "new_wiki_v1.0.json", "squad1_part.json", "reddit_v1.0.json", "amazon_reviews_v1.0.json")
ASKED_ON = READING[:3]  # whose questions are asked
WARM_UP = 5  # questions asked first and not counted: the first one loads what the others find loaded
MOST_MEGABYTES = 2000.0
CONTENT = "speed.json"  # beside the index: how many passages it holds


@dataclass(frozen=True, slots=True)
class Target:
    """Seconds of a warm answer that were promised; None where nothing was."""

    median: float | None
    p95: float | None


TARGETS = {"trained": Target(0.7, 1.2), "fast": Target(0.25, None)}


@dataclass(frozen=True, slots=True)
class Timed:
    """What one reader took: seconds of each warm answer, and of its stages.

    `cold` is from opening the index to the first answer, in a fresh process; `megabytes` the most memory the process
    ever held; `statuses` counts how the questions ended.
    """

    reader: str
    made_by: Mapping[str, str]
    cold: float
    seconds: tuple[float, ...]
    stages: tuple[Mapping[str, float], ...]
    statuses: Mapping[str, int]
    megabytes: float


def articles(data: Path) -> list[Article]:
    """Return the articles of the public sets that are there to be searched, whole, in a fixed order."""
    found = [article for name in READING for article in _paragraphs(data / "reading" / name)]
    for load in (chunking, hotpotqa, musique):
        found += load(data / "retrieval").articles
    return found


def questions(data: Path, *, at_most: int) -> list[str]:
    """Return questions that people asked of those articles, drawn evenly."""
    asked = [
        question["question"]
        for name in ASKED_ON
        for entry in _entries(data / "reading" / name)
        for paragraph in entry["paragraphs"]
        for question in paragraph["qas"]
    ]
    return Random(0).sample(asked, min(at_most, len(asked)))  # noqa: S311  a draw, no secret


def build(data: Path, folder: Path, passages: int, settings: Settings) -> int:
    """Make an index of at least so many passages, unless `folder` holds one, and return how many it holds.

    Raises:
        CaseError: the articles do not make so many, or the index holds fewer.
    """
    from rag import Corpus
    from rag.index.splitting import split

    written = folder / CONTENT
    held = int(json.loads(written.read_text(encoding="utf-8"))["passages"]) if written.exists() else 0
    if not held:
        taken: list[Article] = []
        for article in articles(data):
            if held >= passages:
                break
            taken.append(article)
            held += len(split(article, passage_tokens=settings.passage_tokens))
        if held >= passages:
            with Corpus.create(folder / "index", settings) as corpus:
                corpus.add(taken)
            write_json(written, {"passages": held})
    if held < passages:
        raise CaseError(
            f"there are {held:,} passages, expected {passages:,}. Lower --passages, or choose another --index."
        )
    return held


def measure(folder: Path, asked: Sequence[str], settings: Settings) -> Timed:
    """Ask every question after a few to warm up, and return what it took. Meant for a fresh process."""
    from rag import Corpus

    began = time.perf_counter()
    with Corpus.open(folder / "index", settings) as corpus:
        corpus.ask(asked[0])
        cold = time.perf_counter() - began
        for question in asked[1:WARM_UP]:
            corpus.ask(question)
        seconds, stages, statuses = [], [], dict.fromkeys(("answered", "partly", "not_found"), 0)
        for question in asked[WARM_UP:]:
            start = time.perf_counter()
            answer = corpus.ask(question)
            seconds.append(time.perf_counter() - start)
            stages.append(dict(answer.trace.seconds))
            statuses[answer.status] += 1
        made_by = {"embedder": corpus.models.embedder.name, "reader": corpus.models.reader.name}
    return Timed(settings.reader, made_by, cold, tuple(seconds), tuple(stages), statuses, peak_megabytes())


def lines(timed: Timed) -> list[str]:
    """Return what was measured in words, each promise with whether it was kept."""
    target = TARGETS.get(timed.reader, Target(None, None))
    interval = median_interval(timed.seconds)
    stages = {
        name: median(one.get(name, 0.0) for one in timed.stages)
        for name in dict.fromkeys(n for one in timed.stages for n in one)
    }
    return [
        f"{timed.reader}: {len(timed.seconds)} warm questions, "
        + ", ".join(f"{count} {status}" for status, count in timed.statuses.items()),
        f"  median          {_against(median(timed.seconds), target.median, 's')}, 95 % interval {interval.low:.3f} to {interval.high:.3f}",
        f"  95th percentile {_against(percentile(timed.seconds, 95), target.p95, 's')}",
        f"  peak memory     {_against(timed.megabytes, MOST_MEGABYTES, 'MB')}",
        f"  cold            {timed.cold:.1f} s from opening the index to the first answer",
        "  stages, median  " + ", ".join(f"{name} {1000 * seconds:.0f} ms" for name, seconds in stages.items()),
    ]


def missed(timed: Timed) -> list[str]:
    """Return the promises that were not kept."""
    target = TARGETS.get(timed.reader, Target(None, None))
    promised = {
        "median": (median(timed.seconds), target.median),
        "95th percentile": (percentile(timed.seconds, 95), target.p95),
        "peak memory": (timed.megabytes, MOST_MEGABYTES),
    }
    return [f"{timed.reader} {name}" for name, (value, most) in promised.items() if most is not None and value > most]


def _against(value: float, most: float | None, unit: str) -> str:
    shown = f"{value:.3f} {unit}" if unit == "s" else f"{value:.0f} {unit}"
    if most is None:
        return shown
    return f"{shown} ({'kept' if value <= most else 'MISSED'}: at most {most:g} {unit})"


def _entries(path: Path) -> list[dict[str, list[dict[str, list[dict[str, str]]]]]]:
    found: list[dict[str, list[dict[str, list[dict[str, str]]]]]] = json.loads(path.read_text(encoding="utf-8"))["data"]
    return found


def _paragraphs(path: Path) -> list[Article]:
    found = []
    for number, entry in enumerate(_entries(path)):
        text = "\n\n".join(str(paragraph["context"]).strip() for paragraph in entry["paragraphs"])
        title = str(entry.get("title", "")).replace("_", " ")
        sections = (Section(0, len(text), "body"),)
        found.append(Article("", title, text, source=f"{path.name}#{number}", sections=sections))
    return found


def _apart(work: Callable[..., T], *arguments: object) -> T:
    """Return what `work` gives in a process of its own."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


@app.command()
def main(
    data: Annotated[Path, typer.Option(help="The folder of the public sets.")],
    passages: Annotated[int, typer.Option(min=1, help="How many the index holds at least.")] = 10_000,
    asked: Annotated[int, typer.Option(min=WARM_UP + 1, help=f"Questions, the first {WARM_UP} to warm up.")] = 125,
    reader: Annotated[list[str] | None, typer.Option(help="May be repeated. [default: trained, fast]")] = None,
    index: Annotated[
        Path | None, typer.Option(help="Keep the index here and use it again: embedding takes minutes.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the figures are saved.")] = Path("eval/results/speed"),
) -> None:
    """Print and save seconds and memory, reader by reader, against what was promised. Exits 1 when a promise is not kept."""
    with told(), tempfile.TemporaryDirectory() as temporary:
        settings = Settings.from_environment()
        folder = index or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            drawn = questions(data, at_most=asked)
            held = _apart(build, data, folder, passages, settings)
        except OSError as error:
            raise CaseError(
                f"the public sets cannot be read ({error}), expected them in {data}. Correct --data."
            ) from error
        busy = os.getloadavg()[0]
        timed = [_apart(measure, folder, drawn, replace(settings, reader=name)) for name in reader or TARGETS]
    threads = os.environ.get("OMP_NUM_THREADS", "not set")
    told_of = [
        f"{held:,} passages; {os.cpu_count()} processors, OMP_NUM_THREADS {threads}, load {busy:.1f} before the first question"
    ]
    told_of += [line for one in timed for line in lines(one)]
    out.mkdir(parents=True, exist_ok=True)
    (out / "summary.txt").write_text("\n".join(told_of) + "\n", encoding="utf-8", newline="\n")
    write_json(out / "timings.json", to_plain(timed))
    write_json(out / "run.json", surroundings(settings) | {"passages": held, "load": busy, "threads": threads})
    typer.echo("\n".join(told_of))
    broken = [name for one in timed for name in missed(one)]
    if broken:
        typer.echo(f"not kept: {', '.join(broken)}", err=True)
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
