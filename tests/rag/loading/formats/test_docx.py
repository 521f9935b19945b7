"""Word documents: what stands in them, in order, and files that are none."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml

from rag import Article
from rag.errors import ReadingError
from rag.loading import read_path

PARAGRAPH = "The ferry between the two islands will stop running in October, the harbour board decided on Monday."


def read(folder: Path, data: bytes, name: str = "letter.docx") -> Article:
    path = folder / name
    path.write_bytes(data)
    [article] = read_path(path)
    assert isinstance(article, Article)
    return article


def test_paragraphs_and_rows_stand_in_their_order(tmp_path: Path, make_word: Any) -> None:
    article = read(tmp_path, make_word("The ferry stops", PARAGRAPH, rows=[("Line", "Riders"), ("North", "900")]))
    assert article.text == f"The ferry stops\n\n{PARAGRAPH}\n\nLine: North; Riders: 900."
    assert [section.kind for section in article.sections][:2] == ["heading", "body"]


SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BOX = "<w:txbxContent><w:p><w:r><w:t>42 ships</w:t></w:r></w:p></w:txbxContent>"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<w:ins><w:r><w:t>Tuesday</w:t></w:r></w:ins><w:del><w:r><w:delText>Monday</w:delText></w:r></w:del>", "Tuesday"),
        ("<w:moveFrom><w:r><w:t>Monday</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>May</w:t></w:r></w:moveTo>", "May"),
        ("<w:sdt><w:sdtContent><w:r><w:t>Tuesday</w:t></w:r></w:sdtContent></w:sdt>", "Tuesday"),
        ('<w:smartTag><w:r><w:t>Tues</w:t></w:r></w:smartTag><w:fldSimple w:instr="x"><w:r><w:t>day</w:t></w:r></w:fldSimple>', "Tuesday"),
        ("<w:hyperlink><w:r><w:t>5</w:t><w:tab/><w:noBreakHyphen/><w:br/><w:t>6</w:t></w:r></w:hyperlink>", "5\t-\n6"),
        (f'<w:r><w:t>May.</w:t>{BOX}<m:Fallback xmlns:m="m">{BOX}</m:Fallback></w:r>', "May.\n\n42 ships"),
    ],
)  # fmt: skip
def test_all_words_of_a_paragraph_are_read_but_those_that_were_deleted(
    tmp_path: Path, markup: str, expected: str
) -> None:
    document = Document()
    paragraph = document.add_paragraph("It stays closed until ")
    for element in parse_xml(f"<w:p {SPACE}>{markup}</w:p>"):
        paragraph._p.append(element)
    document.save(str(tmp_path / "x.docx"))
    assert read(tmp_path, (tmp_path / "x.docx").read_bytes()).text == f"It stays closed until {expected}"


def test_paragraphs_in_a_content_control_are_read(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("It reopened.")
    control = f"<w:sdt {SPACE}><w:sdtContent><w:p><w:r><w:t>It closed.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(1, parse_xml(control))
    document.save(str(tmp_path / "x.docx"))
    assert read(tmp_path, (tmp_path / "x.docx").read_bytes()).text == "It reopened.\n\nIt closed."


def test_a_number_in_a_table_is_whole_though_it_is_kept_in_two_pieces(tmp_path: Path) -> None:
    document = Document()
    cell = document.add_table(1, 2).cell(0, 1)
    for piece in ("4", "20"):
        cell.paragraphs[0].add_run(piece)
    cell.add_paragraph("tons")
    document.save(str(tmp_path / "x.docx"))
    assert read(tmp_path, (tmp_path / "x.docx").read_bytes()).text == "420 tons"


def test_the_title_style_names_the_article(tmp_path: Path, make_word: Any) -> None:
    article = read(tmp_path, make_word("Harbour board", ("The ferry stops", "Title"), PARAGRAPH))
    assert (article.title, article.origins["title"]) == ("The ferry stops", "title style")


@pytest.mark.parametrize(("author", "expected"), [("Moira Kell", "Moira Kell"), ("python-docx", None), ("mkell", None)])
def test_an_author_is_a_name_of_a_person(tmp_path: Path, make_word: Any, author: str, expected: str | None) -> None:
    assert read(tmp_path, make_word("The ferry stops", PARAGRAPH, author=author)).author == expected


def test_the_day_of_saving_is_not_the_day_of_publication(tmp_path: Path, make_word: Any) -> None:
    assert read(tmp_path, make_word("The ferry stops", PARAGRAPH)).published is None


@pytest.mark.parametrize("name", ["letter.zip", "letter.bin", "letter"])
def test_it_is_known_by_what_is_in_it(tmp_path: Path, make_word: Any, name: str) -> None:
    assert read(tmp_path, make_word(PARAGRAPH), name).text == PARAGRAPH


def test_an_empty_document_is_refused(tmp_path: Path, make_word: Any) -> None:
    with pytest.raises(ReadingError, match="is empty"):
        read(tmp_path, make_word())


def test_a_truncated_and_a_foreign_file_are_refused(tmp_path: Path, make_word: Any, make_zip: Any) -> None:
    with pytest.raises(ReadingError, match="cannot be read as DOCX"):
        read(tmp_path, make_word(PARAGRAPH)[:5_000])
    with pytest.raises(ReadingError, match="is no Word document"):
        read(tmp_path, make_zip({"a.txt": b"words"}))
    with pytest.raises(ReadingError, match="an old or an encrypted Word document"):
        read(tmp_path, b"\xd0\xcf\x11\xe0 and so on")


def test_a_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, make_word: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.loading.formats.docx.UNPACKED_MEGABYTES", 3)
    file = io.BytesIO(make_word(PARAGRAPH))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"word/media/{number}.xml", b"\0" * 1_000_000)
    with pytest.raises(ReadingError, match="unpacks to 4 MB"):
        read(tmp_path, file.getvalue())
