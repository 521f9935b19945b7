"""OpenDocument texts (ODT) to articles: paragraphs, rows of tables, notes and comments, in the order they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..exports import articles_from_text
from ..metadata.bylines import NAMES
from ..metadata.findings import Finding, language_code
from ..sources import Unread
from ..tables import WIDEST, lines_of_rows
from .note_marks import raised, with_marks_apart
from .packed import Packed
from .xml_tree import attribute, tag, words_of, xml_tree

PIECES = {"tab": "\t", "line-break": "\n", "s": " "}
LEFT_OUT = frozenset(
    {"tracked-changes", "sequence-decls", "forms", "bibliography-configuration", "ruby-text", "annotation-end"}
)
INDEXES = frozenset({"table-of-content", "alphabetical-index", "illustration-index"})


def read_open_text_file(path: Path) -> list[Article | Unread]:
    """Return the article that the document holds, or each of several; notes stand at its end, then comments.

    Raises:
        ReadingError: the file cannot be read, is protected, or holds no words.
    """
    packed = Packed(path)
    if "content.xml" not in packed:
        raise ReadingError(f"{path} holds no text, expected content.xml in it. Save it as ODT or DOCX.")
    if b"encryption-data" in (packed.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in packed else b""):
        raise ReadingError(f"{path} is encrypted, expected a document without a password. Save it without one.")
    root = xml_tree(packed.read("content.xml"))
    body = next((one for one in root.iter() if tag(one) in ("text", "presentation") and len(one)), None)
    if body is None:
        raise ReadingError(f"{path} holds no text, expected a document of words. Save it as ODT or DOCX.")
    walk = _Walk(raised_styles(root))
    lines = [line for line in walk.lines(body) if line.strip()]
    comments = ["Comments", *walk.comments] if walk.comments else []
    text = with_marks_apart("\n\n".join([*lines, *walk.notes, *comments]))
    notes = [f"{walk.objects} embedded objects were not read."] if walk.objects else []
    return articles_from_text(text, source=str(path), findings=_findings(packed, lines), notes=notes)


class _Walk:
    """Goes through a document once; notes and comments are set aside as they are met."""

    def __init__(self, raised_styles: frozenset[str]) -> None:
        self._raised = raised_styles
        self.notes: list[str] = []
        self.comments: list[str] = []
        self.objects = 0

    def lines(self, element: Any) -> Iterator[str]:
        """Yield the words of each paragraph and of each row."""
        for one in element:
            name = tag(one)
            if name in ("p", "h"):
                yield self._words(one).strip()
                for box in (inner for inner in one.iter() if tag(inner) == "text-box"):
                    yield from self.lines(box)
            elif name == "table":
                yield from lines_of_rows([self._cells(row) for row in one.iter() if tag(row) == "table-row"])
            elif name == "list-item":
                first, *others = list(self.lines(one)) or [""]
                yield first if first.startswith("- ") else f"- {first}"
                yield from others
            elif name and name not in LEFT_OUT and name not in INDEXES:
                yield from self.lines(one)

    def _cells(self, row: Any) -> list[str]:
        """Return the words of the cells of a row, and an empty one for each that another covers."""
        cells: list[str] = []
        for cell in (one for one in row if tag(one) in ("table-cell", "covered-table-cell")):
            again = attribute(cell, "number-columns-repeated")
            words = " ".join(" ".join(self.lines(cell)).split())
            cells += [words] * (min(int(again), WIDEST) if again.isdecimal() and len(again) < 6 else 1)
        return cells

    def _words(self, element: Any) -> str:
        pieces = [element.text or ""]
        for one in element:
            pieces += [self._piece(one), one.tail or ""]
        return "".join(pieces)

    def _piece(self, element: Any) -> str:
        name = tag(element)
        if name == "note":
            mark = "".join(words_of(one) for one in element if tag(one) == "note-citation")
            body = [words for one in element if tag(one) == "note-body" for words in self.lines(one)]
            self.notes.append(f"{raised(mark)} {' '.join(body)}")
            return raised(mark)
        if name == "annotation":
            who = next((words_of(one) for one in element if tag(one) == "creator"), "")
            words = " ".join(filter(None, self.lines(element)))
            self.comments.append(f"{who}: {words}" if who else words)
            return ""
        if name in PIECES:
            return PIECES[name]
        if name == "object":
            self.objects += 1
        if not name or name in LEFT_OUT or name == "text-box":
            return ""
        words = self._words(element)
        return raised(words) if name == "span" and attribute(element, "style-name") in self._raised else words


def lift_spans(element: Any, raised_styles: frozenset[str]) -> None:
    """Wrap the words of raised spans, so that the mark of a note can be told from the number before it."""
    for span in (one for one in element.iter() if tag(one) == "span" and not len(one)):
        if attribute(span, "style-name") in raised_styles:
            span.text = raised(span.text or "")


def raised_styles(root: Any) -> frozenset[str]:
    """Return the names of the styles that raise their words."""
    styles = (one for one in root.iter() if tag(one) == "style")
    return frozenset(
        attribute(style, "name")
        for style in styles
        if any(attribute(one, "text-position").startswith(("super", "3", "5")) for one in style)
    )


def _findings(packed: Packed, lines: list[str]) -> Iterator[Finding]:
    """Yield what the properties say: the title where it stands on top, a name, the language. No day: it is that of saving."""
    if "meta.xml" not in packed:
        return
    values = {tag(one): words_of(one) for one in xml_tree(packed.read("meta.xml")).iter() if tag(one)}
    title = values.get("title", "")
    if title and any(title.casefold() == " ".join(line.split()).casefold() for line in lines[:10]):
        yield Finding("title", title, "document properties")
    if re.fullmatch(NAMES, author := values.get("initial-creator", "")):
        yield Finding("author", author, "document properties")
    if code := language_code(values.get("language", "")):
        yield Finding("language", code, "document properties")
