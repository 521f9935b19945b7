"""Turns as a Word document: the footnotes stand as numbers above the line, and below each answer with their words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ..rendering.words import account_name, differ_words, only_label, origin, places, titled, verdict_words
from .records import Turn

if TYPE_CHECKING:
    from ..schema import Answer, Citation

# XML has no place for these; python-docx refuses a text that holds one.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def word_document(title: str, turns: Sequence[Turn]) -> bytes:
    """Return the bytes of a .docx file."""
    from docx import Document  # here, not above: it takes a tenth of a second, and few export

    document = Document()
    document.core_properties.title = _clean(title)[:255]
    document.core_properties.author = "Citedesk"
    document.add_heading(_clean(title), level=1)
    for turn in turns:
        _add_turn(document, turn)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _add_turn(document: Any, turn: Turn) -> None:
    document.add_heading(_clean(turn.question), level=2)
    if turn.only:
        _add(document, only_label(turn.only), italic=True)
    if turn.answer is not None:
        _add_answer(document, turn.answer)
    else:
        _add(document, turn.error or "Stopped.", italic=True)


def _add_answer(document: Any, answer: Answer) -> None:
    if answer.short:
        _add(document, answer.short, bold=True)
    for disagreement in answer.disagreements:
        _add(document, f"{differ_words(answer, disagreement)}:", italic=True)
        for account in disagreement.accounts:
            words = f"{account.words} · {account_name(account)}"
            _marked(document.add_paragraph(style="List Bullet"), words, (account.citation,))
    for statement in answer.statements:
        lead = f"{statement.label}: " if statement.label else ""
        _marked(document.add_paragraph(), lead + statement.text, statement.citations)
    if verdict_words(answer) and not answer.statements:
        _add(document, f"{verdict_words(answer)}.", italic=True)
    if answer.reason:
        _add(document, answer.reason, italic=True)
    for citation in answer.citations:
        _add_footnote(document, citation)


def _add_footnote(document: Any, citation: Citation) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(f"{citation.marker}").font.superscript = True
    paragraph.add_run(f" {_clean(titled(citation))}").bold = True
    known = [part for part in (origin(citation), *places(citation)) if part]
    paragraph.add_run(_clean(f" ({' · '.join(known)}): “{citation.quote}”"))
    for run in paragraph.runs:
        run.font.size = _points(9)


def _marked(paragraph: Any, words: str, citations: Sequence[Citation]) -> None:
    paragraph.add_run(_clean(words))
    numbers = ",".join(str(citation.marker) for citation in citations)
    paragraph.add_run(f" {numbers}").font.superscript = True


def _add(document: Any, words: str, *, bold: bool = False, italic: bool = False) -> None:
    run = document.add_paragraph().add_run(_clean(words))
    run.bold, run.italic = bold, italic


def _points(size: float) -> Any:
    from docx.shared import Pt

    return Pt(size)


def _clean(words: str) -> str:
    return _NOT_XML.sub("", words)
