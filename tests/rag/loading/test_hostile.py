"""Files made to do harm, as they are given to a corpus: each is refused with a message, soon, and the others are read."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rag import Article, Corpus
from rag.errors import ReadingError
from rag.loading import Unread
from rag.loading.file_bytes import read_bytes
from rag.loading.sandbox import ReadingProcess

WORDS = "The ferry between the two islands will stop running in October."
ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{ENTITIES}]><w:document xmlns:w="{{}}"><w:body>&l11;</w:body></w:document>'
CYCLIC = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Pages /Kids [2 0 R 3 0 R] /Count 9999999 /Parent 2 0 R>> endobj
trailer <</Root 1 0 R>>
%%EOF
"""


@pytest.fixture
def failing(tmp_path: Path) -> Callable[..., str]:
    """Reads a file, and a sound one after it; returns why the first, or a part of it, was not read."""

    def read(name: str, data: bytes) -> str:
        path = tmp_path / name
        path.write_bytes(data)
        sound = tmp_path / "zz.html"
        sound.write_text(f"<html><body><p>{WORDS}</p></body></html>")
        with ReadingProcess(seconds=20) as process:
            try:
                [unread] = process.read(path)
            except ReadingError as error:
                unread = Unread(str(path), str(error))
            [article] = process.read(sound)
        assert isinstance(article, Article)
        assert isinstance(unread, Unread)
        assert unread.source.startswith(str(path))
        assert "expected" in unread.reason
        return unread.reason

    return read


def sparse(path: Path, size: int) -> Path:
    with path.open("wb") as file:
        file.write(b"Words of an article.\n" * 1000)
        file.truncate(size)
    return path


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.pdf", "a.docx", "a.json", "a.csv", "a.eml", "a.json.gz"])
def test_two_gigabytes(tmp_path: Path, name: str) -> None:
    path = sparse(tmp_path / name, 2_000_000_000)
    with ReadingProcess() as process, pytest.raises(ReadingError, match=r"is larger than .* Split it"):
        process.read(path)


def test_a_document_of_entities(failing: Callable[..., str], make_word: Any) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(make_word(WORDS))) as whole, zipfile.ZipFile(file, "w") as changed:
        for name in whole.namelist():
            space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            changed.writestr(name, LAUGHS.replace("{}", space) if name == "word/document.xml" else whole.read(name))
    assert "a.docx" in failing("a.docx", file.getvalue())


def test_an_archive_that_says_less_than_it_holds(failing: Callable[..., str], make_zip: Any) -> None:
    data = bytearray(make_zip({"a.txt": WORDS.encode() * 1000}))
    for at in (data.index(b"PK\x03\x04") + 22, data.rindex(b"PK\x01\x02") + 24):
        data[at : at + 4] = (50).to_bytes(4, "little")
    assert "a.txt is damaged" in failing("a.zip", bytes(data))


def test_a_document_in_a_circle(failing: Callable[..., str]) -> None:
    assert "a.pdf" in failing("a.pdf", CYCLIC)


@pytest.mark.parametrize("opening", [b"<div>", b"<table><tr><td>", b"<b>", b"<svg><g>"])
def test_markup_a_hundred_thousand_levels_deep(tmp_path: Path, opening: bytes) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"<html><body>" + opening * 100_000 + WORDS.encode())
    with ReadingProcess(seconds=20) as process:
        try:
            [article] = process.read(path)
        except ReadingError as error:
            assert "holds no running text" in str(error)  # noqa: PT017
        else:
            assert isinstance(article, Article)
            assert article.text == WORDS


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize(
    "data", [b"[" * 200_000, b'{"text":' * 200_000, b'{"text": "x", "n": ' + b"9" * 100_000 + b"}"]
)
def test_values_a_hundred_thousand_levels_deep(failing: Callable[..., str], name: str, data: bytes) -> None:
    failing(name, data)


@pytest.mark.skipif(sys.platform == "win32", reason="such names cannot be there")
def test_names_with_line_breaks_and_in_no_encoding(empty_corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "two\nlines.txt").write_text(WORDS)
    (tmp_path / "two\nlines.html").write_text(f"<html><body><p>{WORDS} Or not.</p></body></html>")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_text("Other words.")
    report = empty_corpus.add(tmp_path)
    assert sorted(Path(source).name for source in report.added) == ["two\nlines.html", "two\nlines.txt"]
    [(_, reason)] = report.failed
    assert "Correct the name" in reason
    (tmp_path / "two\nlines.txt").unlink()
    assert len(empty_corpus.sync(tmp_path).removed) == 1


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A folder with links out of it, to a file and to a folder, and links inside it."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.txt").write_text("A secret.")
    (folder := tmp_path / "articles").mkdir()
    (folder / "inside").mkdir()
    (folder / "inside" / "a.txt").write_text(WORDS)
    (folder / "1 file.txt").symlink_to(tmp_path / "secret" / "key.txt")
    (folder / "2 folder").symlink_to(tmp_path / "secret")
    (folder / "3 again").symlink_to(folder / "inside")
    (folder / "4 round").symlink_to(folder)
    (folder / "5 same.txt").symlink_to(folder / "inside" / "a.txt")
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_links_out_of_the_folder_are_told_and_not_followed(empty_corpus: Corpus, linked: Path) -> None:
    report = empty_corpus.add(linked)
    assert [Path(source).name for source in report.added] == ["a.txt"]
    assert [Path(source).name for source, _ in report.failed] == ["1 file.txt", "2 folder"]
    for _, reason in report.failed:
        assert "is a link to" in reason
        assert "Name " in reason
    assert not empty_corpus.search("secret", k=5) or "secret" not in empty_corpus.search("secret", k=5)[0].passage.text


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_that_is_named_itself_is_followed(empty_corpus: Corpus, linked: Path, tmp_path: Path) -> None:
    assert len(empty_corpus.add(linked / "1 file.txt").added) == 1
    (tmp_path / "home").symlink_to(linked)
    assert [Path(source).name for source in empty_corpus.add(tmp_path / "home").added] == ["a.txt"]


DEEP = 1_500


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A folder with folders in one another. They are taken away one by one: pytest cannot, and a later run would fail."""
    here = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(DEEP):
            os.mkdir("d")
            os.chdir("d")
        os.chdir(here)
        yield tmp_path
        os.chdir(tmp_path)
        for _ in range(DEEP):
            os.chdir("d")
        for _ in range(DEEP):
            os.chdir("..")
            os.rmdir("d")
    finally:
        os.chdir(here)


def test_folders_a_thousand_deep(empty_corpus: Corpus, deep: Path) -> None:
    (deep / "a.txt").write_text(WORDS)
    assert [Path(source).name for source in empty_corpus.add(deep).added] == ["a.txt"]


class Changing(type(Path())):  # type: ignore[misc]
    """A file that another program writes while it is read."""

    def open(self, *arguments: Any) -> Any:
        file = super().open(*arguments)
        path = str(self)

        class Reading:
            def __enter__(self) -> Reading:
                return self

            def __exit__(self, *error: object) -> None:
                file.close()

            def fileno(self) -> int:
                return int(file.fileno())

            def read(self, count: int) -> bytes:
                data: bytes = file.read(count // 2)
                os.truncate(path, 10)
                return data + bytes(file.read(count))

        return Reading()


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    path = Changing(tmp_path / "a.txt")
    (tmp_path / "a.txt").write_text(WORDS * 1000)
    with pytest.raises(ReadingError, match=r"changed while it was read, expected a file at rest\. Save it"):
        read_bytes(path)
