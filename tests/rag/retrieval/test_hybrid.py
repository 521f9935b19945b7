from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from rag import Article, Corpus, Filters
from rag.index.dense import DenseIndex, Ids
from rag.plugins import Vectors
from rag.retrieval.fusion import KEYWORD_SHARE, fused_searches


@pytest.fixture
def dated(empty_corpus: Corpus, article_of: Callable[..., Article]) -> Corpus:
    for name, outlet, published in (
        ("old", "The Bell", date(2019, 5, 1)),
        ("mid", "The Bell", date(2022, 5, 1)),
        ("new", "Courier", date(2024, 5, 1)),
        ("undated", None, None),
    ):
        text = f"A walrus swims in the {name} harbour."
        report = empty_corpus.add(article_of(name, text, outlet=outlet, published=published))
        assert report.added == (name,)
    return empty_corpus


def sources(corpus: Corpus, **filters: object) -> set[str]:
    return {hit.source for hit in corpus.search("walrus", **filters)}  # type: ignore[arg-type]


def test_without_filters_everything_may_be_found(dated: Corpus) -> None:
    assert sources(dated) == {"old", "mid", "new", "undated"}


def test_dates_are_inclusive_and_an_article_without_a_date_passes_none(dated: Corpus) -> None:
    assert sources(dated, published_after=date(2022, 5, 1)) == {"mid", "new"}
    assert sources(dated, published_before=date(2022, 5, 1)) == {"old", "mid"}
    assert sources(dated, published_after=date(2020, 1, 1), published_before=date(2023, 1, 1)) == {"mid"}
    assert sources(dated, published_after=date(2025, 1, 1)) == set()


def test_a_moment_as_a_filter_is_its_day(dated: Corpus) -> None:
    noon = datetime(2022, 5, 1, 12, tzinfo=UTC)
    assert sources(dated, published_after=noon) == {"mid", "new"}
    assert sources(dated, published_before=noon) == {"old", "mid"}


def test_one_outlet_may_be_given_alone(dated: Corpus) -> None:
    assert sources(dated, outlets="The Bell") == {"old", "mid"}


def test_outlets_are_matched_whole(dated: Corpus) -> None:
    assert sources(dated, outlets=["The Bell"]) == {"old", "mid"}
    assert sources(dated, outlets=["The Bell", "Courier"]) == {"old", "mid", "new"}
    assert sources(dated, outlets=["Bell"]) == set()
    assert sources(dated, outlets=[]) == set()


def test_articles_are_chosen_one_by_one(dated: Corpus) -> None:
    ids = dated.sources()
    hits = dated.search("walrus", filters=Filters(articles=[ids["old"], ids["new"], "gone"]))
    assert {hit.source for hit in hits} == {"old", "new"}
    assert dated.search("walrus", filters=Filters(articles=[])) == []
    answer = dated.ask("Where does the walrus swim?", filters=Filters(articles=ids["mid"]))
    assert {reading.hit.source for reading in answer.trace.readings} == {"mid"}


def test_filters_hold_for_answers_too(dated: Corpus) -> None:
    answer = dated.ask("Where does the walrus swim?", outlets=["Courier"], published_after=date(2020, 1, 1))
    assert {reading.hit.source for reading in answer.trace.readings} == {"new"}
    assert {citation.source for citation in answer.citations} <= {"new"}


def test_the_kinds_that_are_searched_can_be_chosen(empty_corpus: Corpus, article_of: Callable[..., Article]) -> None:
    empty_corpus.add(article_of("a", "A walrus swims.", ("sidebar", "A walrus sings."), ("byline", "By Walrus Berg")))
    assert {hit.passage.kind for hit in empty_corpus.search("walrus")} == {"body", "byline", "sidebar"}
    assert {hit.passage.kind for hit in empty_corpus.search("walrus", kinds=["sidebar"])} == {"sidebar"}


def test_furniture_is_never_found(empty_corpus: Corpus, article_of: Callable[..., Article]) -> None:
    empty_corpus.add(article_of("a", "A walrus swims.", ("furniture", "Join our zeppelin channel")))
    assert all("zeppelin" not in hit.passage.text for hit in empty_corpus.search("zeppelin channel"))


