"""Word documents: what stands in them, in order, and files that are none."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from rag import Article
from rag.errors import ReadingError
from rag.reading import read_path

PARAGRAPH = "The ferry between the two islands will stop running in October, the harbour board decided on Monday."


def read(folder: Path, data: bytes, name: str = "letter.docx") -> Article:
    path = folder / name
    path.write_bytes(data)
    [article] = read_path(path)
    assert isinstance(article, Article)
    return article


def test_paragraphs_and_rows_stand_in_their_order(tmp_path: Path, make_word: Any) -> None:
    article = read(tmp_path, make_word("The ferry stops", PARAGRAPH, rows=[("Line", "Riders"), ("North", "900")]))
    assert article.text == f"The ferry stops\n\n{PARAGRAPH}\n\nLine | Riders\n\nNorth | 900"
    assert [section.kind for section in article.sections][:2] == ["heading", "body"]


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
    monkeypatch.setattr("rag.reading.word.UNPACKED_MEGABYTES", 3)
    file = io.BytesIO(make_word(PARAGRAPH))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"word/media/{number}.xml", b"\0" * 1_000_000)
    with pytest.raises(ReadingError, match="unpacks to 4 MB"):
        read(tmp_path, file.getvalue())
