import json
from pathlib import Path

import pytest

from eval.training.data import Example
from eval.training.pool import SHARES, Asked, Read, _pooled, read_all
from rag import Article, Corpus, Hit, Passage
from rag.schema import Reading, SentenceScore
from rag.testing import HashEmbedder


def example(question: str, passage: str, *, group: str = "zoo", answers: tuple[str, ...] = ()) -> Example:
    return Example(question, group.title(), passage, (), answers, group, "squad2")


def test_each_passage_is_found_where_it_is_said_to_stand() -> None:
    examples = [
        example("a?", "One\nlion."),
        example("b?", "One\nlion."),
        example("c?", "Two bears."),
        example("d?", "A ship.", group="sea"),
    ]
    articles: list[Article] = []
    places = _pooled(examples, articles)
    assert [article.title for article in articles] == ["Zoo", "Sea"]
    for one in examples:
        source, start, end = places[one.passage]
        [article] = [article for article in articles if article.source == source]
        assert article.text[start:end].strip() == one.passage.replace("\n", " ")


def test_the_shares_of_the_sorts_are_the_whole() -> None:
    assert abs(sum(SHARES.values()) - 1.0) < 1e-9


def test_what_was_read_is_kept_and_not_read_again(tmp_path: Path) -> None:
    articles: list[Article] = []
    places = _pooled([example("How many lions?", "The zoo had one lion in the old days.")], articles)
    [(source, start, end)] = places.values()
    asked = [Asked(f"How many lions {at}?", ("one",), source, start, end, "zoo", "answerable") for at in range(3)]
    keep = tmp_path / "read.jsonl"
    with Corpus.in_memory(embedder=HashEmbedder()) as corpus:
        corpus.add(articles)
        first = read_all(corpus, asked[:2], keep=keep)
        lines = keep.read_text().splitlines()
        assert [json.loads(line)["asked"]["question"] for line in lines] == [one.question for one in asked[:2]]
        again = read_all(corpus, asked, keep=keep)
    assert again[:2] == first
    assert len(keep.read_text().splitlines()) == 3


@pytest.mark.parametrize(
    ("text", "source", "right"),
    [
        ("In 1929 Wall Street crashed.", "own", True),
        ("Prices fell in 1929.", "own", True),
        ("Prices fell for years.", "own", False),
        ("The Wall Street crash of 1929 came first.", "another", True),
        ("Prices fell in 1929.", "another", False),
        ("The Wall Street crash came first.", "another", False),
    ],
)
def test_another_passage_is_right_when_it_answers_in_the_words_of_the_question(
    text: str, source: str, right: bool
) -> None:
    asked = Asked("When did Wall Street crash?", ("1929",), "own", 0, 100, "money", "answerable")
    hit = Hit(
        Passage("a", 0, len(text), text, "body", ((0, len(text)),)), 1, 1.0, "Money", None, None, source, 0.5, 1.0
    )
    assert Read(asked, (Reading(hit, 0.9, (SentenceScore(0, len(text), 0.9),), None),)).right is right
