"""A page of a PDF beside the answer → HTML: its picture, the quoted words marked on it. Pure, as render.py.

`data-sheet` shows a page of the article `data-of`; `data-start` and `data-end` are the words that stay marked.
"""

from __future__ import annotations

from rag.loading.page_picture import PagePicture
from rag.rendering.notebook import escaped
from rag.rendering.words import origin
from rag.schema import Article

from .render import WAYS_BACK, error


def to_the_page(article: Article, number: int, *, start: int, end: int) -> str:
    """Return the way from the words of an article to its page as the file has it."""
    return f"<p>{_button(article, number, f'Show page {number:,} as it is in the PDF', start, end)}</p>"


def page_picture(article: Article, picture: PagePicture, number: int, *, start: int, end: int) -> str:
    """Return a page with its words marked, and the ways to its neighbours and back to the text."""
    pages = len(article.pages)
    before = _button(article, number - 1, "← Previous", start, end) if number > 1 else "<span></span>"
    after = _button(article, number + 1, "Next →", start, end) if number < pages else "<span></span>"
    known = origin(article)
    spots = "".join(
        f'<mark class="cd-spot"{"" if place else " data-first tabindex=-1"} '
        f'style="left:{left:.2%};top:{top:.2%};width:{width:.2%};height:{height:.2%}"></mark>'
        for place, (left, top, width, height) in enumerate(picture.spots)
    )
    return (
        f'<article class="cd-article">{WAYS_BACK}<h2>{escaped(article.title)}</h2>'
        + (f'<p class="cd-origin">{escaped(known)}</p>' if known else "")
        + f'<p class="cd-file">{escaped(article.source)}</p>'
        f'<p><button type="button" class="cd-link" data-article="{escaped(article.id)}" data-start="{start}" '
        f'data-end="{end}">Show the text</button></p>'
        f'<div class="cd-pages" role="group" aria-label="Pages of the PDF">{before}'
        f"<span>Page {number:,} of {pages:,}{_unmarked(picture, start, end)}</span>{after}</div>"
        f'<div class="cd-sheet"><img src="data:image/png;base64,{escaped(picture.png)}" width="{picture.width}" '
        f'height="{picture.height}" alt="Page {number:,} of the PDF; its words can be read with “Show the text”">{spots}'
        "</div></article>"
    )


def no_picture(article: Article, message: str, *, start: int, end: int) -> str:
    """Return why a page is not shown, and the way to the text."""
    return (
        f'{WAYS_BACK}{error(message)}<p><button type="button" class="cd-link" data-article="{escaped(article.id)}" '
        f'data-start="{start}" data-end="{end}">Show the text</button></p>'
    )


def _unmarked(picture: PagePicture, start: int, end: int) -> str:
    return "" if picture.spots or start >= end else "; the quoted words are not marked on it"


def _button(article: Article, number: int, words: str, start: int, end: int) -> str:
    return (
        f'<button type="button" class="cd-link" data-sheet="{number}" data-of="{escaped(article.id)}" '
        f'data-start="{start}" data-end="{end}">{words}</button>'
    )
