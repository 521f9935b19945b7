"""CSV (and the same with tabs or semicolons) to articles, one for each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..articles import article_from_text
from ..decoding import decode
from ..fields import Fields, expected
from ..file_bytes import COLLECTION_MEGABYTES, MAX_MEGABYTES, read_bytes
from ..sources import Unread
from ..tables import FIGURES, is_table, lines_of_table, parts_of_sheet
from .json_records import articles_of

SEPARATORS = (",", ";", "\t", "|")
LEAST_FIGURES = 0.3  # of the cells of a table that holds no articles


def read_table_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return an article for each row; the first row names the fields. Rows count from 1 below it.

    Raises:
        ReadingError: the file cannot be read, no column holds the text, or a quote is never closed.
    """
    text = decode(read_bytes(path, megabytes=COLLECTION_MEGABYTES), name=str(path)).text.lstrip("\n")
    if not text.strip():
        raise ReadingError(f"{path} is empty, expected a row of field names and a row for each article. Fill it.")
    separator = _separator(text)
    csv.field_size_limit(MAX_MEGABYTES * 1_000_000)  # of the whole process: the default cuts off at 131,072
    rows = csv.DictReader(io.StringIO(text), delimiter=separator, strict=True)
    try:
        records = list(enumerate(_named(rows), start=1))
    except csv.Error as error:
        raise ReadingError(
            f"{path} is no table after line {rows.line_num} ({error}), expected quotes that are closed. Export it again."
        ) from error
    if not any(fields.has_text(record) for _, record in records):
        if not fields.given and (article := _data_table(text, separator, path)):
            return [article]
        sample = records[0][1] if records else dict.fromkeys(rows.fieldnames or ())
        raise ReadingError(f"{path} holds no row with the text of an article. {expected(sample, fields)}")
    return articles_of(records, str(path), fields)


def _named(rows: csv.DictReader[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the rows without the cells beyond the last name."""
    for row in rows:
        yield {name: value for name, value in row.items() if name is not None}


def _separator(text: str) -> str:
    """Return what parts the cells of the first line; of most lines at the beginning, where a title stands in the first."""
    lines = [line for line in text.split("\n")[:12] if line.strip()]
    if any(one in lines[0] for one in SEPARATORS):
        return max(SEPARATORS, key=lines[0].count)
    return max(SEPARATORS, key=lambda one: sum(line.count(one) > 1 for line in lines))


def _data_table(text: str, separator: str, path: Path) -> Article | None:
    """Return the article of a table of figures, with the lines above it (title, caption) and below; None if it is none."""
    rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    above, table, below = parts_of_sheet(rows)
    cells = [cell for row in table[1:] for cell in row[1:] if cell.strip()]
    if not is_table(table) or sum(bool(FIGURES.fullmatch(cell.strip())) for cell in cells) < LEAST_FIGURES * len(cells):
        return None
    around = ["\n\n".join(line.strip(separator + " ") for line in part) for part in (above, below)]
    lines = "\n\n".join(lines_of_table(table))
    return article_from_text("\n\n".join(filter(None, (around[0], lines, around[1]))), source=str(path))
