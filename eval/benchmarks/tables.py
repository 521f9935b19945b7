"""Whether questions about a cell find it: the right row quoted, the right cell as short answer, nothing where none answers.

`python -m eval.benchmarks.tables [dev|test] [FORM…]` writes a file for each table of `cases/tables.jsonl` in its own form
(Markdown, HTML, DOCX, CSV; a spreadsheet as CSV), reads all into one index, and asks each question, or those of a half.
A question is right when the short answer is the cell and the first footnote its row; one that no cell answers, when it is
refused. The tables of `dev` were written by somebody who did not know the program, and have been looked at since; those
of `test` before their writer had seen how cells are found.
"""

from __future__ import annotations

import csv
import html
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from rag import Answer, Corpus

from ..intervals import share_of

CASES = Path(__file__).parent.parent / "cases" / "tables.jsonl"
MARKS = "¹²³⁴⁵⁶⁷⁸⁹⁰*†‡ᵃᵇᶜ"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question. `cell` and `row` are None where no cell answers; then `refused` is right."""

    table: str
    form: str
    question: str
    answer: str | None
    short: str | None
    quote: str
    cell: bool | None
    row: bool | None
    refused: bool

    @property
    def right(self) -> bool:
        return self.refused if self.cell is None else bool(self.cell and self.row)


def load_tables(path: Path = CASES) -> list[dict[str, Any]]:
    """Return the tables in the order of the file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_table(table: Mapping[str, Any], folder: Path) -> Path:
    """Write the table with the text around it as a file of its form, and return where it is."""
    form = "csv" if table["form"] == "xlsx" else table["form"]
    path = folder / f"{table['id']}.{form}"
    {"md": _markdown, "html": _page, "docx": _word, "csv": _sheet}[form](table, path)
    return path


def outcomes(tables: Sequence[Mapping[str, Any]], *, split: str | None = None) -> Iterator[Outcome]:
    """Yield what becomes of each question, or of those of a half, asked of one index with all tables."""
    with tempfile.TemporaryDirectory() as name, Corpus.in_memory() as corpus:
        for table in tables:
            write_table(table, Path(name))
        report = corpus.add(Path(name))
        for source, reason in report.failed:
            typer.echo(f"not read: {Path(source).name}: {reason}", err=True)
        for table in tables:
            for question in table["questions"] if split in (None, table["split"]) else ():
                yield _outcome(table, question, corpus.ask(question["question"]))


def _outcome(table: Mapping[str, Any], question: Mapping[str, Any], answer: Answer) -> Outcome:
    quote = answer.statements[0].citations[0].quote if answer.statements else ""
    told = question["answer"]
    cell = row = None
    if told is not None:
        cell = bool(answer.short) and any(_same(answer.short or "", one) for one in told)
        words = [_plain(one) for one in table["rows"][question["row"]] if _plain(one)]
        row = bool(words) and all(one.replace(";", ",") in quote for one in words)
    return Outcome(
        table["id"], table["form"], question["question"], told[0] if told else None, answer.short, quote, cell, row,
        not answer.statements,
    )  # fmt: skip


def _same(short: str, cell: str) -> bool:
    """Tell whether the short answer says the cell, as a whole word or figure, and no other figure."""
    words = short.casefold()
    found = re.search(rf"(?<![\w.,:]){re.escape(cell.casefold())}(?![\w:]|[.,]\d)", words)
    rest = words.replace(cell.casefold(), "", 1)
    return found is not None and len(re.findall(r"\d+", rest)) <= 1 and len(short) <= len(cell) + 30


def _plain(cell: str) -> str:
    return re.sub(r"</?strong>", "", cell).replace("**", "").strip().rstrip(MARKS).strip()


def _markdown(table: Mapping[str, Any], path: Path) -> None:
    head, *rows = ["| " + " | ".join(row) + " |" for row in table["rows"]]
    rule = "|" + " --- |" * len(table["rows"][0])
    lines = [f"# {table['title']}", "", table["before"], "", table["caption"], "", head, rule, *rows, "", *table["notes"], "", table["after"]]  # fmt: skip
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _page(table: Mapping[str, Any], path: Path) -> None:
    covered = {(top + i, left + j) for top, left, high, wide in table.get("merges") or [] for i in range(high) for j in range(wide)}  # fmt: skip
    spans = {(top, left): (high, wide) for top, left, high, wide in table.get("merges") or []}
    lines = []
    for number, row in enumerate(table["rows"]):
        tag = "th" if number < table["head_rows"] else "td"
        cells = []
        for column, cell in enumerate(row):
            if (number, column) in covered and (number, column) not in spans:
                continue
            high, wide = spans.get((number, column), (1, 1))
            words = cell if "<strong>" in cell else html.escape(cell)
            cells.append(f'<{tag} rowspan="{high}" colspan="{wide}">{words}</{tag}>')
        lines.append("<tr>" + "".join(cells) + "</tr>")
    notes = "".join(f"<p>{html.escape(one)}</p>" for one in table["notes"])
    path.write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(table["title"])}</title></head><body>'
        f"<article><h1>{html.escape(table['title'])}</h1><p>{html.escape(table['before'])}</p><table>"
        f"<caption>{html.escape(table['caption'])}</caption>{''.join(lines)}</table>{notes}<p>{html.escape(table['after'])}</p></article></body></html>",
        encoding="utf-8",
    )


def _word(table: Mapping[str, Any], path: Path) -> None:
    from docx import Document

    document = Document()
    document.add_heading(table["title"], 1)
    document.add_paragraph(table["before"])
    document.add_paragraph(table["caption"])
    grid = document.add_table(len(table["rows"]), len(table["rows"][0]))
    for number, row in enumerate(table["rows"]):
        for column, cell in enumerate(row):
            grid.cell(number, column).text = _plain(cell) if "**" in cell or "<strong>" in cell else cell
    for top, left, high, wide in table.get("merges") or []:
        words = grid.cell(top, left).text
        grid.cell(top, left).merge(grid.cell(top + high - 1, left + wide - 1)).text = words
    for note in (*table["notes"], table["after"]):
        document.add_paragraph(note)
    document.save(str(path))


def _sheet(table: Mapping[str, Any], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=table.get("sep") or ",")
        writer.writerows(
            [[table["title"]], [table["caption"]], [], *table["rows"], [], *([note] for note in table["notes"])]
        )


def main(chosen: Iterable[str]) -> None:
    """Print each question that is not right, and the shares. `chosen` are forms, and a half."""
    wanted = set(chosen)
    split = next(iter(wanted & {"dev", "test"}), None)
    wanted -= {"dev", "test"}
    tables = [table for table in load_tables() if not wanted or table["form"] in wanted]
    found = []
    for one in outcomes(tables, split=split):
        found.append(one)
        if not one.right:
            typer.echo(
                f"{one.table} {one.form}: {one.question}\n    wanted {one.answer!r}, short {one.short!r}, quote {one.quote[:150]!r}"
            )
    cells = [one for one in found if one.cell is not None]
    none = [one for one in found if one.cell is None]
    for name, right in (
        ("all questions right", [one.right for one in found]),
        ("cell and row", [one.right for one in cells]),
        ("cell", [bool(one.cell) for one in cells]),
        ("row", [bool(one.row) for one in cells]),
        ("answered", [not one.refused for one in cells]),
        ("refused, where no cell answers", [one.refused for one in none]),
    ):
        typer.echo(str(share_of(name, right)))
    for form in sorted({one.form for one in found}):
        typer.echo(str(share_of(f"  {form}", [one.right for one in found if one.form == form])))


if __name__ == "__main__":
    main(sys.argv[1:])
