"""The mark of a note is no digit of the number before it, in any reader that can tell it; nor is a power or a unit torn."""

from __future__ import annotations

import json
import re
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from eval.stress.files import unzipped, word_bytes, zip_bytes
from eval.stress.format_files import MAKERS
from eval.stress.office_files import Story
from rag import Article
from rag.loading import read_path
from rag.loading.articles import plain_lines
from rag.loading.formats.note_marks import raised, with_marks_apart

WORDS = "Ostland issued 12,450MARK visas for work in 2023, a tenth more than in the year before, says a paper of the think tank Meridian."
REST = "The think tank asks the ministry to count the workers of the season as well, as all of its neighbours have done for years."
SEEN = "Ostland issued 12,450 ³ visas for work in 2023"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HTML = "<sup>3</sup>"
STYLE = (
    '<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><style:style style:name="T1">'
    '<style:text-properties style:text-position="super 58%"/></style:style></office:automatic-styles><office:body>'
)


def made(ending: str) -> bytes:
    story = Story("Visas in Ostland", "Argus", "Ida Berg", date(2024, 5, 1), (WORDS, REST))
    count, _, maker = MAKERS[ending]
    return maker([story] * count)


def repacked(data: bytes, name: str, *pairs: tuple[str, str]) -> bytes:
    parts = unzipped(data)
    words = parts[name].decode()
    for old, new in pairs:
        assert old in words
        words = words.replace(old, new)
    return zip_bytes(parts | {name: words.encode()})


def letter() -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = "Visas in Ostland", "Ida Berg <a@paper.example>"
    message.set_content(f"<p>{WORDS.replace('MARK', HTML)}</p><p>{REST}</p>", subtype="html")
    return message.as_bytes()


def workbook() -> bytes:
    """Return a sheet as Excel keeps it: words in a part of their own, in pieces."""
    parts = unzipped(made("xlsx"))
    main, kind = (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "application/vnd.openxmlformats-officedocument",
    )
    before, after = WORDS.split("MARK")
    strings = (
        f'<sst xmlns="{main}"><si><r><t xml:space="preserve">{before}</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>3</t></r>'
        f'<r><t xml:space="preserve">{after}</t></r></si></sst>'
    )
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    sheet = re.sub(r'<c r="E2" t="inlineStr">.*?</c>', '<c r="E2" t="s"><v>0</v></c>', sheet, flags=re.DOTALL)
    link = f'<Relationship Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml" Id="rId9"/></Relationships>'
    types = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.spreadsheetml.sharedStrings+xml"/></Types>'
    return zip_bytes(
        parts
        | {
            "xl/sharedStrings.xml": strings.encode(),
            "xl/worksheets/sheet1.xml": sheet.encode(),
            "xl/_rels/workbook.xml.rels": parts["xl/_rels/workbook.xml.rels"].replace(
                b"</Relationships>", link.encode()
            ),
            "[Content_Types].xml": parts["[Content_Types].xml"].replace(b"</Types>", types.encode()),
        }
    )


def files() -> dict[str, bytes]:
    word = "</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>3</w:t></w:r><w:r><w:t xml:space='preserve'>"
    slide = '</a:t></a:r><a:r><a:rPr baseline="30000"/><a:t>3</a:t></a:r><a:r><a:t>'
    span = '<text:span text:style-name="T1">3</text:span>'
    marked = WORDS.replace("MARK", HTML)
    return {
        "txt": f"Visas in Ostland\n\n{WORDS.replace('MARK', '³')}\n\n{REST}\n".encode(),
        "csv": f'title,text\nVisas,"{WORDS.replace("MARK", "³")}"\n'.encode(),
        "html": made("html").replace(b"MARK", HTML.encode()),
        "mhtml": made("mhtml").replace(b"=\r\n", b"").replace(b"MARK", HTML.encode()),
        "eml": letter(),
        "json": json.dumps({"title": "Visas", "text": f"<p>{marked}</p><p>{REST}</p>"}).encode(),
        "rss": made("rss").replace(b"MARK", HTML.encode()),
        "epub": repacked(made("epub"), "OEBPS/a0.xhtml", ("MARK", HTML)),
        "wiki": f"'''Ostland''' is a country.\n\n{marked}<ref>[[Meridian]]</ref>\n\n[[Category:Countries]]".encode(),
        "rtf": made("rtf").replace(b"MARK", b"{\\super 3}"),
        "docx": repacked(word_bytes(WORDS, REST), "word/document.xml", ("MARK", word)),
        "odt": repacked(made("odt"), "content.xml", ("MARK", span), ("<office:body>", STYLE)),
        "ods": repacked(made("ods"), "content.xml", ("MARK", span), ("<office:body>", STYLE)),
        "pptx": repacked(made("pptx"), "ppt/slides/slide0.xml", ("MARK", slide)),
        "xlsx": workbook(),
    }


@pytest.mark.parametrize("ending", list(files()))
def test_a_raised_mark_stands_apart_from_its_number(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"visas.{ending}"
    path.write_bytes(files()[ending])
    first = next(one for one in read_path(path) if isinstance(one, Article))
    assert SEEN in " ".join(first.text.split())


@pytest.mark.parametrize("ending", ["html", "eml"])
def test_a_mark_in_a_cell_of_a_table_stands_apart(ending: str, tmp_path: Path) -> None:
    table = "<table><tr><th>Year</th><th>Children</th></tr><tr><td>2020</td><td>12,450<sup>3</sup></td></tr><tr><td>2021</td><td>19,733</td></tr></table>"
    page = f"<html><body><article><h1>Visas</h1><p>{REST}</p><p>{REST}</p>{table}<p>{REST}</p></article></body></html>"
    message = EmailMessage()
    message["Subject"] = "Visas"
    message.set_content(page, subtype="html")
    path = tmp_path / f"a.{ending}"
    path.write_bytes(page.encode() if ending == "html" else message.as_bytes())
    [article] = read_path(path)
    assert isinstance(article, Article)
    assert "Year: 2020; Children: 12,450 ³." in article.text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("12,450³ visas", "12,450 ³ visas"),
        ("8,120⁴.", "8,120 ⁴."),
        ("10⁶ cells, 5² and 40 m²", "10⁶ cells, 5² and 40 m²"),
        ("10⁻³ and x²", "10⁻³ and x²"),
    ],
)
def test_powers_and_units_stay_whole_in_plain_text(text: str, seen: str) -> None:
    assert plain_lines(text) == seen


@pytest.mark.parametrize(
    ("before", "mark", "after", "seen"),
    [
        ("in 19", "th", " place", "in 19th place"),
        ("40 m", "2", " large", "40 m² large"),
        ("10", "6", " cells", "10⁶ cells"),
        ("12,450", "[3]", " visas", "12,450 ³ visas"),
        ("12,450", "3,4", " visas", "12,450 ³,⁴ visas"),
        ("the visas.", "3", " Then", "the visas ³. Then"),
        ("the visas", "*", ".", "the visas *."),
    ],
)
def test_ordinals_units_and_powers_are_no_notes(before: str, mark: str, after: str, seen: str) -> None:
    assert with_marks_apart(f"{before}{raised(mark)}{after}") == seen
