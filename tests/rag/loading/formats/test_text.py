"""Files to articles: encodings, ids, and files that are no articles."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ReadingError
from rag.loading import read_path
from rag.loading.articles import article_from_text, article_id
from rag.loading.decoding import decode

WORDS = (
    "Der Bürgermeister sagte, die Brücke werde im März geöffnet.\nMehr wisse er nicht, sagte er später über den Fluss."
)


def written(folder: Path, data: bytes, name: str = "article.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_and_plain_unicode_is_read(tmp_path: Path, encoding: str) -> None:
    [article] = read_path(written(tmp_path, WORDS.encode(encoding)))
    assert article.text == WORDS
    assert article.origins["encoding"] == encoding.removesuffix("-sig")


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", WORDS),
        ("cp1252", "The café’s owner said that it would close."),
        ("latin-1", "Málaga, año 2020. El niño y la señora fueron a la montaña."),
        ("cp1251", "Президент подарил животных из Московского зоопарка."),
        ("koi8_r", "Президент подарил животных из Московского зоопарка."),
        ("cp932", "これは日本語の記事です。東京で新しい橋が開通しました。"),
        ("gb18030", "中国向日本、韩国和美国赠送熊猫。"),
        ("cp949", "북한은 러시아에 군대를 보냈다. 김정은 위원장은"),
    ],
)
def test_a_legacy_encoding_is_recognised_and_said_to_be_guessed(tmp_path: Path, encoding: str, words: str) -> None:
    [article] = read_path(written(tmp_path, words.encode(encoding)))
    assert article.text == words
    assert article.origins["encoding"].endswith("(guessed)")


def test_a_legacy_letter_late_in_a_long_file_is_recognised(tmp_path: Path) -> None:
    words = "A plain line of plain words.\n" * 10_000 + WORDS
    [article] = read_path(written(tmp_path, words.encode("cp1252")))
    assert article.text == words


def test_a_damaged_letter_does_not_spoil_the_others(tmp_path: Path) -> None:
    [article] = read_path(written(tmp_path, (WORDS * 20).encode() + b"\xe2\x82"))
    assert article.text == WORDS * 20 + "\ufffd"
    assert article.origins["encoding"] == "utf-8 (1 wrong bytes replaced)"


def test_line_ends_become_line_feeds(tmp_path: Path) -> None:
    [article] = read_path(written(tmp_path, b"One\r\nTwo\rThree\n"))
    assert article.text == "One\nTwo\nThree\n"


def test_soft_hyphens_are_taken_out_of_their_words() -> None:
    assert article_from_text("The har\xadbour re\xadopened.", source="x").text == "The harbour reopened."


def test_the_text_is_kept_as_it_is() -> None:
    assert article_from_text("  A\t b \n\n\n c\u00a0 ", source="a.txt").text == "  A\t b \n\n\n c\u00a0 "


def test_the_id_comes_from_the_text(tmp_path: Path) -> None:
    [first] = read_path(written(tmp_path, WORDS.encode(), "a.txt"))
    [second] = read_path(written(tmp_path, WORDS.encode("utf-16"), "b.md"))
    assert first.id == second.id == article_id(first) == hashlib.sha256(WORDS.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\t\r\n\xc2\xa0", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        (b"a\0b", "is binary"),
        (b"\xff\0\xfe\x80" * 50, "is binary"),
        (bytes(range(1, 256)), "is in no encoding"),
        (b"%PDF-1.7 plain enough", "cannot be read as PDF"),
        (b"PK\x03\x04 and so on", "cannot be read as ZIP"),
        (b"\xff\xfea\0b", "says that it is utf-16"),
    ],
)
def test_what_is_no_text_is_refused_with_its_name(tmp_path: Path, data: bytes, said: str) -> None:
    path = written(tmp_path, data)
    with pytest.raises(ReadingError) as caught:
        read_path(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_an_absent_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="absent"):
        read_path(tmp_path / "none.txt")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(ReadingError, match="a folder"):
        read_path(tmp_path / "folder.txt")


def test_a_named_pipe_is_refused_and_not_waited_on(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(ReadingError, match="no regular file"):
        read_path(tmp_path / "pipe.txt")


def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="File name too long"):
        read_path(tmp_path / ("a" * 300 + ".txt"))


def test_an_unknown_ending_names_the_kinds_that_are_read(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"'\.pages', expected text, a web page, a PDF.*`citedesk index --help`"):
        read_path(written(tmp_path, b"words", "article.pages"))


def test_a_file_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.loading.file_bytes.MAX_MEGABYTES", 1)
    with pytest.raises(ReadingError, match="larger than 1 MB"):
        read_path(written(tmp_path, b"word " * 200_001))


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ReadingError, match="a broken character at 5"):
        article_from_text("words\ud800", source="a.txt")


@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        decoded = decode(data, name="a.txt")
    except ReadingError:
        return
    assert "\0" not in decoded.text
    assert "\r" not in decoded.text


@given(st.text(max_size=300))
def test_any_words_written_as_utf_8_are_read_back(words: str) -> None:
    try:
        decoded = decode(words.encode(), name="a.txt")
    except ReadingError:
        return
    assert decoded.text == words.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
