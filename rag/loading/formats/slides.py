"""Slides (PPTX, ODP) to articles: the words of each slide, its tables, and what the speaker notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..articles import article_from_text
from ..metadata.findings import Finding
from ..tables import lines_of_rows
from .note_marks import raised, with_marks_apart
from .packed import Packed
from .xml_tree import attribute, children, tag, xml_tree

DECK = "ppt/presentation.xml"
NO_WORDS = frozenset({"sldNum", "dt", "ftr", "hdr", "sldImg"})  # placeholders of the frame around a slide
TITLES = frozenset({"title", "ctrTitle"})


def read_slides_file(path: Path) -> list[Article]:
    """Return the one article that the slides hold, each as a page.

    Raises:
        ReadingError: the file cannot be read, is no PPTX, or holds no words.
    """
    packed = Packed(path)
    if DECK not in packed:
        raise ReadingError(f"{path} holds no slides, expected {DECK} in it. Save it as PPTX.")
    linked = packed.relations(DECK)
    order = [attribute(one, "id") for one in xml_tree(packed.read(DECK)).iter() if tag(one) == "sldId"]
    ids = [id_ for id_ in linked if linked[id_][0] == "slide"]
    names = [linked[id_][1] for id_ in dict.fromkeys([*(one for one in order if one in ids), *ids])]
    pages: list[str] = []
    begins: list[int] = []
    silent: list[str] = []
    length = 0
    title = ""
    for number, name in enumerate((one for one in names if one in packed), start=1):
        heading, lines = _slide(packed, name)
        title = title or heading
        text = "\n".join(lines)
        if not text:
            silent.append(str(number))
        begins.append(length)
        if text:
            pages.append(text)
            length += len(text) + 2
    text = "\n\n".join(pages)
    notes = [f"Slides without words, such as pictures, were not read: {', '.join(silent)}."] if silent else []
    notes += (
        ["Charts and diagrams were not read."]
        if any("/charts/chart" in one or "/diagrams/data" in one for one in packed.names)
        else []
    )
    findings = [Finding("title", title, "title of a slide")] if title else []
    article = article_from_text(text, source=str(path), findings=findings, notes=notes)
    begins = [min(begin, len(article.text)) for begin in begins]
    return [replace(article, pages=tuple(begins))]


def _slide(packed: Packed, name: str) -> tuple[str, list[str]]:
    """Return the title of a slide and all of its lines, its title first and the speaker's notes last."""
    headings: list[str] = []
    lines: list[str] = []
    for shape in _shapes(xml_tree(packed.read(name))):
        kinds = {attribute(one, "type") for one in shape.iter() if tag(one) == "ph"}
        if kinds & NO_WORDS:
            continue
        (headings if kinds & TITLES else lines).extend(_lines(shape))
    for kind, target in packed.relations(name).values():
        if kind in ("notesSlide", "comments") and target in packed:
            said = [
                line for shape in _shapes(xml_tree(packed.read(target))) if not _frame(shape) for line in _lines(shape)
            ]
            lines += said
    return " ".join(headings), [*([" ".join(headings)] if headings else []), *lines]


def _frame(shape: Any) -> bool:
    return any(tag(one) == "ph" and attribute(one, "type") in NO_WORDS for one in shape.iter())


def _shapes(root: Any) -> Iterator[Any]:
    return (one for one in root.iter() if tag(one) in ("sp", "graphicFrame", "cxnSp", "cm"))


def _lines(shape: Any) -> Iterator[str]:
    """Yield the words of each paragraph, of a table each row."""
    rows = [one for one in shape.iter() if tag(one) == "tr"]
    yield from lines_of_rows([[_cell(cell) for cell in children(row, "tc")] for row in rows])
    if not rows:
        for paragraph in (one for one in shape.iter() if tag(one) == "p"):
            if words := " ".join(_words(paragraph).split()):
                yield words
        for comment in (one for one in shape.iter() if tag(one) == "text" and one.text):
            yield " ".join(comment.text.split())


def _cell(cell: Any) -> str:
    return " ".join(" ".join(map(_words, (one for one in cell.iter() if tag(one) == "p"))).split())


def _words(paragraph: Any) -> str:
    pieces: list[str] = []
    for one in paragraph.iter():
        if tag(one) == "br":
            pieces.append("\n")
        elif tag(one) == "t":
            run = one.getparent()
            up = any(re.fullmatch(r"[1-9]\d*", attribute(inner, "baseline")) for inner in children(run, "rPr"))
            pieces.append(raised(one.text or "") if up else one.text or "")
    return with_marks_apart("".join(pieces))
