"""Records to plain JSON-ready data and back, driven by the types in the record's own definition."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from .errors import RecordError

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return `value` as dictionaries, lists, strings and numbers; dates become ISO strings."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in sorted(value.items())}
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def from_plain(kind: type[T], data: Any) -> T:
    """Return the record of type `kind` that `to_plain` wrote. Keys that the record does not know are passed over.

    Raises:
        RecordError: a field is absent or has another type.
    """
    return cast(T, _restore(kind, data, kind.__name__))


def _restore(kind: Any, data: Any, where: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if data is None:
            return None
        return _restore(next(option for option in get_args(kind) if option is not type(None)), data, where)
    if origin is Literal:
        if data not in get_args(kind):
            raise RecordError(f"{where} is {data!r}, expected one of {', '.join(map(repr, get_args(kind)))}.")
        return data
    if is_dataclass(kind):
        return _restore_record(kind, data, where)
    if origin is tuple:
        if not isinstance(data, (list, tuple)):
            raise RecordError(f"{where} is {type(data).__name__}, expected a list.")
        item, *rest = get_args(kind)
        kinds = [item] * len(data) if rest == [...] else [item, *rest]
        if len(kinds) != len(data):
            raise RecordError(f"{where} has {len(data)} items, expected {len(kinds)}. Was it written by to_dict?")
        return tuple(_restore(part, value, where) for part, value in zip(kinds, data, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(data, Mapping):
            raise RecordError(f"{where} is {type(data).__name__}, expected an object. Was it written by to_dict?")
        return dict(data)
    if kind is date:
        return _restore_date(data, where)
    if kind is float and isinstance(data, int):
        return float(data)
    if not isinstance(data, kind):
        raise RecordError(f"{where} is {type(data).__name__}, expected {kind.__name__}. Was it written by to_dict?")
    return data


def _restore_date(data: Any, where: str) -> date:
    try:
        return date.fromisoformat(data)
    except (TypeError, ValueError) as error:
        raise RecordError(
            f"{where} is {data!r}, expected a date like 2026-11-22. Was it written by to_dict?"
        ) from error


@cache
def _hints(kind: Any) -> dict[str, Any]:
    """Reading them anew takes longer than all the rest of reading an article."""
    return get_type_hints(kind)


def _restore_record(kind: Any, data: Any, where: str) -> Any:
    if not isinstance(data, Mapping):
        raise RecordError(f"{where} is {type(data).__name__}, expected an object. Was it written by to_dict?")
    hints = _hints(kind)
    values = {}
    for field in fields(kind):
        if field.name in data:
            values[field.name] = _restore(hints[field.name], data[field.name], f"{where}.{field.name}")
    try:
        return kind(**values)
    except TypeError as error:
        raise RecordError(f"{where} lacks a field: {error}. Was it written by to_dict?") from error
