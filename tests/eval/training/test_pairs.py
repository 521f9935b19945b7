from __future__ import annotations

from typing import Any

from eval.training.pairs import STEP, paired, rounded


def test_widths_are_multiples_and_every_pair_is_read_once(tokeniser: Any) -> None:
    told = [("It rained.", "Rain fell. " * times) for times in (1, 40, 7, 90)]
    parts = list(paired(told, tokeniser=tokeniser, at_once=200))
    assert sorted(row for part in parts for row in part.rows) == [0, 1, 2, 3]
    assert all(part.ids.shape[1] % STEP == 0 for part in parts)


def test_offsets_are_those_of_the_hypothesis(tokeniser: Any) -> None:
    (part,) = paired([("It rained.", "Rain fell.")], tokeniser=tokeniser)
    words = ["It rained."[start:end] for start, end in part.offsets[0] if end > start >= 0]
    assert words == ["It", "rained", "."]


def test_rounding_is_up() -> None:
    assert [rounded(tokens) for tokens in (1, 16, 17)] == [16, 16, 32]
