"""Word documents (DOCX) to articles: paragraphs, lists and tables in the order they stand."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..exports import articles_from_text
from ..file_bytes import MAX_MEGABYTES, PRINT_MEGABYTES, read_bytes
from ..metadata.bylines import NAMES
from ..metadata.findings import Finding, language_code
from ..sources import Unread
from ..tables import is_table, lines_of_table
from .note_marks import raised, with_marks_apart
from .xml_tree import attribute, xml_tree

DOCUMENT = "word/document.xml"
UNPACKED_MEGABYTES = 300
# Content controls and suggested insertions lie around paragraphs and around words.
OUTERMOST = ".//*[self::w:p or self::w:tbl][not(ancestor::w:p or ancestor::w:tbl)]"
PIECES_AS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-"}
REFERENCES = ("footnoteReference", "endnoteReference")
PIECES = ("{*}t", "{*}br", *(f"{{*}}{name}" for name in (*PIECES_AS, *REFERENCES)))
NOTES = {"footnotes": "footnote", "endnotes": "endnote", "comments": "comment"}
MOST_PART_BYTES = 100_000_000  # of the notes, unpacked
# What was deleted, what stands elsewhere, and what is no text: reading aids above the words, stops of tabs.
MARK = re.compile("\ue002[a-z][^\ue003]{0,20}\ue003")
ENDS = ("p", "del", "moveFrom", "Fallback", "rt", "pPr")


def read_word_file(path: Path) -> list[Article | Unread]:
    """Return the article that the document holds, or each of several.

    Raises:
        ReadingError: the file cannot be read, is no DOCX, or unpacks to more than is allowed.
    """
    from docx import Document

    data = read_bytes(path, megabytes=PRINT_MEGABYTES)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadingError(
            f"{path} is an old or an encrypted Word document, expected DOCX without a password. Save it as that."
        )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
        text_bytes = sum(member.file_size for member in archive.infolist() if member.filename == DOCUMENT)
    if text_bytes == 0:
        raise ReadingError(f"{path} is no Word document, expected {DOCUMENT} in it. Save it as DOCX.")
    # Markup is several times as long as the words in it.
    if unpacked > UNPACKED_MEGABYTES * 1_000_000 or text_bytes > 5 * MAX_MEGABYTES * 1_000_000:
        raise ReadingError(
            f"{path} unpacks to {unpacked // 1_000_000:,} MB, expected at most {UNPACKED_MEGABYTES} MB, and "
            f"{5 * MAX_MEGABYTES} MB for its text. Split it."
        )
    document = Document(io.BytesIO(data))
    lines = list(_lines(document))
    notes = list(_notes(document, lines))
    numbers: dict[str, int] = {}
    body = "\n\n".join(words for words, _ in lines)
    body = MARK.sub(lambda mark: raised(str(numbers.setdefault(mark.group(), len(numbers) + 1))), body)
    text = with_marks_apart("\n\n".join([body, *notes]))
    notes_left = tuple(_left_out(document))
    return articles_from_text(text, source=str(path), findings=_findings(document, lines), notes=notes_left)


def _notes(document: Any, lines: list[tuple[str, str]]) -> Iterator[str]:
    """Yield footnotes and endnotes, each after its mark, then the comments under a line that says so."""
    met = list(dict.fromkeys(MARK.findall("".join(words for words, _ in lines))))
    for relation in sorted(document.part.rels.values(), key=lambda one: str(one.reltype), reverse=True):
        kind = str(relation.reltype).rpartition("/")[2]
        if kind not in NOTES or relation.is_external or len(relation.target_part.blob) > MOST_PART_BYTES:
            continue
        root = xml_tree(relation.target_part.blob)
        told: list[str] = []
        for note in root.iter(f"{{*}}{NOTES[kind]}"):
            words = " ".join(" ".join(_paragraphs(note)).split())
            id_ = attribute(note, "id")
            if not words or attribute(note, "type") in ("separator", "continuationSeparator"):
                continue
            number = met.index(_mark(kind, id_)) + 1 if _mark(kind, id_) in met else 0
            author = attribute(note, "author")
            told.append(f"{raised(str(number))} {words}" if number else f"{author}: {words}" if author else words)
        yield from (["Comments", *told] if kind == "comments" and told else told)


def _left_out(document: Any) -> Iterator[str]:
    """Yield what of the document is not in its text."""
    kinds = [str(one.reltype).rpartition("/")[2] for one in document.part.rels.values()]
    for kind, name in (
        ("oleObject", "objects of other programs"),
        ("package", "objects of other programs"),
        ("chart", "charts"),
    ):
        if count := kinds.count(kind):
            yield f"It holds {name} that were not read: {count}."


def _lines(document: Any) -> Iterator[tuple[str, str]]:
    """Yield the words of each paragraph and of each row of a table, with the name of its style."""
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    for block in document.element.body.xpath(OUTERMOST):
        if _name(block) == "tbl":
            # A merged cell comes once for each place that it covers.
            rows = [[" ".join(_paragraphs(cell._tc)) for cell in row.cells] for row in Table(block, document).rows]
            yield from ((line, "") for line in _rows(rows))
        else:
            style = Paragraph(block, document).style
            yield from ((words, (style.name if style else "") or "") for words in _paragraphs(block))


def _rows(rows: list[list[str]]) -> list[str]:
    if is_table(rows):
        return lines_of_table(rows)
    return [" ".join(" ".join(dict.fromkeys(row)).split()) for row in rows if any(row)]


def _paragraphs(element: Any) -> Iterator[str]:
    """Yield the words of each paragraph in an element, itself included; those of a text box lie in one."""
    for paragraph in element.iter("{*}p"):
        inside = [node for node in paragraph.iter(*PIECES) if _stands_in(node, paragraph)]
        if words := "".join(map(_piece, inside)).strip():
            yield words


def _stands_in(node: Any, paragraph: Any) -> bool:
    """Tell whether a piece of text is the paragraph's own: not of one inside it, nor deleted, nor said twice."""
    nearest = next(one for one in node.iterancestors() if _name(one) in ENDS)
    return nearest is paragraph and all(_name(one) != "Fallback" for one in paragraph.iterancestors())


