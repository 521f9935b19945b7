"""An index in a folder that may only be read: asked like any other, and changed by none of what is tried."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from eval.stress.scene import AnyReader
from rag import Article, Corpus, open_default
from rag.errors import DamagedIndexError, IndexFolderError
from rag.index.doctor import examine, repair
from rag.index.store import Store
from rag.settings import DATABASE
from rag.testing import HashEmbedder

ReadingOnly = Callable[[Path], Path]
Make = Callable[..., Article]
QUERIES = ("animals that Putin gave", "mutual defence treaty", "carbon neutrality")


def opened(folder: Path) -> Corpus:
    return Corpus.open(folder, embedder=HashEmbedder(), reader=AnyReader())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    folder = tmp_path_factory.mktemp("built") / "index"
    with Corpus.create(folder, embedder=HashEmbedder(), reader=AnyReader()) as corpus:
        corpus.add(seeds)
    return folder


@pytest.fixture
def index(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "index"))


@pytest.fixture
def writer(index: Path) -> Iterator[Corpus]:
    """The index as another one has it open who may write."""
    with opened(index) as corpus:
        yield corpus


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_it_is_searched_asked_and_listed_like_any_other(index: Path, reading_only: ReadingOnly) -> None:
    with opened(index) as corpus:
        expected = [corpus.search(query) for query in QUERIES], corpus.list_articles(), corpus.ask(QUERIES[0]).to_dict()
    before, place = files(index), reading_only(index)
    with opened(place) as corpus:
        found = [corpus.search(query) for query in QUERIES], corpus.list_articles(), corpus.ask(QUERIES[0]).to_dict()
    assert found == expected
    assert expected[2]["citations"]
    assert examine(place).healthy
    assert files(index) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda corpus, folder: corpus.add(folder),
        lambda corpus, folder: corpus.sync(folder, wait=True),
        lambda corpus, folder: corpus.remove(next(corpus.articles()).id),
        lambda corpus, folder: corpus.remove_sources(list(corpus.sources())),
    ],
    ids=["add", "sync", "remove", "remove_sources"],
)
def test_a_change_is_refused_with_what_to_do(
    index: Path, reading_only: ReadingOnly, seeds: Path, change: Callable[[Corpus, Path], object]
) -> None:
    before = files(index)
    with opened(reading_only(index)) as corpus:
        with pytest.raises(IndexFolderError, match=r"may only be read, expected .+ can be written.+ --index"):
            change(corpus, seeds)
        assert len(corpus) == 5
    assert files(index) == before


def test_a_repair_is_refused_and_the_damage_named(index: Path, reading_only: ReadingOnly) -> None:
    with closing(sqlite3.connect(index / DATABASE, isolation_level=None)) as connection:
        connection.execute("DELETE FROM vectors")
    place = reading_only(index)
    assert {finding.part for finding in examine(place).findings} == {"vectors"}
    with opened(place) as corpus, pytest.raises(IndexFolderError, match=r"vectors are missing.+ --repair"):
        corpus.search("treaty")
    with pytest.raises(IndexFolderError, match="may only be read"):
        repair(place)


def test_what_another_one_changes_shows(index: Path, reading_only: ReadingOnly, article_of: Make) -> None:
    with opened(reading_only(index)) as reader:
        assert reader.search("walruses of Lomvik", k=1)[0].source != "lomvik"
        with opened(index) as writer:
            writer.add(article_of("lomvik", "A walrus swims in the harbour of Lomvik."))
            assert reader.search("walruses of Lomvik", k=1)[0].source == "lomvik"
            assert len(reader.list_articles()) == 6
        assert reader.search("walruses of Lomvik", k=1)[0].source == "lomvik"
        with opened(index) as writer:
            writer.remove_sources(["lomvik"])
        assert "lomvik" not in {hit.source for hit in reader.search("walruses of Lomvik")}
        assert len(reader.list_articles()) == 5


def test_a_change_that_falls_into_a_search_has_it_made_once_more(index: Path, reading_only: ReadingOnly) -> None:
    with opened(index) as corpus:
        identity = {"embedder": corpus.models.embedder.name, "passage_tokens": str(corpus.settings.passage_tokens)}
    store = Store(reading_only(index), dimension=HashEmbedder.dimension, identity=identity)
    changed = False

    def search() -> int:
        nonlocal changed
        if not changed:
            with opened(index) as writer:
                writer.remove(next(writer.articles()).id)
            changed = True
            raise DamagedIndexError("half of it is of before, half of after")
        return len(store)

    assert store.consistent(search) == 4
    with pytest.raises(DamagedIndexError, match="no change"):
        store.consistent(lambda: _fail("no change"))
    store.close()


def _fail(words: str) -> None:
    raise DamagedIndexError(words)


def test_it_can_be_opened_while_another_one_writes(
    index: Path, writer: Corpus, reading_only: ReadingOnly, article_of: Make
) -> None:
    place = reading_only(index)
    writer.add(article_of("lomvik", "A walrus swims in the harbour of Lomvik."))
    with opened(place) as reader:
        assert len(reader) == 6
        writer.remove_sources(["lomvik"])
        assert len(reader) == 5
        assert reader.search(QUERIES[0]) == writer.search(QUERIES[0])


def test_what_a_killed_writer_left_in_the_log_is_read(tmp_path: Path, index: Path, reading_only: ReadingOnly) -> None:
    with closing(sqlite3.connect(index / DATABASE, isolation_level=None)) as connection:
        connection.execute("DELETE FROM sources WHERE source LIKE '%.txt'")
        left = Path(shutil.copytree(index, tmp_path / "left"))
    assert (left / f"{DATABASE}-wal").stat().st_size
    with opened(reading_only(left)) as corpus:
        assert corpus.sources() == {}
    (left / f"{DATABASE}-shm").unlink()
    with pytest.raises(IndexFolderError, match=r"-wal that corpus.sqlite lacks.+ `citedesk list"):
        opened(reading_only(left))
    with opened(left) as corpus:
        assert corpus.sources() == {}


def test_another_index_in_its_place_is_listed(
    index: Path, tmp_path: Path, reading_only: ReadingOnly, article_of: Make
) -> None:
    with Corpus.create(tmp_path / "other", embedder=HashEmbedder(), reader=AnyReader()) as corpus:
        corpus.add([article_of(f"{name}.txt", f"The walrus of {name} sleeps.") for name in ("Vell", "Oster")])
    with opened(reading_only(index)) as corpus:
        before = corpus._store.generation
        assert len(corpus.list_articles()) == 5
        os.replace(tmp_path / "other" / DATABASE, index / DATABASE)
        assert [one.sources for one in corpus.list_articles()] == [("Oster.txt",), ("Vell.txt",)]
        assert corpus._store.generation == before


def test_one_that_is_gone_is_not_made_anew(index: Path, reading_only: ReadingOnly) -> None:
    with opened(reading_only(index)) as corpus:
        (index / DATABASE).unlink()
        with pytest.raises(IndexFolderError, match="no longer there"):
            corpus.search("treaty")
    assert not (index / DATABASE).exists()


def test_the_default_index_need_not_follow_its_seeds(
    tmp_path: Path, reading_only: ReadingOnly, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEDESK_EMBEDDER", "rag.testing:HashEmbedder")
    monkeypatch.setenv("CITEDESK_INDEX", str(tmp_path / "index"))
    with open_default() as corpus:
        corpus.remove_sources(list(corpus.sources())[:1])
    monkeypatch.setenv("CITEDESK_INDEX", str(reading_only(tmp_path / "index")))
    with open_default() as corpus:
        assert len(corpus) == 4


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_that_one_may_not_look_into_is_said_to_be_that(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    asked = "import os, sys, pathlib; from rag.index.database import holds_index; os.setuid(65534); holds_index(pathlib.Path(sys.argv[1]))"
    ran = subprocess.run([sys.executable, "-c", asked, str(closed)], capture_output=True, text=True)
    assert f"IndexFolderError: the folder {closed} cannot be looked into" in ran.stderr
    assert "expected one that may be read" in ran.stderr
