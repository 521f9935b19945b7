"""Files to articles. A format is a function from a path to articles in a file of its own, and one line in FORMATS."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ..errors import ReadingError
from ..schema import Article
from .text import article_from_text, article_id

__all__ = ["FORMATS", "Format", "article_from_text", "article_id", "read_path"]


@dataclass(frozen=True, slots=True)
class Format:
    """The endings of its files, and what reads one: `module:function`."""

    name: str
    endings: tuple[str, ...]
    reader: str


FORMATS = (Format("text", (".txt", ".text", ".md", ".markdown", ""), "rag.reading.text:read_text_file"),)


def read_path(path: Path) -> list[Article]:
    """Return the articles of a file: read as its ending says.

    Raises:
        ReadingError: it cannot be read, or its format is not known.
    """
    chosen = _format(path)
    module_name, _, function_name = chosen.reader.partition(":")
    read = cast(Callable[[Path], list[Article]], getattr(importlib.import_module(module_name), function_name))
    return read(path)


def _format(path: Path) -> Format:
    for known in FORMATS:
        if path.suffix.lower() in known.endings:
            return known
    endings = ", ".join(ending for known in FORMATS for ending in known.endings if ending)
    raise ReadingError(
        f"{path} ends in {path.suffix!r}, expected one of {endings}. Convert it, or rename it if it is text."
    )
