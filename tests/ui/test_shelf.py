"""What the sidebar, the notes and the list of articles do, called as Gradio calls them; a visitor's view is in test_kept.py."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from rag import Corpus
from rag.conversations.records import GONE, Turn
from rag.conversations.storage import FILE, History
from rag.testing import HashEmbedder
from ui.events import Page
from ui.opening import open_history
from ui.sources import Sources


def event(**payload: str) -> gr.EventData:
    return gr.EventData(None, payload)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(tmp_path) as history:
        yield history


@pytest.fixture
def page(corpus: Any, history: History) -> Page:
    return Page(corpus, (), history)


def asked(page: Page, *questions: str, tab: str = "mine") -> tuple[Turn, ...]:
    turns: tuple[Turn, ...] = ()
    for question in questions:
        *_, (_, turns, *_) = page.respond(question, turns, event(), tab=tab)
        page.finish(turns, tab)
    return turns


def test_a_conversation_is_recalled_under_its_own_id(page: Page) -> None:
    turns = asked(page, "seals?", "pandas?")
    shown, recalled, tab = page.shelf.recalled({"id": "mine"}, "another", ())
    assert 'data-tab="mine"' in shown
    assert (tab, [turn.question for turn in recalled]) == ("mine", ["seals?", "pandas?"])
    assert recalled[0].answer is not None
    assert turns[0].answer is not None
    assert recalled[0].answer.statements == turns[0].answer.statements
    assert page.shelf.recalled({"id": "gone"}, "mine", recalled)[1:] == (recalled, "mine")


def test_hostile_titles_and_answers_stay_words(page: Page, history: History) -> None:
    asked(page, "hostile <script>alert(1)</script>")
    history.rename("mine", '"><img src=x onerror=alert(2)>')
    listed = page.shelf.listed("", "mine")
    shown, *_ = page.shelf.recalled({"id": "mine"}, "", ())
    assert "<img" not in listed
    assert "<script" not in shown


def test_an_answer_over_an_article_that_is_gone_is_not_kept_though_the_tab_still_has_it(
    page: Page, corpus: Any, history: History, tmp_path: Path
) -> None:
    turns = asked(page, "seals?")
    corpus.kept.pop("a1b2c3")
    history.forget_articles(["a1b2c3"])
    page.finish(turns, "mine")
    assert history.of("mine") == (Turn("seals?", error=GONE),)
    assert b"12 grey seals" not in (tmp_path / FILE).read_bytes()
    assert page.shelf.recalled({"id": "mine"}, "", ())[1][0].error == GONE


def test_a_deleted_conversation_that_is_open_leaves_an_empty_page_under_another_id(
    page: Page, history: History
) -> None:
    turns = asked(page, "seals?")
    _, left, tab = page.shelf.erased({"id": "mine"}, "mine", turns)
    assert left == ()
    assert tab not in ("", "mine")
    assert history.summaries() == []


def test_a_new_conversation_gets_another_id_and_the_old_one_stays(page: Page, history: History) -> None:
    asked(page, "seals?")
    shown, turns, tab = page.clear("mine")
    assert turns == ()
    assert f'data-tab="{tab}"' in shown
    assert tab != "mine"
    assert [one.id for one in history.summaries()] == ["mine"]


def test_a_question_asked_anew_takes_the_place_of_its_turn(page: Page, corpus: Any) -> None:
    turns = asked(page, "seals?", "pandas?", "whose lamp?")
    *_, (_, now, *_) = page.respond("", turns, event(question="partly paid?", turn="1"), tab="mine")
    assert [turn.question for turn in now] == ["seals?", "partly paid?"]
    assert [question for question, _ in corpus.histories[-1]] == ["seals?"]
    *_, (_, now, *_) = page.respond("in the box", turns, event(turn="1"), tab="mine")
    assert [turn.question for turn in now] == ["seals?", "pandas?"]


@pytest.mark.parametrize("place", ["7", "-1", "²", "٣", "9" * 5000, ""])
def test_a_made_up_place_of_a_question_is_passed_over(page: Page, place: str) -> None:
    turns = asked(page, "seals?")
    *_, (_, now, *_) = page.respond("pandas?", turns, event(turn=place), tab="mine")
    assert [turn.question for turn in now] == ["seals?", "pandas?"]
    assert page.shelf.pinned({"turn": place}, turns, "mine")[1:] == (turns, "")
    assert set(json.loads(page.shelf.saved({"of": place, "form": "markdown"}, turns))) == {"error"}


def test_a_verdict_and_a_pin_are_kept_and_taken_back(page: Page, history: History) -> None:
    turns = asked(page, "seals?")
    _, turns, error = page.shelf.judged({"turn": "0", "verdict": "wrong", "why": "13"}, turns, "mine")
    assert (turns[0].verdict, error, history.cases()[0].why) == ("wrong", "", "13")
    _, turns, _ = page.shelf.pinned({"turn": "0"}, turns, "mine")
    assert history.of("mine")[0].verdict == "wrong"
    assert history.of("mine")[0].pinned
    _, _, turns = page.shelf.unpinned({"id": history.notes()[0].id}, turns)
    _, turns, _ = page.shelf.judged({"turn": "0", "verdict": ""}, turns, "mine")
    assert (turns[0].pinned, turns[0].verdict) == (False, None)
    assert (history.notes(), history.cases()) == ([], [])


@pytest.mark.parametrize("sent", [{}, {"turn": "7", "verdict": "right"}, {"turn": "x"}, {"turn": "0", "verdict": "x"}])
def test_a_made_up_verdict_is_an_error_and_changes_nothing(page: Page, history: History, sent: dict[str, str]) -> None:
    turns = asked(page, "seals?")
    _, now, error = page.shelf.judged(sent, turns, "mine")
    assert now == turns
    assert "cd-error" in error
    assert history.cases() == []


def test_a_file_is_handed_over_as_text_and_what_is_not_there_is_an_error(page: Page) -> None:
    turns = asked(page, "seals?")
    file = json.loads(page.shelf.saved({"of": "0", "form": "markdown"}, turns))
    assert file["name"] == "seals.md"
    assert base64.b64decode(file["content"]).startswith(b"**seals?**")
    for sent in (
        {"of": "7", "form": "markdown"},
        {"of": "conversation:gone", "form": "json"},
        {"of": "0", "form": "x"},
    ):
        assert set(json.loads(page.shelf.saved(sent, turns))) == {"error"}


def test_ticked_articles_alone_are_asked(page: Page, corpus: Any) -> None:
    ticked = page.tick(event(articles="a1b2c3\nbad001"))
    *_, (_, turns, *_) = page.respond("seals?", (), event(), ticked=ticked)
    assert corpus.filters[-1].articles == ("a1b2c3", "bad001")
    assert turns[0].only == "2 ticked articles"
    assert page.tick(event(articles="")) == ()


def test_a_broken_file_of_conversations_is_said_in_the_place_of_the_list(
    corpus: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    history = History(tmp_path / FILE)
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    page = Page(corpus, (), history)
    turns = asked(page, "seals?")
    assert turns[0].answer is not None  # it is answered all the same
    assert "citedesk chat --no-history" in page.shelf.listed("", "mine")
    assert "could not be kept" in caplog.text


def test_an_article_is_removed_at_once_and_comes_back_with_all_its_sources(tmp_path: Path) -> None:
    folder, index = tmp_path / "articles", tmp_path / "index"
    folder.mkdir()
    (folder / "seals.txt").write_text("Seals\n\nThey sent 12 grey seals.", encoding="utf-8")
    with Corpus.create(index, embedder=HashEmbedder()) as corpus, History.open(index) as history:
        corpus.add(folder)
        corpus.add({"title": "Lamps", "text": "A lamp from 1871.", "source": "lamps"})
        before = corpus.sources()
        sources = Sources(corpus, history)
        for article_id in before.values():
            assert "data-undo" in sources.remove(article_id)
        assert len(corpus) == 0
        for article_id in before.values():
            assert "is back" in sources.put_back(article_id)
        assert corpus.sources() == before
        assert corpus.add(folder).unchanged
        (folder / "seals.txt").unlink()
        (folder / "other.txt").write_text("Other\n\nNews.", encoding="utf-8")
        assert corpus.sync(folder).removed  # the file is followed again


def test_after_the_minute_there_is_no_way_back(corpus: Any) -> None:
    sources = Sources(corpus, None, undo_seconds=0.01)
    sources.remove("a1b2c3")
    time.sleep(0.5)
    assert "more than a minute ago" in sources.put_back("a1b2c3")
    assert "no article has the id" in sources.remove("a1b2c3")


def test_the_list_is_in_the_order_asked_for_and_an_unknown_one_is_by_title(page: Page) -> None:
    by_title, newest = page.list_articles(""), page.list_articles("", "newest")
    assert by_title.index("&lt;img") < by_title.index("Harbour")
    assert newest.index("Harbour") < newest.index("&lt;img")
    assert page.list_articles("", "<b>") == by_title


def test_no_history_is_kept_where_none_is_wanted_and_an_old_one_is_cleared_at_the_start(tmp_path: Path) -> None:
    with Corpus.create(tmp_path, embedder=HashEmbedder()) as corpus:
        with open_history(corpus, keep=False) as nothing:
            assert nothing is None
        assert not (tmp_path / FILE).exists()
        with History.open(tmp_path) as before:
            before.keep("c1", (Turn("seals?", error="e"),))
        with open_history(corpus, keep=True) as history:
            assert history is not None
            assert [one.title for one in history.summaries()] == ["seals?"]
