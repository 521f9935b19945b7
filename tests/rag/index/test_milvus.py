"""Milvus Lite stands for a cluster: the same client, in a file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

pytest.importorskip("pymilvus")
pytest.importorskip("milvus_lite")

from rag import Corpus, Settings
from rag.errors import IndexBusyError, IndexFolderError, IndexMismatchError
from rag.index.milvus.milvus_index import MilvusIndex
from rag.plugins import Index, Vectors, load
from rag.testing import HashEmbedder, check_index

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("milvus") / "lite.db")


@pytest.fixture
def index(place: str, request: pytest.FixtureRequest) -> Iterator[MilvusIndex]:
    name = "".join(letter for letter in request.node.name if letter.isalpha())[:60]
    made = MilvusIndex(Settings(), address=f"{place}#{name}", embedder=HashEmbedder())
    yield made
    made.close()


def test_an_index_in_milvus_keeps_the_contract(index: MilvusIndex) -> None:
    assert isinstance(index, Index)
    check_index(index, HashEmbedder().embed_texts)


def corpus(place: str, name: str) -> Corpus:
    return Corpus.connect(Settings.from_environment(index=f"milvus:{place}#{name}"), embedder=HashEmbedder())


@pytest.fixture(scope="module")
def seeded(place: str, seeds: Path) -> Iterator[Corpus]:
    with corpus(place, "seeded") as made:
        assert len(made.add(seeds).added) == 5
        yield made


QUERIES = (
    "animals that Putin gave",
    "mutual defence treaty",
    "carbon neutrality",
    "Lankov on ammunition",
    "zebra quantum",
)


def test_a_corpus_in_milvus_holds_and_lists_what_one_in_a_folder_does(seeded: Corpus, corpus_of_seeds: Corpus) -> None:
    assert list(seeded.articles()) == list(corpus_of_seeds.articles())
    assert seeded.list_articles() == corpus_of_seeds.list_articles()
    assert seeded.sources() == corpus_of_seeds.sources()
    assert seeded.check().healthy


def test_dense_search_finds_the_same_in_milvus(seeded: Corpus, corpus_of_seeds: Corpus) -> None:
    for query in QUERIES:
        mine = {(hit.passage.article_id, hit.passage.start): hit.dense for hit in seeded.search(query, k=5)}
        other = {(hit.passage.article_id, hit.passage.start): hit.dense for hit in corpus_of_seeds.search(query, k=5)}
        for place in mine.keys() & other.keys():
            if mine[place] is not None and other[place] is not None:
                assert mine[place] == pytest.approx(other[place], abs=1e-5)
        assert len(mine.keys() & other.keys()) >= 4  # BM25 of Milvus Lite weighs words over other passages


def test_a_question_is_answered_from_milvus(seeded: Corpus, corpus_of_seeds: Corpus) -> None:
    question = "How many animals did Putin give to the zoo of Pyongyang?"
    assert seeded.ask(question).status == corpus_of_seeds.ask(question).status
    assert seeded.ask(question).citations


def test_adding_again_changes_nothing(seeded: Corpus, seeds: Path) -> None:
    assert len(seeded.add(seeds).unchanged) == 5
    assert len(seeded) == 5


def test_filters_hold_in_milvus(place: str) -> None:
    with corpus(place, "filters") as made:
        for number, day in enumerate(("2024-05-01", "2024-06-01", None)):
            made.add(
                {
                    "text": f"Lion {number} roars.",
                    "source": f"s{number}",
                    "outlet": f'O\'Brien "{number}"',
                    "published": day,
                }
            )
        assert {hit.source for hit in made.search("lion", outlets='O\'Brien "1"')} == {"s1"}
        assert {hit.source for hit in made.search("lion", published_after="2024-05-15")} == {"s1"}
        assert {hit.source for hit in made.search("lion", published_before="2024-05-15")} == {"s0"}


@pytest.fixture(scope="module")
def corpus_of_seeds(seeds: Path) -> Iterator[Corpus]:
    with Corpus.in_memory(embedder=HashEmbedder()) as made:
        made.add(seeds)
        yield made


def test_a_second_writer_is_refused_and_a_reader_sees_nothing_half_written(place: str) -> None:
    one, other = (MilvusIndex(Settings(), address=f"{place}#writers", embedder=HashEmbedder()) for _ in range(2))
    with one.alone():
        with pytest.raises(IndexBusyError, match="another process is writing"), other.alone():
            pass
        assert len(other) == 0
    with other.alone():
        pass
    one.close()
    other.close()


class KilledError(Exception):
    pass


@pytest.mark.parametrize("at", ["insert", "commit", "clean"])
def test_a_writer_killed_anywhere_leaves_the_state_before_or_after(place: str, at: str) -> None:
    """The process dies in the middle of replacing an article; the next writer finishes or takes away what it left."""
    with corpus(place, f"killed{at}") as first:
        first.add({"text": "The zoo of Lomvik took in seventy lions.", "source": "zoo"})
        before = [article.text for article in first.articles()]
        cluster, states = first._store._cluster, first._store._states  # type: ignore[attr-defined]
        with pytest.MonkeyPatch.context() as patch:

            def killed(*given: object, **named: object) -> None:
                raise KilledError

            if at == "insert":  # after the first of three collections
                inserted: list[str] = []
                insert = cluster.insert

                def some(collection: str, rows: list[object]) -> None:
                    if inserted:
                        raise KilledError
                    inserted.append(collection)
                    insert(collection, rows)

                patch.setattr(cluster, "insert", some)
            elif at == "commit":
                patch.setattr(states, "commit", killed)
            else:
                patch.setattr("rag.index.milvus.change.clean", killed)
            with pytest.raises(KilledError):
                first.add({"text": "The zoo of Lomvik took in eighty bears.", "source": "zoo"})
        after = [article.text for article in first.articles()]
        expected = ["The zoo of Lomvik took in eighty bears."] if at == "clean" else before
        assert after == expected
        assert {hit.passage.text for hit in first.search("zoo lions bears")} == set(expected)
        first.add({"text": "Grain exports fell by a third.", "source": "grain"})
        assert first.check().healthy
        rows = cluster.count(cluster.passages, "id > 0")
        assert rows == 2  # nothing of what was replaced or left half-written is kept


def test_another_embedder_is_refused_and_named(place: str, seeded: Corpus) -> None:
    class Other(HashEmbedder):
        name = "hash-2"

    with pytest.raises(IndexMismatchError, match="made with embedder hash-1, the settings say hash-2"):
        Corpus.connect(Settings(index=f"milvus:{place}#seeded"), embedder=Other())


def test_a_cluster_that_is_away_is_named_with_what_to_do() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rag.index.milvus.cluster.SECONDS", 1.0)
        with pytest.raises(IndexFolderError, match=r"Milvus at http://127.0.0.1:9 .+See that it runs"):
            Corpus.connect(Settings(index="milvus:http://127.0.0.1:9"), embedder=HashEmbedder())


def test_an_index_migrates_there_and_back_without_embedding(place: str, tmp_path: Path, seeds: Path) -> None:
    class Silent(HashEmbedder):
        def embed_texts(self, texts: Sequence[str]) -> Vectors:
            assert not texts, "something was embedded"
            return super().embed_texts([])

    with Corpus.create(tmp_path / "old", embedder=HashEmbedder()) as old:
        old.add(seeds)
        files = [file for file in sorted(seeds.iterdir()) if file.is_file()]
        with Corpus.connect(Settings(index=f"milvus:{place}#migrated"), embedder=Silent()) as there:
            done: list[int] = []

            def cut_off(count: int) -> None:
                done.append(count)
                raise KilledError

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("rag.index.migration.BATCH_PASSAGES", 20)
                with pytest.raises(KilledError):
                    old.migrate_to(there, told=cut_off)
                again = old.migrate_to(there)
            assert (again.known, again.copied) == (done[0], 5 - done[0])
            assert list(there.articles()) == list(old.articles())
            assert len(there.add(files).unchanged) == 5
            with Corpus.create(tmp_path / "back", embedder=Silent()) as back:
                there.migrate_to(back)
                assert [back.search(query, k=10) for query in QUERIES] == [old.search(query, k=10) for query in QUERIES]
                assert back.check().healthy


def test_an_index_with_other_articles_is_not_written_over(place: str, tmp_path: Path, seeded: Corpus) -> None:
    with Corpus.create(tmp_path / "other", embedder=HashEmbedder()) as other:
        other.add({"text": "The zoo of Lomvik took in seventy lions.", "source": "zoo"})
        with pytest.raises(IndexMismatchError, match="holds 5 articles that the other one lacks"):
            other.migrate_to(seeded)


def test_the_name_milvus_leads_to_the_index(place: str) -> None:
    index = load("index", f"milvus:{place}#named", Settings(), folder=None, embedder=HashEmbedder())
    assert isinstance(index, MilvusIndex)
    index.close()


def test_near_copies_are_grouped_as_in_a_folder(place: str) -> None:
    body = "The zoo of Lomvik took in seventy lions from the circus of Oster after its owner had gone bankrupt in the spring. "
    told = (
        body
        + "Nobody in the town had asked for them, and the mayor said that the bears would have to wait until the autumn."
    )
    texts = {
        "first": told,
        "copy": told.replace("seventy", "many"),
        "other": "Grain exports fell by a third this year. " * 9,
    }
    days = {"first": "2024-05-01", "copy": "2024-05-02", "other": "2024-05-03"}

    def groups(made: Corpus) -> dict[str, str]:
        titles = {article.id: article.source for article in made.articles()}
        found = {}
        for article_id, source in titles.items():
            places = made._store.passages_of(article_id)
            found[source] = titles[places[0].original]
        return found

    with corpus(place, "copies") as there, Corpus.in_memory(embedder=HashEmbedder()) as here:
        for made in (there, here):
            for name in ("copy", "other", "first"):
                report = made.add({"text": texts[name], "source": name, "published": days[name]})
                assert report.copies == (("copy",) if name == "copy" and "first" in made.sources() else report.copies)
        assert groups(there) == groups(here) == {"first": "first", "copy": "first", "other": "other"}
        assert [hit.copies for hit in there.search("lions")] == [hit.copies for hit in here.search("lions")]
        for made in (there, here):
            made.remove_sources(["first"])
        assert groups(there) == groups(here) == {"copy": "copy", "other": "other"}
