"""Means with their uncertainty, and tests of paired differences. Knows numbers only."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SEED = 0
RESAMPLES = 2000
Z = 1.959963984540054  # two-sided 95 % of the normal distribution

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval and how it was made: "wilson" or "bootstrap"."""

    low: float
    high: float
    method: str


@dataclass(frozen=True, slots=True)
class Share:
    """Of `n` cases of a kind, the share that something holds of."""

    kind: str
    share: float
    interval: Interval
    n: int

    def __str__(self) -> str:
        return f"{self.kind:46} {self.share:6.1%}  [{self.interval.low:6.1%}, {self.interval.high:6.1%}]  n={self.n}"


def share_of(kind: str, found: Sequence[bool]) -> Share:
    """Return the share that is true, with Wilson's interval. There is at least one."""
    return Share(kind, sum(found) / len(found), wilson(sum(found), len(found)), len(found))


def mean_interval(values: Sequence[float]) -> Interval:
    """Return the interval of a mean: Wilson's if each value is 0 or 1, else by percentile bootstrap."""
    if is_binary(values):
        return wilson(int(sum(values)), len(values))
    return bootstrap(np.asarray(values)[:, None], lambda rows: rows[:, :, 0].mean(axis=1))


def median_interval(values: Sequence[float]) -> Interval:
    """Return the bootstrap interval of a median."""
    return bootstrap(np.asarray(values, dtype=float)[:, None], lambda rows: np.median(rows[:, :, 0], axis=1))


def is_binary(values: Sequence[float]) -> bool:
    """Return whether each value is 0 or 1."""
    return all(value in (0, 1) for value in values)


def wilson(successes: int, n: int) -> Interval:
    """Return Wilson's score interval of a proportion, without continuity correction. n is at least 1."""
    share = successes / n
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return Interval(max(0.0, centre - half), min(1.0, centre + half), "wilson")


def bootstrap(rows: Floats, statistic: Callable[[Floats], Floats]) -> Interval:
    """Return the percentile interval over resampled rows, seed fixed.

    `statistic` takes resamples stacked as (resamples, n, columns) and gives one number each.
    """
    generator = np.random.default_rng(SEED)
    batch = max(1, 2_000_000 // rows.size)  # bounds the memory of one stack of resamples
    values: list[Floats] = []
    for done in range(0, RESAMPLES, batch):
        chosen = generator.integers(0, len(rows), size=(min(batch, RESAMPLES - done), len(rows)))
        values.append(statistic(rows[chosen]))
    low, high = np.percentile(np.concatenate(values), [2.5, 97.5])
    return Interval(float(low), float(high), "bootstrap")


def calibration_error(confidences: Sequence[float], right: Sequence[bool], *, bins: int = 10) -> float:
    """Return the expected calibration error: |mean confidence - share right|, weighted, over bins of equal mass.

    Bins are cut by rank of confidence; with fewer cases than bins each case is a bin. Cases of one confidence count
    with the share of them that is right, so that it does not matter into which bins they fall.
    """
    rows = np.column_stack([np.asarray(confidences, dtype=float), np.asarray(right, dtype=float)])
    return float(_calibration_errors(rows[None], bins)[0])


def calibration_interval(confidences: Sequence[float], right: Sequence[bool], *, bins: int = 10) -> Interval:
    """Return the bootstrap interval of the expected calibration error. It leans high: resamples repeat cases."""
    rows = np.column_stack([np.asarray(confidences, dtype=float), np.asarray(right, dtype=float)])
    return bootstrap(rows, lambda stacks: _calibration_errors(stacks, bins))


def _calibration_errors(stacks: Floats, bins: int) -> Floats:
    n = stacks.shape[1]
    order = np.argsort(stacks[:, :, 0], axis=1, kind="stable")
    confidences, right = (np.take_along_axis(stacks[:, :, column], order, axis=1) for column in (0, 1))
    gaps = confidences - _shared(confidences, right)
    edges = np.linspace(0, n, min(bins, n) + 1).round().astype(int)
    pieces = [np.abs(gaps[:, start:end].sum(axis=1)) for start, end in itertools.pairwise(edges)]
    total: Floats = np.sum(pieces, axis=0) / n
    return total


def _shared(confidences: Floats, right: Floats) -> Floats:
    """Return for each case the share right among those of its row with the same confidence; rows are sorted by it."""
    opens = np.ones(confidences.shape, dtype=bool)
    opens[:, 1:] = confidences[:, 1:] != confidences[:, :-1]
    ties = np.cumsum(opens.ravel()) - 1
    means = np.bincount(ties, weights=right.ravel()) / np.bincount(ties)
    shared: Floats = means[ties].reshape(right.shape)
    return shared


def paired_interval(first: Sequence[float], second: Sequence[float]) -> Interval:
    """Return the bootstrap interval of mean(second) - mean(first) over the same cases."""
    differences = np.asarray(second, dtype=float) - np.asarray(first, dtype=float)
    return bootstrap(differences[:, None], lambda rows: rows[:, :, 0].mean(axis=1))


def mcnemar(gained: int, lost: int) -> float:
    """Return the exact two-sided p of McNemar's test: as many cases changed from wrong to right as the other way."""
    changed = gained + lost
    if changed == 0:
        return 1.0
    tail = sum(math.comb(changed, count) for count in range(min(gained, lost) + 1))
    return min(1.0, float(2 * tail / 2**changed))


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the percentile, linear between the two nearest values. There is at least one value."""
    return float(np.percentile(np.asarray(values, dtype=float), percent))
