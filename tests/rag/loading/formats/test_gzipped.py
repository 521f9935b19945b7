"""Files packed with gzip: each is read as the file inside would be, and what would fill the memory is refused."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from rag import Article, Corpus
from rag.errors import ReadingError
from rag.loading import Unread, read_path

WORDS = "The ferry between the two islands will stop running in October, the harbour board decided on Monday."
PAGE = f"<html><head><title>Ferry stops</title></head><body><article><p>{WORDS}</p></article></body></html>"
ROWS = "".join(json.dumps({"text": f"{WORDS} {number}"}) + "\n" for number in range(3))


def packed(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(data if isinstance(data, bytes) else data.encode()))
    return path


def test_records_inside_have_a_place_of_their_own(tmp_path: Path) -> None:
    path = packed(tmp_path, "export.jsonl.gz", ROWS)
    assert [one.source for one in read_path(path)] == [f"{path}#export.jsonl#{number}" for number in (1, 2, 3)]


@pytest.mark.parametrize(("name", "inside"), [("page.html.gz", "page.html"), ("PAGE.GZ", "PAGE"), ("page", "page")])
def test_a_page_is_known_by_its_name_or_its_bytes(tmp_path: Path, name: str, inside: str) -> None:
    path = packed(tmp_path, name, PAGE)
    [article] = read_path(path)
    assert isinstance(article, Article)
    assert (article.source, article.title, article.text) == (f"{path}#{inside}", "Ferry stops", WORDS)


def test_a_corpus_takes_it_and_finds_it_unchanged(
    empty_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.ingest.indexer.SETTLED_SECONDS", -1.0)
    path = packed(tmp_path, "export.jsonl.gz", ROWS)
    assert empty_corpus.add(tmp_path).added == tuple(f"{path}#export.jsonl#{number}" for number in (1, 2, 3))
    assert len(empty_corpus.sync(tmp_path).unchanged) == 3
    path.unlink()
    (tmp_path / "a.txt").write_text("A walrus swims.")
    assert len(empty_corpus.sync(tmp_path).removed) == 3


def test_several_packings_in_one_file_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl.gz"
    path.write_bytes(b"".join(gzip.compress(line.encode()) for line in ROWS.splitlines(keepends=True)))
    assert len(read_path(path)) == 3


def test_one_in_an_archive_and_one_in_another_are_read(tmp_path: Path, make_zip: Any) -> None:
    path = tmp_path / "news.zip"
    path.write_bytes(make_zip({"a.txt.gz": gzip.compress(WORDS.encode())}))
    assert [one.source for one in read_path(path)] == [f"{path}#a.txt.gz#a.txt"]
    twice = packed(tmp_path, "a.txt.gz.gz", gzip.compress(WORDS.encode()))
    assert [one.source for one in read_path(twice)] == [f"{twice}#a.txt.gz#a.txt"]


@pytest.mark.parametrize("keep", [5, 40, -8, -1])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, keep: int) -> None:
    path = packed(tmp_path, "export.jsonl.gz", ROWS)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ReadingError, match=r"export\.jsonl\.gz is damaged or cut off .*expected a whole .*Fetch"):
        read_path(path)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, "export.jsonl.gz", ROWS)
    data = bytearray(path.read_bytes())
    data[30] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(ReadingError, match="is damaged or cut off"):
        read_path(path)


def test_what_packs_nothing_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "b.txt.gz"
    empty.touch()
    for path in (packed(tmp_path, "a.txt.gz", b""), empty):
        with pytest.raises(
            ReadingError, match=r"txt\.gz packs nothing, expected one file\. Leave it out, or pack it again"
        ):
            read_path(path)


def test_what_packs_no_article_is_told(tmp_path: Path) -> None:
    path = packed(tmp_path, "a.png.gz", b"\x89PNG\0")
    [unread] = read_path(path)
    assert isinstance(unread, Unread)
    assert unread.source == f"{path}#a.png"
    assert unread.ignored


@pytest.mark.parametrize("name", ["news.tar.gz", "news.tgz", "news.gz"])
def test_an_archive_of_many_files_is_to_be_unpacked(tmp_path: Path, name: str) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        (tmp_path / "a.txt").write_text(WORDS)
        archive.add(tmp_path / "a.txt", "a.txt")
    path = packed(tmp_path, name, file.getvalue())
    with pytest.raises(ReadingError, match=r"packs a tar archive, expected one file\. Unpack it, and give the folder"):
        read_path(path)


def test_no_more_is_unpacked_than_a_file_of_its_kind_may_have(tmp_path: Path) -> None:
    path = packed(tmp_path, "bomb.txt.gz", b"a" * 30_000_000)
    with pytest.raises(ReadingError, match=r"bomb\.txt\.gz unpacks to more than 20 MB, expected at most that\. "):
        read_path(path)
    path = packed(tmp_path, "export.jsonl.gz", b"\n" * 30_000_000 + ROWS.encode())
    assert len(read_path(path)) == 3


def test_what_was_unpacked_counts_over_all_levels(
    tmp_path: Path, make_zip: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.loading.formats.archive.MAX_TOTAL_MEGABYTES", 2)
    path = tmp_path / "news.zip"
    path.write_bytes(make_zip({f"{one}.txt.gz": gzip.compress(b"a " * 600_000) for one in "ab"}))
    first, second = read_path(path)
    assert isinstance(first, Article)
    assert isinstance(second, Unread)
    assert f"{path}#b.txt.gz unpacks to" in second.reason


def test_one_in_the_other_many_times_is_refused(tmp_path: Path) -> None:
    data = WORDS.encode()
    for _ in range(5):
        data = gzip.compress(data)
    [unread] = read_path(packed(tmp_path, "a.txt", data))
    assert isinstance(unread, Unread)
    assert "lies in 3 archives" in unread.reason
