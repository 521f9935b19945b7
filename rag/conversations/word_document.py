"""Turns as a Word document with real footnotes, which python-docx does not write: their part is put in by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from ..rendering.words import account_name, differ_words, only_label, origin, places, titled, verdict_words
from .records import Turn

if TYPE_CHECKING:
    from ..schema import Answer, Citation

# XML has no place for these; python-docx refuses a text that holds one.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
# The two lines above the notes, which every program that reads them expects to come first.
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)


def word_document(title: str, turns: Sequence[Turn]) -> bytes:
    """Return the bytes of a .docx file. Its footnotes are counted through the whole document."""
    from docx import Document  # here, not above: it takes a tenth of a second, and few export

    document = Document()
    document.core_properties.title = _clean(title)[:255]
    document.core_properties.author = "Citedesk"
    document.add_heading(_clean(title), level=1)
    notes: list[str] = []
    for turn in turns:
        _add_turn(document, turn, notes)
    _add_notes(document, notes)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _add_turn(document: Any, turn: Turn, notes: list[str]) -> None:
    document.add_heading(_clean(turn.question), level=2)
    if turn.only:
        _add(document, only_label(turn.only), italic=True)
    if turn.answer is not None:
        _add_answer(document, turn.answer, notes)
    else:
        _add(document, turn.error or "Stopped.", italic=True)


def _add_answer(document: Any, answer: Answer, notes: list[str]) -> None:
    if answer.short:
        _add(document, answer.short, bold=True)
    for disagreement in answer.disagreements:
        _add(document, f"{differ_words(answer, disagreement)}:", italic=True)
        for account in disagreement.accounts:
            words = f"{account.words} · {account_name(account)}"
            _add_noted(document.add_paragraph(style="List Bullet"), words, (account.citation,), notes)
    for statement in answer.statements:
        lead = f"{statement.label}: " if statement.label else ""
        _add_noted(document.add_paragraph(), lead + statement.text, statement.citations, notes)
    if verdict_words(answer) and not answer.statements:
        _add(document, f"{verdict_words(answer)}.", italic=True)
    if answer.reason:
        _add(document, answer.reason, italic=True)


def _add_noted(paragraph: Any, words: str, citations: Sequence[Citation], notes: list[str]) -> None:
    """Add words with the marks of their footnotes, and the footnotes to `notes`."""
    from docx.oxml import parse_xml

    paragraph.add_run(_clean(words))
    for citation in citations:
        notes.append(_note(citation))
        mark = f'<w:r xmlns:w="{_NAMESPACE}">{_RAISED}<w:footnoteReference w:id="{len(notes)}"/></w:r>'
        paragraph._p.append(parse_xml(mark))


def _note(citation: Citation) -> str:
    known = [part for part in (origin(citation), *places(citation)) if part]
    return _clean(f"{titled(citation)} ({' · '.join(known)}): “{citation.quote}”")


def _add_notes(document: Any, notes: Sequence[str]) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    written = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r>{_RAISED}<w:footnoteRef/></w:r>'
        f'<w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t xml:space="preserve"> {escape(words)}</w:t></w:r></w:p></w:footnote>'
        for number, words in enumerate(notes, start=1)
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes xmlns:w="{_NAMESPACE}">'
        f"{_SEPARATORS}{written}</w:footnotes>"
    )
    part = Part(PackURI("/word/footnotes.xml"), _CONTENT_TYPE, content.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _add(document: Any, words: str, *, bold: bool = False, italic: bool = False) -> None:
    run = document.add_paragraph().add_run(_clean(words))
    run.bold, run.italic = bold, italic


def _clean(words: str) -> str:
    return _NOT_XML.sub("", words)
