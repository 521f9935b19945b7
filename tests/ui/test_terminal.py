"""The chat in the terminal: follow-ups, footnotes by number, and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag import Corpus
from rag.conversations.storage import History
from rag.errors import CitedeskError
from rag.schema import Article, Citation
from ui.terminal import BESIDE, TerminalChat, styled_footnote

Talk = Callable[..., str]


@pytest.fixture
def talk(corpus: Any, capsys: pytest.CaptureFixture[str]) -> Talk:
    """Return what is printed when these lines are typed."""

    def typed(*lines: str, history: History | None = None) -> str:
        coming = iter(lines)

        def listen() -> str:
            try:
                return next(coming)
            except StopIteration:
                raise EOFError from None

        # The fake has `stream` alone: `ask` is that, drained.
        corpus.ask = lambda question, before: list(corpus.stream(question, before))[-1]
        TerminalChat(corpus, history, listen=listen).run()
        return capsys.readouterr().out

    return typed


def test_a_follow_up_is_asked_with_what_came_before_until_a_new_conversation(talk: Talk, corpus: Any) -> None:
    talk("seals?", "and since then?", "/new", "pandas?")
    assert [[question for question, _ in history] for history in corpus.histories] == [[], ["seals?"], []]


def test_a_number_opens_the_footnote_at_its_words(talk: Talk, answers: Any) -> None:
    printed = talk("seals?", "[2]")
    opened = printed.rsplit("[2] ", 1)[1]
    article = answers.article
    assert article.source in opened
    assert answers("seals?").citations[1].quote in opened
    assert article.title in opened, "the paragraphs before are shown"


def test_a_footnote_that_is_not_there_and_one_before_a_question_say_what_is_expected(talk: Talk) -> None:
    printed = talk("7", "seals?", "7")
    assert "no footnote 7, expected a question first" in printed
    assert "no footnote 7, expected 1 to 2" in printed


def test_an_error_and_an_article_that_is_gone_do_not_end_the_chat(talk: Talk, corpus: Any) -> None:
    printed = talk("give an error", "seals?")
    assert "expected a valid one" in printed
    assert "12 grey seals" in printed
    article = corpus.article
    answered = talk("seals?")
    assert "12 grey seals" in answered

    def gone(article_id: str) -> Any:
        raise CitedeskError(f"no article has the id {article_id!r}")

    corpus.article = gone
    try:
        assert "no article has the id" in talk("seals?", "1", "pandas?")
    finally:
        corpus.article = article


def test_what_a_terminal_obeys_is_taken_out_of_words(talk: Talk) -> None:
    assert "\x1b]" not in talk("hostile \x1b]0;owned\x07")


def test_a_conversation_is_kept_for_the_page_and_without_a_history_nowhere(talk: Talk, tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        talk("seals?", "and since then?", history=history)
        (kept,) = history.summaries()
        assert (kept.title, kept.turns) == ("seals?", 2)
    talk("seals?")


@pytest.mark.parametrize("at", [0, 5, 9])
def test_the_place_of_a_footnote_is_cut_at_paragraphs_and_says_what_is_left_out(at: int) -> None:
    lines = [f"Paragraph {number} has its own words." for number in range(10)]
    text = "\n\n".join(lines)
    start = text.index(lines[at])
    article = Article(id="a", title="Ten", text=text, source="ten.txt", sections=())
    citation = Citation(1, "a", "Ten", None, None, "ten.txt", "body", start, start + len(lines[at]), lines[at])
    shown = "".join(words for words, _ in styled_footnote(article, citation)).splitlines()
    near = lines[max(0, at - BESIDE) : at + BESIDE + 1]
    left_out = ["…"] if at > BESIDE else [], ["…"] if at < 9 - BESIDE else []
    assert [line for line in shown[3:] if line] == [*left_out[0], *near, *left_out[1]]


@pytest.mark.slow
def test_the_seeds_are_asked_in_the_terminal_with_a_footnote(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = iter(["How many animals did Putin give to North Korea?", "1", "/quit"])
    with Corpus.in_memory() as corpus:
        corpus.add(seeds)
        TerminalChat(corpus, None, listen=lambda: next(lines)).run()
    printed = capsys.readouterr().out
    assert "70" in printed.rsplit("[1] ", 1)[1]
