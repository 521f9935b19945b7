"""Which of two hits comes first, for numbers chosen so that a reader sees why."""

from __future__ import annotations

from eval.orders import ORDERS, READER, SEARCH, ordered
from rag.schema import Hit, Passage, Reading


def reading(rank: int, score: float, *, cosine: float | None = 0.5) -> Reading:
    passage = Passage("a", 10 * rank, 10 * rank + 5, "words", "body", ())
    return Reading(Hit(passage, rank, 1.0 / rank, "", None, None, "", cosine, None), score, (), None)


def ranks(name: str, *readings: Reading) -> list[int]:
    best_first = sorted(readings, key=lambda one: -one.score)
    return [hit.rank for hit in ordered(best_first)[name]]


def test_search_and_reader_have_their_own_order() -> None:
    read = reading(1, 0.2), reading(2, 0.9), reading(3, 0.5)
    assert ranks(SEARCH, *read) == [1, 2, 3]
    assert ranks(READER, *read) == [2, 3, 1]


def test_a_prior_keeps_the_order_of_the_search_until_the_reader_is_sure_enough() -> None:
    nearly_even, sure = (reading(1, 0.5), reading(2, 0.6)), (reading(1, 0.1), reading(2, 0.9))
    assert ranks("odds, cosine 0, prior 1", *nearly_even) == [1, 2]  # log-odds 0.41 against log 2 = 0.69
    assert ranks("odds, cosine 0, prior 1", *sure) == [2, 1]


def test_a_closer_passage_may_come_before_one_that_the_reader_likes_better() -> None:
    read = reading(1, 0.6, cosine=0.3), reading(2, 0.5, cosine=0.5)
    assert ranks(READER, *read) == [1, 2]
    assert ranks("odds, cosine 5, prior 0", *read) == [2, 1]


def test_a_passage_without_a_cosine_counts_as_the_furthest() -> None:
    read = reading(1, 0.5, cosine=None), reading(2, 0.5, cosine=0.4), reading(3, 0.5, cosine=0.7)
    assert ranks("odds, cosine 20, prior 0", *read) == [3, 1, 2]


def test_blended_ranks_favour_what_both_put_high() -> None:
    read = reading(1, 0.1), reading(2, 0.9), reading(3, 0.8), reading(4, 0.7)
    assert ranks("ranks, offset 2", *read)[0] == 2  # 1/4 + 1/3 against 1/3 + 1/6
    assert ranks("ranks, offset 2", *read)[-1] == 4


def test_every_order_holds_every_hit_even_of_a_reader_that_is_certain() -> None:
    read = [reading(rank, score) for rank, score in enumerate((1.0, 0.0, 1.0, 0.0), start=1)]
    for name in ORDERS:
        assert sorted(ranks(name, *read)) == [1, 2, 3, 4]
    assert all(hits == [] for hits in ordered([]).values())
