"""The page's events, called as Gradio calls them; what a visitor sees is in test_browser.py."""

from __future__ import annotations

import asyncio
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from rag.conversations.records import GONE
from rag.errors import DamagedIndexError, IndexBusyError
from rag.filters import EVERYTHING, Filters
from rag.schema import Answer, Article
from ui import app, events
from ui.fair_queue import FairQueue
from ui.render import Turn


def event(**payload: str) -> gr.EventData:
    return gr.EventData(None, payload)


def test_an_answer_streams_piece_by_piece_and_then_stands_whole(corpus: Any) -> None:
    shown = [faces[0] for faces in app.Page(corpus).respond("seals?", (), event())]
    assert "Reading the articles" in shown[0]
    assert "12 grey seals" not in shown[0]
    assert "12 grey seals" in shown[1]
    assert "Visitors" not in shown[1]
    assert "cd-footnotes" in shown[-1]
    assert "aria-busy" not in shown[-1]


def test_follow_ups_come_with_the_answered_turns(corpus: Any) -> None:
    page = app.Page(corpus)
    turns: Any = ()
    for question in ("seals?", "give an error", "and then?"):
        *_, (_, turns, *_) = page.respond(question, turns, event())
    assert [question for question, _ in corpus.histories[-1]] == ["seals?"]
    assert isinstance(corpus.histories[-1][0][1], Answer)
    assert corpus.histories[0] == []


def test_an_error_is_shown_with_its_message_and_ends_the_turn(corpus: Any) -> None:
    *_, (shown, turns, *_) = app.Page(corpus).respond("give an error", (), event())
    assert "cd-error" in shown
    assert "CITEDESK_CHAT_KEY" in shown
    assert turns[0].error is not None


def test_a_crash_is_shown_and_logged(corpus: Any, caplog: pytest.LogCaptureFixture) -> None:
    *_, (shown, *_) = app.Page(corpus).respond("crash", (), event())
    assert "ZeroDivisionError" in shown
    assert "division by zero" in caplog.text


def test_an_empty_question_changes_nothing(corpus: Any) -> None:
    turns = (Turn("q", error="e"),)
    assert [faces[1] for faces in app.Page(corpus).respond("  \n", turns, event())] == [turns]
    assert corpus.histories == []


def test_a_pressed_example_is_asked_instead_of_the_box(corpus: Any) -> None:
    *_, (_, turns, *_) = app.Page(corpus).respond("typed", (), event(question="seals?"))
    assert turns[0].question == "seals?"


def test_only_the_articles_chosen_are_asked_and_the_turn_says_so_until_its_end(corpus: Any) -> None:
    page = app.Page(corpus)
    for given in (event(), event(question="seals?")):
        *faces, (_, turns, *_) = page.respond("seals?", (), given, "2024-03-01", " 2024-05-31 ", ["The Vell Courier"])
        assert corpus.filters[-1] == Filters(date(2024, 3, 1), date(2024, 5, 31), ("The Vell Courier",))
        assert {shown[1][0].only for shown in faces} == {"from 2024-03-01, to 2024-05-31, The Vell Courier"}
        assert turns[0].only == "from 2024-03-01, to 2024-05-31, The Vell Courier"
    *_, (_, turns, *_) = page.respond("crash", (), event(), "2024-03-01")
    assert turns[0].only == "from 2024-03-01"


