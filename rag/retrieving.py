"""Question to hits: dense and keyword search, fused by rank, filtered by outlet, date and kind of section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from . import lexical
from .plugins import Embedder
from .schema import Article, Hit, Kind, Passage
from .store import Store

# Reciprocal rank fusion, Cormack, Clarke and Büttcher 2009; 60 is the paper's constant.
RANK_OFFSET = 60
MAIN: tuple[Kind, ...] = ("body", "byline")
SIDEBAR: tuple[Kind, ...] = ("sidebar",)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be found. None lets all pass; an article without a date passes no date filter."""

    published_after: date | None = None
    published_before: date | None = None
    outlets: tuple[str, ...] | None = None


def findable(article: Article, passage: Passage) -> str:
    """Return what is embedded and indexed for a passage: its words. A byline says nothing without the article's title.

    Putting the title before every passage was measured and did not help; see rag/DESIGN.md.
    """
    return f"{article.title}\n{passage.text}" if passage.kind == "byline" else passage.text


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
    with store.snapshot() as connection:
        among = store.ids_where(where, values)
        dense = dict(store.dense().search(vector, k=candidates, among=among)) if len(among) else {}
        keyword = dict(lexical.search(connection, query, k=candidates, where=where, values=values))
        scores = _fused([list(dense), list(keyword)])
        best = sorted(scores, key=lambda id_: (-scores[id_], id_))[:k]
        found = store.passages(best)
    return [
        Hit(
            passage=found[id_][0],
            rank=rank,
            score=scores[id_],
            title=found[id_][1].title,
            outlet=found[id_][1].outlet,
            published=found[id_][1].published,
            source=found[id_][1].source,
            dense=dense.get(id_),
            keyword=keyword.get(id_),
        )
        for rank, id_ in enumerate(best, start=1)
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
