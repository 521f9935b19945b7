"""What a language model searched, who checked it, and what is not shown: on the page and in the terminal."""

import pytest

from rag import Answer
from rag.rendering.plain_text import styled_answer
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


@pytest.mark.parametrize("made_by", [{}, {"answerer": "extractive-1"}])
def test_without_a_language_model_the_terminal_tells_nothing_of_it(made_by: dict[str, str]) -> None:
    answer = Answer("Who?", "Who?", "not_found", made_by=made_by, trace=Trace(dropped=(DROPPED,)))
    assert "Not shown" not in terminal(answer)
