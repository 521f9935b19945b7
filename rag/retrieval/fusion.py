"""How several rankings become one list, by rank alone: those of two searches, and those of several queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..schema import Hit

# Reciprocal rank fusion, Cormack, Clarke and Büttcher 2009; 60 is the paper's constant.
RANK_OFFSET = 60


def fused_searches(rankings: Sequence[Sequence[int]]) -> dict[int, float]:
    """Return a score for each id that the searches of one query found: the more, the higher it stands and the more searches have it."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, id_ in enumerate(ranking, start=1):
            scores[id_] = scores.get(id_, 0.0) + float(np.float32(1.0 / (RANK_OFFSET + rank)))
    return scores


def fused_queries(found: Sequence[Sequence[Hit]], *, k: int) -> list[Hit]:
    """Return up to `k` of the hits of several queries, best first; each passage once, as the query found it that found it best."""
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
