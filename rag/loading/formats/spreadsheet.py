"""Spreadsheets (XLSX, ODS) to articles: one for each row under field names, else one for each sheet, a line a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..articles import article_from_text
from ..fields import Fields
from ..metadata.findings import Finding
from ..sources import Unread, part
from ..tables import lines_of_rows, parts_of_sheet
from .json_records import articles_of
from .note_marks import raised, with_marks_apart
from .odt import lift_spans, raised_styles
from .packed import Packed
from .xml_tree import attribute, children, tag, xml_tree

MOST_ROWS = 200_000
MOST_COLUMNS = 500
NAMED_ROWS = 20  # the row of names is looked for among so many
Row = list[str]


def read_workbook_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return the articles of an XLSX file.

    Raises:
        ReadingError: the file cannot be read, is protected, or holds no cell with words.
    """
    from openpyxl import load_workbook

    packed = Packed(path)
    if "xl/workbook.xml" not in packed:
        raise ReadingError(f"{path} holds no sheets, expected xl/workbook.xml in it. Save it as XLSX or CSV.")
    for name in packed.names:  # each part is counted, before a library unpacks it
        if name.startswith("xl/") and name.endswith(".xml"):
            packed.read(name)
    book = load_workbook(packed.file, read_only=True, data_only=True, rich_text=True)
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    sheets = [(sheet.title, _rows_of(sheet)) for sheet in book.worksheets]
    notes = [f"Its hidden sheets were read too: {', '.join(hidden)}."] if hidden else []
    if any(name.startswith("xl/comments") or "threadedComments" in name for name in packed.names):
        notes.append("Comments on cells were not read.")
    if any(name.startswith("xl/charts") for name in packed.names):
        notes.append("Charts were not read.")
    return _articles(sheets, path, fields, notes)


def read_open_sheet_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return the articles of an ODS file.

    Raises:
        ReadingError: the file cannot be read, is protected, or holds no cell with words.
    """
    root = xml_tree(Packed(path).read("content.xml"))
    tables = [one for one in root.iter() if tag(one) == "table"]
    styles = raised_styles(root)
    return _articles([(attribute(one, "name"), list(_open_rows(one, styles))) for one in tables], path, fields, [])


def _articles(
    sheets: Sequence[tuple[str, list[Row]]], path: Path, fields: Fields, notes: Sequence[str]
) -> list[Article | Unread]:
    found: list[Article | Unread] = []
    filled = [(name, rows) for name, rows in sheets if any(any(row) for row in rows)]
    for name, rows in filled:
        source = str(path) if len(filled) == 1 else part(str(path), name)
        records = _records(rows, fields)
        if records:
            found += articles_of(records, source, fields, notes={number: tuple(notes) for number, _ in records})
            continue
        above, table, below = parts_of_sheet(rows)
        text = "\n".join([*above, *lines_of_rows(table), *below])
        title = [Finding("title", name, "name of the sheet")] if not re.fullmatch(r"\w+ ?\d{1,9}", name) else []
        found.append(article_from_text(text, source=source, findings=title, notes=notes))
    if not found:
        raise ReadingError(
            f"{path} holds no cell with words, expected a row for each article. Fill it, or leave it out."
        )
    return found


def _records(rows: list[Row], fields: Fields) -> list[tuple[int, dict[str, Any]]]:
    """Return the rows with a text, each by the names in the first row that names one, numbered from 1 below it."""
    for at, names in enumerate(rows[:NAMED_ROWS]):
        below = rows[at + 1 :]
        if len({name for name in names if name}) < 2 or not fields.has_text({name: "words" for name in names if name}):
            continue
        named = [{name: cell for name, cell in zip(names, row, strict=False) if name} for row in below]
        return [(number, record) for number, record in enumerate(named, start=1) if fields.has_text(record)]
    return []


def _rows_of(sheet: Any) -> list[Row]:
    sheet.reset_dimensions()  # a file may declare more rows than it has
    rows: list[Row] = []
    for values in sheet.iter_rows(values_only=True):
        if len(rows) == MOST_ROWS:
            raise ReadingError(
                f"a sheet has more than {MOST_ROWS:,} rows, expected fewer. Save it as CSV, and split it."
            )
        rows.append([_cell(value) for value in values[:MOST_COLUMNS]])
    return rows


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if (value.hour, value.minute) == (0, 0) else value.isoformat(" ")
    if isinstance(value, list):  # of pieces, each with its own font
        return with_marks_apart("".join(map(_piece, value))).strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value).replace("_x000D_", "").strip()


def _piece(piece: Any) -> str:
    """Return the words of a piece of a cell, and the mark of a note as one."""
    words = str(piece)
    return raised(words) if getattr(getattr(piece, "font", None), "vertAlign", None) == "superscript" else words


def _open_rows(table: Any, raised_styles: frozenset[str]) -> Iterator[Row]:
    count = 0
    for row in (one for one in table.iter() if tag(one) == "table-row"):
        cells: Row = []
        for cell in children(row, "table-cell", "covered-table-cell"):
            again = min(_number(attribute(cell, "number-columns-repeated")), MOST_COLUMNS - len(cells))
            cells += [_open_cell(cell, raised_styles)] * max(0, again)
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            count += 1
            if count > MOST_ROWS:
                raise ReadingError(
                    f"a sheet has more than {MOST_ROWS:,} rows, expected fewer. Save it as CSV, and split it."
                )
            yield cells


def _open_cell(cell: Any, raised_styles: frozenset[str]) -> str:
    if day := attribute(cell, "date-value"):
        return day.partition("T")[0]
    lift_spans(cell, raised_styles)
    return with_marks_apart("\n".join("".join(one.itertext()) for one in children(cell, "p"))).strip()


def _number(words: str) -> int:
    return int(words) if words.isdecimal() and len(words) < 9 else 1
