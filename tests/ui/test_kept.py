"""The page in headless Chromium, with its conversations kept on disk: closed and opened again, found, judged, saved."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import Locator, Page, expect

from eval.case import load_cases
from rag.conversations.records import GONE
from rag.conversations.storage import FILE, History

pytestmark = [
    pytest.mark.browser,
    # A thread of Gradio's queue uses what a newer pandas has deprecated.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]


@pytest.fixture(autouse=True)
def _nothing_kept(history: History) -> None:
    for one in history.summaries():
        history.delete(one.id)
    for note in history.notes():
        history.unpin(note.id)
    for case in history.cases():
        history.drop_case(case.id)


def titles(page: Page) -> Locator:
    return page.locator("#cd-shelf .cd-title")


def more(page: Page, title: str) -> None:
    """Open the menu of a conversation."""
    page.locator("#cd-shelf li", has_text=title).locator(".cd-menu > summary").first.click()


def save(page: Page, within: Locator, form: str) -> tuple[str, bytes]:
    """Return name and content of the file that the browser saves."""
    with page.expect_download() as saving:
        within.locator(f"[data-export={form}]").click()
    return saving.value.suggested_filename, Path(saving.value.path()).read_bytes()


def test_a_conversation_is_there_after_its_tab_was_closed(page: Page, kept: Any) -> None:
    closed = page.context.new_page()
    kept.visit(closed)
    kept.ask(closed, "seals?")
    kept.ask(closed, "pandas?")
    expect(titles(closed)).to_have_text(["seals?"])
    closed.close()
    kept.visit(page)
    expect(page.locator(".cd-welcome")).to_be_visible()
    page.get_by_role("button", name="seals?").first.click()
    expect(page.locator(".cd-question")).to_have_text(["seals?", "pandas?"])
    expect(page.locator("#cd-shelf li.cd-current")).to_contain_text("2 questions")
    page.locator(".cd-marker").first.click()
    expect(page.locator("#cd-panel mark")).to_have_text(page.locator(".cd-footnotes blockquote").first.inner_text())
    kept.ask(page, "and since then?")
    assert [question for question, _ in kept.corpus.histories[-1]] == ["seals?", "pandas?"]
    expect(page.locator("#cd-shelf li.cd-current")).to_contain_text("3 questions")
    expect(titles(page)).to_have_count(1)
    page.reload()
    expect(page.locator(".cd-turn")).to_have_count(3)


def test_a_new_conversation_leaves_the_one_before_in_the_list(page: Page, kept: Any) -> None:
    kept.visit(page)
    kept.ask(page, "seals?")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".cd-welcome")).to_be_visible()
    kept.ask(page, "pandas?")
    assert kept.corpus.histories[-1] == []
    expect(titles(page)).to_have_text(["pandas?", "seals?"])
    page.reload()
    expect(page.locator(".cd-question")).to_have_text(["pandas?"])


def test_conversations_are_renamed_found_and_deleted(page: Page, kept: Any, history: History) -> None:
    kept.visit(page)
    kept.ask(page, "seals?")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".cd-welcome")).to_be_visible()
    kept.ask(page, "whose lamp?")
    expect(titles(page)).to_have_text(["whose lamp?", "seals?"])  # the list is drawn anew after the answer
    more(page, "seals?")
    page.get_by_role("button", name="Rename").locator("visible=true").click()
    page.get_by_label("New title").fill("Gifts <b>of</b> the island")
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["whose lamp?", "Gifts <b>of</b> the island"])
    page.get_by_label("Search conversations").fill("lighthouse")
    expect(titles(page)).to_have_text(["whose lamp?"])
    page.get_by_label("Search conversations").fill("")
    expect(titles(page)).to_have_count(2)
    more(page, "whose lamp?")
    delete = page.locator("[data-erase]").locator("visible=true")
    delete.click()
    expect(delete).to_have_text("Delete for good?")
    delete.click()
    expect(titles(page)).to_have_text(["Gifts <b>of</b> the island"])
    expect(page.locator(".cd-welcome")).to_be_visible()  # it was the open one
    page.reload()
    expect(titles(page)).to_have_count(1)
    assert [one.title for one in history.summaries()] == ["Gifts <b>of</b> the island"]


def test_a_removed_article_is_gone_from_the_page_and_the_file_and_comes_back_by_undo(
    page: Page, kept: Any, history: History, tmp_path_factory: pytest.TempPathFactory
) -> None:
    kept.visit(page)
    kept.ask(page, "seals?")
    page.locator("[data-pin]").click()
    expect(page.locator(".cd-notes")).to_have_text("Notes (1)")
    files = tmp_path_factory.getbasetemp().rglob(FILE)  # those of other modules are older
    file = max(files, key=lambda one: one.stat().st_mtime)
    assert b"12 grey seals" in file.read_bytes()
    page.get_by_role("button", name="Remove Harbour town").click()
    expect(page.locator(".cd-turn")).to_contain_text(GONE)
    expect(page.locator(".cd-library li")).to_have_count(1)
    history.forget_articles(["a1b2c3"])  # as the real corpus does itself
    assert b"12 grey seals" not in file.read_bytes()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".cd-library li")).to_have_count(2)
    expect(page.locator(".cd-short")).to_have_text("12 grey seals")
    page.locator(".cd-marker").first.click()
    expect(page.locator("#cd-panel mark")).to_be_visible()
    assert [note.turn.question for note in history.notes()] == ["seals?"]


def test_what_a_person_says_of_answers_becomes_their_test_suite(
    page: Page, kept: Any, history: History, tmp_path: Path
) -> None:
    kept.visit(page)
    kept.ask(page, "seals?")
    page.get_by_role("button", name="Yes, it is right").press("Enter")
    judged = page.locator(".cd-judge")
    expect(judged).to_contain_text("You said: right. Kept as a test.")
    expect(judged.get_by_role("button", name="Undo")).to_be_focused()
    kept.ask(page, "pandas?")
    wrong = page.locator(".cd-turn").nth(1)
    wrong.get_by_label("No, it is not right").click()
    wrong.get_by_role("button", name="Keep as a test").click()
    expect(page.locator("#cd-report")).to_contain_text("no words of a right answer are given")
    wrong.get_by_label("What would be right?").fill("three pandas")
    wrong.get_by_label("Why?").fill("it stands in the sidebar")
    wrong.get_by_role("button", name="Keep as a test").click()
    expect(wrong.locator(".cd-judge")).to_contain_text("You said: the articles do say it.")
    page.reload()
    expect(page.locator(".cd-judge").last).to_contain_text("You said: the articles do say it.")
    from rag.conversations.judging import case_line

    (tmp_path / "mine.jsonl").write_text("\n".join(json.dumps(case_line(one)) for one in history.cases()))
    right, said = load_cases(tmp_path / "mine.jsonl")
    assert (right.question, right.expected, right.answerable) == ("seals?", (("12 grey seals",),), True)
    assert (said.question, said.expected, said.history) == ("pandas?", (("three pandas",),), ("seals?",))
    assert said.why == "it stands in the sidebar"
    page.locator(".cd-judge").first.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Yes, it is right")).to_have_count(1)
    assert [case.question for case in history.cases()] == ["pandas?"]


def test_an_answer_a_conversation_and_the_notes_are_saved_as_files(page: Page, kept: Any) -> None:
    kept.visit(page)
    kept.ask(page, "seals?")
    kept.ask(page, "pandas?")
    page.locator(".cd-turn").first.get_by_text("Save as").click()
    name, content = save(page, page.locator(".cd-turn").first, "markdown")
    assert name == "seals.md"
    assert content.decode().startswith("**seals?**")
    assert "[^1]: Harbour town swaps ferries for seals (The Vell Courier · 9 March 2024" in content.decode()
    more(page, "seals?")
    row = page.locator("#cd-shelf li").first
    row.get_by_text("Save as").click()
    name, content = save(page, row, "json")
    assert [turn["question"] for turn in json.loads(content)["turns"]] == ["seals?", "pandas?"]
    page.locator("[data-pin]").first.click()
    page.get_by_role("button", name="Notes (1)").click()
    expect(page.locator(".cd-noted h3")).to_have_text("seals?")
    page.get_by_text("Save all notes as").click()
    name, content = save(page, page.locator(".cd-noted"), "docx")
    assert name == "Notes.docx"
    assert "seals?" in [one.text for one in docx.Document(BytesIO(content)).paragraphs]
    page.get_by_role("button", name="Unpin").last.click()
    expect(page.locator(".cd-noted")).to_contain_text("No answer is pinned")
    expect(page.locator("[data-pin]").first).to_have_text("Pin to notes")


def test_a_question_is_edited_and_asked_again_in_its_place(page: Page, kept: Any) -> None:
    kept.visit(page)
    kept.ask(page, "seals?")
    kept.ask(page, "pandas?")
    kept.ask(page, "whose lamp?")
    page.locator("[data-edit]").nth(1).click()
    page.locator(".cd-edit").fill("partly who paid?")
    page.keyboard.press("Enter")
    expect(page.locator(".cd-question")).to_have_text(["seals?", "partly who paid?"])
    expect(page.locator(".cd-partly")).to_be_visible()
    assert [question for question, _ in kept.corpus.histories[-1]] == ["seals?"]
    before = len(kept.corpus.histories)
    page.locator("[data-again]").nth(1).click()
    expect(page.locator(".cd-waiting")).to_have_count(0)
    expect(page.locator(".cd-partly")).to_be_visible()
    page.wait_for_function("() => document.querySelector('#cd-ask')?.checkVisibility()")
    assert len(kept.corpus.histories) == before + 1
    expect(page.locator(".cd-turn")).to_have_count(2)
    page.locator("#cd-box textarea").press("ArrowUp")
    expect(page.locator("#cd-box textarea")).to_have_value("partly who paid?")


def test_ticked_articles_alone_are_asked(page: Page, kept: Any) -> None:
    kept.visit(page)
    untick = page.get_by_role("button", name="Untick all")
    expect(untick).to_be_hidden()
    page.get_by_label("Ask only ticked articles: Harbour").check()
    line = page.get_by_role("button", name="only some articles")
    expect(line).to_contain_text("1 ticked article")
    page.get_by_label("Filter the articles").fill("courier")
    expect(page.locator(".cd-library li")).to_have_count(1)
    expect(page.get_by_label("Ask only ticked articles: Harbour")).to_be_checked()
    kept.ask(page, "seals?")
    assert kept.corpus.filters[-1].articles == ("a1b2c3",)
    expect(page.locator(".cd-turn .cd-only")).to_have_text("Only some articles: 1 ticked article")
    untick.click()
    expect(line).to_have_text(re.compile("Ask only some articles"))
    kept.ask(page, "pandas?")
    assert kept.corpus.filters[-1].articles is None


def test_the_list_is_put_in_another_order(page: Page, kept: Any) -> None:
    kept.visit(page)
    shown = page.locator(".cd-library li .cd-link")
    expect(shown.first).to_contain_text("<img")
    page.get_by_label("Sort by").select_option("newest")
    expect(shown.first).to_contain_text("Harbour")
    expect(page.get_by_label("Sort by")).to_have_value("newest")


@pytest.mark.parametrize(
    "look",
    [
        {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
        for width in (390, 1000, 1360)
        for scheme in ("dark", "light")
    ],
    ids=["narrow-dark", "narrow-light", "middle-dark", "middle-light", "wide-dark", "wide-light"],
)
def test_every_look_with_conversations_is_readable_and_fits(
    page: Page, kept: Any, look: dict[str, Any], hard_to_read: Callable[[], list[Any]]
) -> None:
    kept.visit(page)
    kept.ask(page, "seals?")
    kept.ask(page, "pandas?")
    page.locator("[data-pin]").first.click()
    if look["viewport"]["width"] < 861:
        fold = page.get_by_role("button", name="Conversations", exact=True)
        expect(titles(page)).to_be_hidden()
        fold.click()
        expect(fold).to_have_attribute("aria-expanded", "true")
    expect(titles(page)).to_be_visible()
    page.locator(".cd-judge summary").first.click()
    more(page, "seals?")
    assert hard_to_read() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= look["viewport"]["width"]
    page.keyboard.press("Escape")  # the menu lies over what stands below it
    page.locator(".cd-notes").click()
    expect(page.locator(".cd-noted")).to_be_visible()
    assert hard_to_read() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= look["viewport"]["width"]


def test_without_a_history_there_is_no_list_and_nothing_to_judge(page: Page, canned: Any) -> None:
    canned.visit(page)
    canned.ask(page, "seals?")
    expect(page.locator("#cd-kept")).to_have_count(0)
    expect(page.locator("[data-judge], [data-pin]")).to_have_count(0)
    page.locator(".cd-turn").get_by_text("Save as").click()
    name, _ = save(page, page.locator(".cd-turn"), "docx")
    assert name == "seals.docx"
