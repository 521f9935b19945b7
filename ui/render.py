"""Records → HTML. Pure: no gradio, no corpus. Every word that comes from outside passes `_escape`.

Whatever can be clicked is a button with `data-` attributes, which `page.js` turns into an event of the page:
`data-article` (with `data-start`, `data-end`) opens an article, `data-question` asks, `data-copy` copies,
`data-list` shows the list of articles, `data-back` leads back to the answer, as Escape does.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rag.schema import Answer, Article, Citation, Copy, Disagreement, Hit, Listed, Section, Statement, Status

from .plain import (
    MAX_NEAREST_CHARACTERS,
    account_name,
    confidence_words,
    copies_words,
    copy_name,
    counted,
    differ_words,
    field_words,
    markdown,
    only_label,
    origin,
    read_words,
    shortened,
    titled,
    verdict_words,
)

MAX_ARTICLE_CHARACTERS = 300_000  # a browser lays this much out in under a second; more is shown as a window
MAX_LISTED_ARTICLES = 200  # the rest are counted
MAX_QUESTION_CHARACTERS = 2_000  # of a longer one, the start is shown
MAX_TAIL_CHARACTERS = 24

HEADER = (
    '<header class="cd-header"><h1>Citedesk</h1><p>Answers with footnotes you can check</p></header>'
    '<p class="cd-said" role="status"></p>'
)

WAYS_BACK = (  # from an article, or from where one should be
    '<button type="button" class="cd-link cd-back" data-list>← All articles</button>'
    '<button type="button" class="cd-link cd-back cd-narrow" data-back>↑ Back to the answer</button>'
)

UNDATED = '<p class="cd-note">From and To leave out articles without a date.</p>'

_ICONS: dict[Status, str] = {"answered": "✓", "partly": "◐", "not_found": "⊘"}
_LABELS = {"sidebar": "Sidebar", "furniture": "Site furniture, never used in answers"}
_OUTCOMES = {"added": "Added", "unchanged": "Already here", "failed": "Failed"}
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and how far its answer is.

    `partial` is what was streamed before the answer is complete. At most one of `answer` and `error` is set;
    with neither, the turn is still being answered, unless it was `stopped`. `only` says which articles were asked,
    empty when all were.
    """

    question: str
    partial: str = ""
    answer: Answer | None = None
    error: str | None = None
    stopped: bool = False
    only: str = ""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of one uploaded file; `reason` says why it, or part of it, failed, None otherwise."""

    name: str
    outcome: Literal["added", "unchanged", "failed"]
    reason: str | None = None


def conversation(turns: Sequence[Turn], *, examples: Sequence[str] = ()) -> str:
    """Return the whole conversation; before the first question, a welcome with the example questions."""
    if not turns:
        return _welcome(examples)
    return f'<div class="cd-turns">{"".join(map(_turn, turns))}</div>'


def answer(answer: Answer, *, only: str = "") -> str:
    """Return a finished answer: verdict, short, statements with markers, reason, footnotes or nearest passages.

    `only` says which articles were asked, for the copy of it.
    """
    sure = f'<span class="cd-confidence">{confidence_words(answer.confidence)}</span>' if answer.statements else ""
    parts = [
        f'<div class="cd-verdict"><span class="cd-icon" aria-hidden="true">{_ICONS[answer.status]}</span>'
        f"<span>{verdict_words(answer)}</span>{sure}</div>"
        if verdict_words(answer)
        else "",
        f'<p class="cd-short">{_escape(answer.short)}</p>' if answer.short else "",
        *(_differing(answer, disagreement) for disagreement in answer.disagreements),
        _statements(answer),
        f'<p class="cd-reason">{_escape(answer.reason)}</p>' if answer.reason else "",
        _suggestion(answer.suggestion),
        _footnotes(answer.citations),
        _nearest(answer.nearest),
        _making(answer, only),
    ]
    return f'<section class="cd-answer cd-{answer.status}">{"".join(parts)}</section>'


def error(message: str) -> str:
    """Return a message that something went wrong."""
    return (
        '<section class="cd-answer cd-error"><div class="cd-verdict">'
        '<span class="cd-icon" aria-hidden="true">!</span><span>Something went wrong</span></div>'
        f'<p class="cd-message">{_escape(message)}</p></section>'
    )


def article(article: Article, *, start: int = 0, end: int = 0) -> str:
    """Return the article with `text[start:end]` highlighted; nothing is when the span is empty or outside the text.

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
        f'<article class="cd-article">{WAYS_BACK}<h2>{_escape(article.title)}</h2>'
        + (f'<p class="cd-origin">{_escape(known)}</p>' if known else "")
        + f'<p class="cd-file">{_escape(article.source)}</p>{window}'
        + f'<div class="cd-text">{"".join(_text(article, first, last, start, end))}</div></article>'
    )


