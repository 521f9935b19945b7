"""Text and Markdown files to articles."""

from __future__ import annotations

from pathlib import Path

from ...schema import Article
from ..decoding import decode
from ..exports import articles_from_text
from ..file_bytes import read_bytes
from ..sources import Unread


def read_text_file(path: Path) -> list[Article | Unread]:
    """Return the article that the file holds, or each of several.

    Raises:
        ReadingError: the file cannot be read, is too large, is empty or is not text.
    """
    decoded = decode(read_bytes(path), name=str(path))
    return articles_from_text(decoded.text, source=str(path), encoding=decoded.encoding)
