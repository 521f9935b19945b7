"""The page in headless Chromium: ask, press a footnote, find the words; and nothing asks another host.

The first test also runs on the real corpus of the seeds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    # A thread of Gradio's queue uses what a newer pandas has deprecated.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]


def choose(page: Page, field: str, day: str, *outlets: str) -> None:
    """Fill in a day and choose outlets, in the line that is unfolded."""
    page.get_by_label(field, exact=True).fill(day)
    for outlet in outlets:
        page.get_by_label("Outlets").click()
        page.get_by_role("option", name=outlet).click()


def test_a_pressed_footnote_shows_its_words_in_the_article(page: Page, served: Any) -> None:
    served.visit(page)
    served.ask(page, served.question)
    quote = page.locator(".cd-footnotes blockquote").first.inner_text()
    assert quote in page.locator(".cd-statements").inner_text()
    page.locator(".cd-marker").first.click()
    marked = page.locator("#cd-panel mark")
    expect(marked).to_have_text(quote)
    expect(marked).to_be_in_viewport()
    expect(page.locator("#cd-panel h2")).to_have_text(page.locator(".cd-footnotes .cd-link").first.inner_text())


@pytest.mark.parametrize(
    "look",
    [
        {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
        for width in (390, 1360)
        for scheme in ("dark", "light")
    ],
    ids=["narrow-dark", "narrow-light", "wide-dark", "wide-light"],
)
def test_every_look_is_readable_and_fits(
    page: Page, canned: Any, look: dict[str, Any], hard_to_read: Callable[[], list[Any]]
) -> None:
    canned.visit(page)
    assert hard_to_read() == []
    page.get_by_role("button", name="Only some articles").click()
    choose(page, "From", "2024-03-01", "The Vell Courier")
    page.get_by_label("Outlets").click()
    assert hard_to_read() == []
    for question in ("seals?", "pandas?", "partly who paid?", "whose lamp?", "give an error"):
        canned.ask(page, question)
    page.locator(".cd-turn details summary").first.click()
    page.locator(".cd-turn").nth(3).locator(".cd-marker").click()
    expect(page.locator("#cd-panel mark")).to_be_in_viewport()
    assert hard_to_read() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= look["viewport"]["width"]


@pytest.mark.parametrize("look", [{"viewport": {"width": 390, "height": 320}}], ids=["narrow"])
def test_on_a_narrow_screen_one_gets_back_from_the_article_to_the_answer(
    page: Page, canned: Any, look: dict[str, Any]
) -> None:
    canned.visit(page)
    canned.ask(page, "long")
    page.locator(".cd-marker").nth(30).click()
    expect(page.locator("#cd-panel mark")).to_be_in_viewport()
    back = page.get_by_role("button", name="Back to the answer")
    expect(back).to_be_in_viewport(ratio=1)
    back.click()
    expect(page.locator(".cd-marker").nth(30)).to_be_in_viewport()


def test_an_example_is_asked_by_pressing_it(page: Page, canned: Any) -> None:
    canned.visit(page)
    page.locator(".cd-example").first.click()
    expect(page.locator(".cd-question")).to_have_text(canned.question)
    expect(page.locator(".cd-short")).to_have_text("12 grey seals")


def test_a_refusal_opens_its_nearest_passage(page: Page, canned: Any) -> None:
    canned.visit(page)
    canned.ask(page, "pandas?")
    expect(page.locator(".cd-not_found")).to_contain_text("The articles do not say")
    page.locator(".cd-nearest .cd-link").last.click()
    expect(page.locator("#cd-panel mark")).to_have_text(page.locator(".cd-nearest blockquote").last.inner_text())


def test_hostile_words_stay_words(page: Page, canned: Any) -> None:
    canned.visit(page)
    canned.ask(page, "hostile <img src=x onerror=alert(2)> [1] <script>alert(3)</script>")
    page.locator(".cd-marker").first.click()
    expect(page.locator("#cd-panel mark")).to_have_text(page.locator(".cd-footnotes blockquote").inner_text())
    assert page.title() == "Citedesk"
    assert page.locator("#cd-desk img, #cd-desk script, .cd-answer b").count() == 0
    assert "[1] <script>alert(3)</script>" in page.locator(".cd-question").inner_text()


def test_words_of_any_script_read_in_their_own_direction(page: Page, canned: Any) -> None:
    canned.visit(page)
    canned.ask(page, "3 مايو 2021")
    page.locator(".cd-marker").first.click()
    expect(page.locator("#cd-panel mark")).to_be_visible()
    first, last = page.evaluate(
        """() => [0, -1].map((at) => {
            const [range, words] = [document.createRange(), document.querySelector('.cd-question').firstChild];
            range.setStart(words, at < 0 ? words.length - 1 : 0);
            range.setEnd(words, at < 0 ? words.length : 1);
            return range.getBoundingClientRect().x;
        })"""
    )
    assert first > last  # the 3 stands on the right, as a date in Arabic is read
    shown = ".cd-short, .cd-statements, .cd-footnotes blockquote, #cd-panel h2, #cd-panel .cd-text p"
    ways = page.locator(shown).evaluate_all("all => all.map((one) => getComputedStyle(one).unicodeBidi)")
    assert set(ways) == {"plaintext"}


def test_a_follow_up_is_asked_with_what_came_before(page: Page, canned: Any) -> None:
    canned.visit(page)
    canned.ask(page, "seals?")
    canned.ask(page, "and since then?")
    assert [question for question, _ in canned.corpus.histories[-1]] == ["seals?"]


def test_pressing_twice_asks_once(page: Page, canned: Any) -> None:
    canned.visit(page)
    before = len(canned.corpus.histories)
    page.locator("#cd-box textarea").fill("slow seals?")
    page.locator("#cd-ask").dblclick()
    expect(page.locator(".cd-footnotes")).to_be_visible()
    assert page.locator(".cd-turn").count() == 1
    assert len(canned.corpus.histories) == before + 1


def test_stop_stops_and_the_next_question_is_answered(page: Page, canned: Any) -> None:
    canned.visit(page)
    page.locator("#cd-box textarea").fill("slow and long")
    page.locator("#cd-ask").click()
    expect(page.locator(".cd-waiting")).to_contain_text("[1]")
    page.locator("#cd-stop").click()
    expect(page.locator(".cd-stopped")).to_contain_text("Stopped")
    expect(page.locator("#cd-ask")).to_be_visible()
    canned.ask(page, "seals?")
    expect(page.locator(".cd-stopped")).to_have_count(1)
    expect(page.locator(".cd-footnotes")).to_have_count(1)


def test_a_long_answer_scrolls_beside_a_question_box_that_stays(page: Page, canned: Any) -> None:
    canned.visit(page)
    canned.ask(page, "long")
    expect(page.locator("#cd-box textarea")).to_be_in_viewport()
    assert page.evaluate("(e => e.scrollHeight > 2 * e.clientHeight)(document.querySelector('#cd-talk'))")
    page.locator(".cd-copy").scroll_into_view_if_needed()
    expect(page.locator(".cd-copy")).to_be_in_viewport()


def test_an_article_of_the_list_opens_and_the_list_comes_back(page: Page, canned: Any) -> None:
    canned.visit(page)
    page.get_by_role("button", name="Harbour town swaps ferries for seals", exact=True).click()
    expect(page.locator(".cd-article .cd-file")).to_have_text("news/harbour.txt")
    page.get_by_role("button", name="All articles").click()
    expect(page.locator(".cd-library")).to_be_visible()


@pytest.fixture
def many(canned: Any) -> Iterator[Any]:
    """The page over 10,000 articles."""
    before = dict(canned.corpus.kept)
    for number in range(10_000):
        title = f"Story {number:05}"
        canned.corpus.kept[title] = replace(before["a1b2c3"], id=title, title=title, source=f"{title}.txt")
    yield canned
    canned.corpus.kept = before


@pytest.mark.parametrize("look", [{"viewport": {"width": 390, "height": 844}}], ids=["narrow"])
def test_ten_thousand_articles_are_turned_over_by_page_and_one_comes_back_to_the_page_left(
    page: Page, many: Any, look: dict[str, Any]
) -> None:
    many.visit(page)
    expect(page.locator(".cd-count")).to_have_text("10,002 articles, page 1 of 201")
    assert page.locator("#cd-desk *").count() < 2_000
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".cd-count")).to_have_text("10,002 articles, page 2 of 201")
    expect(page.locator(".cd-library h2")).to_be_in_viewport()
    page.locator("[data-leaf-to]").fill("201")
    page.keyboard.press("Enter")
    expect(page.locator(".cd-count")).to_have_text("10,002 articles, page 201 of 201")
    expect(page.locator("[data-leaf-to]")).to_be_focused()
    expect(page.get_by_role("button", name="Next")).to_have_count(0)
    page.get_by_role("button", name="Story 09999", exact=True).click()
    expect(page.locator(".cd-article .cd-file")).to_have_text("Story 09999.txt")
    page.get_by_role("button", name="All articles").click()
    expect(page.get_by_role("button", name="Story 09999", exact=True)).to_be_in_viewport()
    page.get_by_label("Filter the articles").fill("Story 04")
    expect(page.locator(".cd-count")).to_have_text("1,000 of 10,002 articles, page 1 of 20")


def test_the_list_is_narrowed_by_typing_and_the_filter_stays(page: Page, canned: Any) -> None:
    canned.visit(page)
    titles = page.locator(".cd-library li .cd-link")
    expect(titles).to_have_count(2)
    words = page.get_by_label("Filter the articles")
    words.press_sequentially("vell COURIER")
    expect(titles).to_have_text(["Harbour town swaps ferries for seals"])
    expect(page.locator(".cd-said")).to_have_text("1 of 2 articles")
    expect(words).to_be_focused()
    page.keyboard.press("Tab")  # to the order of the list
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".cd-article")).to_be_visible()
    expect(words).to_be_hidden()
    page.get_by_role("button", name="All articles").click()
    expect(words).to_have_value("vell COURIER")
    expect(titles).to_have_count(1)
    words.fill("")
    expect(titles).to_have_count(2)


def test_uploaded_files_are_reported_one_by_one(page: Page, canned: Any, tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text("Ferry returns\n\nThe ferry came back on Monday.", encoding="utf-8")
    (tmp_path / "empty.txt").write_text(" ", encoding="utf-8")
    canned.visit(page)
    page.locator("#cd-add input[type=file]").set_input_files([tmp_path / "ferry.txt", tmp_path / "empty.txt"])
    expect(page.locator(".cd-added")).to_contain_text("ferry.txt")
    expect(page.locator(".cd-failed")).to_contain_text("empty.txt")
    expect(page.locator(".cd-library")).to_contain_text("Ferry returns")


def drop(page: Page, *paths: Path) -> None:
    """Drop files and folders in the middle of the page, as a file manager does."""
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    browser = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        browser.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})
        if kind == "dragOver":
            expect(page.locator("body.cd-dropping")).to_have_count(1)


def test_files_and_folders_are_dropped_anywhere(page: Page, canned: Any, tmp_path: Path) -> None:
    (tmp_path / "news" / "may").mkdir(parents=True)
    for name, text in (
        ("news/may/gulls.txt", "Gulls leave"),
        ("news/.draft.txt", "Hidden"),
        ("plums.txt", "Plums sell"),
    ):
        (tmp_path / name).write_text(f"{text}\n\n{text} on Monday, the council said.", encoding="utf-8")
    (tmp_path / "news" / "photo.png").write_bytes(b"\x89PNG\r\n")
    canned.visit(page)
    drop(page, tmp_path / "news", tmp_path / "plums.txt")
    expect(page.locator("#cd-report [role=status] > p")).to_have_text("2 added, 1 ignored")
    expect(page.locator("body.cd-dropping")).to_have_count(0)
    expect(page.locator(".cd-ignored")).to_contain_text("photo.png")
    expect(page.locator(".cd-library")).to_contain_text("Gulls leave")
    expect(page.locator(".cd-library")).not_to_contain_text("Hidden")
    expect(page.get_by_role("button", name="Add articles")).to_be_visible()


def test_adding_is_cancelled_between_two_files(page: Page, canned: Any, tmp_path: Path) -> None:
    add, held = canned.corpus.add, threading.Event()

    def slow(articles: Any, *, wait: bool) -> Any:
        held.wait(30)
        return add(articles, wait=wait)

    for number in range(4):
        (tmp_path / f"slow {number}.txt").write_text(f"Slow {number}\n\nIt takes {number} hours to read.")
    canned.visit(page)
    canned.corpus.add = slow
    try:
        page.locator("#cd-add input[type=file]").set_input_files(sorted(tmp_path.iterdir()))
        expect(page.locator(".cd-adding [role=status]")).to_have_text("Reading 1 of 4: slow 0.txt")
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("button", name="Cancelling")).to_be_disabled()
        held.set()
        expect(page.locator("#cd-report [role=status] > p")).to_have_text("1 added, 3 cancelled")
        expect(page.locator(".cd-cancelled").first).to_contain_text("slow 1.txt")
        expect(page.locator(".cd-library")).to_contain_text("Slow 0")
    finally:
        canned.corpus.add = add
        held.set()
    expect(page.get_by_role("button", name="Add articles")).to_be_visible()


@pytest.mark.parametrize(
    "look", [{"viewport": {"width": width, "height": 700}} for width in (390, 1360)], ids=["narrow", "wide"]
)
def test_a_long_upload_report_covers_nothing(page: Page, canned: Any, tmp_path: Path, look: dict[str, Any]) -> None:
    for number in range(20):
        (tmp_path / f"empty {number}.txt").write_text("", encoding="utf-8")
    canned.visit(page)
    page.locator("#cd-add input[type=file]").set_input_files(sorted(tmp_path.iterdir()))
    expect(page.locator(".cd-failed")).to_have_count(20)
    button, last = page.locator("#cd-upload"), page.locator(".cd-failed").last
    last.scroll_into_view_if_needed()
    box, row = button.bounding_box(), last.bounding_box()
    assert box
    assert row
    assert box["x"] + box["width"] <= row["x"] or row["y"] + row["height"] <= box["y"]
    expect(last).to_be_in_viewport(ratio=1)
    if look["viewport"]["width"] > 860:
        assert page.evaluate("document.documentElement.scrollHeight") <= look["viewport"]["height"]


def test_only_the_articles_chosen_are_asked_as_the_page_says(page: Page, canned: Any, tmp_path: Path) -> None:
    (tmp_path / "oster.jsonl").write_text('{"text": "The ferry is back.", "outlet": "<b>Oster</b>"}', encoding="utf-8")
    canned.visit(page)
    line = page.get_by_role("button", name="only some articles")
    expect(line).to_have_attribute("aria-expanded", "false")
    line.press("Enter")
    expect(line).to_have_attribute("aria-expanded", "true")
    choose(page, "From", "2024-03-01", "The Vell Courier")
    page.locator("#cd-add input[type=file]").set_input_files(tmp_path / "oster.jsonl")
    expect(page.get_by_label("To", exact=True)).to_have_attribute("type", "date")
    choose(page, "To", "2024-02-01", "<b>Oster</b>")
    canned.ask(page, "seals?")
    expect(page.locator(".cd-error")).to_contain_text("From 2024-03-01 is after To 2024-02-01")
    choose(page, "To", "2024-05-31")
    line.press("Enter")
    chosen = "Only some articles: from 2024-03-01, to 2024-05-31, The Vell Courier, <b>Oster</b>"
    expect(line).to_contain_text(chosen)
    page.locator("#cd-ask").click()  # the question waits in the box
    expect(page.locator(".cd-turn .cd-only")).to_have_text(chosen)
    expect(page.locator(".cd-footnotes")).to_be_visible()
    assert canned.corpus.filters[-1].outlets == ("The Vell Courier", "<b>Oster</b>")


def test_whatever_the_keyboard_reaches_shows_it(page: Page, canned: Any) -> None:
    canned.visit(page)
    for reached in ("cd-example", "cd-box", "cd-ask", "cd-only", "cd-filter", "cd-sort", "cd-link"):
        page.keyboard.press("Tab")
        chosen = page.locator(":focus")
        assert reached in chosen.evaluate("one => `${one.closest('[id]').id} ${one.className}`")
        expect(chosen).to_have_css("outline-style", "solid")


def test_a_footnote_pressed_with_the_keyboard_leads_to_its_words_and_back(page: Page, canned: Any) -> None:
    canned.visit(page)
    canned.ask(page, "long")
    footnote, words = page.locator(".cd-marker").nth(30), page.locator("#cd-panel mark")
    for back in (("Escape",), ("Shift+Tab", "Enter")):
        footnote.press("Enter")
        expect(words).to_be_focused()
        expect(words).to_be_in_viewport()
        for key in back:
            page.keyboard.press(key)
        expect(footnote).to_be_focused()
        expect(footnote).to_be_in_viewport()
    page.locator(".cd-marker").nth(29).click()  # a pointer stays where it is, and so does the focus
    page.wait_for_timeout(300)
    expect(words).not_to_be_focused()
    footnote.press("Enter")
    expect(words).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Back to the answer")).to_be_in_viewport(ratio=1)


def test_the_keyboard_keeps_its_place_where_what_it_pressed_goes(page: Page, canned: Any) -> None:
    canned.visit(page)
    box, ask, stop = page.locator("#cd-box textarea"), page.locator("#cd-ask"), page.locator("#cd-stop")
    page.locator(".cd-example").press("Enter")
    expect(page.locator(".cd-footnotes")).to_be_visible()
    expect(box).to_be_focused()
    box.fill("slow and long")
    ask.press("Enter")
    expect(stop).to_be_visible()
    expect(box).to_be_focused()
    stop.press("Enter")
    expect(ask).to_be_visible()
    expect(box).to_be_focused()
    title, back = page.locator(".cd-library .cd-link").last, page.get_by_role("button", name="All articles")
    title.press("Enter")
    expect(back).to_be_focused()
    back.press("Enter")
    expect(title).to_be_focused()


def test_what_changed_is_said_to_those_who_do_not_see_it(page: Page, canned: Any) -> None:
    canned.visit(page)
    said = page.locator(".cd-said[role=status]")
    canned.ask(page, "seals?")
    expect(said).to_have_text("Answered from the articles. very likely right. 12 grey seals")
    page.locator(".cd-marker").first.click()
    quote = page.locator(".cd-footnotes blockquote").first.inner_text()
    expect(said).to_have_text(f"Harbour town swaps ferries for seals. {quote}")
    canned.ask(page, "give an error")
    expect(said).to_contain_text("Something went wrong. the endpoint <b>refused</b> the key")


def test_the_page_forbids_every_other_host_by_policy(page: Page, canned: Any) -> None:
    reply = page.goto(canned.opening)
    assert reply is not None
    assert "default-src 'self'" in reply.headers["content-security-policy"]
    outside = page.locator("link[href^=http]:not([href*='127.0.0.1']), script[src^=http]:not([src*='127.0.0.1'])")
    assert outside.count() == 0


def test_the_page_is_refused_under_a_name_that_is_not_this_machines(page: Page, canned: Any) -> None:
    canned.visit(page)
    port = canned.address.rpartition(":")[2]
    hosts = (f"127.0.0.1:{port}", f"localhost:{port}", "127.0.0.1", "evil.example", f"127.0.0.1.evil.example:{port}")
    replies = [page.request.get(canned.address, headers={"Host": host}) for host in hosts]
    assert [reply.status for reply in replies] == [200, 200, 403, 403, 403]
    assert all("default-src 'self'" in reply.headers["content-security-policy"] for reply in replies)