def only(first: str, last: str, outlets: Sequence[str]) -> str:
    """Return which articles these days and outlets choose, in the words they were typed in; empty when all are."""
    days = [f"{word} {day.strip()}" for word, day in (("from", first), ("to", last)) if day.strip()]
    return ", ".join([*days, *outlets])


def article_list(articles: Sequence[Listed], *, total: int) -> str:
    """Return the first of the articles as a list that can be opened; `total` is how many there are in the corpus."""
    if not total:
        return '<p class="cd-empty">There are no articles yet. Add some below.</p>'
    count = counted(total, "article") if len(articles) == total else f"{len(articles):,} of {counted(total, 'article')}"
    rows = "".join(
        f'<li><button type="button" class="cd-link" data-article="{_escape(one.article_id)}">{_escape(one.title)}</button>'
        f'<span class="cd-origin">{_escape(origin(one) or one.sources[0].rsplit("/", 1)[-1])}</span></li>'
        for one in articles[:MAX_LISTED_ARTICLES]
    )
    more = len(articles) - MAX_LISTED_ARTICLES
    rest = f'<p class="cd-rest">{more:,} more: narrow the filter.</p>' if more > 0 else ""
    return f'<div class="cd-library"><h2>Articles</h2><p class="cd-count">{count}</p><ul>{rows}</ul>{rest}</div>'


def upload_report(outcomes: Sequence[Uploaded]) -> str:
    """Return what became of each uploaded file; empty for none."""
    items = "".join(
        f'<li class="cd-{one.outcome}"><b>{_OUTCOMES[one.outcome]}</b> {_escape(one.name)}'
        + (f'<span class="cd-why">{_escape(one.reason)}</span>' if one.reason else "")
        + "</li>"
        for one in outcomes
    )
    return f'<ul class="cd-outcomes" role="status">{items}</ul>' if items else ""


def _turn(turn: Turn) -> str:
    if turn.answer is not None:
        body = answer(turn.answer, only=turn.only)
    elif turn.error is not None:
        body = error(turn.error)
    elif turn.stopped:
        body = f'<section class="cd-answer cd-stopped"><p>{_escape(turn.partial)}</p><p class="cd-note">Stopped.</p></section>'
    else:
        body = (
            f'<section class="cd-answer cd-waiting" aria-busy="true"><p>{_escape(turn.partial)}</p>'
            '<p class="cd-note"><span class="cd-dots" aria-hidden="true"></span>Reading the articles</p></section>'
        )
    question = _escape(shortened(turn.question, MAX_QUESTION_CHARACTERS))
    only = f'<p class="cd-only">{_escape(only_label(turn.only))}</p>' if turn.only else ""
    return f'<div class="cd-turn"><div class="cd-question">{question}</div>{only}{body}</div>'


def _welcome(examples: Sequence[str]) -> str:
    buttons = "".join(
        f'<li><button type="button" class="cd-example" data-question="{_escape(question)}">{_escape(question)}</button></li>'
        for question in examples
    )
    tries = f'<p class="cd-try">Try one of these:</p><ul class="cd-examples">{buttons}</ul>' if buttons else ""
    return (
        '<div class="cd-welcome"><h2>Ask the articles</h2><p>Each sentence of an answer carries a footnote to the exact '
        "words in the exact article. When the articles do not say, the answer says so.</p>" + tries + "</div>"
    )


def _differing(answer: Answer, disagreement: Disagreement) -> str:
    """Side by side what each article answers, and whose it is."""
    items = "".join(
        f"<li><b>{_escape(account.words)}</b>{_marker(account.citation)}"
        f'<span class="cd-origin">{_escape(account_name(account))}</span></li>'
        for account in disagreement.accounts
    )
    return f'<div class="cd-differ"><h3>{_escape(differ_words(answer, disagreement))}</h3><ul>{items}</ul></div>'


def _statements(answer: Answer) -> str:
    if not answer.statements:
        return ""
    blocks = groupby(answer.statements, key=lambda statement: statement.label)
    return "".join(
        (f'<h3 class="cd-label">{_escape(label)}</h3>' if label else "")
        + f'<p class="cd-statements">{" ".join(map(_statement, inside))}</p>'
        for label, inside in blocks
    )


def _statement(statement: Statement) -> str:
    """The last word stays on one line with the markers, so that none begins a line."""
    start, space, last = statement.text.rpartition(" ")
    if len(last) > MAX_TAIL_CHARACTERS:
        start, space, last = statement.text, "", ""
    markers = "".join(_marker(citation) for citation in statement.citations)
    return f'<span class="cd-statement">{_escape(start + space)}<span class="cd-tail">{_escape(last)}{markers}</span></span>'


def _marker(citation: Citation) -> str:
    label = _escape(f"Footnote {citation.marker}: {titled(citation)}")
    return (
        f'<button type="button" class="cd-marker" {_place(citation)} title="{label}" aria-label="{label}">'
        f"[{citation.marker}]</button>"
    )


