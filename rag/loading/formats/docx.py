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

DOCUMENT = "word/document.xml"
UNPACKED_MEGABYTES = 300
# Content controls and suggested insertions lie around paragraphs and around words.
OUTERMOST = ".//*[self::w:p or self::w:tbl][not(ancestor::w:p or ancestor::w:tbl)]"
PIECES_AS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-"}
PIECES = ("{*}t", "{*}br", *(f"{{*}}{name}" for name in PIECES_AS))
# What was deleted, what stands elsewhere, and what is no text: reading aids above the words, stops of tabs.
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
    text = "\n\n".join(words for words, _ in lines)
    return articles_from_text(text, source=str(path), findings=_findings(document, lines))


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


def _piece(node: Any) -> str:
    name = _name(node)
    if name == "br":
        return "" if any(value in ("page", "column") for value in node.attrib.values()) else "\n"
    return PIECES_AS.get(name, node.text or "")


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _findings(document: Any, lines: list[tuple[str, str]]) -> Iterator[Finding]:
    """Yield what the styles and properties say. The day of making or saving is not the day of publication."""
    for words, style in lines[:10]:
        if style == "Title":
            yield Finding("title", " ".join(words.split()), "title style")
    properties = document.core_properties
    title = " ".join((properties.title or "").split())
    if title and any(title.casefold() == " ".join(words.split()).casefold() for words, _ in lines[:10]):
        yield Finding("title", title, "document properties")
    # Often the name of a user account or of a program.
    if re.fullmatch(NAMES, properties.author or ""):
        yield Finding("author", properties.author, "document properties")
    if code := language_code(properties.language or ""):
        yield Finding("language", code, "document properties")