def test_ranks_count_from_one_and_scores_fall(corpus: Corpus) -> None:
    hits = corpus.search("animals sent to the zoo of Pyongyang", k=12)
    assert [hit.rank for hit in hits] == list(range(1, 13))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_the_score_is_the_sum_of_the_cosine_and_a_share_of_the_keyword_score(corpus: Corpus) -> None:
    hits = corpus.search("animals sent to the zoo of Pyongyang", k=100)
    most = max(hit.keyword or 0.0 for hit in hits)
    best = hits[0]
    assert best.dense is not None
    assert best.keyword is not None
    assert best.score == pytest.approx(best.dense + KEYWORD_SHARE * best.keyword / most, rel=1e-5)


def test_what_one_search_alone_finds_has_a_score_too() -> None:
    scores = fused_searches({1: 0.9, 2: 0.5}, {3: 8.0, 1: 4.0})
    assert scores == pytest.approx({1: 0.9 + KEYWORD_SHARE / 2, 2: 0.5, 3: 0.5 + KEYWORD_SHARE})
    assert fused_searches({}, {}) == {}


def test_a_hit_says_which_search_found_it(empty_corpus: Corpus, article_of: Callable[..., Article]) -> None:
    empty_corpus.add([article_of("a", "A walrus swims."), article_of("b", "Grain prices fell.")])
    by_source = {hit.source: hit for hit in empty_corpus.search("walrus")}
    assert by_source["a"].keyword is not None
    assert by_source["a"].dense == pytest.approx(max(hit.dense or 0.0 for hit in by_source.values()))
    assert by_source["b"].keyword is None


def test_a_hit_bears_what_is_known_of_its_article(dated: Corpus) -> None:
    hit = dated.search("walrus", outlets=["Courier"])[0]
    article = dated.article(hit.passage.article_id)
    assert (hit.title, hit.outlet, hit.published, hit.source) == (article.title, "Courier", date(2024, 5, 1), "new")


def test_the_title_leads_to_the_passages_of_its_article(
    empty_corpus: Corpus, article_of: Callable[..., Article]
) -> None:
    empty_corpus.add(
        [
            article_of("a", ("heading", "The zeppelin over Lomvik"), "It flew at noon.\n\nNobody was hurt."),
            article_of("b", ("heading", "Grain"), "Prices fell. Nobody was glad."),
        ]
    )
    assert empty_corpus.search("Was nobody hurt by the zeppelin?")[0].source == "a"


def test_a_sidebar_is_not_found_by_the_title_beside_it(
    empty_corpus: Corpus, article_of: Callable[..., Article]
) -> None:
    empty_corpus.add(article_of("a", ("heading", "The zeppelin"), "It flew.", ("sidebar", "Grain prices fell.")))
    hits = {hit.passage.kind: hit for hit in empty_corpus.search("zeppelin")}
    assert hits["body"].keyword is not None
    assert hits["sidebar"].keyword is None


@pytest.mark.parametrize("k", [1, 3, 200])
def test_k_is_the_most_that_is_found(corpus: Corpus, k: int) -> None:
    found = corpus.search("North Korea", k=k)
    assert len(found) == min(k, len(corpus.search("North Korea", k=1000)))


def test_only_a_filter_lists_what_may_be_found(dated: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[int | None] = []
    search = DenseIndex.search

    def watched(self: DenseIndex, query: Vectors, *, k: int, among: Ids | None) -> list[tuple[int, float]]:
        listed.append(None if among is None else len(among))
        return search(self, query, k=k, among=among)

    monkeypatch.setattr(DenseIndex, "search", watched)
    assert len(dated.search("walrus")) == 4
    assert len(dated.search("walrus", outlets=["The Bell"])) == 2
    assert listed == [None, 2]


def test_an_empty_corpus_finds_nothing(empty_corpus: Corpus) -> None:
    assert empty_corpus.search("anything") == []