def test_all_articles_are_asked_when_none_are_chosen(corpus: Any) -> None:
    *_, (shown, turns, *_) = app.Page(corpus).respond("seals?", (), event(), " ", "", [])
    assert corpus.filters == [EVERYTHING]
    assert turns[0].only == ""
    assert "Only some articles" not in shown


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("May 2024", "", "From says 'May 2024', expected a day such as 2024-05-31"),
        ("", "2024-13-01", "To says '2024-13-01', expected a day such as 2024-05-31"),
        ("2024-06-01", "2024-05-31", "From 2024-06-01 is after To 2024-05-31, expected the earlier day in From"),
    ],
)
def test_a_wrong_day_is_an_error_and_the_question_waits_in_the_box(
    corpus: Any, first: str, last: str, words: str
) -> None:
    earlier = Turn("q", error="e")
    *_, (_, turns, box, *_) = app.Page(corpus).respond("seals?", (earlier,), event(), first, last)
    assert corpus.filters == []
    assert turns[0] == earlier
    assert turns[1].question == box == "seals?"
    assert words in (turns[1].error or "")


def test_one_day_may_be_the_first_and_the_last(corpus: Any) -> None:
    *_, (_, turns, *_) = app.Page(corpus).respond("seals?", (), event(), "2024-05-31", "2024-05-31")
    assert turns[0].answer is not None


def test_the_outlets_that_can_be_chosen_are_those_of_the_articles(corpus: Any) -> None:
    page = app.Page(corpus)
    assert page.list_outlets().choices == [("The Vell Courier", "The Vell Courier")]
    assert page.list_outlets().label == "Outlets"
    for number, outlet in enumerate(("Oster News", "The Vell Courier")):
        corpus.add([Article(id=f"new{number}", title="t", text="x", source=f"{number}.txt", outlet=outlet)])
    assert [name for name, _ in page.list_outlets().choices] == ["Oster News", "The Vell Courier"]


def test_where_no_article_names_an_outlet_the_field_for_it_says_so(corpus: Any) -> None:
    corpus.kept.clear()
    assert app.Page(corpus).list_outlets().label == "Outlets (no article names one)"


def test_an_answer_that_was_stopped_keeps_what_was_written_and_which_articles_were_asked(corpus: Any) -> None:
    asked = Turn("q", partial="So far. [1]", only="The Vell Courier")
    shown, turns, *_ = app.Page(corpus).finish((asked,))
    assert turns == (replace(asked, stopped=True),)
    assert "So far. [1]" in shown
    assert "Stopped" in shown


def test_finishing_leaves_a_complete_turn_alone(corpus: Any) -> None:
    shown, turns, *_ = app.Page(corpus).finish((Turn("q", error="e"),))
    assert (shown, turns) == (gr.skip(), gr.skip())


def test_what_was_said_in_a_tab_is_there_when_it_is_reloaded(corpus: Any) -> None:
    page = app.Page(corpus)
    *_, (_, turns, *_) = page.respond("seals?", (), event(), tab="mine")
    page.finish(turns, "mine")
    shown, resumed, tab = page.resume(event(tab="mine"))
    assert (resumed, tab) == (turns, "mine")
    assert "12 grey seals" in shown
    other, *rest = page.resume(event(tab="another"))
    assert rest == [gr.skip(), "another"]
    assert "cd-welcome" in other


def test_an_answer_that_quotes_what_was_removed_does_not_come_back(corpus: Any) -> None:
    page = app.Page(corpus)
    *_, (_, turns, *_) = page.respond("seals?", (), event(), tab="mine")
    page.finish(turns, "mine")
    corpus.kept.clear()
    shown, resumed, _ = page.resume(event(tab="mine"))
    assert resumed == (Turn("seals?", error=GONE),)
    assert "12 grey seals" not in shown
    assert page.resume(event(tab="mine"))[1] == resumed


def test_a_question_whose_answer_a_reload_cut_off_is_there_as_stopped(corpus: Any) -> None:
    page = app.Page(corpus)
    next(page.respond("seals?", (), event(), first="2024-03-01", tab="mine"))
    _, turns, _ = page.resume(event(tab="mine"))
    assert turns == (Turn("seals?", stopped=True, only="from 2024-03-01"),)


