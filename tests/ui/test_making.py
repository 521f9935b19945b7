"""What a language model searched, who checked it, and what is not shown: on the page and in the terminal."""

import pytest

from rag import Answer
from rag.rendering.plain_text import styled_answer
from rag.rendering.words import dropped_words, part_words
from rag.schema import Dropped, Trace
from ui import render

DROPPED = Dropped("It <b>sank</b>.", "the quotes say otherwise: “sank”")
ANSWER = Answer(
    question="Did it sink?",
    asked="Did it sink?",
    status="not_found",
    trace=Trace(dropped=(DROPPED,), queries=("ferry sank", "ferry accident")),
    made_by={"answerer": "chat-model big", "verifier": "chat-model other"},
)


def terminal(answer: Answer) -> str:
    return "".join(words for words, _ in styled_answer(answer))


def test_the_terminal_tells_queries_verifier_and_what_is_not_shown() -> None:
    told = terminal(ANSWER)
    assert "Also searched: ferry sank\nAlso searched: ferry accident" in told
    assert "Checked by: the language model other" in told
    assert "Not shown: “It <b>sank</b>.” – the quotes say otherwise: “sank”" in told


def test_the_page_tells_it_too_and_escapes_it() -> None:
    shown = render.answer(ANSWER)
    assert shown.count("<dt>Also searched</dt>") == 2
    assert "<dt>Checked by</dt><dd>the language model other</dd>" in shown
    assert "“It &lt;b&gt;sank&lt;/b&gt;.”" in shown


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("chat-model qwen2.5:7b", "the language model qwen2.5:7b"),
        ("chat-model", "the language model"),
        ("chat-model big and local", "the language model big and the checks on this machine"),
        (
            "extractive-1 (stands in for chat-model big), chat-model big",
            "the articles’ own sentences, in place of the language model big, the language model big",
        ),
        ("my-local-writer", "my-local-writer"),
    ],
)
def test_who_took_part_is_said_in_plain_words(name: str, words: str) -> None:
    assert part_words(name) == words


def test_why_something_is_not_shown_is_told_without_the_names_of_the_checks() -> None:
    reason = "the quote does not support it: name: 'Kim' is not in the quote; judged: the quote does not say this"
    told = dropped_words(Dropped("Kim did.", reason))
    assert told == "“Kim did.” – the quote does not support it: 'Kim' is not in the quote; the quote does not say this"


@pytest.mark.parametrize("made_by", [{}, {"answerer": "extractive-1"}])
def test_without_a_language_model_the_terminal_tells_nothing_of_it(made_by: dict[str, str]) -> None:
    answer = Answer("Who?", "Who?", "not_found", made_by=made_by, trace=Trace(dropped=(DROPPED,)))
    assert "Not shown" not in terminal(answer)
