"""Measures the support check on real statements: which are accepted, and how well true and false ones are told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.plugins import ConsistencyModel, EntailmentModel
from rag.verification.entailment import check_support

from .evaluate import auroc
from .pictures import wilson
from .statements import Claim, measured

Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Row:
    """One measured share with its 95 % interval and the number of statements it is a share of."""

    name: str
    n: int
    share: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.name:<46} {self.share:6.1%}  [{self.low:5.1%}, {self.high:6.1%}]  n={self.n}"


def rows(data: Path, *, entailment: EntailmentModel | None, consistency: ConsistencyModel | None) -> Iterator[Row]:
    """Yield the figures of WiCE test and FM2 test. With neither model, the deterministic layer is measured alone."""
    for name, claims in measured(data).items():
        yield from told_apart(name, claims, entailment=entailment, consistency=consistency)


def accepts(claim: Claim, *, entailment: EntailmentModel | None, consistency: ConsistencyModel | None) -> bool:
    return not check_support(claim.text, [claim.quote], entailment=entailment, consistency=consistency).differences


def told_apart(
    name: str,
    claims: Sequence[Claim],
    *,
    entailment: EntailmentModel | None,
    consistency: ConsistencyModel | None = None,
) -> Iterator[Row]:
    """Yield the balanced accuracy on real statements with a bootstrap interval, and its two halves."""
    truth = np.array([claim.supported for claim in claims])
    accepted = np.array([accepts(claim, entailment=entailment, consistency=consistency) for claim in claims])
    yield share(f"{name}: supported, accepted", accepted[truth].tolist())
    yield share(f"{name}: not supported, accepted", accepted[~truth].tolist())
    yield _resampled(f"{name}: balanced accuracy", truth, accepted)
    if entailment is not None:
        chances = np.array(entailment.chances([(claim.text, claim.quote) for claim in claims]))
        yield _resampled(f"{name}: balanced accuracy, judge alone at 0.5", truth, chances >= 0.5)
        value = auroc(chances[truth].tolist(), chances[~truth].tolist())
        yield Row(f"{name}: AUROC, judge alone", len(truth), value, float("nan"), float("nan"))


def share(name: str, found: Sequence[bool]) -> Row:
    """Return the share that is true, with Wilson's interval."""
    n = len(found)
    part = sum(found) / n
    return Row(name, n, part, *wilson(part, n))


def _resampled(name: str, truth: Truths, accepted: Truths) -> Row:
    """Return the balanced accuracy with a bootstrap interval; each class is drawn anew by itself."""
    random = np.random.default_rng(0)
    right, wrong = accepted[truth], ~accepted[~truth]
    drawn = [
        (random.choice(right, len(right)).mean() + random.choice(wrong, len(wrong)).mean()) / 2 for _ in range(1000)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Row(name, len(truth), float((right.mean() + wrong.mean()) / 2), float(low), float(high))
