import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from eval import intervals


@pytest.mark.parametrize(("successes", "n"), [(0, 1), (1, 1), (0, 20), (7, 20), (20, 20), (133, 140)])
def test_wilson_agrees_with_scipy(successes: int, n: int) -> None:
    theirs = stats.binomtest(successes, n).proportion_ci(confidence_level=0.95, method="wilson")
    ours = intervals.wilson(successes, n)
    assert (ours.low, ours.high) == (pytest.approx(theirs.low, abs=1e-12), pytest.approx(theirs.high, abs=1e-12))


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_exact_binomial_test(gained: int, lost: int) -> None:
    theirs = stats.binomtest(gained, gained + lost, 0.5).pvalue if gained + lost else 1.0
    assert intervals.mcnemar(gained, lost) == pytest.approx(theirs)


def test_bootstrap_agrees_with_scipy() -> None:
    values = np.random.default_rng(3).normal(0.6, 0.2, size=80)
    theirs = stats.bootstrap((values,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(9))
    ours = intervals.mean_interval(values.tolist())
    assert ours.method == "bootstrap"
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.005)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.005)


def test_the_same_values_give_the_same_interval() -> None:
    values = [0.1, 0.5, 0.25, 1.0]
    assert intervals.mean_interval(values) == intervals.mean_interval(values)


def test_zeros_and_ones_get_wilson() -> None:
    assert intervals.mean_interval([1, 1, 0]) == intervals.wilson(2, 3)


def test_pairing_narrows_the_interval_of_a_difference() -> None:
    generator = np.random.default_rng(1)
    first = generator.normal(0.5, 0.3, size=60)
    second = first + generator.normal(0.05, 0.02, size=60)
    paired = intervals.paired_interval(first.tolist(), second.tolist())
    theirs = stats.bootstrap(
        (second - first,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(2)
    ).confidence_interval
    assert paired.low == pytest.approx(theirs.low, abs=0.001)
    assert paired.high == pytest.approx(theirs.high, abs=0.001)
    assert 0 < paired.low < 0.05 < paired.high < 0.1


def test_calibration_error_agrees_with_a_plain_loop() -> None:
    generator = np.random.default_rng(5)
    confidences = generator.random(97)
    right = generator.random(97) < confidences**2
    pairs = sorted(zip(confidences.tolist(), right.tolist(), strict=True))
    edges = [round(97 * i / 10) for i in range(11)]
    expected = 0.0
    for start, end in itertools.pairwise(edges):
        piece = pairs[start:end]
        gap = sum(c for c, _ in piece) / len(piece) - sum(r for _, r in piece) / len(piece)
        expected += abs(gap) * len(piece) / 97
    assert intervals.calibration_error(confidences.tolist(), right.tolist()) == pytest.approx(expected)


def test_calibration_error_of_perfect_and_of_opposite_confidence() -> None:
    assert intervals.calibration_error([1.0, 0.0, 1.0], [True, False, True]) == 0.0
    assert intervals.calibration_error([1.0, 0.0, 1.0], [False, True, False]) == 1.0


def test_cases_of_one_confidence_count_as_one_share() -> None:
    assert intervals.calibration_error([0.5] * 20, [True] * 10 + [False] * 10) == 0.0
    assert intervals.calibration_error([0.5] * 20, [True, False] * 10) == 0.0
    assert (
        intervals.calibration_error([0.25] * 12 + [0.75] * 8, [True] * 3 + [False] * 9 + [True] * 6 + [False] * 2)
        == 0.0
    )
    assert intervals.calibration_error([0.75] * 20, [True, False] * 10) == pytest.approx(0.25)


def test_calibration_interval_is_in_range_and_repeatable() -> None:
    generator = np.random.default_rng(7)
    confidences = generator.random(60).tolist()
    right = (generator.random(60) < 0.5).tolist()
    interval = intervals.calibration_interval(confidences, right)
    assert interval == intervals.calibration_interval(confidences, right)
    assert 0 <= interval.low < interval.high <= 1


def test_the_interval_of_a_median_agrees_with_scipy() -> None:
    values = np.random.default_rng(4).exponential(size=101)
    theirs = stats.bootstrap(
        (values,), np.median, n_resamples=20_000, method="percentile", rng=np.random.default_rng(8)
    )
    ours = intervals.median_interval(values.tolist())
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.05)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.05)
    assert ours.low < np.median(values) < ours.high


def test_percentile_is_linear_between_values() -> None:
    assert intervals.percentile([1.0, 2.0, 3.0], 50) == 2.0
    assert math.isclose(intervals.percentile([0.0, 1.0], 95), 0.95)
