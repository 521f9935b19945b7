"""How several rankings become one list: those of two searches by their scores, those of several queries by rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..schema import Hit

# Reciprocal rank fusion, Cormack, Clarke and Büttcher 2009; 60 is the paper's constant.
RANK_OFFSET = 60
KEYWORD_SHARE = 0.2  # of a cosine of 1; see rag/design/decisions/043-sum-of-two-searches.md


def fused_searches(dense: Mapping[int, float], keyword: Mapping[int, float]) -> dict[int, float]:
    """Return a score for each id that one of the searches found, from its cosine and its BM25 score.

    The score is a convex combination as in Bruch, Gai and Ingber 2023, but for its scale: the cosine and a fifth of the
    share of the best BM25 score. An id that the dense search did not find is given the least cosine found.
    """
    least, most = min(dense.values(), default=0.0), max(keyword.values(), default=0.0) or 1.0
    return {id_: dense.get(id_, least) + KEYWORD_SHARE * keyword.get(id_, 0.0) / most for id_ in {*dense, *keyword}}


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
