"""The commands `citedesk eval run`, `citedesk eval cases` and `citedesk eval compare`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track

from rag.errors import CitedeskError
from rag.settings import Settings

from .benchmarks import benchmarks
from .benchmarks import run as run_benchmark
from .case import CaseError, judged_lines, load_cases, select
from .compare import change_table, compare_folders, difference_table
from .evidence import name_articles
from .limits import failures, parse_limit
from .provenance import describe
from .report import latency, make_folder, save, table
from .run import run_cases

if TYPE_CHECKING:
    from rag import Corpus

CASES = Path(__file__).resolve().parent / "cases" / "seeds.jsonl"  # about the seed articles

app = typer.Typer(name="eval", help="Measure how right the answers are.", no_args_is_help=True)


@app.command()
def run(
    cases: Annotated[
        Path,
        typer.Option(
            help="Cases, one JSON object a line; or an index folder, with the answers judged on its page. "
            "[default: those about the seed articles]",
            show_default=False,
        ),
    ] = CASES,
    corpus: Annotated[
        Path | None,
        typer.Option(help="A folder of articles, or an index made of one. [default: the seed articles]"),
    ] = None,
    split: Annotated[str, typer.Option(help="dev, test or all.")] = "all",
    answerer: Annotated[
        str | None, typer.Option(help="Who writes the answers; by default as the settings say.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the run is saved. [default: eval/runs/CASES-SPLIT-ANSWERER]")
    ] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(help="NAME=VALUE or NAME:TAG=VALUE: exit 1 if the mean is less. May be repeated."),
    ] = None,
    fail_over: Annotated[
        list[str] | None,
        typer.Option(help="The same for scores of which less is better, such as answerable_refused=0.15."),
    ] = None,
) -> None:
    """Ask every case, print the scores, save the rows. Exits 1 when a case crashed or a limit is not kept."""
    with told():
        chosen = select(load_cases(cases), split)
        tags = {tag for case in chosen for tag in case.tags}
        limits = [parse_limit(text, fails="under", tags=tags) for text in fail_under or ()]
        limits += [parse_limit(text, fails="over", tags=tags) for text in fail_over or ()]
        settings = _settings(answerer)
        opened = _open(corpus or _seeds(), settings)
        named = name_articles(chosen, opened.articles())
        folder = out or Path("eval", "runs", f"{cases.stem}-{split}-{_in_a_name(settings.answerer)}")
        make_folder(folder)
        asking = track(chosen, "asking", console=Console(stderr=True), transient=True)
        done = run_cases(asking, opened, named)
        made_with = describe(
            cases=cases, split=split, settings=settings, articles=opened.articles(), made_by=done.made_by
        )
        summary = save(done, folder, made_with)
    console = Console()
    console.print(table(summary))
    typer.echo(latency(done))
    typer.echo(f"saved in {folder}: rows.jsonl, summary.md, summary.json, run.json, timings.json")
    broken = failures(summary, limits)
    if summary.failed:
        broken.insert(0, f"{summary.failed} of {summary.cases} cases crashed, expected none. See error in rows.jsonl.")
    for sentence in broken:
        typer.echo(sentence, err=True)
    if broken:
        raise typer.Exit(1)


@app.command("cases")
def judged(
    index: Annotated[
        Path | None, typer.Option(help="An index folder. [default: your own index]", show_default=False)
    ] = None,
) -> None:
    """Print the answers judged on the page as cases, one JSON object a line: citedesk eval cases > mine.jsonl"""
    from rag.default import default_index  # here, not above: it loads numpy

    with told():
        lines = judged_lines(index or default_index())
    for line in lines:
        typer.echo(line.encode())


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(help="The folder of a saved run.")],
    second: Annotated[Path, typer.Argument(help="The folder of the run to set against it.")],
) -> None:
    """Pair two runs by case: differences of the means with 95 % intervals, exact p, and the cases that changed."""
    with told():
        compared = compare_folders(first, second)
    console = Console()
    for warning in compared.warnings:
        typer.echo(f"note: {warning}", err=True)
    console.print(difference_table(compared))
    if compared.changes:
        console.print(change_table(compared))


def _add_benchmark(name: str, says: str) -> None:
    @app.command(
        name,
        help=says,
        add_help_option=False,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )
    def measure(context: typer.Context) -> None:
        run_benchmark(name, context.args)


for _name, _says in benchmarks().items():
    _add_benchmark(_name, _says)


@contextmanager
def told() -> Iterator[None]:
    """Turn an error of ours into its message and exit code 2."""
    try:
        yield
    except CitedeskError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


def _in_a_name(answerer: str) -> str:
    """Return the name of an answerer without what parts a path: it may be one of a file."""
    return re.sub(r"[^\w.]+", "-", answerer)


def _settings(answerer: str | None) -> Settings:
    settings = Settings.from_environment()
    return replace(settings, answerer=answerer) if answerer else settings


def _seeds() -> Path:
    from rag.default import SEEDS  # here, not above: it loads numpy

    return SEEDS


def _open(path: Path, settings: Settings) -> Corpus:
    """Return the index at the path, or a corpus in memory of the articles there."""
    from rag import Corpus  # here, not above: it loads numpy and the models' packages
    from rag.index.database import holds_index

    if not path.exists():
        raise CaseError(f"{path} does not exist, expected a folder of articles or an index. Correct --corpus.")
    if holds_index(path):
        return Corpus.open(path, settings)
    corpus = Corpus.in_memory(settings)
    for source, reason in corpus.add(path).failed:
        typer.echo(f"note: {source} is left out: {reason}", err=True)
    if not len(corpus):
        raise CaseError(f"{path} has no article that can be read, expected one at least. Correct --corpus.")
    return corpus
