"""How long a telephone waits for the page of an index of ten thousand articles: first paint, list, scrolling, turning over.

`python -m eval.benchmarks.long_list`. The page is served by a process of its own, with fakes in the place of the models,
and opened in headless Chromium: 390 pixels wide, and with a processor that is held back as often as said.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import httpx
import typer

from rag import Corpus
from rag.errors import CitedeskError
from rag.serialization import to_plain
from rag.settings import Settings

from ..cli import told
from ..provenance import surroundings
from ..report import write_json
from .load import FAKES, START_SECONDS, environment_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

app = typer.Typer(add_completion=False)

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
PHONE = {"width": 390, "height": 844}
PATIENCE = 300_000  # milliseconds
# Frames while the whole page is scrolled through in steps: the longest gap between two of them, in milliseconds.
SCROLL = """async () => {
    let longest = 0, before = performance.now();
    for (let at = 0; at < document.body.scrollHeight; at += 200) {
        scrollTo({ top: at, behavior: 'instant' });
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        longest = Math.max(longest, now - before);
        before = now;
    }
    return longest;
}"""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a reader with a telephone waits for, in seconds, and how many elements the page has."""

    articles: int
    slowed: float
    first_paint: float | None
    list_shown: float  # from opening the address
    elements: int
    longest_frame: float  # while the page is scrolled from top to bottom
    turned: float  # from pressing "Next" to the next page of the list
    filtered: float  # from typing to the shorter list


@contextmanager
def page_served(folder: Path) -> Iterator[str]:
    """Serve the page over an index in a process of its own; gives the address that opens it.

    Raises:
        CitedeskError: it does not start.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_urlsafe(16)
    command = [sys.executable, "-m", "ui", "chat", "--index", str(folder), "--port", str(port)]
    environment = os.environ | environment_of(FAKES) | {"CITEDESK_TOKEN": token}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
    address = f"http://127.0.0.1:{port}/?token={token}"
    until = time.monotonic() + START_SECONDS
    try:
        while not _answers(address):
            if time.monotonic() > until or process.poll() is not None:
                raise CitedeskError(f"the page did not start within {START_SECONDS:g} s, expected it. See above.")
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, follow_redirects=False).status_code < 400
    except httpx.TransportError:
        return False


def measure(address: str, *, articles: int, slowed: float) -> Waiting:
    """Return what is waited for on a telephone whose processor is `slowed` times as slow as this machine's.

    Raises:
        CitedeskError: Chromium is not installed.
    """
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise CitedeskError("chromium is not installed, and this measures with it. Install it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(PATIENCE)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowed})
        try:
            return _measured(page, address, articles=articles, slowed=slowed)
        finally:
            browser.close()


def _measured(page: Page, address: str, *, articles: int, slowed: float) -> Waiting:
    count = page.locator(".cd-count")
    began = time.monotonic()
    page.goto(address)
    count.wait_for()
    shown = time.monotonic() - began
    paint = page.evaluate(PAINT)
    elements = page.locator("#cd-desk *").count()
    longest = page.evaluate(SCROLL)
    began = time.monotonic()
    page.get_by_role("button", name="Next").click()
    page.locator(".cd-count", has_text="page 2 of").wait_for()
    turned = time.monotonic() - began
    began = time.monotonic()
    page.get_by_label("Filter the articles").fill(f"Story {articles - 1:05}")
    page.locator(".cd-count", has_text=f"1 of {articles:,}").wait_for()
    filtered = time.monotonic() - began
    return Waiting(
        articles=articles,
        slowed=slowed,
        first_paint=paint / 1000 if paint is not None else None,
        list_shown=shown,
        elements=elements,
        longest_frame=longest / 1000,
        turned=turned,
        filtered=filtered,
    )


def lines(met: Waiting) -> Iterator[str]:
    """Yield what was met, in words."""
    paint = "untold" if met.first_paint is None else f"{met.first_paint:.2f} s"
    yield f"{met.articles:,} articles, 390 pixels wide, a processor {met.slowed:g} times as slow"
    yield f"first paint after {paint}, the list after {met.list_shown:.2f} s, with {met.elements:,} elements"
    yield f"longest frame while scrolling from top to bottom: {met.longest_frame * 1000:.0f} ms"
    yield f"the next page of the list after {met.turned:.2f} s, the one article that is typed after {met.filtered:.2f} s"


@app.command()
def main(
    articles: Annotated[int, typer.Option(min=100, help="How many articles the index has.")] = 10_000,
    slowed: Annotated[float, typer.Option(min=1.0, help="How many times slower than here the processor is.")] = 4.0,
    out: Annotated[Path | None, typer.Option(help="A folder for the figures.")] = None,
) -> None:
    """Make an index of so many articles, open its page as a telephone would, and say what is waited for."""
    with told(), TemporaryDirectory() as kept:
        folder = Path(kept) / "index"
        with Corpus.create(folder, Settings.from_environment(environment_of(FAKES))) as corpus:
            corpus.add(
                {"title": f"Story {number:05}", "text": f"Town {number} has {number} seals.", "source": f"{number}.txt"}
                for number in range(articles)
            )
        with page_served(folder) as address:
            met = measure(address, articles=articles, slowed=slowed)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_json(out / "long_list.json", {"figures": to_plain(met)} | surroundings(Settings()))
    typer.echo("\n".join(lines(met)))


if __name__ == "__main__":
    app()
