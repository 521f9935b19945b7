from collections.abc import Callable
from dataclasses import replace

from rag import Article, Corpus
from rag.pipeline import WHOLE_K
from rag.retrieval.fusion import fused_queries
from rag.retrieval.hybrid import MAIN, whole_articles
from rag.schema import Hit, Passage


def hit(article_id: str, rank: int) -> Hit:
    return Hit(Passage(article_id, 0, 3, "yes", "body", ((0, 3),)), rank, 1.0 / rank, "T", None, None, "s", None, None)


def test_what_several_queries_find_comes_first_and_once() -> None:
    found = fused_queries([[hit("a", 1), hit("b", 2)], [hit("c", 1), hit("b", 2)]], k=10)
    assert [one.passage.article_id for one in found] == ["b", "a", "c"]
    assert [one.rank for one in found] == [1, 2, 3]


def test_one_query_keeps_its_order() -> None:
    hits = [hit("a", 1), hit("b", 2), hit("c", 3)]
    assert fused_queries([hits], k=2) == hits[:2]


def test_the_best_article_is_completed(empty_corpus: Corpus, article_of: Callable[..., Article]) -> None:
    parts = [f"Paragraph {number}: " + f"The harbour of Lomvik has word{number} in it. " * 12 for number in range(4)]
    empty_corpus.add(article_of("a.txt", *[part.strip() for part in parts]))
    first, *others = empty_corpus.search("harbour Lomvik word0", k=10)
    assert others
    store = empty_corpus._store
    whole = whole_articles(store, [replace(first, rank=1)], kinds=MAIN, articles=1, k=WHOLE_K)
    assert len(whole) == min(1 + WHOLE_K, len(others) + 1)
    assert len({one.passage.start for one in whole}) == len(whole)
