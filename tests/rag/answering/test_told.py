"""What the reader is told of a language model's part in an answer, by an endpoint that plays it: terminal and page."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rag import Answer, Article, Corpus
from rag.language_model.prompts import prompt
from rag.rendering.plain_text import plain_text
from rag.settings import Settings
from rag.testing import HashEmbedder, WordReader
from ui import render

QUESTION = "How many passengers can the ferry Aurora carry?"
CARRIES = "The ferry Aurora carries more than 300 passengers."


@pytest.fixture
def ask(endpoint: Any, article_of: Callable[..., Article]) -> Iterator[Callable[..., Answer]]:
    made: list[Corpus] = []

    def answer(**trust: str) -> Answer:
        settings = Settings(chat_address=endpoint.address, entailment="none", consistency="none", **trust)  # type: ignore[arg-type]
        corpus = Corpus.in_memory(settings, embedder=HashEmbedder(), reader=WordReader())
        made.append(corpus)
        corpus.add(
            article_of(
                "ferry.txt", ("heading", "A new ferry"), f"{CARRIES} It also has a bar. The ferry Aurora is green."
            )
        )
        return corpus.ask(QUESTION, answerer="chat-model")

    yield answer
    for corpus in made:
        corpus.close()


def strong(endpoint: Any, reply: Any) -> None:
    sentences = [
        {"quotes": [{"passage": 1, "words": CARRIES}], "kind": "says", "text": "It holds over 300 people."},
        {"quotes": [{"passage": 1, "words": "It also has a bar."}], "kind": "says", "text": "Its bar is <b>big</b>."},
    ]
    verdicts = [{"n": 1, "words": "", "verdict": "supported"}, {"n": 2, "words": "big", "verdict": "not said"}]
    replies = {
        "queries": json.dumps({"question": QUESTION, "queries": ["Aurora capacity", "ferry seats"]}),
        "answer": json.dumps({"answered": "fully", "why": "", "sentences": sentences, "open": []}),
        "verify": json.dumps({"verdicts": verdicts}),
    }
    texts = {prompt(f"strong_{kind}"): text for kind, text in replies.items()}

    def play(handler: Any) -> None:
        messages = endpoint.asked[-1]["messages"]
        reply('{"sentences": []}' if len(messages) > 2 else texts[messages[0]["content"]])(handler)

    endpoint.play = play


def test_the_terminal_tells_who_wrote_searched_checked_and_what_is_not_shown(
    endpoint: Any, reply: Any, ask: Callable[..., Answer]
) -> None:
    strong(endpoint, reply)
    told = plain_text(ask(chat_trust="strong"))
    assert "\nWritten by: the language model only-model\n" in told
    assert "\nAlso searched: Aurora capacity\nAlso searched: ferry seats\n" in told
    assert "\nChecked by: the language model only-model\n" in told
    assert "\nNot shown: “Its bar is <b>big</b>.” – the quote does not support it: the quotes do not say this" in told


def test_the_page_tells_the_same(endpoint: Any, reply: Any, ask: Callable[..., Answer]) -> None:
    strong(endpoint, reply)
    shown = render.answer(ask(chat_trust="strong"))
    assert "<dt>Written by</dt><dd>the language model only-model</dd>" in shown
    assert shown.count("<dt>Also searched</dt>") == 2
    assert "<dt>Checked by</dt><dd>the language model only-model</dd>" in shown
    assert "<dt>Not shown</dt><dd>“Its bar is &lt;b&gt;big&lt;/b&gt;.”" in shown
    assert "<dt>Verifier</dt>" not in shown


def test_what_the_checks_here_cannot_read_is_told_in_plain_words(
    endpoint: Any, reply: Any, ask: Callable[..., Answer]
) -> None:
    quotes = [{"passage": 1, "words": CARRIES}]
    foreign = {"quotes": quotes, "kind": "says", "text": "Паром берёт триста человек."}
    shown = {"quotes": quotes, "kind": "says", "text": CARRIES}
    answered = json.dumps({"answered": "fully", "why": "", "sentences": [shown, foreign], "open": []})
    texts = {
        prompt("strong_queries"): json.dumps({"question": QUESTION, "queries": []}),
        prompt("strong_answer"): answered,
    }

    def play(handler: Any) -> None:
        messages = endpoint.asked[-1]["messages"]
        reply('{"sentences": []}' if len(messages) > 2 else texts[messages[0]["content"]])(handler)

    endpoint.play = play
    answer = ask(chat_trust="strong", verifier="local")
    why = "it is not in English, and the checks on this machine read no other language"
    assert f"Not shown: “Паром берёт триста человек.” – {why}" in plain_text(answer)
    assert "<dt>Checked by</dt><dd>the checks on this machine</dd>" in render.answer(answer)
    assert [one.text for one in answer.statements] == [CARRIES]


def test_a_small_model_that_garbles_gives_way_to_the_articles_and_it_is_told(
    endpoint: Any, reply: Any, ask: Callable[..., Answer]
) -> None:
    endpoint.play = reply("The ferry Aurora carries 4000 cows. [1]")
    answer = ask()
    told = plain_text(answer)
    assert answer.statements[0].text == CARRIES
    assert "Written by: the articles’ own sentences, in place of the language model only-model" in told
    assert "Checked by: the checks on this machine" in told
    assert "Not shown: “The ferry Aurora carries 4000 cows.”" in told
    assert "shown the articles' own sentences instead" in told


def test_what_has_no_footnote_is_told_though_nobody_checked_it(
    endpoint: Any, reply: Any, ask: Callable[..., Answer]
) -> None:
    endpoint.play = reply("The ferry Aurora carries 4000 cows.")
    told = plain_text(ask())
    assert "Not shown: “The ferry Aurora carries 4000 cows.” – it has no footnote" in told
    assert "Checked by" not in told


def test_a_small_model_that_finds_nothing_gives_way_to_what_surely_answers(
    endpoint: Any, reply: Any, ask: Callable[..., Answer]
) -> None:
    endpoint.play = reply("NOT_IN_ARTICLES")
    answer = ask()
    assert answer.status == "answered"
    assert answer.statements[0].text == CARRIES
    assert "found no answer" in (answer.reason or "")


def test_what_a_small_model_leaves_out_follows_in_the_articles_own_words(
    endpoint: Any, reply: Any, ask: Callable[..., Answer]
) -> None:
    endpoint.play = reply("The ferry Aurora is green. [1]")
    assert [one.text for one in ask().statements] == ["The ferry Aurora is green.", CARRIES]


def test_what_a_small_model_says_is_not_said_again(endpoint: Any, reply: Any, ask: Callable[..., Answer]) -> None:
    endpoint.play = reply("The ferry Aurora carries more than 300 passengers. [1]")
    assert [one.text for one in ask().statements] == [CARRIES]
