"""Question to hits: dense and keyword search, fused by rank, filtered by outlet, date and kind of section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from .plugins import Embedder
from .schema import Article, Hit, Kind, Passage
from .store import Store

# Reciprocal rank fusion, Cormack, Clarke and Büttcher 2009; 60 is the paper's constant.
RANK_OFFSET = 60
MAIN: tuple[Kind, ...] = ("body", "byline")
SIDEBAR: tuple[Kind, ...] = ("sidebar",)

_Found = tuple[float, float | None, float | None, Passage, Article]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be found. None lets all pass; an article without a date passes no date filter."""

    published_after: date | None = None
    published_before: date | None = None
    outlets: tuple[str, ...] | None = None


def retrieve(
    store: Store,
    embedder: Embedder,
    query: str,
    *,
    k: int,
    candidates: int,
    kinds: Sequence[Kind] = MAIN,
    filters: Filters = Filters(),
) -> list[Hit]:
    """Return up to `k` hits, best first, fused from the best `candidates` of each search."""
    vector = embedder.embed_query(query)
    where, values = _condition(kinds, filters)

    def search() -> list[_Found]:
        among = store.ids_where(where, values)
        dense = dict(store.dense().search(vector, k=candidates, among=among)) if len(among) else {}
        keyword = dict(store.keyword_search(query, k=candidates, among=among))
        scores = _fused([list(dense), list(keyword)])
        best = sorted(scores, key=lambda id_: (-scores[id_], id_))[:k]
        found = store.passages(best)
        return [(scores[id_], dense.get(id_), keyword.get(id_), *found[id_]) for id_ in best]

    return [
        Hit(
            passage=passage,
            rank=rank,
            score=score,
            title=article.title,
            outlet=article.outlet,
            published=article.published,
            source=article.source,
            dense=dense,
            keyword=keyword,
        )
        for rank, (score, dense, keyword, passage, article) in enumerate(store.consistent(search), start=1)
    ]


def _fused(rankings: Sequence[Sequence[int]]) -> dict[int, float]:
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, id_ in enumerate(ranking, start=1):
            scores[id_] = scores.get(id_, 0.0) + float(np.float32(1.0 / (RANK_OFFSET + rank)))
    return scores


def _condition(kinds: Sequence[Kind], filters: Filters) -> tuple[str, list[object]]:
    """SQL that holds for the passages that may be found, with its values."""
    parts = [f"passages.kind IN ({', '.join('?' * len(kinds))})"]
    values: list[object] = list(kinds)
    if filters.published_after is not None:
        parts.append("articles.published >= ?")
        values.append(filters.published_after.isoformat())
    if filters.published_before is not None:
        parts.append("articles.published <= ?")
        values.append(filters.published_before.isoformat())
    if filters.outlets is not None:
        parts.append(f"articles.outlet IN ({', '.join('?' * len(filters.outlets))})")
        values.extend(filters.outlets)
    return " AND ".join(parts), values
