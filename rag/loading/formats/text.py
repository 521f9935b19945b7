"""Text and Markdown files to articles."""

from __future__ import annotations

from pathlib import Path

from ...schema import Article
from ..articles import plain_lines
from ..decoding import decode
from ..exports import articles_from_text
from ..file_bytes import read_bytes
from ..layout.blocks import front_matter_end
from ..markup import markdown_words
from ..sources import Unread

MARKDOWN = (".md", ".markdown")


def read_text_file(path: Path) -> list[Article | Unread]:
    """Return the article that the file holds, or each of several.

    Raises:
        ReadingError: the file cannot be read, is too large, is empty or is not text.
    """
    decoded = decode(read_bytes(path), name=str(path))
    return articles_from_text(_seen(decoded.text, path), source=str(path), encoding=decoded.encoding)


def _seen(text: str, path: Path) -> str:
    """Return the words of a text without the marks of Markdown, if it is that."""
    if path.suffix.lower() not in MARKDOWN:
        return text
    text = plain_lines(text)
    top = front_matter_end(text)
    return text[:top] + markdown_words(text[top:])
