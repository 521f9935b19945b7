"""CSV (and the same with tabs or semicolons) to articles, one for each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..decoding import decode
from ..fields import Fields, expected
from ..file_bytes import COLLECTION_MEGABYTES, MAX_MEGABYTES, read_bytes
from ..sources import Unread
from .json_records import articles_of

SEPARATORS = (",", ";", "\t", "|")


def read_table_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return an article for each row; the first row names the fields. Rows count from 1 below it.

    Raises:
        ReadingError: the file cannot be read, no column holds the text, or a quote is never closed.
    """
    text = decode(read_bytes(path, megabytes=COLLECTION_MEGABYTES), name=str(path)).text.lstrip("\n")
    if not text.strip():
        raise ReadingError(f"{path} is empty, expected a row of field names and a row for each article. Fill it.")
    header = text.partition("\n")[0]
    separator = max(SEPARATORS, key=header.count)
    csv.field_size_limit(MAX_MEGABYTES * 1_000_000)  # of the whole process: the default cuts off at 131,072
    rows = csv.DictReader(io.StringIO(text), delimiter=separator, strict=True)
    try:
        records = list(enumerate(_named(rows), start=1))
    except csv.Error as error:
        raise ReadingError(
            f"{path} is no table after line {rows.line_num} ({error}), expected quotes that are closed. Export it again."
        ) from error
    if not any(fields.has_text(record) for _, record in records):
        sample = records[0][1] if records else dict.fromkeys(rows.fieldnames or ())
        raise ReadingError(f"{path} holds no row with the text of an article. {expected(sample, fields)}")
    return articles_of(records, str(path), fields)


def _named(rows: csv.DictReader[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the rows without the cells beyond the last name."""
    for row in rows:
        yield {name: value for name, value in row.items() if name is not None}
