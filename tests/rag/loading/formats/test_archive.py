"""ZIP archives: each file inside as in a folder, and archives that would fill the disk or lead out of a folder."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from rag import Article
from rag.errors import ReadingError
from rag.loading import Unread, read_path

WORDS = b"The ferry between the two islands will stop running in October, the harbour board decided on Monday."


def read(folder: Path, data: bytes) -> tuple[dict[str, Article], dict[str, str]]:
    path = folder / "news.zip"
    path.write_bytes(data)
    found = read_path(path)
    articles = {one.source.removeprefix(str(path)): one for one in found if isinstance(one, Article)}
    return articles, {one.source.removeprefix(str(path)): one.reason for one in found if isinstance(one, Unread)}


def test_each_file_is_an_article_with_its_place_inside(tmp_path: Path, make_zip: Any) -> None:
    articles, unread = read(tmp_path, make_zip({"may/ferry.txt": WORDS, "ferry.md": b"# Ferry\n\n" + WORDS}))
    assert sorted(articles) == ["#ferry.md", "#may/ferry.txt"]
    assert articles["#may/ferry.txt"].text == WORDS.decode()
    assert unread == {}


def test_records_inside_have_a_place_of_their_own(tmp_path: Path, make_zip: Any) -> None:
    rows = json.dumps([{"text": WORDS.decode()}, {"text": "Another text."}]).encode()
    articles, _ = read(tmp_path, make_zip({"export.json": rows, "inner.zip": make_zip({"a.json": rows})}))
    assert sorted(articles) == ["#export.json#1", "#export.json#2", "#inner.zip#a.json#1", "#inner.zip#a.json#2"]


def test_what_cannot_be_read_is_told_and_the_rest_is_read(tmp_path: Path, make_zip: Any) -> None:
    articles, unread = read(tmp_path, make_zip({"a.txt": WORDS, "logo.png": b"\x89PNG\0", "empty.txt": b" "}))
    assert list(articles) == ["#a.txt"]
    assert sorted(unread) == ["#empty.txt", "#logo.png"]
    assert f"{tmp_path / 'news.zip'}#empty.txt is empty" in unread["#empty.txt"]


def test_hidden_files_are_passed_over(tmp_path: Path, make_zip: Any) -> None:
    articles, unread = read(tmp_path, make_zip({"a.txt": WORDS, ".DS_Store": b"\0", "__MACOSX/a.txt": b"\0"}))
    assert (list(articles), unread) == (["#a.txt"], {})


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/evil.txt", "a/../../../evil.txt", "new\nline.txt"])
def test_no_name_leads_out_of_the_folder(
    tmp_path: Path, make_zip: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / "one" / "two" / "three"
    deep.mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    articles, _ = read(tmp_path, make_zip({"a.txt": WORDS, name: b"Some other words."}))
    assert articles[f"#{name}"].text == "Some other words."
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [tmp_path / "news.zip"]
    assert not Path("/etc/evil.txt").exists()


def test_an_encrypted_member_is_told(tmp_path: Path, make_zip: Any) -> None:
    data = bytearray(make_zip({"a.txt": WORDS, "b.txt": WORDS}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    articles, unread = read(tmp_path, bytes(data))
    assert list(articles) == ["#a.txt"]
    assert "is encrypted" in unread["#b.txt"]


def test_a_damaged_member_is_told(tmp_path: Path, make_zip: Any) -> None:
    data = bytearray(make_zip({"a.txt": WORDS}))
    data[40:50] = b"\xff" * 10
    _, unread = read(tmp_path, bytes(data))
    assert "damaged" in unread["#a.txt"]


def test_bombs_are_refused_before_they_are_unpacked(
    tmp_path: Path, make_zip: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.loading.formats.archive.MAX_TOTAL_MEGABYTES", 2)
    with pytest.raises(ReadingError, match="unpacks to 3 files of 3 MB"):
        read(tmp_path, make_zip(dict.fromkeys("abc", b"a" * 1_000_000)))
    nested = make_zip({"a.txt": WORDS})
    for _ in range(5):
        nested = make_zip({"inner.zip": nested})
    _, unread = read(tmp_path, nested)
    assert "lies in 3 archives" in next(iter(unread.values()))
    monkeypatch.setattr("rag.loading.formats.archive.MAX_MEMBERS", 2)
    with pytest.raises(ReadingError, match="3 files"):
        read(tmp_path, make_zip(dict.fromkeys("abc", WORDS)))


def test_what_was_unpacked_counts_over_all_levels(
    tmp_path: Path, make_zip: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.loading.formats.archive.MAX_MEMBERS", 5)
    inner: Mapping[str, bytes] = {"a.txt": WORDS, "b.txt": WORDS}
    articles, unread = read(tmp_path, make_zip({"1.zip": make_zip(inner), "2.zip": make_zip(inner)}))
    assert len(articles) == 2
    assert "6 files" in unread["#2.zip"]


def test_an_office_document_of_another_kind_is_named(tmp_path: Path, make_zip: Any) -> None:
    with pytest.raises(ReadingError, match="office document of another kind"):
        read(tmp_path, make_zip({"[Content_Types].xml": b"", "visio/document.xml": b""}))


def test_an_empty_and_a_broken_archive_are_refused(tmp_path: Path, make_zip: Any) -> None:
    with pytest.raises(ReadingError, match="holds no article"):
        read(tmp_path, make_zip({}))
    with pytest.raises(ReadingError, match="cannot be read as ZIP"):
        read(tmp_path, make_zip({"a.txt": WORDS})[:60])


def test_a_file_without_an_ending_is_an_archive_by_its_bytes(tmp_path: Path, make_zip: Any) -> None:
    path = tmp_path / "download"
    path.write_bytes(make_zip({"a.txt": WORDS}))
    assert zipfile.is_zipfile(path)
    assert [one.source for one in read_path(path)] == [f"{path}#a.txt"]


def test_a_file_inside_may_be_as_large_as_outside(tmp_path: Path, make_zip: Any) -> None:
    rows = b"".join(b'{"text": "%b %d."}\n' % (WORDS * 1_000, number) for number in range(220))
    assert len(rows) > 20_000_000
    articles, unread = read(tmp_path, make_zip({"export.jsonl": rows, "long.txt": WORDS * 220_000}))
    assert len(articles) == 220
    assert "long.txt is larger than 20 MB" in unread["#long.txt"]