def test_a_cleared_conversation_is_gone_for_good(corpus: Any) -> None:
    page = app.Page(corpus)
    page.finish((Turn("q", error="e"),), "mine")
    shown, turns, tab = page.clear("mine")
    assert (turns, tab) == ((), "mine")
    assert "cd-welcome" in shown
    again, *rest = page.resume(event(tab="mine"))
    assert rest == [gr.skip(), "mine"]
    assert "cd-turn" not in again


def test_a_footnote_opens_its_article_at_the_words(corpus: Any, answers: Any) -> None:
    citation = answers("seals").citations[0]
    shown = app.Page(corpus).open_article(
        event(article=citation.article_id, start=str(citation.start), end=str(citation.end))
    )
    assert f"<mark data-first tabindex=-1>{citation.quote}</mark>" in shown


@pytest.mark.parametrize(
    ("start", "end"), [("x", "9"), ("", ""), ("-4", "9"), ("²", "³"), ("٣", "٩"), ("5", "99999999"), ("5", "9" * 5000)]
)
def test_a_made_up_span_opens_the_article_without_highlight(corpus: Any, start: str, end: str) -> None:
    shown = app.Page(corpus).open_article(event(article="a1b2c3", start=start, end=end))
    assert "cd-article" in shown
    assert "<mark" not in shown


@pytest.mark.parametrize("sheet", ["1", "0", "-1", "x", "9" * 12])
def test_a_made_up_page_of_an_article_is_an_error_with_a_way_to_its_text(corpus: Any, sheet: str) -> None:
    corpus.kept["a1b2c3"] = replace(corpus.kept["a1b2c3"], pages=(0,), source="/etc/hostname")
    shown = app.Page(corpus).open_page(event(article="a1b2c3", sheet=sheet, start="5", end="9" * 12))
    assert "is no PDF, or is not there any more" in shown
    assert 'data-article="a1b2c3"' in shown
    assert "<img" not in shown
    assert "data-sheet" not in app.Page(corpus).open_article(event(article="a1b2c3"))


def test_the_page_of_the_list_that_was_left_is_shown_again_and_a_made_up_one_is_the_nearest(corpus: Any) -> None:
    page = app.Page(corpus)
    for number in range(120):
        corpus.kept[f"n{number}"] = replace(corpus.kept["a1b2c3"], id=f"n{number}", title=f"Story {number:03}")
    assert "page 2 of 3" in page.turn_to(event(leaf="2"), "", "title")
    assert "page 3 of 3" in page.turn_to(event(leaf="999"), "", "title")
    assert "page 1 of 3" in page.turn_to(event(leaf="x"), "", "title")
    assert "page 2 of 3" in page.withdraw(event(article="n3", leaf="2"), (), "", "title")[1]


def test_an_article_that_is_gone_is_an_error_with_a_way_back_to_the_others_and_to_the_answer(corpus: Any) -> None:
    shown = app.Page(corpus).open_article(event(article="gone"))
    assert "no article has the id" in shown
    assert "data-list>" in shown
    assert "data-back>" in shown


def added(page: events.Page, *files: Path, words: str = "") -> tuple[str, str]:
    """Add files as Gradio does; return the report and the list."""
    *_, (_, outcomes, *_) = page.add_files([str(file) for file in files], gr.Request(session_hash="visitor"))
    report, listed, *_ = page.finish_adding(outcomes, words)
    return report, listed


def test_each_uploaded_file_is_reported(corpus: Any, tmp_path: Path) -> None:
    good, empty, known = tmp_path / "good.txt", tmp_path / "empty.txt", tmp_path / "copy.txt"
    good.write_text("Ferry returns\n\nThe ferry came back on Monday after a year in Oster.", encoding="utf-8")
    known.write_text("Ferry returns\n\nThe ferry came back on Monday after a year in Oster.", encoding="utf-8")
    empty.write_text("", encoding="utf-8")
    report, listed = added(app.Page(corpus), good, empty, known)
    assert "<b>Added</b> good.txt" in report
    assert "<b>Failed</b> empty.txt" in report
    assert "<b>Already here</b> copy.txt" in report
    assert str(tmp_path) not in report
    assert "Ferry returns" in listed
    assert "3 articles" in listed


