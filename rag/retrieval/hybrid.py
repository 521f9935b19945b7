"""Question to hits: dense and keyword search, fused, filtered by outlet, date and kind of section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..filters import EVERYTHING, Filters, Scope
from ..index.tables import Located
from ..plugins import Embedder, Index
from ..schema import Copy, Hit, SectionKind
from .fusion import fused_searches
from .redundancy import holders

BODY: tuple[SectionKind, ...] = ("body",)
MAIN: tuple[SectionKind, ...] = (*BODY, "byline")
SIDEBAR: tuple[SectionKind, ...] = ("sidebar",)
DEEPER = 4  # times as many candidates, where copies are so many that they leave less than k


@dataclass(frozen=True, slots=True)
class _Kept:
    """A passage that is shown, and those of other articles that say nothing else."""

    id: int
    place: Located
    copies: list[Located]


def retrieve(
    index: Index,
    embedder: Embedder,
    query: str,
    *,
    k: int,
    candidates: int,
    kinds: Sequence[SectionKind] = MAIN,
    filters: Filters = EVERYTHING,
) -> list[Hit]:
    """Return up to `k` hits, best first, fused from the best `candidates` of each search.

    A passage that says the same as a better one from a near copy is no hit of its own but listed with that one.
    """
    vector = embedder.embed_query(query)
    scope = Scope(tuple(kinds), filters, None if filters.articles is None else tuple(filters.articles))

    def search() -> list[Hit]:
        depth = candidates
        while True:
            dense = dict(index.search_dense(vector, k=depth, scope=scope))
            keyword = dict(index.search_keywords(query, k=depth, scope=scope))
            scores = fused_searches(dense, keyword)
            kept = _without_copies(index, sorted(scores, key=lambda id_: (-scores[id_], id_)), k=k)
            if len(kept) == k or max(len(dense), len(keyword)) < depth:
                return [
                    _hit(one, rank, scores[one.id], dense.get(one.id), keyword.get(one.id))
                    for rank, one in enumerate(kept, start=1)
                ]
            depth *= DEEPER

    return index.consistent(search)


def whole_article(index: Index, article_id: str, *, kinds: Sequence[SectionKind] = MAIN) -> list[Hit]:
    """Return every passage of an article as a hit, in order; `score` is 0 for it was not searched."""
    found = [place for place in index.passages_of(article_id) if place.passage.kind in kinds]
    return [_hit(_Kept(0, place, []), rank, 0.0, None, None) for rank, place in enumerate(found, start=1)]


def whole_articles(
    index: Index, hits: Sequence[Hit], *, kinds: Sequence[SectionKind], articles: int, k: int
) -> list[Hit]:
    """Return the hits, then up to `k` further passages of the articles that the first hits are of.

    A summary needs what no query names. Those passages have a score of 0.0: no search found them.
    """
    among = list(dict.fromkeys(hit.passage.article_id for hit in hits))[:articles]
    there = {(hit.passage.article_id, hit.passage.start) for hit in hits}
    rest = [
        hit
        for article_id in among
        for hit in whole_article(index, article_id, kinds=kinds)
        if (article_id, hit.passage.start) not in there
    ]
    return [*hits, *(replace(hit, rank=rank) for rank, hit in enumerate(rest[:k], start=len(hits) + 1))]


def _without_copies(index: Index, ids: Sequence[int], *, k: int) -> list[_Kept]:
    """The first `k` of these passages that say something else than those of near copies before them, with their copies."""
    kept: list[_Kept] = []
    at = 0
    while len(kept) < k and at < len(ids):
        for id_, place in index.passages(ids[at : at + k]).items():
            _keep(kept, id_, place, k=k)
        at += k
    shown = {(one.place.article.id, one.place.original) for one in kept}
    rest = index.copies_among(ids[at:], shown)
    for id_, place in index.passages(rest).items():
        _keep(kept, id_, place, k=k)
    return kept


def _keep(kept: list[_Kept], id_: int, place: Located, *, k: int) -> None:
    others = [one for one in kept if _are_copies(one.place, place)]
    repeated = holders(place.passage, [one.place.passage for one in others])
    for at in sorted(repeated):
        others[at].copies.append(place)
    if not repeated and len(kept) < k:
        kept.append(_Kept(id_, place, []))


def _are_copies(one: Located, other: Located) -> bool:
    return one.original == other.original and one.article.id != other.article.id


def _hit(one: _Kept, rank: int, score: float, dense: float | None, keyword: float | None) -> Hit:
    place = one.place
    article = place.article
    elsewhere = sorted(one.copies, key=lambda copy: copy.article.id != copy.original)
    same = [(article, source) for source in place.sources if source != article.source]
    near = [(copy.article, source) for copy in elsewhere for source in copy.sources]
    listed = [Copy(each.id, each.title, each.outlet, each.published, source) for each, source in same + near]
    return Hit(
        passage=place.passage,
        rank=rank,
        score=score,
        title=article.title,
        outlet=article.outlet,
        published=article.published,
        source=article.source,
        dense=dense,
        keyword=keyword,
        copies=tuple(dict.fromkeys(listed)),
        original=place.original,
        notes=article.notes,
        author=article.author,
        address=article.address,
    )
