"""Text and Markdown files to articles."""

from __future__ import annotations

from pathlib import Path

from ...schema import Article
from ..articles import article_from_text
from ..decoding import decode
from ..file_bytes import read_bytes


def read_text_file(path: Path) -> list[Article]:
    """Return the one article that the file holds.

    Raises:
        ReadingError: the file cannot be read, is too large, is empty or is not text.
    """
    decoded = decode(read_bytes(path), name=str(path))
    article = article_from_text(decoded.text, source=str(path), encoding=decoded.encoding)
    return [article]
