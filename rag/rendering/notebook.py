"""Answers → HTML for a notebook: no script, no style sheet, every word escaped."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from .words import (
    MAX_NEAREST_CHARACTERS,
    account_name,
    confidence_words,
    copies_words,
    differ_words,
    origin,
    shortened,
    titled,
    verdict_words,
)

if TYPE_CHECKING:
    from ..schema import Answer, Citation, Disagreement, Hit


def notebook_html(answer: Answer) -> str:
    """Return the answer: verdict, the few words, statements with markers, reason, and footnotes or nearest passages."""
    verdict = f"<b>{verdict_words(answer)}</b>"
    if answer.status != "not_found":
        verdict += f" · {confidence_words(answer.confidence)}"
    parts = [f"<p>{verdict}</p>"]
    if answer.short:
        parts.append(f"<p><b>{escaped(answer.short)}</b></p>")
    parts += [_differing(answer, one) for one in answer.disagreements]
    if answer.statements:
        parts.append(f"<p>{' '.join(_marked(one.text, one.citations) for one in answer.statements)}</p>")
    if answer.reason:
        parts.append(f"<p><i>{escaped(answer.reason)}</i></p>")
    if answer.suggestion:
        parts.append(f"<p>Did you mean: {escaped(answer.suggestion)}</p>")
    parts += [_source(f"[{one.marker}]", one, one.quote) for one in answer.citations]
    if answer.nearest:
        parts.append("<p>Nearest passages:</p>")
    for number, hit in enumerate(answer.nearest, start=1):
        parts.append(_source(f"{number}.", hit, shortened(hit.passage.text, MAX_NEAREST_CHARACTERS)))
    return f'<div class="citedesk">{"".join(parts)}</div>'


def escaped(text: str) -> str:
    """Return the text as HTML. NUL and half characters cannot travel in it."""
    return html.escape(text.replace("\x00", "�"), quote=True).encode("utf-8", "replace").decode("utf-8")


def _marked(text: str, citations: tuple[Citation, ...]) -> str:
    return escaped(text) + "".join(f"<sup>[{one.marker}]</sup>" for one in citations)


def _differing(answer: Answer, disagreement: Disagreement) -> str:
    items = "".join(
        f"<li>{_marked(one.words, (one.citation,))} · {escaped(account_name(one))}</li>"
        for one in disagreement.accounts
    )
    return f"<p>{escaped(differ_words(answer, disagreement))}:</p><ul>{items}</ul>"


def _source(lead: str, record: Citation | Hit, words: str) -> str:
    known = " · ".join(part for part in (origin(record), record.source, copies_words(record)) if part)
    return f"<p>{lead} <b>{escaped(titled(record))}</b> · {escaped(known)}</p><blockquote>{escaped(words)}</blockquote>"
