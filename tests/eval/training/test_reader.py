from itertools import pairwise

import pytest

from eval.training.reader import Plan


def test_the_rate_rises_and_falls_to_nearly_zero() -> None:
    plan = Plan(steps=100)
    rates = [plan.rate(step) for step in range(100)]
    assert rates.index(max(rates)) == 5
    assert max(rates) == pytest.approx(plan.peak, rel=0.02)
    assert rates[-1] < 0.02 * plan.peak
    assert all(later < earlier for earlier, later in pairwise(rates[6:]))
