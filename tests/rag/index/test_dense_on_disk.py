import logging
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from rag import Article, Passage, Settings
from rag.filters import ANYWHERE, Filters, Scope
from rag.index import doctor, inverted_file
from rag.index.columns import condition
from rag.index.dense import DenseIndex
from rag.index.dense_on_disk import DenseOnDisk
from rag.index.inverted_file import LISTS_FILE, META_FILE, InvertedFile
from rag.index.local import LocalIndex
from rag.index.store import Prepared
from rag.loading.articles import article_id
from rag.plugins import Vectors
from rag.testing import HashEmbedder, check_index

DIMENSION, ARTICLES, EACH = 384, 60, 5


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred passages count as many here."""
    monkeypatch.setattr("rag.index.dense_upkeep.FLAT_MOST", 100)
    monkeypatch.setattr("rag.index.dense_upkeep.LEAST_TAIL", 20)


def unit_rows(count: int, *, seed: int) -> Vectors:
    """Rows around a few centres, as passages are around topics."""
    draw = np.random.default_rng(seed)
    centres = np.random.default_rng(0).standard_normal((8, DIMENSION))
    rows = centres[draw.integers(0, 8, count)] + draw.standard_normal((count, DIMENSION))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def prepared(number: int) -> Prepared:
    text = " ".join(f"Lion {number} of row {row}." for row in range(EACH))
    day = date(2024, 1, 1 + number % 28) if number % 3 else None
    fields = (f"{number}", text, f"s{number}", "Even" if number % 2 == 0 else "Odd")
    article = Article(article_id(Article("", *fields, published=day)), *fields, published=day)
    starts = [text.index(f"Lion {number} of row {row}.") for row in range(EACH)]
    ends = [*(start - 1 for start in starts[1:]), len(text)]
    passages = tuple(
        Passage(article.id, start, end, text[start:end], "sidebar" if number % 7 == 0 else "body", ((start, end),))
        for start, end in zip(starts, ends, strict=True)
    )
    return Prepared(article, passages, unit_rows(EACH, seed=number))


def filled(folder: Path, numbers: range = range(ARTICLES)) -> LocalIndex:
    index = LocalIndex(Settings(), folder=folder, embedder=HashEmbedder())
    with index.alone():
        index.put([prepared(number) for number in numbers])
    return index


def exact(numbers: list[int], query: Vectors, k: int) -> list[float]:
    rows = np.concatenate([unit_rows(EACH, seed=number) for number in numbers])
    return sorted((float(score) for score in rows @ query), reverse=True)[:k]


def scores(index: LocalIndex, query: Vectors, *, k: int = 10, scope: Scope = ANYWHERE) -> list[float]:
    return [score for _, score in index.consistent(lambda: index.search_dense(query, k=k, scope=scope))]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many") / "index"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rag.index.dense_upkeep.FLAT_MOST", 100)
        filled(folder).close()
    return folder


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Iterator[LocalIndex]:
    shutil.copytree(made, tmp_path / "index")
    opened = LocalIndex(Settings(), folder=tmp_path / "index", embedder=HashEmbedder())
    yield opened
    opened.close()


def test_many_passages_are_searched_in_a_file_and_found_with_their_exact_scores(index: LocalIndex) -> None:
    assert isinstance(index.dense(), DenseOnDisk)
    for seed in range(1000, 1010):
        query = unit_rows(1, seed=seed)[0]
        assert scores(index, query) == pytest.approx(exact(list(range(ARTICLES)), query, 10), abs=1e-5)


def test_filters_hold_and_nothing_of_what_they_leave_is_missed(index: LocalIndex) -> None:
    query = unit_rows(1, seed=77)[0]
    odd = [number for number in range(ARTICLES) if number % 2]
    found = scores(index, query, k=40, scope=Scope(filters=Filters(outlets=["Odd"])))
    assert found == pytest.approx(exact(odd, query, 40), abs=1e-5)
    one = prepared(3).article.id
    assert scores(index, query, k=40, scope=Scope(articles=(one,))) == pytest.approx(exact([3], query, 40), abs=1e-5)
    assert scores(index, query, scope=Scope(kinds=("byline",))) == []


@pytest.mark.parametrize(
    "scope",
    [
        ANYWHERE,
        Scope(kinds=("body",)),
        Scope(kinds=("sidebar", "byline")),
        Scope(kinds=()),
        Scope(filters=Filters(published_after="2024-01-10")),
        Scope(filters=Filters(published_before="2024-01-10")),
        Scope(filters=Filters("2024-01-05", "2024-01-20", ["Odd", "Nobody's"])),
        Scope(filters=Filters(outlets=["Nobody's"])),
        Scope(kinds=("body",), articles=("absent",)),
    ],
)
def test_the_columns_say_what_the_database_says(index: LocalIndex, scope: Scope) -> None:
    assert index.ids_in(scope).tolist() == index.ids_where(*condition(scope)).tolist()
    with index.alone():
        index.put([prepared(903), prepared(904)])
        index.remove(prepared(9).article.id)
    assert index.ids_in(scope).tolist() == index.ids_where(*condition(scope)).tolist()


def test_what_comes_later_is_found_and_what_is_removed_is_not(index: LocalIndex) -> None:
    index.dense()
    with index.alone():
        index.put([prepared(900)])
        index.remove(prepared(5).article.id)
    left = [number for number in range(ARTICLES) if number != 5] + [900]
    for number in (5, 900):
        query = unit_rows(EACH, seed=number)[0]
        assert scores(index, query) == pytest.approx(exact(left, query, 10), abs=1e-5)


def codes_at(file: InvertedFile, id_: int) -> bytes:
    """What stands in the file for a passage, by the layout that its module tells."""
    data = (file.folder / LISTS_FILE).read_bytes()
    for size, offset in zip(file.meta["sizes"].tolist(), file.meta["offsets"].tolist(), strict=True):
        room = -(-size // 8) * 8
        ids = np.frombuffer(data, dtype="<i8", count=size, offset=offset + room * DIMENSION).tolist()
        if id_ in ids:
            first = offset + ids.index(id_) * DIMENSION
            return data[first : first + DIMENSION]
    raise AssertionError(f"{id_} is not in the file")


def test_nothing_of_what_was_removed_stays_in_the_file(index: LocalIndex) -> None:
    dense = index.dense()
    assert isinstance(dense, DenseOnDisk)
    codes = [codes_at(dense.file, id_) for id_ in dense.file.ids[25:30].tolist()]
    with index.alone():
        index.remove(prepared(5).article.id)  # its passages are those
    assert index.folder is not None
    data = (index.folder / LISTS_FILE).read_bytes()
    assert not any(code in data for code in codes)
    assert doctor.examine(index.folder).healthy


def test_after_a_removal_nothing_is_opened_again(index: LocalIndex) -> None:
    scores(index, unit_rows(1, seed=1)[0])
    before = index.consistent(index.dense)
    with index.alone():
        index.remove(prepared(3).article.id)
    with index.alone():
        index.put([prepared(ARTICLES)])
    assert index.consistent(index.dense) is before
    left = [number for number in range(ARTICLES + 1) if number != 3]
    query = unit_rows(EACH, seed=ARTICLES)[0]
    assert scores(index, query, k=5) == pytest.approx(exact(left, query, 5), abs=1e-5)


def test_the_file_is_written_anew_when_much_has_changed(index: LocalIndex) -> None:
    with index.alone():
        index.put([prepared(number) for number in range(100, 110)])
    dense = index.dense()
    assert isinstance(dense, DenseOnDisk)
    assert (len(dense.file.ids), dense.newer) == ((ARTICLES + 10) * EACH, 0)
    query = unit_rows(1, seed=5)[0]
    numbers = [*range(ARTICLES), *range(100, 110)]
    assert scores(index, query) == pytest.approx(exact(numbers, query, 10), abs=1e-5)


def test_another_opening_follows(index: LocalIndex) -> None:
    assert index.folder is not None
    other = LocalIndex(Settings(), folder=index.folder, embedder=HashEmbedder())
    query = unit_rows(1, seed=6)[0]
    scores(other, query)
    for numbers in (range(100, 102), range(102, 112)):  # the second makes the file be written anew
        with index.alone():
            index.put([prepared(number) for number in numbers])
            index.remove(prepared(numbers[0] - 90).article.id)
        assert scores(other, query) == scores(index, query)
    other.close()


def test_an_index_that_grows_is_told_of_by_doctor(tmp_path: Path) -> None:
    index = filled(tmp_path / "index", range(10))
    assert isinstance(index.dense(), DenseIndex)
    assert "compares all vectors, in memory" in doctor.examine(tmp_path / "index").dense
    with index.alone():
        index.put([prepared(number) for number in range(10, 40)])
    assert isinstance(index.dense(), DenseOnDisk)
    told = doctor.examine(tmp_path / "index").dense
    assert "200 passages on disk" in told
    assert "it finds 100.0%" in told
    for number in range(30):
        with index.alone():
            index.remove(prepared(number).article.id)
    assert not (tmp_path / "index" / META_FILE).exists()
    index.close()


def damage_list(folder: Path) -> None:
    data = bytearray((folder / LISTS_FILE).read_bytes())
    for at in range(0, len(data), 64):
        data[at] ^= 1
    (folder / LISTS_FILE).write_bytes(data)


def cut_list(folder: Path) -> None:
    (folder / LISTS_FILE).write_bytes((folder / LISTS_FILE).read_bytes()[:-100])


def damage_meta(folder: Path) -> None:
    data = bytearray((folder / META_FILE).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / META_FILE).write_bytes(data)


def empty_meta(folder: Path) -> None:
    (folder / META_FILE).write_bytes(b"")


def lose_lists(folder: Path) -> None:
    (folder / LISTS_FILE).unlink()


@pytest.mark.parametrize("damage", [damage_list, cut_list, damage_meta, empty_meta, lose_lists])
def test_a_damaged_file_is_made_again(index: LocalIndex, damage: object, caplog: pytest.LogCaptureFixture) -> None:
    assert callable(damage)
    assert index.folder is not None
    damage(index.folder)
    assert {one.part for one in doctor.examine(index.folder).findings} == {"nearest"}
    query = unit_rows(1, seed=8)[0]
    with caplog.at_level(logging.WARNING):
        assert scores(index, query) == pytest.approx(exact(list(range(ARTICLES)), query, 10), abs=1e-5)
    assert "damaged" in caplog.text
    assert doctor.examine(index.folder).healthy


def test_doctor_repairs_the_file(index: LocalIndex) -> None:
    assert index.folder is not None
    damage_list(index.folder)
    checkup = doctor.repair(index.folder, settings=Settings(embedder="rag.testing:HashEmbedder"))
    assert checkup.healthy
    assert {one.part for one in checkup.repaired} == {"nearest"}
    assert (index.folder / LISTS_FILE).exists()


def test_the_file_of_another_index_is_not_used(index: LocalIndex, tmp_path: Path) -> None:
    other = filled(tmp_path / "other", range(500, 500 + ARTICLES))
    other.close()
    assert index.folder is not None
    for name in (LISTS_FILE, META_FILE):
        shutil.copy(tmp_path / "other" / name, index.folder / name)
    query = unit_rows(1, seed=9)[0]
    assert scores(index, query) == pytest.approx(exact(list(range(ARTICLES)), query, 10), abs=1e-5)
    assert doctor.examine(index.folder).healthy


def test_while_another_process_writes_all_vectors_are_compared(index: LocalIndex, tmp_path: Path) -> None:
    assert index.folder is not None
    inverted_file.forget(index.folder)
    other = LocalIndex(Settings(), folder=index.folder, embedder=HashEmbedder())
    query = unit_rows(1, seed=9)[0]
    with other.alone():
        assert scores(index, query) == pytest.approx(exact(list(range(ARTICLES)), query, 10), abs=1e-5)
        assert isinstance(index.dense(), DenseIndex)
    other.close()
    assert (index.folder / META_FILE).exists()


def test_the_contract_holds_with_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.index.dense_upkeep.FLAT_MOST", 0)
    monkeypatch.setattr("rag.index.dense_upkeep.LEAST_TAIL", 0)
    index = LocalIndex(Settings(), folder=tmp_path / "index", embedder=HashEmbedder())
    check_index(index, HashEmbedder().embed_texts)
    index.close()
