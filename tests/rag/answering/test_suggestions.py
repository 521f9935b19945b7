"""The questions that are suggested: the same for the same articles, and answered with footnotes."""

from datetime import date
from pathlib import Path

import pytest

from eval.benchmarks.documents import FOLDER, load_articles
from rag import Article, ArticleSummary, Corpus
from rag.answering.suggestions import suggested_questions


def suggested(corpus: Corpus, k: int = 4) -> list[str]:
    return suggested_questions(corpus.list_articles(), corpus.article, k=k)


def test_they_name_titles_outlets_names_and_authors_of_these_articles(empty_corpus: Corpus) -> None:
    body = "The council of Vell sold a ferry. The seals came to Vell in May. Nobody in Vell had seen one before."
    empty_corpus.add(
        [
            {
                "title": "Vell swaps ferries for seals",
                "text": body,
                "outlet": "Harbour Courier",
                "published": "2024-03-09",
            },
            {
                "title": "Seals of Vell draw visitors",
                "text": body[:40],
                "author": "Ada Brink",
                "published": "2024-01-02",
            },
        ]
    )
    assert suggested(empty_corpus) == [
        "Summarise the article “Vell swaps ferries for seals”",
        "What did Harbour Courier report about Vell?",
        "What do the articles say about Vell?",
        "Who wrote “Seals of Vell draw visitors”?",
    ]
    assert suggested(empty_corpus) == suggested(empty_corpus)


def test_each_one_is_answered_with_footnotes(empty_corpus: Corpus, seeds: Path) -> None:
    empty_corpus.add(seeds)
    questions = suggested(empty_corpus)
    assert len(questions) == 4
    for question in questions:
        answer = empty_corpus.ask(question)
        assert (question, answer.status) == (question, "answered")
        assert answer.citations


@pytest.mark.slow
def test_each_one_of_a_larger_index_is_answered_with_footnotes() -> None:
    with Corpus.in_memory() as corpus:
        corpus.add(load_articles(FOLDER / "written_dev_articles.jsonl"))
        questions = suggested(corpus, k=6)
        assert len(questions) == 6
        answers = {question: corpus.ask(question) for question in questions}
    assert [question for question, answer in answers.items() if not answer.citations] == []


def test_titles_that_name_nothing_are_not_asked_about() -> None:
    titles = (
        "notes",
        "The council of Vell met on Monday and…",
        "He said “never again” to the council",
        "Same title here",
        "Same title here",
    )
    listed = [ArticleSummary(str(at), title, None, date(2024, 1, 1), (title,)) for at, title in enumerate(titles)]
    assert suggested_questions(listed, lambda id_: Article(text="Nothing.")) == []
