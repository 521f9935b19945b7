from __future__ import annotations

from random import Random

import pytest

from eval.training.measure_written import auroc, f1, kept


def test_auroc_is_the_share_of_pairs_in_order() -> None:
    random = Random(1)
    true, false = [random.randrange(9) / 8 for _ in range(40)], [random.randrange(9) / 8 for _ in range(30)]
    pairs = [(one > other) + 0.5 * (one == other) for one in true for other in false]
    assert auroc(true, false) == pytest.approx(sum(pairs) / len(pairs))


def test_kept_are_the_true_ones_above_what_a_tenth_of_the_false_exceed() -> None:
    false = [place / 100 for place in range(101)]
    assert kept([0.95, 0.91, 0.89, 0.2], false) == 0.5


def test_f1_counts_words() -> None:
    assert f1("the old mill", "Old mill") == pytest.approx(0.8)
    assert f1("", "mill") == 0.0
