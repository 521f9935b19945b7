"""Does the reader order the hits better than the search alone: MRR and recall, by set, the same hits in both orders.

`python -m eval.benchmarks.rerank --data DATA` asks the seed cases (dev), chunking_evaluation, HotpotQA and MuSiQue.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track

from rag.schema import Hit, Reading
from rag.serialization import to_plain
from rag.settings import Settings

from ..case import SPLITS, CaseError
from ..cli import told
from ..evidence import Part, Span, proves
from ..intervals import Interval, paired_interval
from ..provenance import surroundings
from ..report import write_json
from .retrieval_sets import NAMES, Asked, RetrievalSet, load_set

if TYPE_CHECKING:
    from rag import Corpus

app = typer.Typer(add_completion=False)

SEARCH = "search"
READER = "reader"
MEASURES: dict[str, Callable[[Sequence[int | None]], float]] = {
    "mrr": lambda ranks: max((1.0 / rank for rank in ranks if rank), default=0.0),
    "recall@5": lambda ranks: _recall(ranks, 5),
    "recall@10": lambda ranks: _recall(ranks, 10),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One question's outcome: by order, the rank at which each part is first found; None where it is not among the hits."""

    id: str
    name: str
    split: str
    question: str
    ranks: Mapping[str, tuple[int | None, ...]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of one set in the search's order and in the reader's, with the 95 % interval of the paired difference."""

    name: str
    split: str
    measure: str
    n: int
    search: float
    reader: float
    interval: Interval

    @property
    def verdict(self) -> str:
        """How sure a change is: `rises` and `falls` only when the interval leaves out 0."""
        if self.interval.low > 0:
            return "rises"
        if self.interval.high < 0:
            return "falls"
        return "lower, within noise" if self.reader < self.search else "no lower"


def relevant(hit: Hit, part: Part) -> bool:
    """Return whether the passage proves the part, or lies by half or more within a longer proof of it."""
    passage = hit.passage
    inside = any(
        span.article_id == passage.article_id
        and 2 * (min(span.end, passage.end) - max(span.start, passage.start)) >= passage.end - passage.start
        for span in part.spans
    )
    return inside or proves(Span(passage.article_id, passage.start, passage.end), passage.text, part)


def ranks_of(readings: Sequence[Reading], parts: Sequence[Part]) -> dict[str, tuple[int | None, ...]]:
    """Return, for both orders of the hits that were read, the rank at which each part is first found."""
    read = [reading.hit for reading in readings]
    orders = {SEARCH: sorted(read, key=lambda hit: hit.rank), READER: read}
    return {name: tuple(_first(hits, part) for part in parts) for name, hits in orders.items()}


def ask(corpus: Corpus, asked: Iterable[Asked], *, name: str, k: int) -> Iterator[Row]:
    """Yield a row a question: its first `k` hits, read."""
    for one in asked:
        readings = corpus.models.reader.read(one.question, corpus.search(one.question, k=k))
        yield Row(
            one.id, f"{name}/{one.group}" if one.group else name, one.split, one.question, ranks_of(readings, one.parts)
        )


def drawn(asked: Sequence[Asked], at_most: int) -> list[Asked]:
    """Return up to that many, spread over all groups and splits by a hash of the question, in the order given."""
    by_hash = sorted(asked, key=lambda one: hashlib.sha256(one.question.encode()).hexdigest()[2:])
    taken = {one.id for one in by_hash[:at_most]}
    return [one for one in asked if one.id in taken]


def figures(rows: Sequence[Row]) -> list[Figure]:
    """Return every measure, by set and split; a set of groups also as a whole."""
    sets: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        for name in dict.fromkeys((row.name, row.name.partition("/")[0])):
            sets.setdefault((name, row.split), []).append(row)
    return [_figure(name, split, measure, mine) for (name, split), mine in sorted(sets.items()) for measure in MEASURES]


def _figure(name: str, split: str, measure: str, rows: Sequence[Row]) -> Figure:
    before = [MEASURES[measure](row.ranks[SEARCH]) for row in rows]
    after = [MEASURES[measure](row.ranks[READER]) for row in rows]
    interval = paired_interval(before, after)
    return Figure(name, split, measure, len(rows), sum(before) / len(rows), sum(after) / len(rows), interval)


def markdown(found: Sequence[Figure], *, k: int) -> str:
    """Return the figures as a table."""
    lines = [
        f"The first {k} hits of each question, in the order of the search and in the reader's.",
        "",
        "| set | split | n | measure | search | reader | difference | 95 % interval | |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *map(_line, found)]) + "\n"


def _line(one: Figure) -> str:
    interval = f"{one.interval.low:+.3f} to {one.interval.high:+.3f}"
    figures = f"{one.search:.3f} | {one.reader:.3f} | {one.reader - one.search:+.3f} | {interval}"
    return f"| {one.name} | {one.split} | {one.n} | {one.measure} | {figures} | {one.verdict} |"


def _first(hits: Sequence[Hit], part: Part) -> int | None:
    return next((rank for rank, hit in enumerate(hits, start=1) if relevant(hit, part)), None)


def _recall(ranks: Sequence[int | None], k: int) -> float:
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def _open(chosen: RetrievalSet, settings: Settings, index: Path | None) -> Corpus:
    """Return a corpus of the set's articles; with `index`, one that is kept there and made only once."""
    from rag import Corpus
    from rag.index.database import holds_index

    if index is None:
        corpus = Corpus.in_memory(settings)
    elif holds_index(index / chosen.name):
        corpus = Corpus.open(index / chosen.name, settings)
    else:
        corpus = Corpus.create(index / chosen.name, settings)
    report = corpus.add(chosen.articles)
    if report.failed:
        raise CaseError(f"{report.failed[0][0]} of the set {chosen.name} cannot be added: {report.failed[0][1]}")
    return corpus


@app.command()
def main(
    data: Annotated[
        Path | None, typer.Option(help="The folder of the public sets; without it, the seed cases only.")
    ] = None,
    sets: Annotated[
        list[str] | None, typer.Option(help=f"Of {', '.join(NAMES)}; may be repeated. [default: all]")
    ] = None,
    split: Annotated[str, typer.Option(help="dev, test or all.")] = "dev",
    at_most: Annotated[int, typer.Option(min=1, help="Questions of each set.")] = 1_000_000,
    k: Annotated[int, typer.Option("--k", min=10, max=100, help="How many hits the reader reorders.")] = 30,
    reader: Annotated[str | None, typer.Option(help="By default as the settings say.")] = None,
    index: Annotated[Path | None, typer.Option(help="Keep the indexes here and use them again.")] = None,
    out: Annotated[Path, typer.Option(help="Where rows and summary are saved.")] = Path("eval/results/rerank"),
) -> None:
    """Print and save MRR and recall, reader against search. Exits 1 when the reader surely falls on a set."""
    with told():
        if split not in (*SPLITS, "all"):
            raise CaseError(f"there is no split {split!r}. Known: {', '.join(SPLITS)}, all.")
        settings = Settings.from_environment()
        settings = replace(settings, reader=reader or settings.reader)
        rows: list[Row] = []
        made_by: dict[str, str] = {}
        for name in sets or (NAMES if data else NAMES[:1]):
            chosen = load_set(name, data)
            asked = drawn([one for one in chosen.asked if split in ("all", one.split)], at_most)
            shown = track(asked, name, console=Console(stderr=True), transient=True)
            with _open(chosen, settings, index) as corpus:
                made_by = {"embedder": corpus.models.embedder.name, "reader": corpus.models.reader.name}
                rows += ask(corpus, shown, name=name, k=k)
    found = figures(rows)
    made_with = surroundings(settings) | {"made_by": made_by, "k": k, "split": split, "at_most": at_most}
    summary = markdown(found, k=k)
    _save(out, rows, summary, made_with)
    typer.echo(summary)
    typer.echo(f"saved in {out}: rows.jsonl, summary.md, run.json")
    if any(one.verdict == "falls" for one in found if "/" not in one.name):
        raise typer.Exit(1)


def _save(folder: Path, rows: Sequence[Row], summary: str, made_with: Mapping[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(to_plain(row), ensure_ascii=False) + "\n" for row in rows]
    (folder / "rows.jsonl").write_text("".join(lines), encoding="utf-8", newline="\n")
    (folder / "summary.md").write_text(summary, encoding="utf-8", newline="\n")
    write_json(folder / "run.json", made_with)


if __name__ == "__main__":
    app()