def _mark(kind: str, id_: str) -> str:
    """Return what stands for a reference until all notes are numbered."""
    return f"\ue002{kind[0]}{id_}\ue003"


def _piece(node: Any) -> str:
    name = _name(node)
    if name in REFERENCES:
        return _mark(name, attribute(node, "id"))
    if name == "t" and _is_raised(node):
        return raised(node.text or "")
    if name == "br":
        return "" if any(value in ("page", "column") for value in node.attrib.values()) else "\n"
    return PIECES_AS.get(name, node.text or "")


def _is_raised(node: Any) -> bool:
    run = node.getparent()
    marks = run.iterfind("{*}rPr/{*}vertAlign") if run is not None else ()
    return any(attribute(one, "val") == "superscript" for one in marks)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _findings(document: Any, lines: list[tuple[str, str]]) -> Iterator[Finding]:
    """Yield what the styles and properties say. The day of making or saving is not the day of publication."""
    lines = [(MARK.sub("", words), style) for words, style in lines[:10]]
    for words, style in lines:
        if style == "Title":
            yield Finding("title", " ".join(words.split()), "title style")
    properties = document.core_properties
    title = " ".join((properties.title or "").split())
    if title and any(title.casefold() == " ".join(words.split()).casefold() for words, _ in lines):
        yield Finding("title", title, "document properties")
    # Often the name of a user account or of a program.
    if re.fullmatch(NAMES, properties.author or ""):
        yield Finding("author", properties.author, "document properties")
    if code := language_code(properties.language or ""):
        yield Finding("language", code, "document properties")
