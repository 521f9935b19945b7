"""A corpus of canned answers over two articles: enough for every look of the page, and no model; and the page in Chromium.

With PAGE_SCREENSHOTS=FOLDER, every test in Chromium leaves a picture. PAGE_SECONDS is how long one waits for what it
expects to see: more than 30 on a machine that is busy with something else.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from rag.errors import CitedeskError, UnknownArticleError
from rag.filters import EVERYTHING, Filters
from rag.schema import Answer, Article, ArticleSummary, Citation, Dropped, Hit, Passage, Section, Statement, Trace

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from rag.conversations.storage import History

HARBOUR_TEXT = (
    "Harbour town swaps ferries for seals\n\n"
    "The council of Vell sold its last ferry in March. In return the neighbouring island sent 12 grey seals, "
    "which now live in the old dock.\n\n"
    "Visitors have doubled since then, the harbour master said.\n\n"
    "Related Articles\n\n"
    "A museum in Oster has bought a lighthouse lamp from 1871."
)
HOSTILE_TEXT = '<script>document.title="owned"</script> <img src=x onerror="document.title=\'owned\'"> ${1+1} {{value}} **bold** [1] </p>'


def sections(text: str) -> tuple[Section, ...]:
    kinds = ("heading", "body", "body", "furniture", "sidebar")
    found, position = [], 0
    for kind, block in zip(kinds, text.split("\n\n"), strict=False):
        start = text.index(block, position)
        position = start + len(block)
        found.append(Section(start, position, kind))
    return tuple(found)


HARBOUR = Article(
    id="a1b2c3",
    title="Harbour town swaps ferries for seals",
    text=HARBOUR_TEXT,
    source="news/harbour.txt",
    outlet="The Vell Courier",
    author="Ada Brink",
    published=date(2024, 3, 9),
    sections=sections(HARBOUR_TEXT),
)
HOSTILE = Article(
    id="bad001",
    title="<img src=x onerror=alert(1)> & Co",
    text=HOSTILE_TEXT,
    source="x/<b>.txt",
    sections=sections(HOSTILE_TEXT),
)


def cite(article: Article, words: str, marker: int = 1) -> Citation:
    start = article.text.index(words)
    kind = next(section.kind for section in article.sections if section.start <= start < section.end)
    return Citation(
        marker=marker,
        article_id=article.id,
        title=article.title,
        outlet=article.outlet,
        published=article.published,
        source=article.source,
        kind=kind,
        start=start,
        end=start + len(words),
        quote=words,
    )


def statement(article: Article, words: str, marker: int = 1) -> Statement:
    return Statement(text=words, citations=(cite(article, words, marker),), support=1.0)


def hit(article: Article, words: str, rank: int = 1) -> Hit:
    start = article.text.index(words)
    span = (start, start + len(words))
    passage = Passage(article.id, *span, text=words, kind="body", sentences=(span,))
    return Hit(
        passage, rank, 0.5, article.title, article.outlet, article.published, article.source, dense=0.4, keyword=1.0
    )


SEALS = "In return the neighbouring island sent 12 grey seals, which now live in the old dock."
DOUBLED = "Visitors have doubled since then, the harbour master said."
LAMP = "A museum in Oster has bought a lighthouse lamp from 1871."


def answered(question: str = "How many seals did the island send?") -> Answer:
    return Answer(
        question=question,
        asked=question,
        status="answered",
        short="12 grey seals",
        statements=(statement(HARBOUR, SEALS), statement(HARBOUR, DOUBLED, 2)),
        confidence=0.93,
        trace=Trace(dropped=(Dropped("They sent 13.", "number 13 is not in the quote"),), seconds={"retrieve": 0.04}),
        made_by={"answerer": "extractive 1", "embedder": "fake"},
    )


def refused(question: str = "How many pandas did the island send?") -> Answer:
    return Answer(
        question=question,
        asked=question,
        status="not_found",
        reason="No passage speaks of pandas.",
        confidence=0.2,
        nearest=(hit(HARBOUR, SEALS), hit(HARBOUR, DOUBLED, 2)),
    )


def canned_answer(question: str) -> Answer:
    if "pandas" in question:
        return refused(question)
    if "lamp" in question:
        return replace(
            answered(question),
            statements=(statement(HARBOUR, LAMP),),
            short=None,
            reason="This stands in a sidebar only.",
        )
    if "partly" in question:
        return replace(
            answered(question), status="partly", confidence=0.6, reason="The articles do not say who paid for it."
        )
    if "hostile" in question:
        words = HOSTILE_TEXT
        return replace(
            answered(question), statements=(statement(HOSTILE, words),), short=words, made_by={"answerer": words}
        )
    if "long" in question:
        return replace(answered(question), statements=tuple(statement(HARBOUR, SEALS) for _ in range(60)))
    return answered(question)


class FakeCorpus:
    """Looks like `rag.Corpus` to the faces. `histories` and `filters` hold what each question came with."""

    def __init__(self) -> None:
        self.kept = {article.id: article for article in (HARBOUR, HOSTILE)}
        self.histories: list[list[Any]] = []
        self.filters: list[Filters] = []

    def __len__(self) -> int:
        return len(self.kept)

    def list_articles(self, words: str = "") -> list[ArticleSummary]:
        found = [
            ArticleSummary(one.id, one.title, one.outlet, one.published, (one.source,)) for one in self.kept.values()
        ]
        return sorted((one for one in found if words.casefold() in repr(one).casefold()), key=lambda one: one.title)

    def articles(self) -> Iterator[Article]:
        return iter(sorted(self.kept.values(), key=lambda article: article.id))

    def article(self, article_id: str) -> Article:
        if article_id not in self.kept:
            raise UnknownArticleError(
                f"no article has the id {article_id!r}, expected one of 2. Open it from the list."
            )
        return self.kept[article_id]

    def sources(self) -> dict[str, str]:
        return {one.source: one.id for one in self.kept.values()}

    def remove(self, article_id: str, *, wait: bool = False) -> None:
        self.article(article_id)
        del self.kept[article_id]

    def add(self, articles: list[Article], *, wait: bool = False) -> SimpleNamespace:
        """As the real one: a known text is unchanged, and another one from a known source replaces what it said."""
        added, changed, unchanged = [], [], []
        for article in articles:
            before = [one.id for one in self.kept.values() if one.source == article.source]
            outcome = unchanged if article.id in self.kept else changed if before else added
            outcome.append(article.source)
            for article_id in before:
                del self.kept[article_id]
            self.kept[article.id] = article
        return SimpleNamespace(added=added, unchanged=unchanged, changed=changed, failed=(), notes=())

    def stream(self, question: str, history: Any = (), *, filters: Filters = EVERYTHING) -> Iterator[str | Answer]:
        self.histories.append(list(history))
        self.filters.append(filters)
        if question == "give an error":
            raise CitedeskError("the endpoint <b>refused</b> the key, expected a valid one. Set CITEDESK_CHAT_KEY.")
        if "crash" in question:
            raise ZeroDivisionError("division by zero")
        answer = canned_answer(question)
        for number, one in enumerate(answer.statements):
            yield (" " if number else "") + one.marked
            if "slow" in question:
                time.sleep(0.5 if number < 30 else 0)
        yield answer


@pytest.fixture
def corpus() -> FakeCorpus:
    return FakeCorpus()


@pytest.fixture(scope="module")
def fake_corpus() -> FakeCorpus:
    """One for all tests of a module, for those that serve it."""
    return FakeCorpus()


class Answers:
    """`answers("seals")` is the canned answer; `answers.article` is what it cites."""

    article = HARBOUR

    def __call__(self, question: str) -> Answer:
        return canned_answer(question)


@pytest.fixture
def answers() -> Answers:
    return Answers()


TOKEN = "a-token-for-tests"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@dataclass(frozen=True, slots=True)
class Served:
    """A page that is being served, over which corpus, and a question that it answers."""

    address: str
    question: str
    corpus: Any
    opening: str  # the address with the token

    def visit(self, page: Page) -> None:
        from playwright.sync_api import expect

        page.goto(self.opening)
        expect(page.locator(".cd-library")).to_be_visible()

    def ask(self, page: Page, question: str) -> None:
        """Ask and wait until the answer is complete."""
        from playwright.sync_api import expect

        before = page.locator(".cd-turn").count()
        page.locator("#cd-box textarea").fill(question)
        page.locator("#cd-box textarea").press("Enter")
        expect(page.locator(".cd-turn")).to_have_count(before + 1)
        expect(page.locator("#cd-ask")).to_be_visible()
        expect(page.locator(".cd-waiting")).to_have_count(0)


def in_a_loop(make: Callable[[], Any]) -> Any:
    """Return what is made, inside an event loop: without one, Gradio leaves one behind for each of its locks."""

    async def work() -> Any:
        return make()

    try:
        asyncio.get_running_loop()  # that of Playwright
    except RuntimeError:
        return asyncio.run(work())
    return make()


def serve(corpus: Any, question: str, history: History | None = None, *, api: bool = False) -> Iterator[Served]:
    from ui import app
    from ui.address import HOST

    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    page = in_a_loop(
        lambda: app.page_server(corpus, port=port, token=TOKEN, examples=(question,), history=history, api=api)
    )
    page.start()
    yield Served(f"http://{HOST}:{port}", question, corpus, page.address)
    page.close()


# WCAG contrast under 4.5 of elements that have text of their own, against the nearest painted background behind it.
HARD_TO_READ = """() => {
    const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
    const light = (colour) => colour.slice(0, 3).map((c) => c / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (e) => {
        for (; e; e = e.parentElement) {
            const colour = rgb(getComputedStyle(e).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    return [...document.querySelectorAll('.cd-header *, #cd-desk *')]
        .filter((e) => e.checkVisibility() && !e.matches('.sr-only') && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
        .map((e) => [[light(rgb(getComputedStyle(e).color)), light(behind(e))], `${e.tagName}.${e.className}`])
        .map(([both, where]) => [(Math.max(...both) + 0.05) / (Math.min(...both) + 0.05), where])
        .filter(([contrast]) => contrast < 4.5);
}"""


@pytest.fixture
def hard_to_read(page: Page) -> Callable[[], list[Any]]:
    """Return a look for words on the page that are hard to read: the contrast and the element of each."""
    return lambda: page.evaluate(HARD_TO_READ)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def canned(fake_corpus: Any) -> Iterator[Served]:
    yield from serve(fake_corpus, "How many seals did the island send?")


@pytest.fixture
def page_with_api(request: pytest.FixtureRequest) -> Iterator[Served]:
    """The page of `corpus`, which serves programs as well."""
    yield from serve(request.getfixturevalue("corpus"), "How many animals did Putin give to North Korea?", api=True)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    from rag.conversations.storage import History

    with History.open(tmp_path_factory.mktemp("index")) as history:
        yield history


@pytest.fixture(scope="module")
def kept(fake_corpus: Any, history: History) -> Iterator[Served]:
    """The page with its conversations kept on disk."""
    yield from serve(fake_corpus, "How many seals did the island send?", history)


@pytest.fixture(scope="module")
def real(seeds: Path) -> Iterator[Served]:
    from rag import Corpus

    with Corpus.in_memory() as corpus:
        corpus.add(seeds)
        yield from serve(corpus, "How many animals did Putin give to North Korea?")


@pytest.fixture(params=["canned", "real"])
def served(request: pytest.FixtureRequest) -> Served:
    chosen: Served = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "chromium is not installed, and these tests drive it. Install it, or run pytest -m 'not browser'"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


# What Gradio's client says of its requests that are under way when a page is left or loaded again.
BROKEN_OFF = ("AbortError", "errored out")


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A fresh visitor, wide and light unless the test is parametrized with `look`; watched for requests and errors."""
    from playwright.sync_api import expect

    look: dict[str, Any] = {"viewport": {"width": 1360, "height": 860}}
    if "look" in request.fixturenames:
        look |= request.getfixturevalue("look")
    visitor = browser.new_context(**look)
    page = visitor.new_page()
    patience = 1000 * float(os.environ.get("PAGE_SECONDS", "30"))
    page.set_default_timeout(patience)
    expect.set_options(timeout=patience)
    requests: list[str] = []
    errors: list[str] = []
    visits: list[str] = []
    page.on("framenavigated", lambda frame: visits.append(frame.url))
    page.on("request", lambda sent: requests.append(sent.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("dialog", lambda dialog: errors.append("a dialog opened"))
    yield page
    if folder := os.environ.get("PAGE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{request.node.name}.png")
    visitor.close()
    outside = [url for url in requests if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))]
    assert outside == []
    assert len(requests) > 3
    if len(visits) > 1:
        errors = [error for error in errors if not any(words in error for words in BROKEN_OFF)]
    assert errors == [], "\n\n".join(errors)
