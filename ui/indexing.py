"""The commands that make, change and look after an index. What is heavy is imported by the command that needs it."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from rag.errors import CitedeskError

from .opening import default_folder, elsewhere, open_as_it_is, open_or_create, open_place
from .options import IndexOption, MapOption, WaitOption
from .printing import say, say_json, say_json_list, say_lines

INTERRUPTED = 130  # exit code after Ctrl+C, as shells have it


def index(
    folders: Annotated[
        list[Path], typer.Argument(metavar="FOLDER…", exists=True, help="Folders or files with articles.")
    ],
    index: IndexOption = None,
    sync: Annotated[
        bool, typer.Option("--sync", help="Also take out the articles of files that are gone from the folders.")
    ] = False,
    field_map: MapOption = None,
    details: Annotated[
        bool, typer.Option("--details", help="Print for each article and each ignored file what became of it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole report as JSON and nothing else.")] = False,
    wait: WaitOption = False,
) -> None:
    """Read articles into the index. Exit code: 0 all read, 1 some failed, 2 wrong use, 130 interrupted (Ctrl+C).

    It reads text, wikitext, HTML, PDF, DOCX, rich text, ODT, PPTX, XLSX, ODS, EPUB, e-mail, MHTML, webarchive, EMLX,
    mailbox, Outlook, feed, subtitles, JSON, JSON Lines, CSV, WARC, WACZ, ZIP and gzip files.
    """
    from rag import AddReport

    from .plain import counted, report_lines, report_summary
    from .progress import shown_progress

    target, corpus = open_or_create(index, field_map)
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


def list_articles(
    index: IndexOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON and nothing else: a list with an article a line.")
    ] = False,
) -> None:
    """Print a line for each article, by title: title, outlet, day, and the source that `citedesk remove` takes."""
    from rag.serialization import to_plain

    from .plain import list_lines

    with open_as_it_is(index)[1] as corpus:
        articles = corpus.list_articles()
    if as_json:
        say_json_list(map(to_plain, articles))
    else:
        say_lines(list_lines(articles))


def remove(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE…",
            help="Sources of articles, as `citedesk list` prints them, or files: all that came from them.",
        ),
    ],
    index: IndexOption = None,
    wait: WaitOption = False,
) -> None:
    """Take articles out of the index, each with all of its sources. Exit code: 0 removed; 2 error, and nothing was.

    Files stay as they are: `citedesk index` and `watch` of a folder that still holds one read it again.
    """
    from rag import AddReport

    from .plain import counted, report_lines

    target, corpus = open_as_it_is(index)
    with corpus:
        gone = corpus.remove_sources(sources, wait=wait)
        total = len(corpus)
    say_lines(report_lines(AddReport(removed=tuple(gone))))
    say([(f"{target} holds {counted(total, 'article')}.", "")])


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


def doctor(
    index: IndexOption = None,
    repair: Annotated[bool, typer.Option("--repair", help="Make again what can be made again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON and nothing else.")] = False,
    wait: WaitOption = False,
) -> None:
    """Check that the index is whole. Exit code: 0 it is, or was made so; 1 something is wrong or lost; 2 error."""
    from dataclasses import asdict

    from rag.index import doctor as doctors

    from .plain import terminal_checkup

    if index is None and (place := elsewhere()):
        if repair:
            raise CitedeskError(
                f"the index {place} is not repaired by --repair, expected one in a folder. What a writer left half-done is "
                "taken away by the next change; remove and add again what else is found."
            )
        with open_place(place) as corpus:
            checkup = corpus.check()
    else:
        folder = index or default_folder()
        checkup = doctors.repair(folder, wait=wait) if repair else doctors.examine(folder)
    if as_json:
        say_json(asdict(checkup) | {"healthy": checkup.healthy})
    else:
        say(terminal_checkup(checkup))
    raise typer.Exit(0 if checkup.healthy else 1)


def migrate(
    to: Annotated[str, typer.Option("--to", help="The index to write: milvus:ADDRESS, or a folder.")],
    index: Annotated[
        str, typer.Option("--index", help="The index to read: a folder, or milvus:ADDRESS; default: your own.")
    ] = "",
    wait: WaitOption = False,
) -> None:
    """Bring the articles of one index into another, without embedding them again.

    One that was cut off goes on where it was. Exit code: 0 all articles are there, 2 error.
    """
    from .plain import counted

    place = index or os.environ.get("CITEDESK_INDEX") or str(default_folder())
    with open_place(place) as source, open_place(to) as target:
        done = source.migrate_to(target, wait=wait)
        total = len(target)
    again = f", {counted(done.known, 'article')} were there already" if done.known else ""
    say([(f"{counted(done.copied, 'article')} with {counted(done.passages, 'passage')} copied{again}. ", "")])
    say([(f"{to} holds {counted(total, 'article')}.", "")])


def _watch(folder: Path, index: Path | None, field_map: list[str] | None) -> None:
    from rag.serving.watching import watch

    from .plain import counted, report_lines, report_summary
    from .progress import shown_progress

    target, corpus = open_or_create(index, field_map)
    with corpus:
        with shown_progress() as progress:
            reports = watch(corpus, folder, progress=progress)
            first = next(reports)
        say_lines(report_lines(replace(first, added=(), unchanged=(), ignored=())))
        summary = f"{report_summary(first, removed=True)}. {target} holds {counted(len(corpus), 'article')}."
        say([(summary, ""), (f" Watching {folder} (Ctrl+C stops it)", "dim")])
        for report in reports:
            say_lines(report_lines(replace(report, unchanged=(), ignored=())))
