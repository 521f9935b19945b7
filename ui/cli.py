"""The command `citedesk`. What is heavy (torch, gradio) is imported by the command that needs it."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.errors import CitedeskError
from rag.filters import Filters

from .printing import say, say_json, say_json_list, say_lines

if TYPE_CHECKING:
    from rag.corpus import Corpus

NOT_FOUND = 3  # exit code of `ask` when the articles do not say
INTERRUPTED = 130  # exit code after Ctrl+C, as shells have it
SEED_QUESTIONS = (
    "How many animals did Putin give to North Korea?",
    "What did Kim give Moon Jae-in in 2018?",
    "Why might Trump's election matter for Ukraine?",
    "How many North Korean soldiers were sent to Russia?",
)

IndexOption = Annotated[
    Path | None,
    typer.Option("--index", help="The index folder; default: CITEDESK_INDEX, or .citedesk with the seed articles."),
]
WaitOption = Annotated[
    bool, typer.Option("--wait", help="Wait while another process writes to the index, instead of giving up.")
]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="NAME=FIELD",
        help="What JSON and CSV records call a field, where it is not found: --map text=story. NAME is text, title, "
        "outlet, author, published, language, address or id; dots step into objects. May be repeated.",
    ),
]
AfterOption = Annotated[
    datetime | None,
    typer.Option(
        "--after", formats=["%Y-%m-%d"], help="Only articles of this day or later; those without a date are not."
    ),
]
BeforeOption = Annotated[
    datetime | None, typer.Option("--before", formats=["%Y-%m-%d"], help="Only articles of this day or earlier.")
]
OutletOption = Annotated[
    list[str] | None,
    typer.Option("--outlet", help="Only articles of this outlet, as `citedesk list` names it; repeatable."),
]
KOption = Annotated[int, typer.Option("--k", min=1, max=100, help="How many passages.")]

app = typer.Typer(
    name="citedesk",
    help="Answers questions about your articles; every sentence carries a checked footnote.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def index(
    folders: Annotated[
        list[Path], typer.Argument(metavar="FOLDER…", exists=True, help="Folders or files with articles.")
    ],
    index: IndexOption = None,
    sync: Annotated[
        bool, typer.Option("--sync", help="Also take out the articles of files that are gone from the folders.")
    ] = False,
    field_map: MapOption = None,
    details: Annotated[bool, typer.Option("--details", help="Print for each article what became of it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole report as JSON and nothing else.")] = False,
    wait: WaitOption = False,
) -> None:
    """Read articles into the index. Exit code: 0 all read, 1 some failed, 2 wrong use, 130 interrupted (Ctrl+C)."""
    from rag import AddReport

    from .plain import counted, report_lines, report_summary
    from .progress import shown_progress

    target, corpus = _open_or_create(index, field_map)
    report, finished, start = AddReport(), False, time.perf_counter()
    with corpus:
        with shown_progress() as progress, suppress(KeyboardInterrupt):
            if sync:
                for folder in folders:
                    report += corpus.sync(folder, progress=progress, wait=wait)
            else:
                report = corpus.add(folders, progress=progress, wait=wait)
            finished = True
        seconds, total = time.perf_counter() - start, len(corpus)
    if not finished:
        stored = len(report.added) + len(report.changed) + progress.step.articles
        words = f"This run has stored {counted(stored, 'article')}, {target} holds {total:,}."
        say([("Interrupted. ", "bold yellow"), (f"{words} The same command goes on from there.", "")], error=True)
        raise typer.Exit(INTERRUPTED)
    if as_json:
        figures = {"seconds": round(seconds, 3), "passages_a_second": round(report.passages / seconds, 1)}
        say_json({"index": str(target), "articles": total} | figures | report.to_dict())
    else:
        told = report if details else AddReport(failed=report.failed, notes=report.notes)
        say_lines(report_lines(told), error=not details)
        holds = f"{target} holds {counted(total, 'article')}."
        pace = f"{counted(report.passages, 'passage')} in {seconds:.1f} s."
        say([(f"{report_summary(report, removed=sync)}. {holds} {pace}", "")])
    raise typer.Exit(1 if report.failed else 0)


@app.command("list")
def list_articles(
    index: IndexOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON and nothing else: a list with an article a line.")
    ] = False,
) -> None:
    """Print a line for each article, by title: title, outlet, day, and the source that `citedesk remove` takes."""
    from rag.serialization import to_plain

    from .plain import list_lines

    with _open_as_it_is(index)[1] as corpus:
        articles = corpus.listed()
    if as_json:
        say_json_list(map(to_plain, articles))
    else:
        say_lines(list_lines(articles))


@app.command()
def remove(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE…", help="Sources of articles, as `citedesk list` prints them.")
    ],
    index: IndexOption = None,
    wait: WaitOption = False,
) -> None:
    """Take articles out of the index, each with all of its sources. Exit code: 0 removed; 2 error, and nothing was.

    Files stay as they are: `citedesk index` and `watch` of a folder that still holds one read it again.
    """
    from rag import AddReport

    from .plain import counted, report_lines

    target, corpus = _open_as_it_is(index)
    with corpus:
        gone = corpus.remove_sources(sources, wait=wait)
        total = len(corpus)
    say_lines(report_lines(AddReport(removed=tuple(gone))))
    say([(f"{target} holds {counted(total, 'article')}.", "")])


@app.command()
def watch(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="A folder with articles, and with folders of them.")
    ],
    index: IndexOption = None,
    field_map: MapOption = None,
) -> None:
    """Keep the index in step with a folder until Ctrl+C. Exit code: 0 stopped, 2 error."""
    import signal

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl+C does
    with suppress(KeyboardInterrupt):
        _watch(folder, index, field_map)
    say([("Stopped.", "")])


@app.command()
def doctor(
    index: IndexOption = None,
    repair: Annotated[bool, typer.Option("--repair", help="Make again what can be made again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON and nothing else.")] = False,
    wait: WaitOption = False,
) -> None:
    """Check that the index is whole. Exit code: 0 it is, or was made so; 1 something is wrong or lost; 2 error."""
    from dataclasses import asdict

    from rag import default_index
    from rag.index import doctor as doctors

    from .plain import terminal_checkup

    folder = index or default_index()
    checkup = doctors.repair(folder, wait=wait) if repair else doctors.examine(folder)
    if as_json:
        say_json(asdict(checkup) | {"healthy": checkup.healthy})
    else:
        say(terminal_checkup(checkup))
    raise typer.Exit(0 if checkup.healthy else 1)


@app.command()
def ask(
    question: str,
    index: IndexOption = None,
    answerer: Annotated[
        str | None, typer.Option("--answerer", help="extractive, chat-model, or package.module:Class.")
    ] = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    outlet: OutletOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON and nothing else.")] = False,
) -> None:
    """Answer a question with footnotes. Exit code: 0 answered, wholly or in part; 2 error; 3 the articles do not say."""
    from .plain import terminal

    with _open(index) as corpus:
        _check_outlets(corpus, outlet or ())
        answer = corpus.ask(question, answerer=answerer, filters=Filters(after, before, outlet))
    if as_json:
        say_json(answer.to_dict())
    else:
        say(terminal(answer))
    raise typer.Exit(NOT_FOUND if answer.status == "not_found" else 0)


@app.command()
def search(
    query: str,
    index: IndexOption = None,
    k: KOption = 8,
    after: AfterOption = None,
    before: BeforeOption = None,
    outlet: OutletOption = None,
) -> None:
    """Print the passages that match a query best."""
    from .plain import terminal_hits

    with _open(index) as corpus:
        _check_outlets(corpus, outlet or ())
        hits = corpus.search(query, k=k, filters=Filters(after, before, outlet))
    say(terminal_hits(hits) or [("No passage was found.", "yellow")])


@app.command()
def chat(
    port: Annotated[int, typer.Option("--port", envvar="PORT", min=1, max=65535, help="Port on 127.0.0.1.")] = 7860,
    index: IndexOption = None,
) -> None:
    """Serve the page on this machine only."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it when it is imported
    from rag.default import SEEDS

    from .address import HOST, check_port

    check_port(port)
    from .app import serve

    with _open(index) as corpus:
        corpus.models.embedder.embed_query("Citedesk")  # loads the model: the first question is not to wait for it
        seeded = any(Path(source).parent == SEEDS.resolve() for source in corpus.sources())
        say([("Citedesk is at ", ""), (f"http://{HOST}:{port}", "bold cyan"), (" (Ctrl+C stops it)", "dim")])
        serve(corpus, port=port, examples=SEED_QUESTIONS if seeded else ())


