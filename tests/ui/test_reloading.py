"""The page in headless Chromium, reloaded: what was said is still there, in the same tab alone, until it is ended."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    # A thread of Gradio's queue uses what a newer pandas has deprecated.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]


def test_a_conversation_outlives_a_reload_with_its_footnotes_and_its_thread(page: Page, canned: Any) -> None:
    canned.visit(page)
    canned.ask(page, "seals?")
    canned.ask(page, "give an error")
    page.reload()
    expect(page.locator(".cd-question")).to_have_text(["seals?", "give an error"])
    expect(page.locator(".cd-error")).to_have_count(1)
    page.locator(".cd-marker").first.click()
    expect(page.locator("#cd-panel mark")).to_have_text(page.locator(".cd-footnotes blockquote").first.inner_text())
    canned.ask(page, "and since then?")
    assert [question for question, _ in canned.corpus.histories[-1]] == ["seals?"]
    page.reload()
    expect(page.locator(".cd-turn")).to_have_count(3)


def test_an_article_that_is_gone_after_a_reload_says_so(page: Page, canned: Any) -> None:
    canned.visit(page)
    canned.ask(page, "seals?")
    page.reload()
    expect(page.locator(".cd-turn")).to_have_count(1)
    gone = canned.corpus.kept.pop("a1b2c3")
    page.locator(".cd-marker").first.click()
    expect(page.locator("#cd-panel .cd-error")).to_contain_text("no article has the id")
    canned.corpus.kept[gone.id] = gone


def test_a_reload_while_an_answer_comes_leaves_its_question(page: Page, canned: Any) -> None:
    canned.visit(page)
    unwatched = page.context.new_page()  # Gradio's script complains when its stream is cut off
    canned.visit(unwatched)
    unwatched.locator("#cd-box textarea").fill("slow and long")
    unwatched.locator("#cd-ask").click()
    expect(unwatched.locator(".cd-waiting")).to_contain_text("[1]")
    unwatched.reload()
    expect(unwatched.locator(".cd-question")).to_have_text("slow and long")
    expect(unwatched.locator(".cd-stopped")).to_contain_text("Stopped")
    canned.ask(unwatched, "seals?")
    expect(unwatched.locator(".cd-footnotes")).to_have_count(1)


def test_a_new_conversation_leaves_nothing_of_the_old_one(page: Page, canned: Any) -> None:
    canned.visit(page)
    new = page.get_by_role("button", name="New conversation")
    expect(new).to_be_hidden()
    canned.ask(page, "seals?")
    new.press("Enter")
    expect(page.locator(".cd-welcome")).to_be_visible()
    expect(page.locator("#cd-box textarea")).to_be_focused()
    canned.ask(page, "pandas?")
    assert canned.corpus.histories[-1] == []
    page.reload()
    expect(page.locator(".cd-question")).to_have_text("pandas?")
    new.click()
    expect(page.locator(".cd-welcome")).to_be_visible()
    page.reload()
    expect(page.locator(".cd-library")).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.locator(".cd-welcome")).to_be_visible()


def test_another_tab_begins_anew(page: Page, canned: Any) -> None:
    canned.visit(page)
    canned.ask(page, "seals?")
    other = page.context.new_page()
    canned.visit(other)
    other.wait_for_timeout(500)
    expect(other.locator(".cd-welcome")).to_be_visible()
    canned.ask(other, "pandas?")
    page.reload()
    expect(page.locator(".cd-question")).to_have_text("seals?")
