"""Articles → HTML: one with its quoted words marked, and the list of them. Pure, as render.py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.rendering.notebook import escaped
from rag.rendering.words import (
    origin,
)
from rag.schema import (
    Article,
    ArticleSummary,
    Section,
)

from .paging import leaf_of, turning
from .plain import counted
from .render import LABELS, WAYS_BACK
from .render_page import to_the_page

MAX_ARTICLE_CHARACTERS = 300_000  # a browser lays this much out in under a second; more is shown as a window

MAX_LISTED_ARTICLES = 50  # on one page of the list

_ORDERS = {"title": "title", "outlet": "outlet", "newest": "newest first", "oldest": "oldest first"}
_LINE = re.compile(r"[^\n]+")


def article(article: Article, *, start: int = 0, end: int = 0, page: int | None = None) -> str:
    """Return the article with `text[start:end]` highlighted; nothing is when the span is empty or outside the text.

    `page` is the one that can be shown as it is in the article's PDF, None where there is none.

    The text between the tags is the article's, character for character; one longer than `MAX_ARTICLE_CHARACTERS` is
    shown as a window around the highlight, and says so.
    """
    if not 0 <= start < end <= len(article.text):
        start = end = 0
    first, last = _window(len(article.text), start)
    known = origin(article)
    window = ""
    if (first, last) != (0, len(article.text)):
        window = f'<p class="cd-window">Characters {first:,} to {last:,} of {len(article.text):,} are shown.</p>'
    return (
        f'<article class="cd-article">{WAYS_BACK}<h2>{escaped(article.title)}</h2>'
        + (f'<p class="cd-origin">{escaped(known)}</p>' if known else "")
        + f'<p class="cd-file">{escaped(article.source)}</p>{_original(article)}'
        + ("" if page is None else to_the_page(article, page, start=start, end=end))
        + f"{_notes(article.notes)}{window}"
        + f'<div class="cd-text">{"".join(_text(article, first, last, start, end))}</div>'
        # After the text: between the way back and the words it would be a step of the keyboard away from removal.
        + f"<p>{_remove(article.id, article.title, 'Remove this article')}</p></article>"
    )


def article_list(articles: Sequence[ArticleSummary], *, total: int, order: str = "title", number: int = 1) -> str:
    """Return a page of the articles as a list, to be opened, ticked and removed; `total` is how many the corpus has."""
    if not total:
        return '<p class="cd-empty">There are no articles yet. Add some below, or drop files or a folder anywhere.</p>'
    count = counted(total, "article") if len(articles) == total else f"{len(articles):,} of {counted(total, 'article')}"
    leaf = leaf_of(articles, number=number, most=MAX_LISTED_ARTICLES)
    rows = "".join(
        f'<li><div><button type="button" class="cd-link" data-article="{escaped(one.article_id)}">{escaped(one.title)}</button>'
        f'<span class="cd-origin">{escaped(origin(one) or one.sources[0].rsplit("/", 1)[-1])}</span>{_notes(one.notes)}</div>'
        f'<input type="checkbox" data-tick="{escaped(one.article_id)}" title="Ask only ticked articles" '
        f'aria-label="Ask only ticked articles: {escaped(one.title)}">{_remove(one.article_id, one.title, "✕")}</li>'
        for one in leaf.rows
    )
    count += f", page {leaf.number:,} of {leaf.count:,}" if leaf.count > 1 else ""
    options = "".join(
        f'<option value="{name}"{" selected" if name == order else ""}>{words}</option>'
        for name, words in _ORDERS.items()
    )
    head = (
        f'<div class="cd-head"><h2>Articles</h2><p class="cd-count">{count}</p>'
        f'<label>Sort by <select class="cd-sort" data-sort>{options}</select></label></div>'
        '<p class="cd-hint">Tick articles to ask only these. <button type="button" class="cd-link" data-untick>Untick all</button></p>'
    )
    return (
        f'<div class="cd-library" data-shown="{leaf.number}">{head}<ul>{rows}</ul>{turning(leaf, of="articles")}</div>'
    )


def removed(article: Article) -> str:
    """Return that an article was removed, and the way to undo it, which goes after a minute."""
    return (
        f'<p class="cd-undo" role="status">Removed <b>{escaped(article.title)}</b>, and from all conversations. '
        f'<button type="button" class="cd-link" data-undo="{escaped(article.id)}">Undo</button></p>'
    )


def put_back(article: Article) -> str:
    """Return that an article is there again."""
    return f'<p class="cd-undo" role="status"><b>{escaped(article.title)}</b> is back.</p>'


def _remove(article_id: str, title: str, label: str) -> str:
    return (
        f'<button type="button" class="cd-remove" data-withdraw="{escaped(article_id)}" title="Remove" '
        f'aria-label="Remove {escaped(title)}">{label}</button>'
    )


def _original(article: Article) -> str:
    """The way to the article on the web; an address that is none of the web is only shown."""
    if not article.address:
        return ""
    shown = escaped(article.address)
    if not re.match(r"https?://", article.address, re.IGNORECASE):
        return f'<p class="cd-file">{shown}</p>'
    return f'<p class="cd-file"><a href="{shown}" target="_blank" rel="noopener noreferrer">Open the original: {shown}</a></p>'


def _text(article: Article, first: int, last: int, start: int, end: int) -> Iterator[str]:
    position = first
    marked = False
    for section in article.sections or (Section(0, len(article.text), "body"),):
        label = LABELS.get(section.kind, "")
        for line in _LINE.finditer(article.text, max(section.start, first), max(first, min(section.end, last))):
            yield escaped(article.text[position : line.start()])
            badge = f' data-label="{label}"' if label else ""
            label = ""
            low, high = max(start, line.start()), min(end, line.end())
            yield f'<p class="cd-{section.kind}"{badge}>'
            if low < high:
                yield escaped(article.text[line.start() : low])
                yield f"<mark{'' if marked else ' data-first tabindex=-1'}>{escaped(article.text[low:high])}</mark>"
                yield escaped(article.text[high : line.end()])
                marked = True
            else:
                yield escaped(line.group())
            yield "</p>"
            position = line.end()
    yield escaped(article.text[position:last])


def _window(characters: int, start: int) -> tuple[int, int]:
    if characters <= MAX_ARTICLE_CHARACTERS:
        return 0, characters
    first = min(max(0, start - MAX_ARTICLE_CHARACTERS // 2), characters - MAX_ARTICLE_CHARACTERS)
    return first, first + MAX_ARTICLE_CHARACTERS


def _notes(notes: Sequence[str]) -> str:
    return f'<span class="cd-why">{escaped(" ".join(notes))}</span>' if notes else ""
