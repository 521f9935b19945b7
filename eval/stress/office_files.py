"""Spreadsheets, texts and slides of office programs, made from known articles."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from .files import zip_bytes

W = "urn:oasis:names:tc:opendocument:xmlns:"
MANIFEST = '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


@dataclass(frozen=True, slots=True)
class Story:
    """An article as it is known before it is put into a file."""

    title: str
    outlet: str
    author: str
    day: date
    paragraphs: tuple[str, ...]

    @property
    def stamp(self) -> str:
        return f"{self.day:%a, %d %b %Y} 06:00:00 +0000"


def workbook_bytes(stories: Sequence[Story]) -> bytes:
    from openpyxl import Workbook

    book: Any = Workbook()
    book.active.append(["Headline", "Publication", "Date", "Author", "Text"])
    for one in stories:
        book.active.append([one.title, one.outlet, one.day, one.author, "\n\n".join(one.paragraphs)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def open_sheet_bytes(stories: Sequence[Story]) -> bytes:
    rows = [["Headline", "Publication", "Date", "Author", "Text"]]
    rows += [[one.title, one.outlet, str(one.day), one.author, "\n".join(one.paragraphs)] for one in stories]
    cells = "".join(
        "<table:table-row>"
        + "".join("<table:table-cell>" + "".join(f"<text:p>{escape(line)}</text:p>" for line in cell.split("\n")) + "</table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in rows
    )  # fmt: skip
    return _open_document(
        "spreadsheet",
        f'<office:spreadsheet><table:table table:name="Sheet1">{cells}</table:table></office:spreadsheet>',
    )


def open_text_bytes(stories: Sequence[Story]) -> bytes:
    one = stories[0]
    lines = "".join(f"<text:p>{escape(words)}</text:p>" for words in (f"By {one.author}", *one.paragraphs))
    return _open_document("text", f"<office:text><text:h>{escape(one.title)}</text:h>{lines}</office:text>")


def _open_document(kind: str, body: str) -> bytes:
    names = " ".join(f'xmlns:{name}="{W}{name}:1.0"' for name in ("office", "text", "table"))
    content = f"<office:document-content {names}><office:body>{body}</office:body></office:document-content>"
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": content,
        "META-INF/manifest.xml": MANIFEST,
    }
    return zip_bytes({name: words.encode() for name, words in parts.items()})


def slides_bytes(stories: Sequence[Story]) -> bytes:
    names = 'xmlns:a="http://a" xmlns:p="http://p" xmlns:r="http://r"'

    def shape(kind: str, lines: Sequence[str]) -> str:
        words = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in lines)
        return f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr><p:txBody>{words}</p:txBody></p:sp>'

    ids = "".join(f'<p:sldId r:id="r{at}"/>' for at in range(len(stories)))
    links = "".join(
        f'<Relationship Id="r{at}" Type="x/slide" Target="slides/slide{at}.xml"/>' for at in range(len(stories))
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "ppt/presentation.xml": f"<p:presentation {names}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": f"<Relationships>{links}</Relationships>",
    }
    for at, one in enumerate(stories):
        shapes = shape("title", [one.title]) + shape("body", one.paragraphs) + shape("sldNum", [str(at)])
        parts[f"ppt/slides/slide{at}.xml"] = f"<p:sld {names}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
    return zip_bytes({name: words.encode() for name, words in parts.items()})
