from dataclasses import replace

import pytest

from rag import Answer, Corpus
from rag.language.words import content_words
from rag.question.contextualization import leans_on_history, standalone

ZOO = "How many animals did Putin give to North Korea?"


def test_without_history_a_question_stays_as_it_is() -> None:
    assert standalone("And when did he do it?", []) == "And when did he do it?"


@pytest.mark.parametrize(
    "question",
    [
        "How much carbon does China emit each year?",
        "Who signed the mutual defence treaty in Pyongyang?",
        "Who is Andrei Lankov?",
        "What is the capital of France?",
        "Is there a treaty between Russia and Vietnam?",
        "Which treaty did Poland sign that year?",
        "Is it true that Norway left NATO?",
    ],
)
def test_a_question_that_stands_by_itself_stays_as_it_is(question: str) -> None:
    assert not leans_on_history(question)
    assert standalone(question, [ZOO]) == question


@pytest.mark.parametrize(
    "question", ["Where were they taken?", "And the lions?", "Why?", "What about the bears?", "Did he say so?"]
)
def test_a_follow_up_borrows_the_words_of_what_came_before(question: str) -> None:
    asked = standalone(question, [ZOO])
    assert {*content_words(question), "animals", "putin", "korea"} <= set(content_words(asked))
    assert asked[0].isupper()
    assert asked.endswith("?")


def test_it_borrows_from_the_last_question_that_stood_by_itself() -> None:
    history = ["Who wrote about the grain harvest in Lomvik?", ZOO, "And the lions?"]
    asked = set(content_words(standalone("Where were they taken?", history)))
    assert {"animals", "putin"} <= asked
    assert not {"grain", "harvest", "lomvik", "lions"} & asked


@pytest.mark.parametrize(
    ("typed", "before", "asked"),
    [
        ("in 2020?", "How many visitors came to Petra in 2023?", "How many visitors came to Petra in 2020?"),
        ("and the year before?", "What did it cost in 2023, all told?", "What did it cost in 2022, all told?"),
        ("why?", "When did the lights go out in Castelmoor?", "Why did the lights go out in Castelmoor?"),
        ("and the oldest?", "What is the newest article you have?", "What is the oldest article you have?"),
        ("ok. and on Antarctica?", "What do you have on Brexit?", "What do you have on Antarctica?"),
    ],
)
def test_a_turn_that_changes_one_word_is_the_question_before_with_that_word(
    typed: str, before: str, asked: str
) -> None:
    assert standalone(typed, [before]) == asked


def test_no_word_is_borrowed_that_the_question_has() -> None:
    asked = standalone("Were they animals?", [ZOO, "How many animals?"])
    assert content_words(asked).count("animals") == 1


def test_a_turn_may_come_with_its_answer() -> None:
    answer = Answer(ZOO, ZOO, "not_found")
    assert standalone("And the lions?", [(ZOO, answer)]) == standalone("And the lions?", [ZOO])


def test_the_answer_shows_what_was_asked_and_what_was_searched(corpus: Corpus) -> None:
    answer = corpus.ask("Where were they taken?", [ZOO])
    assert answer.question == "Where were they taken?"
    assert "Putin" in answer.asked
    assert corpus.ask("Where were they taken?", ZOO) == answer


def test_a_saved_conversation_goes_on_as_if_it_had_not_been_saved(corpus: Corpus) -> None:
    first = corpus.ask(ZOO)
    restored = Answer.from_dict(first.to_dict())
    follow_up = "And where were they taken?"
    assert corpus.ask(follow_up, [(ZOO, restored)]) == corpus.ask(follow_up, [(ZOO, first)])


def test_a_question_in_capitals_is_answered_as_in_small_letters(corpus: Corpus) -> None:
    shouted, plain = (corpus.ask(one, ["And the lions?"]) for one in (ZOO.upper(), ZOO.lower()))
    assert shouted.question == ZOO.upper()
    assert replace(shouted, question=plain.question) == plain
    assert standalone("where were they taken?", [ZOO.upper()]) == standalone("where were they taken?", [ZOO.lower()])
