"""JSON and JSON Lines to articles, one for each record that holds a text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..decoding import decode
from ..fields import Fields, articles_from_record, expected, record_id
from ..file_bytes import COLLECTION_MEGABYTES, read_bytes
from ..sources import Unread, part
from .channels import channel_records, is_channel, with_feed_title

MAX_DEPTH = 4  # of objects around the list of records, as in {"response": {"docs": [...]}}


def read_json_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return an article for each record: the file is one, a list of them, or holds such a list under some name.

    Raises:
        ReadingError: the file cannot be read, is no JSON, or holds no record with a text.
    """
    text = decode(read_bytes(path, megabytes=COLLECTION_MEGABYTES), name=str(path)).text
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and "\n" in text[: error.pos]:  # JSON Lines under another name
            return _lines(text, str(path), fields)
        raise ReadingError(
            f"{path} is no JSON at line {error.lineno}: {error.msg}, expected one whole value. Export it again."
        ) from error
    if is_channel(data):
        messages, notes = channel_records(data)
        return articles_of(messages, str(path), fields, notes=notes)
    data = with_feed_title(data)
    if _is_article(data, fields):
        return articles_from_record(data, source=str(path), fields=fields)
    records = _records(data, fields, MAX_DEPTH)
    if records is None:
        sample = next((one for one in _objects(data, MAX_DEPTH)), {})
        raise ReadingError(f"{path} holds no record with a text. {expected(sample, fields)}")
    numbered = list(enumerate(records, start=1))
    broken = [
        Unread(str(path), f"record {number} is no object, expected a record. Export it again.")
        for number, one in numbered
        if not isinstance(one, Mapping)
    ]
    return articles_of([(at, one) for at, one in numbered if isinstance(one, Mapping)], str(path), fields) + broken


def read_json_lines_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return an article for each line that is a record.

    Raises:
        ReadingError: the file cannot be read, or no line is a record.
    """
    return _lines(decode(read_bytes(path, megabytes=COLLECTION_MEGABYTES), name=str(path)).text, str(path), fields)


def articles_of(
    records: Sequence[tuple[int, Mapping[str, Any]]],
    source: str,
    fields: Fields,
    *,
    notes: Mapping[int, Sequence[str]] | None = None,
) -> list[Article | Unread]:
    """Return the article of each (number, record). Its source ends in the record's own id where all have one of their own.

    `notes` say by number what a record leaves out of its article.

    Numbers would shift, and every article after it change its source, when a record is put before others.
    """
    ids = [record_id(record, fields) for _, record in records]
    own = all(ids) and len(set(ids)) == len(ids)
    found: list[Article | Unread] = []
    for (number, record), id_ in zip(records, ids, strict=True):
        name = part(source, id_ if own else str(number))
        try:
            found += articles_from_record(record, source=name, fields=fields, notes=(notes or {}).get(number, ()))
        except ReadingError as error:
            found.append(Unread(name, str(error)))
    return found


def _lines(text: str, source: str, fields: Fields) -> list[Article | Unread]:
    records: list[tuple[int, Mapping[str, Any]]] = []
    broken: list[Article | Unread] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            broken.append(Unread(source, f"line {number} is no JSON ({error}), expected one object. Export it again."))
            continue
        if isinstance(record, Mapping):
            records.append((number, record))
        else:
            broken.append(Unread(source, f"line {number} is no object, expected a record. Export it again."))
    if not any(fields.has_text(record) for _, record in records):
        sample = records[0][1] if records else {}
        raise ReadingError(f"{source} holds no line with the text of an article. {expected(sample, fields)}")
    return articles_of(records, source, fields) + broken


def _is_article(data: Any, fields: Fields) -> bool:
    """Tell whether it is a record with a text, and not an object around records.

    Sections of one text may have titles as well: where the whole has one, records are known by their days.
    """
    if not fields.has_text(data):
        return False
    name, _ = fields.value(data, "text")
    inner = data.get(name)
    if not isinstance(inner, list):
        return True
    own = ("text", "title", "published") if fields.value(data, "title")[1] else ("text", "title")
    records = [one for one in inner if one is not None]
    return not all(isinstance(one, Mapping) and all(fields.value(one, name)[1] for name in own) for one in records)


def _records(data: Any, fields: Fields, depth: int) -> list[Any] | None:
    """Return the longest list with records in the data; None if there is none. Objects by name count as a list.

    Of a list of pages, the lists of all are joined.
    """
    if depth == 0:
        return None
    found: list[list[Any]] = []
    values = list(data.values()) if isinstance(data, Mapping) else data if isinstance(data, list) else []
    if any(_is_article(one, fields) for one in values):
        if isinstance(data, list):
            return values
        if all(isinstance(one, Mapping) for one in values):
            return [{"id": name} | dict(one) for name, one in data.items()]
    for value in values:
        inner = _records(value, fields, depth - 1)
        if inner:
            found.append(inner)
    if isinstance(data, list) and found:
        return [one for inner in found for one in inner]
    return max(found, key=len, default=None)


def _objects(data: Any, depth: int) -> Iterable[Mapping[str, Any]]:
    """Yield the objects of the data, the deepest first: the likeliest records."""
    values = list(data.values()) if isinstance(data, Mapping) else data if isinstance(data, list) else []
    if depth:
        for value in values[:20]:
            yield from _objects(value, depth - 1)
    if isinstance(data, Mapping):
        yield data
