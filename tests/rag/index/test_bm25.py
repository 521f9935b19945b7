from collections.abc import Sequence

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag import Article, Passage
from rag.index.store import Prepared, Store

# Their stems are themselves, so that an implementation without a stemmer sees the same words.
WORDS = "lion bear zoo grain port ship oil gas tank drill north south treati moon glass".split()


def store_of(texts: Sequence[str]) -> Store:
    """A store with one article and one passage for each text; passage ids count from 1."""
    store = Store(None, dimension=1, identity={})
    for number, text in enumerate(texts):
        article = Article(f"a{number}", "", text, f"s{number}", outlet="Even" if number % 2 == 0 else "Odd")
        passage = Passage(article.id, 0, len(text), text, "body", ())
        store.put([Prepared(article, (passage,), np.ones((1, 1), dtype=np.float32))])
    return store


def search(
    store: Store, query: str, *, k: int = 100, where: str = "1", values: Sequence[object] = ()
) -> dict[int, float]:
    with store.snapshot():
        return dict(store.keyword_search(query, k=k, among=store.ids_where(where, values)))


texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)


@settings(max_examples=40)
@given(st.lists(texts, min_size=12, max_size=20), st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True))
def test_scores_are_those_of_bm25s(corpus: list[str], query: list[str]) -> None:
    # A word in half of the texts or more weighs nothing by Robertson's formula; the two treat it apart.
    query = [word for word in query if 0 < sum(word in text.split() for text in corpus) < len(corpus) / 2]
    found = search(store_of(corpus), " ".join(query))
    if not query:
        return
    other = bm25s.BM25(k1=1.2, b=0.75, method="robertson")
    # The heading, here the outlet, is searched with the words.
    other.index([["odd" if at % 2 else "even", *text.split()] for at, text in enumerate(corpus)], show_progress=False)
    theirs = other.get_scores(query) * (1.2 + 1)  # they leave out the constant factor k1 + 1
    assert set(found) == {number for number, score in enumerate(theirs, start=1) if score > 0}
    for number, score in found.items():
        assert score == pytest.approx(float(theirs[number - 1]), rel=1e-4)


def test_hits_come_best_first_and_ties_by_id() -> None:
    store = store_of(["bear oil gas ship", "lion bear", "grain", "lion bear", *["port"] * 9])
    found = search(store, "bear lion")
    assert list(found) == [2, 4, 1]
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_k_limits_the_hits() -> None:
    assert len(search(store_of(["lion"] * 5), "lion", k=2)) == 2


@pytest.mark.parametrize("query", ["gifts", "Gifted", "gifting", "GIFT", "the gift’s"])
def test_forms_of_a_word_find_each_other(query: str) -> None:
    assert list(search(store_of(["Putin’s gift to the people", "grain"]), query)) == [1]


def test_accents_do_not_matter() -> None:
    assert list(search(store_of(["a café in Malmö", "grain"]), "cafe malmo")) == [1]


def test_words_of_asking_find_nothing_beside_words_of_content() -> None:
    assert list(search(store_of(["how many of the", "lion"]), "How many of the lions?")) == [2]


def test_a_question_of_function_words_falls_back_on_them() -> None:
    assert list(search(store_of(["this is what it was", "lion"]), "What was it?")) == [1]


@pytest.mark.parametrize("query", ["", "?!", "🦁", "\0"])
def test_a_query_without_a_word_finds_nothing(query: str) -> None:
    assert search(store_of(["lion"]), query) == {}


@pytest.mark.parametrize(
    "query", ['"lion', "lion AND", "lion* OR (", "NEAR(lion bear)", "text:lion", "-lion", "lion'; DROP TABLE articles"]
)
def test_the_query_language_of_sqlite_has_no_power(query: str) -> None:
    store = store_of(["lion", "bear", "oil"])
    assert 1 in search(store, query)
    assert len(store) == 3


@given(st.text(max_size=60))
def test_any_text_is_a_query(query: str) -> None:
    assert search(STORE, query).keys() <= {1, 2}


STORE = store_of(["lion bear", "动物园 в зоопарке"])


def test_a_condition_holds_for_all_hits() -> None:
    store = store_of(["lion"] * 4)
    assert sorted(search(store, "lion", where="articles.outlet = ?", values=("Odd",))) == [2, 4]


def test_what_is_removed_is_not_found_and_does_not_weigh() -> None:
    texts = ["lion bear", "lion grain", "port ship", "oil gas", "tank drill"]
    store = store_of([*texts, "lion lion moon"])
    store.remove("a5")
    fresh = store_of(texts)
    assert search(store, "lion moon") == pytest.approx(search(fresh, "lion moon"))


def test_a_change_shows_in_the_next_search_among_the_same_ids() -> None:
    store = store_of(["lion bear", "ship oil gas", "tank drill"])
    with store.snapshot():
        among = store.ids_where("1", ())
        before = store.keyword_search("lion", k=5, among=among)
    article = Article("more", "", " ".join(WORDS * 3), "more")
    passage = Passage(article.id, 0, len(article.text), article.text, "body", ())
    store.put([Prepared(article, (passage,), np.ones((1, 1), dtype=np.float32))])
    with store.snapshot():
        after = store.keyword_search("lion", k=5, among=among)
        everything = store.keyword_search("lion", k=5, among=store.ids_where("1", ()))
    assert [id_ for id_, _ in before] == [id_ for id_, _ in after] == [1]
    assert after[0][1] != before[0][1]  # the average length is another one
    assert sorted(id_ for id_, _ in everything) == [1, 4]
    assert dict(everything)[1] == after[0][1]
