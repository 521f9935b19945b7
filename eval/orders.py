"""Orders of the hits that were read: the search's, the reader's, and blends of the two to choose from."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.odds import log_odds
from rag.schema import Hit, Reading

SEARCH = "search"
READER = "reader"


@dataclass(frozen=True, slots=True)
class Seen:
    """A hit as search and reader saw it.

    `at` is its rank in the reader's order and `odds` the reader's log-odds; `cosine` is the dense search's, and the least
    of all hits where that search did not find the passage.
    """

    hit: Hit
    at: int
    odds: float
    cosine: float


def _by_ranks(offset: int, weight: float) -> Callable[[Seen], float]:
    return lambda seen: 1.0 / (offset + seen.hit.rank) + weight / (offset + seen.at)


def _by_odds(*, cosine: float, prior: float) -> Callable[[Seen], float]:
    """Before it is read, a passage has odds that grow with its cosine and fall as its rank in the search ** prior."""
    return lambda seen: seen.odds + cosine * seen.cosine - prior * math.log(seen.hit.rank)


ORDERS: dict[str, Callable[[Seen], float]] = {
    SEARCH: lambda seen: -seen.hit.rank,
    READER: lambda seen: -seen.at,
    "ranks, offset 2": _by_ranks(2, 1.0),
    "ranks, offset 10": _by_ranks(10, 1.0),
    "ranks, offset 60": _by_ranks(60, 1.0),
    "ranks, offset 10, reader twice": _by_ranks(10, 2.0),
} | {
    f"odds, cosine {cosine}, prior {prior}": _by_odds(cosine=cosine, prior=prior)
    for cosine in (0, 5, 10, 15, 20)
    for prior in (0, 1, 2)
    if cosine or prior
}


def ordered(readings: Sequence[Reading]) -> dict[str, list[Hit]]:
    """Return the hits of the readings, which are best first, in each order; a tie keeps the order of the search."""
    least = min((reading.hit.dense for reading in readings if reading.hit.dense is not None), default=0.0)
    seen = [
        Seen(one.hit, at, log_odds(one.score), least if one.hit.dense is None else one.hit.dense)
        for at, one in enumerate(readings, start=1)
    ]
    return {
        name: [one.hit for one in sorted(seen, key=lambda one: (-score(one), one.hit.rank))]
        for name, score in ORDERS.items()
    }