def _footnotes(citations: Sequence[Citation]) -> str:
    if not citations:
        return ""
    items = "".join(
        f'<li><span class="cd-number">{citation.marker}</span><div>'
        f'<button type="button" class="cd-link" {_place(citation)}>{_escape(titled(citation))}</button>'
        + (f'<span class="cd-badge">{_escape(badge)}</span>' if (badge := _badge(citation)) else "")
        + _origin_line(citation)
        + f"<blockquote>{_escape(citation.quote)}</blockquote>{_copies(citation)}</div></li>"
        for citation in citations
    )
    return f'<ol class="cd-footnotes" aria-label="Footnotes">{items}</ol>'


def _badge(citation: Citation) -> str:
    return field_words(citation) or _LABELS.get(citation.kind, "")


def _suggestion(question: str | None) -> str:
    if not question:
        return ""
    asks = _escape(question)
    return f'<p class="cd-meant">Did you mean <button type="button" class="cd-link" data-question="{asks}">{asks}</button></p>'


def _nearest(hits: Sequence[Hit]) -> str:
    if not hits:
        return ""
    items = "".join(
        f'<li><button type="button" class="cd-link" data-article="{_escape(hit.passage.article_id)}" '
        f'data-start="{hit.passage.start}" data-end="{hit.passage.end}">{_escape(hit.title)}</button>'
        f"{_origin_line(hit)}<blockquote>{_escape(shortened(hit.passage.text, MAX_NEAREST_CHARACTERS))}</blockquote>"
        f"{_copies(hit)}</li>"
        for hit in hits
    )
    return f'<div class="cd-nearest"><h3>The nearest passages</h3><ul>{items}</ul></div>'


def _making(answer: Answer, only: str) -> str:
    rows = [("Searched", answer.asked)] if answer.asked != answer.question else []
    rows += [("Read as", read_words(read)) for read in answer.trace.read]
    rows += [(part.capitalize(), name) for part, name in answer.made_by.items()]
    rows += [("Note", note) for note in answer.trace.notes if note not in (answer.reason or "")]
    rows += [("Not shown", f"{dropped.text} ({dropped.reason})") for dropped in answer.trace.dropped]
    seconds = ", ".join(f"{stage} {spent:.2f}" for stage, spent in answer.trace.seconds.items())
    rows += [("Seconds", seconds)] if seconds else []
    table = "".join(f"<dt>{_escape(name)}</dt><dd>{_escape(value)}</dd>" for name, value in rows)
    details = f"<details><summary>How this answer was made</summary><dl>{table}</dl></details>" if rows else ""
    words = _escape(markdown(answer, only=only))
    copy = f'<button type="button" class="cd-copy" data-copy="{words}">Copy with footnotes</button>'
    return f'<div class="cd-making">{details}{copy}</div>'


def _text(article: Article, first: int, last: int, start: int, end: int) -> Iterator[str]:
    position = first
    marked = False
    for section in article.sections or (Section(0, len(article.text), "body"),):
        label = _LABELS.get(section.kind, "")
        for line in _LINE.finditer(article.text, max(section.start, first), max(first, min(section.end, last))):
            yield _escape(article.text[position : line.start()])
            badge = f' data-label="{label}"' if label else ""
            label = ""
            low, high = max(start, line.start()), min(end, line.end())
            yield f'<p class="cd-{section.kind}"{badge}>'
            if low < high:
                yield _escape(article.text[line.start() : low])
                yield f"<mark{'' if marked else ' data-first tabindex=-1'}>{_escape(article.text[low:high])}</mark>"
                yield _escape(article.text[high : line.end()])
                marked = True
            else:
                yield _escape(line.group())
            yield "</p>"
            position = line.end()
    yield _escape(article.text[position:last])


def _window(characters: int, start: int) -> tuple[int, int]:
    if characters <= MAX_ARTICLE_CHARACTERS:
        return 0, characters
    first = min(max(0, start - MAX_ARTICLE_CHARACTERS // 2), characters - MAX_ARTICLE_CHARACTERS)
    return first, first + MAX_ARTICLE_CHARACTERS


def _place(citation: Citation) -> str:
    return f'data-article="{_escape(citation.article_id)}" data-start="{citation.start}" data-end="{citation.end}"'


def _origin_line(record: Citation | Hit) -> str:
    known = origin(record)
    return f'<span class="cd-origin">{_escape(known)}</span>' if known else ""


def _copies(record: Citation | Hit) -> str:
    words = copies_words(record, named=_copy_button)
    return f'<span class="cd-origin">{words}</span>' if words else ""


def _copy_button(copy: Copy) -> str:
    name = _escape(copy_name(copy))
    return f'<button type="button" class="cd-link" data-article="{_escape(copy.article_id)}">{name}</button>'


def _escape(text: str) -> str:
    # NUL and lone surrogates cannot travel as HTML or JSON.
    return html.escape(text.replace("\x00", "�"), quote=True).encode("utf-8", "replace").decode("utf-8")
