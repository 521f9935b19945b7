"""Files to articles. A format is a function from a path to articles in a file of its own, and one line in FORMATS."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ..errors import ReadingError
from ..schema import Article
from .sections import find_sections
from .text import article_from_text, article_id

__all__ = ["FORMATS", "Format", "article_from_text", "article_id", "find_sections", "read_path", "readable"]


@dataclass(frozen=True, slots=True)
class Format:
    """`opening`: the bytes that every file of the format begins with, None if it has none. `reader`: `module:function`."""

    name: str
    endings: tuple[str, ...]
    opening: bytes | None
    reader: str


FORMATS = (Format("text", (".txt", ".text", ".md", ".markdown", ""), None, "rag.reading.text:read_text_file"),)


def read_path(path: Path) -> list[Article]:
    """Return the articles of a file: by its first bytes where they tell the format, else by its ending.

    Raises:
        ReadingError: it cannot be read, or its format is not known.
    """
    chosen = _format(path)
    module_name, _, function_name = chosen.reader.partition(":")
    read = cast(Callable[[Path], list[Article]], getattr(importlib.import_module(module_name), function_name))
    return read(path)


def readable(path: Path) -> bool:
    """Tell by the ending alone whether there is a reader: what a walk through a folder picks up. No ending is not picked."""
    return path.suffix != "" and any(path.suffix.lower() in known.endings for known in FORMATS)


def _format(path: Path) -> Format:
    opening = _opening(path)
    for known in FORMATS:
        if known.opening is not None and opening.startswith(known.opening):
            return known
    for known in FORMATS:
        if path.suffix.lower() in known.endings:
            return known
    endings = ", ".join(ending for known in FORMATS for ending in known.endings if ending)
    raise ReadingError(
        f"{path} ends in {path.suffix!r}, expected one of {endings}. Convert it, or rename it if it is text."
    )


def _opening(path: Path) -> bytes:
    """Return the first bytes; none where the file cannot be opened, for the reader says best what is wrong."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(16)
    except (OSError, ValueError):
        return b""
