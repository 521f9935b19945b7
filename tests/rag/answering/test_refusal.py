from collections.abc import Callable
from dataclasses import replace

import pytest

from rag import Article, Corpus
from rag.answering.refusal import why_refused
from rag.question.spelling import respelled
from rag.rendering.words import verdict_words
from rag.schema import Reading

TEXT = "ZOO NEWS\nThe zoo of Lomvik replaced Ingrid Brattebø with Konrad Hansen in 2021. The harbour of Lomvik fed its walruses."


@pytest.fixture
def readings(empty_corpus: Corpus, article_of: Callable[..., Article]) -> list[Reading]:
    empty_corpus.add(article_of("zoo", TEXT))
    return [Reading(hit, 0.0, (), None) for hit in empty_corpus.search("zoo", k=5)]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Who replced Ingrid Brattebø?", "Who replaced Ingrid Brattebø?"),
        ("who fed the walrsues?", "who fed the walruses?"),
        ("Did Lomviik’s zoo feed WALRRUSES?", "Did Lomvik’s zoo feed walruses?"),
    ],
)
def test_a_word_is_spelled_as_the_passages_spell_it(readings: list[Reading], asked: str, meant: str) -> None:
    assert respelled(asked, readings) == meant


@pytest.mark.parametrize(
    "asked",
    [
        "Who replaced Ingrid Brattebø?",
        "Who is replacing Ingrid in 2012?",
        "Did Hanson harbor a walrus?",  # each of these is a word of its own
        "How far is Lomviken?",  # nobody types two letters too many
        "Which pharmaceuticals does Lomvik import?",
        "Wer ist zo?",
        "2021?",
    ],
)
def test_what_is_spelled_right_or_like_nothing_there_is_left(readings: list[Reading], asked: str) -> None:
    assert respelled(asked, readings) is None
    assert respelled(asked, []) is None


def test_the_reason_names_what_the_nearest_passages_do_not_mention(readings: list[Reading]) -> None:
    assert why_refused("How many pandas and pandas did Lomvik feed?", readings).endswith(
        "in the nearest passages: pandas."
    )
    assert why_refused("Did O’Neill feed Iceland’s US Lomvik?", readings).endswith(": O’Neill, Iceland, US.")
    assert "none of them surely answers this" in why_refused("Who fed Hansen?", readings)
    assert "none of them surely answers this" in why_refused(
        "How old is Hansen, and how long did Lomvik feed walruses?", readings
    )
    assert why_refused("Is Hansen old?", readings).endswith("in the nearest passages: old.")
    assert "no article" in why_refused("Who fed Hansen?", [])


def test_a_refusal_suggests_and_an_answer_does_not(empty_corpus: Corpus, article_of: Callable[..., Article]) -> None:
    empty_corpus.add(article_of("zoo", TEXT))
    refused = empty_corpus.ask("How many pandas sank in the harbour of Lomviik?")
    assert (refused.status, refused.suggestion) == ("not_found", "How many pandas sank in the harbour of Lomvik?")
    answered = empty_corpus.ask("Who replced Ingrid Brattebø?")
    assert (answered.status, answered.suggestion) == ("answered", None)


def test_the_outlet_of_a_passage_is_mentioned(readings: list[Reading]) -> None:
    asked = "What does the Tromsø Review say about Hansen?"
    assert why_refused(asked, readings).endswith("in the nearest passages: Tromsø, Review.")
    told = [replace(one, hit=replace(one.hit, outlet="Tromsø Review")) for one in readings]
    assert "none of them surely answers this" in why_refused(asked, told)


def test_a_question_in_a_language_that_the_models_do_not_read_is_told_so(readings: list[Reading]) -> None:
    told = why_refused("Wie viele Tiere sind im Zoo von Lomvik und wer ist der Chef?", readings)
    assert told.startswith("The question seems to be in German.")


def test_a_question_that_was_not_understood_is_not_called_unsaid(
    empty_corpus: Corpus, article_of: Callable[..., Article]
) -> None:
    empty_corpus.add(article_of("zoo", TEXT))
    german = empty_corpus.ask("Warum kündigte die Regierung den Vertrag und wer hat ihn unterschrieben?")
    english = empty_corpus.ask("Why did the government cancel the treaty on whaling?")
    assert (german.status, verdict_words(german)) == ("not_found", "Question in a language that is not read")
    assert (english.status, verdict_words(english)) == ("not_found", "The articles do not say")


def test_articles_in_another_language_are_told(empty_corpus: Corpus, article_of: Callable[..., Article]) -> None:
    empty_corpus.add(
        article_of("miete", "Die Regel gilt ab dem 1. Juli und betrifft rund 48.000 Wohnungen in der Stadt Lask.")
    )
    readings = [Reading(hit, 0.0, (), None) for hit in empty_corpus.search("Lask", k=5)]
    assert why_refused("How many flats in Lask does it concern?", readings).startswith(
        "The nearest passages seem to be in German."
    )
