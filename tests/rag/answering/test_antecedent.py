import re
from collections.abc import Callable

import pytest

from rag import Article, Corpus
from rag.answering.antecedent import with_antecedent, with_antecedents
from rag.drafts import Draft, Quote
from rag.schema import Citation, Hit, Passage, Reading

TEXT = "- The ferry sails on Friday. It will cost $44. Nobody knew.\nThey sailed. This week ends."
Install = Callable[..., Corpus]


@pytest.fixture
def readings(empty_corpus: Corpus, article_of: Callable[..., Article]) -> list[Reading]:
    empty_corpus.add(article_of("ferry", TEXT))
    return [Reading(hit, 0.0, (), None) for hit in empty_corpus.search("ferry", k=1)]


def quoted(readings: list[Reading], words: str) -> Draft:
    start = TEXT.index(words)
    return Draft(words, (Quote(readings[0].hit.passage.article_id, start, start + len(words), words),))


def test_a_sentence_that_leans_on_the_one_before_it_is_quoted_with_it(readings: list[Reading]) -> None:
    leaning = with_antecedent(quoted(readings, "It will cost $44."), readings, [])
    assert leaning == quoted(readings, "The ferry sails on Friday. It will cost $44.")


@pytest.mark.parametrize("words", ["The ferry sails on Friday.", "Nobody knew.", "They sailed.", "This week ends."])
def test_what_leans_on_nothing_in_its_paragraph_stays(readings: list[Reading], words: str) -> None:
    assert with_antecedent(quoted(readings, words), readings, []) == quoted(readings, words)


def test_other_words_than_the_quote_stay(readings: list[Reading]) -> None:
    told = Draft("It costs $44.", quoted(readings, "It will cost $44.").quotes)
    assert with_antecedent(told, readings, []) == told


def test_what_is_said_already_is_not_said_again(readings: list[Reading]) -> None:
    leaning = quoted(readings, "It will cost $44.")
    (quote,) = quoted(readings, "The ferry sails on Friday.").quotes
    citation = Citation(1, quote.article_id, "", None, None, "", "body", quote.start, quote.end, quote.words)
    assert with_antecedent(leaning, readings, [citation]) == leaning


CHAIN = "Ida Berg owns it. She is a captain. Her ship is old. She sold it.\nShe left. Nobody knew."


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("She is a captain.", "Ida Berg owns it. She is a captain."),
        ("Her ship is old.", "Ida Berg owns it. She is a captain. Her ship is old."),
        ("Nobody knew.", "Nobody knew."),
        ("She left.", None),
    ],
)
def test_what_leans_is_quoted_from_the_sentence_that_explains_it(
    words: str, whole: str | None, reading_in: Callable[[str], Reading]
) -> None:
    found = with_antecedents(draft_in(CHAIN, words), [reading_in(CHAIN)], [])
    assert (found.text if found else None) == whole


def test_what_leans_on_what_is_said_right_before_stays(reading_in: Callable[[str], Reading]) -> None:
    start = CHAIN.index("She is a captain.")
    citation = Citation(1, "a1", "", None, None, "", "body", start, start + 17, CHAIN[start : start + 17])
    leaning = draft_in(CHAIN, "Her ship is old.")
    assert with_antecedents(leaning, [reading_in(CHAIN)], [citation]) == leaning


@pytest.fixture
def reading_in() -> Callable[[str], Reading]:
    def reading(text: str) -> Reading:
        spans = tuple((found.start(), found.end()) for found in re.finditer(r"[A-Z][^.]*\.", text))
        passage = Passage("a1", 0, len(text), text, "body", spans)
        return Reading(Hit(passage, 1, 1.0, "Ferries", None, None, "a.txt", None, None), 0.0, (), None)

    return reading


def draft_in(text: str, words: str) -> Draft:
    start = text.index(words)
    return Draft(words, (Quote("a1", start, start + len(words), words),))


def test_an_answer_says_each_sentence_once(
    empty_corpus: Corpus, article_of: Callable[..., Article], answers_with: Install
) -> None:
    empty_corpus.add(article_of("ferry", TEXT))
    asked = "When does the ferry sail, and how much will the ferry cost?"
    both = answers_with(empty_corpus, "sail", "cost", shared=True)
    assert both.ask(asked).text == "The ferry sails on Friday. [1] It will cost $44. [2]"
    turned = both.ask("How much will the ferry cost, and when does the ferry sail?")
    assert turned.text == "The ferry sails on Friday. It will cost $44. [1]"
    assert turned.status == "answered"
