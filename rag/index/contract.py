"""What every index has to do, tried on a small corpus of its own: `rag.testing.check_index`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from ..errors import UnknownArticleError
from ..filters import ANYWHERE, Filters, Scope
from ..loading.articles import article_id
from ..plugins import Index, Vectors
from ..schema import Article, Passage, Section, SectionKind
from .changes import FileRead
from .splitting import findable
from .tables import Prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

Embed = Callable[["Sequence[str]"], Vectors]

LIONS = (
    "The zoo of Lomvik took in seventy lions from the circus of Oster after its owner had gone bankrupt in the spring."
)
GRAIN = (
    "Grain exports fell by a third because the harbour was closed for repairs during the whole of the harvest season."
)
BEARS = (
    "A sidebar tells of bears that were moved to the same zoo by train, which took three days and two nights in winter."
)


def check_index(index: Index, embed: Embed) -> None:
    """Raise AssertionError unless an index, which must be empty, keeps its contract. It is empty again afterwards.

    `embed` gives the unit vectors, shape (n, index.dimension), float32, of texts: an embedder's `embed_texts`.
    """
    assert len(index) == 0, f"the index holds {len(index)} articles, expected an empty one"
    assert not index.check().findings, "an empty index is whole"
    assert not index.search_dense(embed(["lions"])[0], k=3, scope=ANYWHERE), "an empty index finds nothing"
    articles = [
        _article(LIONS, "Lions", "Daily", date(2024, 5, 1)),
        _article(GRAIN, "Grain", "Weekly", date(2024, 6, 1)),
        _article(BEARS, "Bears", None, None, kind="sidebar"),
    ]
    before = index.state
    with index.alone():
        index.put([_prepared(one, embed) for one in articles], files=[FileRead("/lions", "1", ("/lions",))])
    assert index.state != before, "a change makes another state"
    _check_reading(index, articles)
    _check_searches(index, articles, embed)
    _check_replacing(index, articles, embed)
    _check_removing(index, articles, embed)
    assert not index.check().findings, f"{index.check().findings}, expected a whole index"


def _check_reading(index: Index, articles: list[Article]) -> None:
    assert len(index) == len(articles), f"{len(index)} articles, expected {len(articles)}"
    assert list(index.articles()) == sorted(articles, key=lambda one: one.id), "articles come whole, in order of id"
    assert sorted(one.article_id for one in index.summaries()) == sorted(one.id for one in articles), "all are listed"
    assert index.sources() == {one.source: one.id for one in sorted(articles, key=lambda one: one.source)}
    assert all(index.has(one.id) and index.article(one.id) == one for one in articles), "each is found by its id"
    assert index.article_id_of("/lions") == articles[0].id, "a source leads to its article"
    assert (index.stamp_of("/lions"), index.stamp_of("/grain")) == ("1", ""), "files have the stamps they were given"
    assert index.files_at("/lions") == index.sources_of("/lions") == ["/lions"], "a file is found by its path"
    for article in articles:
        (place,) = index.passages_of(article.id)
        passage = place.passage
        assert passage.text == article.text[passage.start : passage.end], "a passage is a slice of its article"
        assert (place.article, place.sources, place.original) == (article, (article.source,), article.id)
    assert not index.passages_of("absent"), "what is not there has no passages"
    assert not index.has("absent"), "what is not there is not found"


def _check_searches(index: Index, articles: list[Article], embed: Embed) -> None:
    lions, grain, bears = articles
    for article in articles:
        (place,) = index.passages_of(article.id)
        text = findable(article, place.passage)
        row = embed([text])[0]
        found = index.consistent(lambda row=row: index.search_dense(row, k=3, scope=ANYWHERE))  # type: ignore[misc]
        assert len(found) == 3, f"{len(found)} hits, expected all three"
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True), "best first"
        assert abs(found[0][1] - 1.0) < 1e-3, f"the cosine of a text with itself is {found[0][1]}, expected 1"
        assert index.passages([found[0][0]])[found[0][0]] == place, "the id of a hit leads to its passage"
        assert np.allclose(index.known_vectors([text])[text], row, atol=1e-4), "a known text has its vector"
    row = embed(["zoo"])[0]
    for scope, expected in (
        (Scope(kinds=("body",)), {lions.id, grain.id}),
        (Scope(kinds=("sidebar",)), {bears.id}),
        (Scope(filters=Filters(outlets=["Daily"])), {lions.id}),
        (Scope(filters=Filters(published_after="2024-05-15")), {grain.id}),
        (Scope(filters=Filters(published_before="2024-05-15")), {lions.id}),
        (Scope(articles=(grain.id, bears.id)), {grain.id, bears.id}),
        (Scope(filters=Filters(outlets=["Nobody's"])), set()),
    ):
        ids = [id_ for id_, _ in index.search_dense(row, k=9, scope=scope)]
        met = {place.article.id for place in index.passages(ids).values()}
        assert met == expected, f"{scope} finds {met}, expected {expected}"
        words = [id_ for id_, _ in index.search_keywords("zoo harbour", k=9, scope=scope)]
        met = {place.article.id for place in index.passages(words).values()}
        assert met == expected, f"{scope} finds {met} by keyword, expected {expected}"
    assert len(index.search_keywords("lion", k=3, scope=ANYWHERE)) == 1, "keywords are found by their stem"
    assert index.search_keywords("xylophone", k=3, scope=ANYWHERE) == [], "a word that stands nowhere finds nothing"
    rare, common = index.rarity(["lions", "zoo"])
    assert rare > common > 0.0, f"rarity {rare} of a rare word, {common} of a common one"


def _check_replacing(index: Index, articles: list[Article], embed: Embed) -> None:
    """Another text from the same source takes the place of the one before."""
    newer = _article(GRAIN.replace("third", "quarter"), "Grain", "Weekly", date(2024, 6, 2))
    with index.alone():
        index.put([_prepared(newer, embed)])
    assert index.has(newer.id), "an article is there"
    assert not index.has(articles[1].id), "an article under a known source takes its place"
    ids = [id_ for id_, _ in index.search_dense(embed([GRAIN])[0], k=9, scope=ANYWHERE)]
    met = {place.article.id for place in index.passages(ids).values()}
    assert met == {articles[0].id, newer.id, articles[2].id}, "what was replaced is not found"
    articles[1] = newer


def _check_removing(index: Index, articles: list[Article], embed: Embed) -> None:
    lions, grain, bears = articles
    with index.alone():
        index.remove(bears.id)
        assert index.forget_files(["/lions"]) == ["/lions"], "forgetting a file says which sources went"
        assert index.remove_sources([grain.source]) == [grain.source], "removing a source says so"
    for work in (lambda: index.remove(bears.id), lambda: index.remove_sources(["/nobody"])):
        try:
            with index.alone():
                work()
        except UnknownArticleError:
            continue
        raise AssertionError("removing what is not there raised nothing, expected UnknownArticleError")
    assert (len(index), index.sources(), list(index.summaries())) == (0, {}, []), "nothing is left"
    assert not index.search_dense(embed([LIONS])[0], k=9, scope=ANYWHERE), "what was removed is not found"
    assert not index.search_keywords("lions", k=9, scope=ANYWHERE), "what was removed is not found by keyword"
    assert not index.known_vectors([findable(lions, _passage(lions, "body"))]), "its vectors are gone"


def _article(text: str, title: str, outlet: str | None, day: date | None, *, kind: SectionKind = "body") -> Article:
    source = f"/{title.lower()}"
    whole = Article("", title, text, source, outlet, published=day, sections=(Section(0, len(text), kind),))
    return Article(article_id(whole), title, text, source, outlet, published=day, sections=whole.sections)


def _passage(article: Article, kind: SectionKind) -> Passage:
    return Passage(article.id, 0, len(article.text), article.text, kind, ((0, len(article.text)),))


def _prepared(article: Article, embed: Embed) -> Prepared:
    passage = _passage(article, article.sections[0].kind)
    return Prepared(article, (passage,), embed([findable(article, passage)]), article.source)