def test_two_files_of_one_name_are_two_articles(corpus: Any, tmp_path: Path) -> None:
    for folder in ("mine", "yours"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "notes.txt").write_text(f"Notes\n\nThis is what {folder} say.", encoding="utf-8")
    page = app.Page(corpus)
    reports = [added(page, tmp_path / folder / "notes.txt")[0] for folder in ("mine", "yours")]
    assert all("<b>Added</b> notes.txt" in report for report in reports)
    texts = {article.text for article in corpus.articles() if article.source.startswith("notes.txt (uploaded ")}
    assert len(texts) == 2


def test_the_good_records_of_a_file_are_added_and_few_reasons_are_told_of_the_bad(corpus: Any, tmp_path: Path) -> None:
    good = [f'{{"title": "Ferry {day}", "text": "The ferry came back on day {day}."}}' for day in range(3)]
    (tmp_path / "export.jsonl").write_text("\n".join([*good, *["{"] * 5000]), encoding="utf-8")
    page = app.Page(corpus)
    report, listed = added(page, tmp_path / "export.jsonl")
    assert '<b>Added</b> export.jsonl<span class="cd-why">3 added, 5,000 failed: ' in report
    assert "; and 4,997 more<" in report
    sources = sorted(article.source for article in corpus.articles() if "export" in article.source)
    assert [source[:15] for source in sources] == [f"export.jsonl#{line} " for line in (1, 2, 3)]
    assert len(report) < 2000
    assert "5 articles" in listed
    again, _ = added(page, tmp_path / "export.jsonl")
    assert "<b>Failed</b> export.jsonl" in again
    assert len(again) < 2000


def test_a_file_that_finds_the_index_busy_costs_only_itself(corpus: Any, tmp_path: Path) -> None:
    for name in ("first", "second", "third"):
        (tmp_path / f"{name}.txt").write_text(f"Notes\n\nThis is what the {name} says.", encoding="utf-8")
    add = corpus.add

    def busy(articles: Any, *, wait: bool) -> Any:
        if "second" in articles[0].text:
            raise IndexBusyError("the index is written by another process")
        return add(articles, wait=wait)

    corpus.add = busy
    files = [tmp_path / f"{name}.txt" for name in ("first", "second", "third")]
    report, _ = added(app.Page(corpus), *files)
    assert "<b>Added</b> first.txt" in report
    assert '<b>Failed</b> second.txt<span class="cd-why">the index is written by another process' in report
    assert "<b>Added</b> third.txt" in report


