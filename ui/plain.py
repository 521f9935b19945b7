"""Reports, lists and checkups → lines of the terminal. How an answer reads is said in `rag.rendering`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rag.rendering.plain_text import Styled
from rag.rendering.words import origin
from rag.schema import ArticleSummary

if TYPE_CHECKING:
    from rag.index.doctor import Checkup
    from rag.ingest.report import AddReport


def counted(number: int, what: str) -> str:
    """Return `1 article` or `1,340 articles`."""
    return f"{number:,} {what}{'s' if number != 1 else ''}"


def report_lines(report: AddReport) -> Iterator[list[Styled]]:
    """Yield a line for each article or file: what became of it, and if it failed, why. In order of their sources."""
    outcomes = [(source, name, "") for name in _OUTCOME_STYLES for source in getattr(report, name)]
    outcomes += [(source, "failed", f": {reason}") for source, reason in report.failed]
    outcomes += [(source, "note", f": {note}") for source, note in report.notes]
    for source, name, reason in sorted(outcomes):
        yield [(f"{name} ", _OUTCOME_STYLES.get(name, "bold red")), (_one_line(f"{source}{reason}"), "")]


def list_lines(articles: Iterable[ArticleSummary]) -> Iterator[list[Styled]]:
    """Yield a line for each article: title, outlet and date as far as they are known, and its sources."""
    for one in articles:
        first, *others = map(_one_line, one.sources)
        known = f" · {origin(one)}" if origin(one) else ""
        also = f" (also {', '.join(others)})" if others else ""
        notes = f" · {' '.join(map(_one_line, one.notes))}" if one.notes else ""
        yield [
            (" ".join(one.title.split()), "bold"),
            (known, "dim"),
            (f" · {first}", ""),
            (also, "dim"),
            (notes, "yellow"),
        ]


def report_summary(report: AddReport, *, removed: bool) -> str:
    """Return `2 added, 0 unchanged, 1 changed, 0 failed; 1 of these is a copy`; with `removed`, how many those are."""
    names = ("added", "unchanged", "changed", *(("removed",) if removed else ()), "failed")
    copied = len(report.copies)
    copies = f"; {copied:,} of these {'is a copy' if copied == 1 else 'are copies'}" if copied else ""
    ignored = f", ignored: {len(report.ignored):,}" if report.ignored else ""
    noted = len({source for source, _ in report.notes})
    notes = f"; {noted:,} not whole" if noted else ""
    return ", ".join(f"{len(getattr(report, name)):,} {name}" for name in names) + ignored + copies + notes


def terminal_checkup(checkup: Checkup) -> list[Styled]:
    """Return what was found wrong with an index, as styled words, ready to be joined."""
    holds = f"{counted(checkup.articles, 'article')} with {counted(checkup.passages, 'passage')}"
    size = f"{checkup.folder} holds {holds}; checked in {checkup.seconds:.1f} s.\n"
    parts: list[Styled] = [(size, ""), *([(f"{checkup.dense}\n", "")] if checkup.dense else [])]
    for label, style, findings in (("repaired", "green", checkup.repaired), ("wrong", "bold red", checkup.findings)):
        for one in findings:
            parts += [(f"{label} ", style), (f"{one.part} {one.where}: {one.problem}\n", "")]
    for source in checkup.lost:
        parts += [("lost ", "bold red"), (f"{source}: its text was damaged. Add it again.\n", "")]
    if checkup.findings and not checkup.repaired:
        parts.append(("Run it with --repair to make again what can be made again.", "yellow"))
    elif checkup.findings:
        parts.append(("This could not be repaired. Move the folder away and run `citedesk index` again.", "yellow"))
    elif not checkup.lost:
        parts.append(("The index is whole.", "green"))
    return parts


_OUTCOME_STYLES = {"added": "green", "unchanged": "dim", "changed": "cyan", "removed": "magenta", "ignored": "dim"}


def _one_line(source: str) -> str:
    """A file's name may hold line breaks."""
    return source.replace("\n", "\\n")
