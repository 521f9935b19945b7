"""An index may come from somebody else, or lie where others can reach it."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from rag import Corpus
from rag.errors import IndexFolderError
from rag.index import doctor
from rag.settings import DATABASE
from rag.testing import HashEmbedder


@pytest.fixture
def index(tmp_path: Path, seeds: Path) -> Path:
    folder = tmp_path / "index"
    with Corpus.create(folder, embedder=HashEmbedder()) as corpus:
        corpus.add(seeds)
    return folder


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER spy AFTER INSERT ON sources BEGIN DELETE FROM sources; END",
        "CREATE VIEW spy AS SELECT * FROM sources",
        "CREATE VIRTUAL TABLE spy USING fts5(x)",
    ],
)
def test_what_would_run_with_our_queries_is_refused(index: Path, statement: str) -> None:
    connection = sqlite3.connect(index / DATABASE)
    connection.execute(statement)
    connection.commit()
    connection.close()
    with pytest.raises(IndexFolderError, match="'spy'"):
        Corpus.open(index, embedder=HashEmbedder())


def test_a_linked_database_is_refused(index: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / DATABASE).symlink_to(index / DATABASE)
    with pytest.raises(IndexFolderError, match="is a link"):
        Corpus.open(other, embedder=HashEmbedder())


def test_a_new_index_is_its_owners_alone(index: Path) -> None:
    assert stat.S_IMODE(index.stat().st_mode) == 0o700


def test_in_a_folder_that_others_may_enter_the_files_are_still_their_owners_alone(tmp_path: Path, seeds: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o755)
    before = os.umask(0o022)
    try:
        with Corpus.create(folder, embedder=HashEmbedder()) as corpus:
            corpus.add(seeds)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    finally:
        os.umask(before)
    assert DATABASE in modes
    assert set(modes.values()) == {0o600}


def test_a_query_that_does_not_end_is_broken_off_and_the_next_one_is_answered(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.index.connection.MOST_STEPS", 5_000_000)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with Corpus.open(index, embedder=HashEmbedder()) as corpus:
        with pytest.raises(IndexFolderError, match="did not come to its end"), corpus._store.snapshot() as connection:
            connection.execute(endless).fetchone()
        assert len(corpus.list_articles()) == 5


def test_nothing_in_the_schema_of_an_index_is_trusted(index: Path) -> None:
    with Corpus.open(index, embedder=HashEmbedder()) as corpus, corpus._store.snapshot() as connection:
        assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)


@pytest.mark.parametrize("byte", [0x00, 0x1B, 0x80, 0xC3, 0xFF])
def test_any_byte_in_a_source_is_examined_and_mended(index: Path, byte: int) -> None:
    connection = sqlite3.connect(index / DATABASE)
    (first,) = connection.execute("SELECT CAST(source AS BLOB) FROM sources LIMIT 1").fetchone()
    spoiled = first[:3] + bytes([byte]) + first[4:]
    connection.execute("UPDATE sources SET source = CAST(? AS TEXT) WHERE CAST(source AS BLOB) = ?", (spoiled, first))
    connection.commit()
    connection.close()
    doctor.examine(index)
    doctor.repair(index)
    with Corpus.open(index, embedder=HashEmbedder()) as corpus:
        assert len(corpus) == 5


def test_what_a_killed_repair_had_lost_is_told_by_the_next_one(index: Path) -> None:
    (index / ".lost").write_text('["gone.txt"]', encoding="utf-8")
    assert doctor.repair(index).lost == ("gone.txt",)
    assert doctor.repair(index).lost == ()
