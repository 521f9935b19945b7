import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.dense import DenseIndex, Ids, as_ids
from rag.plugins import Vectors

DIMENSION = 8


def unit_rows(count: int, *, seed: int = 1) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def filled(count: int = 40) -> tuple[DenseIndex, Ids, Vectors]:
    index, ids, rows = DenseIndex(DIMENSION), as_ids(list(range(100, 100 + count))), unit_rows(count)
    index.add(ids, rows)
    return index, ids, rows


def by_hand(query: Vectors, ids: Ids, rows: Vectors, k: int) -> list[int]:
    return [int(ids[at]) for at in np.argsort(-(rows @ query), kind="stable")[:k]]


@given(seed=st.integers(2, 10_000), k=st.integers(1, 60))
def test_the_nearest_are_those_of_a_full_comparison(seed: int, k: int) -> None:
    index, ids, rows = filled()
    query = unit_rows(1, seed=seed)[0]
    found = index.search(query, k=k, among=None)
    assert [id_ for id_, _ in found] == by_hand(query, ids, rows, k)
    assert [score for _, score in found] == pytest.approx(
        [float(rows[id_ - 100] @ query) for id_, _ in found], abs=1e-5
    )


@given(wanted=st.sets(st.integers(90, 150), min_size=1), seed=st.integers(2, 10_000))
def test_only_what_is_among_is_found_and_all_of_it(wanted: set[int], seed: int) -> None:
    index, ids, rows = filled()
    query = unit_rows(1, seed=seed)[0]
    kept = np.isin(ids, sorted(wanted))
    found = index.search(query, k=50, among=as_ids(sorted(wanted)))
    assert [id_ for id_, _ in found] == by_hand(query, ids[kept], rows[kept], 50)


def test_equal_scores_go_by_id() -> None:
    index, row = DenseIndex(DIMENSION), unit_rows(1)
    index.add(as_ids([7, 3, 5]), np.repeat(row, 3, axis=0))
    assert [id_ for id_, _ in index.search(row[0], k=3, among=None)] == [3, 5, 7]


def test_what_is_removed_is_not_found() -> None:
    index, _, rows = filled()
    index.remove(as_ids([100, 101]))
    assert len(index) == 38
    assert {100, 101}.isdisjoint(index.ids.tolist())
    assert {100, 101}.isdisjoint(id_ for id_, _ in index.search(rows[0], k=40, among=None))


def test_more_than_there_is_costs_nothing() -> None:
    index, _, rows = filled()
    assert len(index.search(rows[0], k=10**15, among=None)) == 40


def test_an_empty_index_finds_nothing() -> None:
    assert DenseIndex(DIMENSION).search(unit_rows(1)[0], k=5, among=None) == []