@app.command(
    "eval",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    help="Measure answers against cases: citedesk eval run, citedesk eval compare.",
)
def evaluate(context: typer.Context) -> None:
    from eval.cli import app as eval_app

    eval_app(args=context.args, prog_name="citedesk eval")


def main() -> None:
    """Run the command line; an error of ours is one red line and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="citedesk")
    except CitedeskError as error:
        say([(" ".join(str(error).split()), "red")], error=True)
        sys.exit(2)
    finally:
        gc.freeze()  # the end of Python would search all that torch has made for garbage: a second


@contextmanager
def _open(index: Path | None) -> Iterator[Corpus]:
    from rag import Corpus, open_default
    from rag.settings import Settings

    settings = Settings.from_environment()
    if index:
        corpus = Corpus.open(index, settings)
    else:
        from .progress import shown_progress

        with shown_progress() as progress:
            corpus = open_default(settings, progress=progress)
    with corpus:
        yield corpus


def _check_outlets(corpus: Corpus, outlets: Sequence[str]) -> None:
    if not outlets:
        return
    known = sorted({one.outlet for one in corpus.listed() if one.outlet})
    for name in outlets:
        if name not in known:
            alike = get_close_matches(name, known, n=1)
            hint = f" Did you mean {alike[0]!r}?" if alike else ""
            raise CitedeskError(
                f"no article is of the outlet {name!r}, expected one of {len(known):,}.{hint} `citedesk list` names them."
            )


def _watch(folder: Path, index: Path | None, field_map: list[str] | None) -> None:
    from rag.watching import watch

    from .plain import counted, report_lines, report_summary
    from .progress import shown_progress

    target, corpus = _open_or_create(index, field_map)
    with corpus:
        with shown_progress() as progress:
            reports = watch(corpus, folder, progress=progress)
            first = next(reports)
        say_lines(report_lines(replace(first, added=(), unchanged=())))
        summary = f"{report_summary(first, removed=True)}. {target} holds {counted(len(corpus), 'article')}."
        say([(summary, ""), (f" Watching {folder} (Ctrl+C stops it)", "dim")])
        for report in reports:
            say_lines(report_lines(replace(report, unchanged=())))


def _open_as_it_is(index: Path | None) -> tuple[Path, Corpus]:
    from rag import Corpus, default_index

    folder = index or default_index()
    return folder, Corpus.open(folder)


def _open_or_create(index: Path | None, field_map: list[str] | None) -> tuple[Path, Corpus]:
    from rag import Corpus, default_index
    from rag.index.database import holds_index
    from rag.loading import parse_fields
    from rag.settings import Settings

    settings = Settings.from_environment()
    if field_map:
        settings = replace(settings, field_map=",".join(field_map))
    parse_fields(settings.field_map)  # before a folder is made for nothing
    folder = index or default_index()
    make = Corpus.open if holds_index(folder) else Corpus.create
    return folder, make(folder, settings)
