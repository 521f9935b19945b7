"""The page of a PDF on which a quote stands, drawn from the file that the article was read from, in the sandbox."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from ..errors import ReadingError
from ..schema import Article
from ..serialization import from_plain
from . import format_of
from .sandbox import ReadingProcess
from .sources import MARK

SECONDS = 20.0  # of the processor, for a page of the smallest file


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a reader of PDF draws it.

    `png` is the picture in base64, `width` and `height` are its pixels, `pages` how many the file has. `spots` are where
    the words stand, a box for each line: left, top, width and height as shares of the picture; none where they were not found.
    """

    png: str
    width: int
    height: int
    pages: int
    spots: tuple[tuple[float, float, float, float], ...]


def pdf_of(article: Article) -> Path | None:
    """Return the PDF that an article was read from; None where it was another file, or the file is gone."""
    if not article.pages:
        return None
    for name in (article.source, article.source.rpartition(MARK)[0]):
        path = Path(name)
        try:
            if name and path.is_file() and format_of(path).name == "PDF":
                return path
        except (ReadingError, OSError, ValueError):  # it may not be read, or is no name of a file
            continue
    return None


def page_of(article: Article, start: int) -> int:
    """Return the number of the page on which `text[start]` stands, counted from 1."""
    return max(1, bisect_right(article.pages, start))


def draw(article: Article, number: int, *, start: int = 0, end: int = 0) -> PagePicture:
    """Return page `number` of the article's file, with what of `text[start:end]` stands on it marked.

    Raises:
        ReadingError: the article comes from no PDF that is still there, or the page holds other words by now.
    """
    path = pdf_of(article)
    if path is None:
        raise ReadingError(
            f"{article.source} is no PDF, or is not there any more, expected the file that was read. Read its words instead."
        )
    if not 1 <= number <= len(article.pages):
        raise ReadingError(
            f"the article has no page {number:,}, expected 1 to {len(article.pages):,}. Read its words instead."
        )
    first = article.pages[number - 1]
    last = article.pages[number] if number < len(article.pages) else len(article.text)
    with ReadingProcess(seconds=SECONDS) as process:
        drawn = process.draw(
            path,
            number,
            text=article.text[first:last],
            start=min(max(start, first), last) - first,
            end=min(max(end, first), last) - first,
        )
    return from_plain(PagePicture, drawn)
