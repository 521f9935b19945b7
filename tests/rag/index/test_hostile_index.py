"""An index may come from somebody else, or lie where others can reach it."""

from __future__ import annotations

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
