"""Records and files inside a file, in a corpus that is kept in step with a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rag import Corpus
from rag.settings import Settings
from rag.testing import HashEmbedder


def write(path: Path, *records: dict[str, Any]) -> None:
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")


def inside(corpus: Corpus) -> dict[str, str]:
    """The text by what stands after the mark in its source."""
    return {source.partition("#")[2]: corpus.article(id_).text for source, id_ in corpus.sources().items()}


FERRY = {"id": "ferry", "text": "The ferry between the islands stops in October."}
FOG = {"id": "fog", "text": "A fog came over the harbour and stayed for nine days."}
SEALS = {"id": "seals", "text": "Twelve seals moved into the old dock."}


def test_records_that_are_gone_from_their_file_are_gone_after_sync(empty_corpus: Corpus, tmp_path: Path) -> None:
    export = tmp_path / "export.jsonl"
    write(export, FERRY, FOG)
    empty_corpus.sync(tmp_path)
    write(export, SEALS, FERRY)
    report = empty_corpus.sync(tmp_path)
    assert inside(empty_corpus) == {"ferry": FERRY["text"], "seals": SEALS["text"]}
    assert [source.partition("#")[2] for source in report.added] == ["seals"]
    assert [source.partition("#")[2] for source in report.unchanged] == ["ferry"]


def test_a_collection_that_is_gone_takes_its_records_with_it(empty_corpus: Corpus, tmp_path: Path) -> None:
    write(tmp_path / "export.jsonl", FERRY, FOG)
    write(tmp_path / "other.jsonl", SEALS)
    empty_corpus.sync(tmp_path)
    (tmp_path / "export.jsonl").unlink()
    empty_corpus.sync(tmp_path)
    assert inside(empty_corpus) == {"seals": SEALS["text"]}


def test_a_part_that_fails_to_be_read_again_stays_as_it_was(
    empty_corpus: Corpus, tmp_path: Path, make_zip: Any
) -> None:
    archive = tmp_path / "news.zip"
    archive.write_bytes(make_zip({"a.txt": b"The ferry stops.", "b.txt": b"A fog came.", "c.txt": b"Seals moved in."}))
    empty_corpus.sync(tmp_path)
    archive.write_bytes(make_zip({"a.txt": b"The ferry stops now.", "b.txt": b"\0\1\2"}))
    report = empty_corpus.sync(tmp_path)
    assert inside(empty_corpus) == {"a.txt": "The ferry stops now.", "b.txt": "A fog came."}
    assert [source.partition("#")[2] for source, _ in report.failed] == ["b.txt"]


def test_a_name_with_the_mark_in_it_is_a_file_like_others(empty_corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "ferry#3.txt").write_text("The ferry stops.", encoding="utf-8")
    empty_corpus.sync(tmp_path)
    assert empty_corpus.sync(tmp_path).removed == ()
    assert len(empty_corpus) == 1


def test_another_field_map_reads_the_same_file_again(tmp_path: Path) -> None:
    write(tmp_path / "export.jsonl", {"text": "A summary.", "story": "The whole story of the ferry."})
    for field_map, text in [("", "A summary."), ("text=story", "The whole story of the ferry.")]:
        settings = Settings(field_map=field_map)
        with Corpus(tmp_path / ".index", settings, embedder=HashEmbedder()) as corpus:
            corpus.sync(tmp_path)
            assert [article.text for article in corpus.articles()] == [text]