def test_a_run_that_is_cancelled_tells_how_far_it_came(corpus: Any, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.txt" for number in range(3)]
    for file in files:
        file.write_text(f"Notes\n\nThis is what number {file.stem} says of the harbour.", encoding="utf-8")
    page = app.Page(corpus)
    visitor = gr.Request(session_hash="visitor")
    run = page.add_files([str(file) for file in files], visitor)
    assert "Reading 1 of 3: 0.txt" in next(run)[0]
    shown, outcomes, *_ = next(run)
    assert "Reading 2 of 3: 1.txt" in shown
    assert "<b>Added</b> 0.txt" in shown
    page.cancel_adding(gr.Request(session_hash="another visitor"))
    shown, outcomes, *_ = next(run)
    page.cancel_adding(visitor)
    assert next(run, None) is None
    report, listed, *_ = page.finish_adding(outcomes, "")
    assert "2 added, 1 cancelled" in report
    assert "<b>Cancelled</b> 2.txt" in report
    assert "4 articles" in listed


def test_what_is_no_article_is_ignored_and_what_is_lost_of_one_is_told(corpus: Any, tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n")
    with zipfile.ZipFile(tmp_path / "site.zip", "w") as packed:
        packed.writestr("harbour.txt", "Ferry returns\n\nThe ferry came back on Monday.")
        packed.writestr("style.css", "p { color: red }")
        packed.writestr("broken.pdf", "%PDF-1.7 and no more")
    report, _ = added(app.Page(corpus), tmp_path / "photo.png", tmp_path / "site.zip")
    assert "<b>Ignored</b> photo.png" in report
    assert "is a picture, expected text" in report
    assert "1 added, 1 failed: site.zip" in report
    assert "broken.pdf" in report
    assert "ignored: 1 part of it that is no article" in report


def test_an_empty_page_offers_questions_that_the_articles_of_now_answer(corpus: Any) -> None:
    page = events.Page(corpus)
    offered = page.suggest(())
    assert "“Harbour town swaps ferries for seals”" in offered
    assert page.suggest((Turn("seals?"),)) == gr.skip()
    corpus.kept.clear()
    assert "data-question" not in page.suggest(())


def test_a_damaged_index_is_an_error_in_the_place_of_the_list(corpus: Any) -> None:
    def damaged(words: str = "") -> Any:
        raise DamagedIndexError("the articles are not as they were written")

    corpus.list_articles = damaged
    page = app.Page(corpus)
    shown = page.list_articles("")
    assert "cd-error" in shown
    assert "not as they were written" in shown
    assert page.list_outlets() == gr.skip()


def test_the_list_holds_what_the_words_name_also_after_an_upload(corpus: Any, tmp_path: Path) -> None:
    page = app.Page(corpus)
    assert "2 articles" in page.list_articles("")
    shown = page.list_articles("COURIER")
    assert "1 of 2 articles" in shown
    assert "Harbour town" in shown
    assert "0 of 2 articles" in page.list_articles("walrus")
    (tmp_path / "ferry.txt").write_text("Ferry returns\n\nThe ferry came back on Monday.", encoding="utf-8")
    _, listed = added(page, tmp_path / "ferry.txt", words="courier")
    assert "1 of 3 articles" in listed


def in_turn(page: events.Page, visitor: str, question: str) -> Any:
    request = gr.Request(session_hash=visitor)
    return page.respond_in_turn(question, (), event(), request)


def test_a_question_waits_its_turn_says_how_many_are_before_and_looking_does_not_wait(
    corpus: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "WAITING_SECONDS", 0.01)
    page = events.Page(corpus)

    async def work() -> None:
        under_way = [in_turn(page, "greedy", "seals?") for _ in range(2)]
        for one in under_way:
            await anext(one)  # the question
            await anext(one)  # a piece of the answer: the place is taken
        third, visitor = in_turn(page, "greedy", "seals?"), in_turn(page, "visitor", "seals?")
        for one in (third, visitor):
            await anext(one)
        assert "Your question is next" in (await anext(visitor))[0]
        assert "1 question before yours" in (await anext(third))[0]
        assert "Harbour town" in page.list_articles("")  # meanwhile
        assert "cd-article" in page.open_article(event(article="a1b2c3"))
        await under_way[0].aclose()  # stopped
        assert "cd-footnotes" in [piece async for piece in visitor][-1][0]
        assert "cd-footnotes" in [piece async for piece in third][-1][0]
        await under_way[1].aclose()

    asyncio.run(work())


def test_when_too_many_wait_the_question_is_told_so_and_stays_in_the_box(corpus: Any) -> None:
    page = events.Page(corpus)
    page._queue = FairQueue(at_once=1, most_waiting=0)

    async def work() -> None:
        first, second = in_turn(page, "one", "seals?"), in_turn(page, "two", "lamp?")
        await anext(first)
        await anext(first)
        *_, (shown, turns, box, *_) = [piece async for piece in second]
        assert "questions wait already" in shown
        assert turns[0].error is not None
        assert box == "lamp?"
        await first.aclose()

    asyncio.run(work())
