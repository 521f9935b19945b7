import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from rag import Article, Corpus, Hit, Passage, Settings
from rag.errors import IndexFolderError, IndexMismatchError, UnknownArticleError
from rag.index.store import Prepared, Store
from rag.plugins import Vectors
from rag.settings import DATABASE
from rag.testing import HashEmbedder

QUERIES = ("animals that Putin gave", "mutual defence treaty", "carbon neutrality", "Lankov on ammunition")


class CountingEmbedder(HashEmbedder):
    """Counts the texts it embeds, queries apart."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.embedded = 0

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        return super().embed_texts(texts)


class OtherEmbedder(HashEmbedder):
    name = "hash-2"


def found(corpus: Corpus) -> list[list[Hit]]:
    return [corpus.search(query, k=20) for query in QUERIES]


@pytest.fixture
def index(tmp_path: Path, seeds: Path) -> Path:
    folder = tmp_path / "index"
    with Corpus.create(folder, embedder=HashEmbedder()) as corpus:
        corpus.add(seeds)
    return folder


def test_opening_again_embeds_nothing_and_changes_no_hit(tmp_path: Path, seeds: Path) -> None:
    embedder = CountingEmbedder()
    with Corpus.create(tmp_path / "index", embedder=embedder) as corpus:
        corpus.add(seeds)
        before, articles = found(corpus), list(corpus.articles())
    assert embedder.embedded > 0
    embedder.embedded = 0
    with Corpus.open(tmp_path / "index", embedder=embedder) as corpus:
        assert found(corpus) == before
        assert list(corpus.articles()) == articles
    assert embedder.embedded == 0


def test_adding_what_is_there_embeds_nothing(tmp_path: Path, seeds: Path) -> None:
    embedder = CountingEmbedder()
    with Corpus.create(tmp_path / "index", embedder=embedder) as corpus:
        corpus.add(seeds)
        embedder.embedded = 0
        report = corpus.add(seeds)
    assert len(report.unchanged) == 5
    assert not report.added
    assert embedder.embedded == 0


def test_disk_and_memory_find_the_same(index: Path, corpus: Corpus) -> None:
    with Corpus.open(index, embedder=HashEmbedder()) as opened:
        assert found(opened) == found(corpus)


def test_the_dense_copy_holds_what_the_database_holds_and_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path, dimension=2, identity={})
    for name in ("a", "b", "c"):
        passage = Passage(name, 0, 1, "x", "body", ())
        row = np.array([[1.0, 0.0]], dtype=np.float32)
        store.put([Prepared(Article(name, "", "x", name), (passage,), row)])
    assert store.dense().ids.tolist() == [1, 2, 3]
    store.remove("b")
    assert sorted(store.dense().ids.tolist()) == [1, 3]
    store.close()


def test_another_embedder_on_an_index_is_refused_and_named(index: Path) -> None:
    with pytest.raises(IndexMismatchError, match=r"made with embedder hash-1, the settings say hash-2.+citedesk index"):
        Corpus.open(index, embedder=OtherEmbedder())
    with Corpus.open(index, embedder=HashEmbedder()) as corpus:
        assert len(corpus) == 5


def test_another_size_of_passages_is_refused_and_named(index: Path) -> None:
    with pytest.raises(IndexMismatchError, match="passage_tokens 160, the settings say 100"):
        Corpus.open(index, Settings(passage_tokens=100), embedder=HashEmbedder())


def test_an_index_of_another_version_is_called_that(index: Path) -> None:
    with sqlite3.connect(index / DATABASE) as connection:
        connection.execute("UPDATE meta SET value = '9' WHERE name = 'format'")
    connection.close()
    with pytest.raises(
        IndexMismatchError, match=r"has format 9, expected \d+: another version of Citedesk made it"
    ) as caught:
        Corpus.open(index, embedder=OtherEmbedder())
    assert "settings" not in str(caught.value)
    assert "run `citedesk index` into a new folder (--index)" in str(caught.value)


def test_settings_of_asking_do_not_shape_the_index(index: Path) -> None:
    with Corpus.open(index, Settings(k=2, candidates=9, max_error=0.9), embedder=HashEmbedder()) as corpus:
        assert len(corpus) == 5


def test_opening_where_nothing_is_says_how_to_make_an_index(tmp_path: Path) -> None:
    with pytest.raises(IndexFolderError, match=r"there is no index in .+ Run: citedesk index"):
        Corpus.open(tmp_path / "absent", embedder=HashEmbedder())
    assert not (tmp_path / "absent").exists()


def test_creating_over_an_index_is_refused_and_keeps_it(index: Path) -> None:
    with pytest.raises(IndexFolderError, match="holds an index already"):
        Corpus.create(index, embedder=HashEmbedder())
    with Corpus.open(index, embedder=HashEmbedder()) as corpus:
        assert len(corpus) == 5


def test_creating_where_a_file_stands_is_refused_and_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(IndexFolderError, match="expected a folder"):
        Corpus.create(tmp_path / "note.txt", embedder=HashEmbedder())
    assert (tmp_path / "note.txt").read_text(encoding="utf-8") == "keep me"


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"not a database at all, " * 100)
    with pytest.raises(IndexFolderError, match=r"cannot be read .+ Nothing was changed"):
        Corpus.open(tmp_path, embedder=HashEmbedder())
    assert (tmp_path / DATABASE).read_bytes().startswith(b"not a database")


def test_a_closed_corpus_is_called_closed_and_its_folder_is_not_to_be_moved_away(index: Path) -> None:
    corpus = Corpus.open(index, embedder=HashEmbedder())
    corpus.close()
    with pytest.raises(IndexFolderError, match="the corpus is closed") as caught:
        corpus.search("harbour")
    assert "away" not in str(caught.value)


def test_a_failed_change_leaves_everything_as_it_was(index: Path, article_of: Callable[..., Article]) -> None:
    class Failing(HashEmbedder):
        def embed_texts(self, texts: Sequence[str]) -> Vectors:
            raise MemoryError("no room")

    with Corpus.open(index, embedder=HashEmbedder()) as corpus:
        before = found(corpus)
    with Corpus.open(index, embedder=Failing()) as corpus, pytest.raises(MemoryError):
        corpus.add(article_of("new.txt", "The walrus swims."))
    with Corpus.open(index, embedder=HashEmbedder()) as corpus:
        assert found(corpus) == before
        assert len(corpus) == 5


def test_vectors_of_a_wrong_number_are_stored_not_at_all(tmp_path: Path, article_of: Callable[..., Article]) -> None:
    class Short(HashEmbedder):
        def embed_texts(self, texts: Sequence[str]) -> Vectors:
            return np.zeros((0, self.dimension), dtype=np.float32)

    with Corpus.create(tmp_path / "index", embedder=Short()) as corpus:
        with pytest.raises(ValueError, match="shorter"):
            corpus.add(article_of("new.txt", "The walrus swims."))
        assert len(corpus) == 0


def test_an_unknown_id_is_refused_and_changes_nothing(corpus: Corpus) -> None:
    with pytest.raises(UnknownArticleError, match="no article has the id 'nonesuch'"):
        corpus.article("nonesuch")
    with pytest.raises(UnknownArticleError):
        corpus.remove("nonesuch")
    assert len(corpus) == 5


def test_articles_come_in_order_of_id(corpus: Corpus) -> None:
    ids = [article.id for article in corpus.articles()]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(corpus) == 5


def test_every_change_makes_a_new_generation(tmp_path: Path) -> None:
    store = Store(tmp_path, dimension=4, identity={})
    before = store.generation
    store.put([])
    assert store.generation == before + 1
    store.close()


def test_a_second_writer_waits_and_is_told(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.index.database.BUSY_SECONDS", 0.1)
    other = sqlite3.connect(index / DATABASE, isolation_level=None)
    with Corpus.open(index, embedder=HashEmbedder()) as corpus:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(IndexFolderError, match=r"Another process was writing .+ Retry"):
            corpus.remove(next(iter(corpus.articles())).id)
        other.rollback()
        other.close()
        assert len(corpus) == 5


def test_one_corpus_can_be_searched_while_it_grows(index: Path, article_of: Callable[..., Article]) -> None:
    """Two openings of one folder, as two processes have: one adds, threads of the other search."""
    failures: list[BaseException] = []
    counts: list[int] = []
    stop = threading.Event()
    with Corpus.open(index, embedder=HashEmbedder()) as reading, Corpus.open(index, embedder=HashEmbedder()) as writing:

        def keep_searching() -> None:
            try:
                while not stop.is_set():
                    hits = reading.search("walrus harbour", k=50)
                    for hit in hits:
                        text = reading.article(hit.passage.article_id).text
                        assert text[hit.passage.start : hit.passage.end] == hit.passage.text
                    counts.append(sum("Walrus" in hit.passage.text for hit in hits))
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=keep_searching) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(8):
            writing.add(article_of(f"new{number}.txt", f"Walrus number {number} swims in the harbour."))
        stop.set()
        for thread in threads:
            thread.join(timeout=30)
        assert not failures
        assert sum("Walrus" in hit.passage.text for hit in reading.search("walrus harbour", k=50)) == 8
        assert counts
