"""The list of articles: in order, without their text, in step with the index; and what is taken out by its source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from rag import Article, Corpus
from rag.errors import UnknownArticleError
from rag.schema import ArticleSummary
from rag.testing import HashEmbedder

Make = Callable[..., Article]


@pytest.fixture
def corpus(empty_corpus: Corpus, article_of: Make) -> Corpus:
    """Three articles, one of them from two sources."""
    empty_corpus.add(
        [
            article_of("b.txt", ("heading", "zebra crossing"), "It was painted.", outlet="The Vell Courier"),
            article_of("c.txt", ("heading", "Harbour news"), "It reopened.", published=date(2024, 3, 9)),
            article_of("z.txt", ("heading", "Harbour news"), "It closed."),
            article_of("a.txt", ("heading", "Harbour news"), "It closed."),
        ]
    )
    return empty_corpus


def test_articles_are_listed_by_title_and_source_in_letters_of_any_case(corpus: Corpus) -> None:
    listed = corpus.list_articles()
    assert [one.sources for one in listed] == [("c.txt",), ("z.txt", "a.txt"), ("b.txt",)]
    ids = corpus.sources()
    assert listed[0] == ArticleSummary(ids["c.txt"], "Harbour news", None, date(2024, 3, 9), ("c.txt",))
    assert listed[2] == ArticleSummary(ids["b.txt"], "zebra crossing", "The Vell Courier", None, ("b.txt",))


@pytest.mark.parametrize(
    ("words", "sources"),
    [
        ("", ["c.txt", "z.txt", "b.txt"]),
        ("  harbour\nNEWS ", ["c.txt", "z.txt"]),
        ("news a.txt", ["z.txt"]),  # a source that is not the first
        ("courier zebra", ["b.txt"]),
        ("harbour zebra", []),
    ],
)
def test_words_are_looked_for_in_title_outlet_and_sources(corpus: Corpus, words: str, sources: list[str]) -> None:
    assert [one.sources[0] for one in corpus.list_articles(words)] == sources


def test_the_list_follows_every_change_also_of_another_opening(tmp_path: Path, article_of: Make) -> None:
    many = [article_of(f"{number}.txt", f"It is number {number}.") for number in range(600)]  # more than one batch
    with (
        Corpus.create(tmp_path, embedder=HashEmbedder()) as mine,
        Corpus.open(tmp_path, embedder=HashEmbedder()) as own,
    ):
        assert own.list_articles() == []
        mine.add(many)
        assert [one.article_id for one in own.list_articles()] == [
            own.sources()[one.sources[0]] for one in own.list_articles()
        ]
        assert len(own.list_articles()) == 600
        mine.remove(mine.sources()["7.txt"])
        assert len(own.list_articles()) == 599
        assert own.list_articles("7.txt")[0].sources == ("107.txt",)


def test_after_a_change_only_what_changed_is_read_again(tmp_path: Path, article_of: Make) -> None:
    with Corpus.create(tmp_path, embedder=HashEmbedder()) as corpus:
        corpus.add([article_of(f"{name}.txt", f"It is {name}.") for name in ("one", "two", "three")])
        before = {one.sources: one for one in corpus.list_articles()}
        corpus.add([article_of("two.txt", "It is another two."), article_of("four.txt", "It is four.")])
        after = {one.sources: one for one in corpus.list_articles()}
    assert sorted(after) == [("four.txt",), ("one.txt",), ("three.txt",), ("two.txt",)]
    assert [name for (name,), one in after.items() if before.get((name,)) is one] == ["one.txt", "three.txt"]


def test_the_first_source_in_the_list_is_the_one_that_footnotes_name_after_each_change(
    corpus: Corpus, article_of: Make
) -> None:
    assert corpus.list_articles("harbour")[1].sources == ("z.txt", "a.txt")
    corpus.add([article_of("z.txt", ("heading", "Harbour news"), "It burned.")])
    listed = {one.sources: one.article_id for one in corpus.list_articles("harbour")}
    assert sorted(listed) == [("a.txt",), ("c.txt",), ("z.txt",)]
    assert corpus.search("closed")[0].source == "a.txt"
    corpus.add([article_of("z.txt", ("heading", "Harbour news"), "It closed.")])
    assert {("a.txt", "z.txt"), ("c.txt",)} == {one.sources for one in corpus.list_articles("harbour")}


def test_an_article_removed_by_one_of_its_sources_is_gone_with_all_of_them(corpus: Corpus) -> None:
    assert corpus.remove_sources(["a.txt", "b.txt", "z.txt"]) == ["a.txt", "z.txt", "b.txt"]
    assert list(corpus.sources()) == ["c.txt"]
    assert [one.sources for one in corpus.list_articles()] == [("c.txt",)]
    assert corpus.search("closed painted")[0].source == "c.txt"
    assert len(corpus.search("closed painted")) == len(corpus) == 1


@pytest.mark.parametrize("unknown", ["nonesuch", "b", "half a \udcff"])
def test_nothing_is_removed_when_one_of_several_sources_is_unknown(corpus: Corpus, unknown: str) -> None:
    with pytest.raises(UnknownArticleError, match=r"no article came from .+, expected .+ Nothing was removed"):
        corpus.remove_sources(["a.txt", unknown, "b.txt"])
    assert len(corpus) == 3


def test_a_file_is_removed_with_all_that_came_from_it(
    empty_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ["title,text", *(f"Ferry {day},The ferry came back on day {day}." for day in (1, 2, 3))]
    (tmp_path / "export.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "fog.txt").write_text("A fog came over the harbour.", encoding="utf-8")
    empty_corpus.add(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert empty_corpus.remove_sources(["export.csv"]) == [f"{tmp_path}/export.csv#{row}" for row in (1, 2, 3)]
    assert empty_corpus.remove_sources(["./fog.txt"]) == [f"{tmp_path}/fog.txt"]
    assert len(empty_corpus) == 0
