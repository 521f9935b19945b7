"""Articles that a program gives: records without an id, dictionaries, and what is wrong with them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag import Article, Corpus, ReadingError

TEXT = "The harbour of Lomvik reopened in May. A walrus swam in it."


def only_article(corpus: Corpus) -> Article:
    [article] = corpus.articles()
    return article


def test_a_dictionary_is_an_article(empty_corpus: Corpus) -> None:
    given = {"title": "Harbour", "text": TEXT, "source": "harbour", "published": "2024-05-01", "outlet": "Vell Post"}
    assert empty_corpus.add(given).added == ("harbour",)
    article = only_article(empty_corpus)
    assert (article.title, article.outlet, article.published) == ("Harbour", "Vell Post", date(2024, 5, 1))
    assert len(article.id) == 16
    assert empty_corpus.add([given]).unchanged == ("harbour",)


def test_a_moment_stands_for_its_day(empty_corpus: Corpus) -> None:
    empty_corpus.add({"text": TEXT, "published": "2024-05-01T10:00:00Z"})
    assert only_article(empty_corpus).published == date(2024, 5, 1)


def test_a_record_needs_a_text_only_and_gets_the_same_source_each_time(empty_corpus: Corpus) -> None:
    first = empty_corpus.add(Article(text=TEXT))
    assert empty_corpus.add({"text": TEXT}).unchanged == first.added == (only_article(empty_corpus).source,)
    assert len(empty_corpus.add({"text": TEXT, "outlet": "Vell Post"}).added) == 1


def test_an_article_without_an_id_gets_that_of_its_content(empty_corpus: Corpus) -> None:
    empty_corpus.add(Article(title="Harbour", text=TEXT, source="harbour"))
    article = only_article(empty_corpus)
    assert (len(article.id), article.title, article.source) == (16, "Harbour", "harbour")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": TEXT, "titel": "Harbour"}, r"no field 'titel'\. Did you mean 'title'\? Known: id, title, text"),
        ({"text": TEXT, 3: "x"}, "no field 3"),
        (7, "7 is int, expected a path, an Article or a dictionary"),
    ],
)
def test_what_no_article_can_be_is_an_error_and_nothing_is_added(empty_corpus: Corpus, given: Any, words: str) -> None:
    with pytest.raises(ReadingError, match=words):
        empty_corpus.add([{"text": TEXT}, given])
    assert len(empty_corpus) == 0


def test_a_path_that_is_not_there_is_an_error_and_nothing_is_added(empty_corpus: Corpus, tmp_path: Path) -> None:
    for absent in (tmp_path / "absent.txt", "absent/folder", "a\0b.txt", ""):
        with pytest.raises(ReadingError, match=r"there is nothing at .+ Correct the path"):
            empty_corpus.add([{"text": TEXT}, absent])
    assert len(empty_corpus) == 0


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"text": TEXT, "published": "May 2024"}, "published 'May 2024', expected date or None such as 2024-05-01"),
        ({"text": TEXT, "outlet": 7}, "outlet 7, expected str or None"),
        ({"title": "Harbour"}, "is empty"),
    ],
)
def test_a_value_that_cannot_be_read_costs_its_record_alone(
    empty_corpus: Corpus, record: dict[str, Any], words: str
) -> None:
    report = empty_corpus.add([record, {"text": "A walrus swims."}])
    [(source, reason)] = report.failed
    assert source == "record 1 of those given"
    assert words in reason
    assert len(report.added) == 1
