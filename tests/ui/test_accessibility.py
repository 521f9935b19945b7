"""Nothing on the page breaks a rule of WCAG 2.2 AA that axe-core can check, nor, on a small window, reflow (1.4.10)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from eval.stress.files import pdf_bytes
from rag import Article
from rag.conversations.storage import History
from rag.loading import read_path

pytestmark = [
    pytest.mark.browser,
    # A thread of Gradio's queue uses what a newer pandas has deprecated.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]

QUOTE = "A decision on a replacement is expected in the spring, said the chair."
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
LOOKS: list[dict[str, Any]] = [
    {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    for width in (390, 1360)
    for scheme in ("dark", "light")
]
# What a window of 1280 by 1024 pixels is at a zoom of 400 %, and one of 1360 by 860 at 200 %.
ZOOMED: list[dict[str, Any]] = [
    {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 2},
    {"viewport": {"width": 680, "height": 430}, "device_scale_factor": 2},
]
# Whatever is wider than the window, so that one would have to scroll to the side, or that is cut off inside its box.
TOO_WIDE = """() => [...document.querySelectorAll('.cd-header *, #cd-desk *')]
    .filter((one) => one.checkVisibility() && !one.closest('.cd-said, .sr-only, svg') && getComputedStyle(one).clipPath === 'none')
    .filter((one) => {
        const { left, right, width } = one.getBoundingClientRect();
        const cut = one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible'
            && !one.matches('input, textarea, select');
        return width > 1 && (left < -1 || right > innerWidth + 1 || cut);
    })
    .map((one) => `too wide: ${one.outerHTML.slice(0, 200)}`)
    .concat(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls to the side'] : [])"""


def violations(page: Page) -> list[str]:
    """Return each rule that is broken, and where.

    It is looked at from its end: what is passing under the question box of a narrow page is not covered for good.
    """
    page.evaluate("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    found = Axe().run(page, options=RULES).response["violations"]
    wide: list[str] = page.evaluate(TOO_WIDE)
    return [f"{one['id']}: {one['help']}: {[node['html'][:300] for node in one['nodes']]}" for one in found] + wide


EACH_LOOK = pytest.mark.parametrize(
    "look", LOOKS + ZOOMED, ids=["narrow-dark", "narrow-light", "wide-dark", "wide-light", "zoom-400", "zoom-200"]
)


@EACH_LOOK
def test_no_rule_is_broken_in_any_state_of_the_page(
    page: Page, canned: Any, tmp_path: Path, look: dict[str, Any]
) -> None:
    canned.visit(page)
    broken = {"welcome": violations(page)}
    page.get_by_role("button", name="only some articles").click()
    expect(page.get_by_label("From", exact=True)).to_be_visible()
    broken["choice"] = violations(page)
    page.get_by_role("button", name="only some articles").click()
    for question in ("seals?", "pandas?", "partly", "lamp", "give an error"):
        canned.ask(page, question)
    page.locator(".cd-turn details summary").first.click()
    broken["answers"] = violations(page)
    page.locator(".cd-marker").first.click()
    expect(page.locator("#cd-panel mark")).to_be_visible()
    broken["article"] = violations(page)
    (tmp_path / "empty.txt").write_text(" ", encoding="utf-8")
    page.locator("#cd-add input[type=file]").set_input_files(tmp_path / "empty.txt")
    expect(page.locator(".cd-failed")).to_be_visible()
    broken["upload"] = violations(page)
    assert {state: found for state, found in broken.items() if found} == {}


@EACH_LOOK
def test_a_list_of_several_pages_breaks_no_rule(page: Page, canned: Any, look: dict[str, Any]) -> None:
    before = dict(canned.corpus.kept)
    for number in range(120):
        canned.corpus.kept[f"n{number}"] = replace(before["a1b2c3"], id=f"n{number}", title=f"Story {number:03}")
    try:
        canned.visit(page)
        page.get_by_role("button", name="Next").click()
        expect(page.locator(".cd-count")).to_contain_text("page 2 of 3")
        assert violations(page) == []
        field = page.locator("[data-leaf-to]")
        ink, ground = (field.evaluate(f"one => getComputedStyle(one).{what}") for what in ("color", "backgroundColor"))
        surface = page.locator("#cd-panel").evaluate("one => getComputedStyle(one).backgroundColor")
        assert (ink, ground) == (page.locator(".cd-library h2").evaluate("one => getComputedStyle(one).color"), surface)
    finally:
        canned.corpus.kept = before


@pytest.mark.parametrize("look", ZOOMED, ids=["zoom-400", "zoom-200"])
def test_the_question_box_leaves_three_quarters_of_a_small_window_to_the_answer(
    page: Page, canned: Any, look: dict[str, Any]
) -> None:
    canned.visit(page)
    canned.ask(page, "long")
    page.locator(".cd-marker").nth(30).scroll_into_view_if_needed()
    composer = page.locator("#cd-composer").bounding_box()
    assert composer is not None
    height = look["viewport"]["height"]
    covered = min(composer["y"] + composer["height"], height) - max(composer["y"], 0)
    assert covered <= height / 4


@pytest.fixture
def printed(canned: Any, answers: Any, tmp_path: Path) -> Iterator[Any]:
    """The page over an article of two pages of PDF, and an answer that quotes the second."""
    path = tmp_path / "ferry.pdf"
    path.write_bytes(pdf_bytes(["The ferry stops in October", "About 900 people use it every week."], [QUOTE]))
    [article] = read_path(path)
    assert isinstance(article, Article)
    start = article.text.index(QUOTE)
    statement = answers("seals?").statements[0]
    citation = replace(
        statement.citations[0], article_id=article.id, title=article.title, source=str(path), page=2,
        start=start, end=start + len(QUOTE), quote=QUOTE,
    )  # fmt: skip
    answer = replace(
        answers("ferry?"), short="in the spring", statements=(replace(statement, text=QUOTE, citations=(citation,)),)
    )
    stream, kept = canned.corpus.stream, canned.corpus.kept
    canned.corpus.kept = kept | {article.id: article}
    canned.corpus.stream = lambda question, history=(), *, filters=None: iter([answer])
    yield canned
    canned.corpus.stream, canned.corpus.kept = stream, kept


@EACH_LOOK
def test_a_page_of_a_pdf_is_shown_with_the_quote_marked_and_breaks_no_rule(
    page: Page, printed: Any, look: dict[str, Any]
) -> None:
    printed.visit(page)
    printed.ask(page, "When is a replacement decided?")
    page.locator(".cd-marker").first.click()
    page.get_by_role("button", name="Show page 2 as it is in the PDF").click()
    spot = page.locator(".cd-sheet .cd-spot")
    expect(spot).to_be_in_viewport()
    picture = page.get_by_role("img", name="Page 2 of the PDF")
    assert picture.evaluate("one => one.complete && one.naturalWidth > 800")
    assert violations(page) == []
    page.locator(".cd-pages").get_by_role("button", name="Previous").click()
    expect(page.get_by_role("img", name="Page 1 of the PDF")).to_be_visible()
    expect(page.locator(".cd-pages")).to_contain_text("the quoted words are not marked on it")
    page.get_by_role("button", name="Show the text").click()
    expect(page.locator("#cd-panel mark")).to_have_text(QUOTE)
    page.get_by_role("button", name="Show page 2").click()
    expect(spot).to_be_in_viewport()


@EACH_LOOK
def test_no_rule_is_broken_where_conversations_are_kept(
    page: Page, kept: Any, history: History, tmp_path: Path, look: dict[str, Any]
) -> None:
    for one in history.summaries():
        history.delete(one.id)
    kept.visit(page)
    kept.ask(page, "seals?")
    if look["viewport"]["width"] < 861:
        page.get_by_role("button", name="Conversations", exact=True).click()
    shelf = page.locator("#cd-shelf")
    expect(shelf.locator(".cd-title")).to_have_text("seals?")
    broken = {"list": violations(page)}
    shelf.locator(".cd-menu > summary").first.click()
    broken["menu"] = violations(page)
    shelf.locator(".cd-menu > summary").first.click()
    page.locator(".cd-judge summary").first.click()
    broken["judging"] = violations(page)
    page.locator("[data-pin]").first.click()
    shelf.locator(".cd-notes").click()
    expect(page.locator(".cd-noted h3").first).to_be_visible()
    broken["notes"] = violations(page)
    page.get_by_role("button", name="All articles").click()
    add, held = kept.corpus.add, threading.Event()
    kept.corpus.add = lambda articles, *, wait: (held.wait(60), add(articles, wait=wait))[1]
    try:
        for name in ("first", "second"):
            (tmp_path / f"{name}.txt").write_text(f"The {name}\n\nIt says what the {name} says.", encoding="utf-8")
        page.locator("#cd-add input[type=file]").set_input_files(sorted(tmp_path.glob("*.txt")))
        expect(page.locator(".cd-adding [role=status]")).to_contain_text("Reading 1 of 2")
        broken["adding"] = violations(page)
    finally:
        held.set()
        kept.corpus.add = add
    assert {state: found for state, found in broken.items() if found} == {}
