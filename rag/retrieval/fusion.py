"""The hits of several queries for one question, fused by rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..schema import Hit
from .hybrid import RANK_OFFSET


def fused(found: Sequence[Sequence[Hit]], *, k: int) -> list[Hit]:
    """Return up to `k` hits, best first; each passage once, as the query found it that found it best."""
    if len(found) == 1:
        return list(found[0][:k])
    best: dict[tuple[str, int], Hit] = {}
    scores: dict[tuple[str, int], float] = {}
    for hits in found:
        for hit in hits:
            place = (hit.passage.article_id, hit.passage.start)
            scores[place] = scores.get(place, 0.0) + 1.0 / (RANK_OFFSET + hit.rank)
            if place not in best or hit.rank < best[place].rank:
                best[place] = hit
    order = sorted(best, key=lambda place: (-scores[place], place))[:k]
    return [replace(best[place], rank=rank, score=scores[place]) for rank, place in enumerate(order, start=1)]
