"""The page: a chat, and beside it the articles. It and `events.py` alone import gradio (several seconds)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gradio as gr
from fastapi import FastAPI

from rag.conversations.storage import History
from rag.corpus import Corpus
from rag.rendering.words import only_label

from . import render, render_shelf
from .address import HOST, LOOPBACK, check_port
from .beside import Beside, lifespan_of
from .door import Door, Rules, hosts_of
from .events import Page, told
from .fair_queue import FairQueue
from .http_server import Server
from .security import PolicyHeaders
from .temporary import PrivateFolder

LOOKS_AT_ONCE = 8  # of each kind: lists and articles are quick, and never wait behind a question
DRAWN_AT_ONCE = 2  # pages of PDF, each by a process of its own
UPLOADS_AT_ONCE = 4  # of different visitors
MOST_EVENTS = 400  # of all visitors at once, those in which a question waits its turn among them
MOST_SESSIONS = 400  # whose conversations are in memory
_HERE = Path(__file__).parent
_SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
_MONO_FONTS = ("ui-monospace", "Consolas", "monospace")
_SCROLL_TO_MARK = """() => requestAnimationFrame(() => setTimeout(() => {
    const panel = document.querySelector('#cd-panel');
    const mark = panel.querySelector('mark[data-first]');
    panel.scrollTop = mark ? panel.scrollTop : 0;
    (mark ?? panel).scrollIntoView({ block: mark ? 'center' : 'start', behavior: 'smooth' });
    if (document.activeElement?.matches('.cd-chosen:focus-visible')) mark?.focus({ preventScroll: true });
}, 50))"""

# The button that was pressed goes, and must not take the keyboard's place with it; under a finger it would call a keyboard up.
_TO_THE_BOX = """() => {
    if (matchMedia('(hover: hover)').matches) document.querySelector('#cd-box textarea').focus({ preventScroll: true });
}"""

# Gradio shows whether the choice of articles is unfolded, but does not say so to those who do not see it. On a slow
# machine the page says that it is loaded before the line is there.
_SAY_UNFOLDED = """() => requestAnimationFrame(function say() {
    const line = document.querySelector('#cd-only > button');
    if (line) line.ariaExpanded = line.matches('.open');
    else requestAnimationFrame(say);
})"""

# What was prepared on the server goes into a file of the browser's, so that no copy of it lies about in a folder here.
_SAVE = """(text) => {
    if (!text) return;
    const { name, content, error } = JSON.parse(text);
    if (error) { document.querySelector('.cd-said').textContent = error; return; }
    const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
    const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob([bytes])), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}"""

# The browser's own calendar, for pointer and keyboard alike: Gradio's has no name for the one nor keys for the other.
# The fields come and go with the line that unfolds.
_PICK_DAYS = """() => requestAnimationFrame(function begin() {
    const line = document.querySelector('#cd-only');
    if (!line) { requestAnimationFrame(begin); return; }
    const pick = () => line.querySelectorAll('.cd-day input[type=text]').forEach((field) => { field.type = 'date'; });
    new MutationObserver(pick).observe(line, { childList: true, subtree: true });
    pick();
})"""

# A field for a day has a value from the start: one that was never unfolded would send None.
_DAY: dict[str, Any] = {"value": "", "max_lines": 1, "max_length": 40, "min_width": 150, "elem_classes": "cd-day"}


def build_app(
    corpus: Corpus,
    *,
    examples: Sequence[str] | None = None,
    history: History | None = None,
    queue: FairQueue | None = None,
) -> gr.Blocks:
    """Return the page for a corpus. `examples` are questions offered before the first one is asked; without, some are
    made from its articles.

    Conversations are kept in the `history`; without one, nothing is kept but for a reload. Questions wait in the `queue`.
    """
    page = Page(corpus, examples, history, queue)
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    app = gr.Blocks(title="Citedesk", analytics_enabled=False, delete_cache=(600, 600), fill_width=True)
    with app:
        turns, tab = gr.State(()), gr.State("")
        ticked, order, file = gr.State(()), gr.State("title"), gr.Textbox(visible=False)
        outcomes = gr.State(())
        gr.HTML(render.HEADER, js_on_load=None, apply_default_css=False)
        with gr.Row(elem_id="cd-desk", equal_height=False):
            # Not there at all without a history: nothing of it is to be pressed.
            with gr.Column(scale=0, min_width=220, elem_id="cd-kept", visible=history is not None):
                gr.HTML(render_shelf.FOLD, js_on_load=script, apply_default_css=False, elem_id="cd-fold")
                looked = gr.Textbox(
                    placeholder="Search conversations",
                    label="Search conversations",
                    show_label=False,
                    container=False,
                    max_lines=1,
                    scale=0,
                    elem_id="cd-looked",
                )
                shelf = gr.HTML(js_on_load=script, apply_default_css=False, elem_id="cd-shelf")
            with gr.Column(scale=3, min_width=320, elem_id="cd-chat"):
                talk = gr.HTML(
                    page.shelf.shown(()),
                    js_on_load=script,
                    apply_default_css=False,
                    elem_id="cd-talk",
                )
                with gr.Row(elem_id="cd-composer", equal_height=True):
                    box = gr.Textbox(
                        placeholder="Ask a question",
                        label="Question",
                        show_label=False,
                        container=False,
                        max_lines=6,
                        scale=1,
                        elem_id="cd-box",
                    )
                    ask = gr.Button("Ask", variant="primary", scale=0, min_width=84, elem_id="cd-ask")
                    stop = gr.Button("Stop", variant="stop", scale=0, min_width=84, visible=False, elem_id="cd-stop")
                    with gr.Accordion(only_label(""), open=False, elem_id="cd-only") as only:
                        with gr.Row():
                            first = gr.Textbox(label="From", **_DAY)
                            last = gr.Textbox(label="To", **_DAY)
                            outlets = gr.Dropdown(label="Outlets", multiselect=True, scale=2, min_width=240)
                        gr.HTML(render.UNDATED, js_on_load=None, apply_default_css=False)
                    new = gr.Button("New conversation", size="sm", scale=0, min_width=0, elem_id="cd-new")
            with gr.Column(scale=2, min_width=320, elem_id="cd-side"):
                words = gr.Textbox(
                    placeholder="Filter by title, outlet or file",
                    label="Filter the articles",
                    show_label=False,
                    container=False,
                    max_lines=1,
                    scale=0,
                    elem_id="cd-filter",
                )
                panel = gr.HTML(js_on_load=script, apply_default_css=False, elem_id="cd-panel")
                with gr.Row(elem_id="cd-add"):
                    report = gr.HTML(js_on_load=script, apply_default_css=False, elem_id="cd-report")
                    upload = gr.UploadButton(  # no `file_types`: Gradio would pass over the others without a word
                        "Add articles",
                        file_count="multiple",
                        size="sm",
                        elem_id="cd-upload",
                    )
                    cancel = gr.Button("Cancel", size="sm", visible=False, elem_id="cd-cancel")

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        # Before what else these do: Gradio would wait for its end.
        gr.on([ask.click, talk.submit, stop.click, new.click], None, js=_TO_THE_BOX, api_visibility="private")
        asking = gr.on(
            [ask.click, box.submit, talk.submit],
            page.respond_in_turn,
            [box, turns, first, last, outlets, tab, ticked],
            [talk, turns, box, ask, stop],
            concurrency_limit=None,  # they wait in a queue of ours, which is fair
            trigger_mode="once",
            **quiet,
        )
        stop.click(None, cancels=[asking], api_visibility="private")
        # Runs after the answer's last piece as after a stop; only then does Gradio take the next question.
        ended = asking.then(page.finish, [turns, tab], [talk, turns, ask, stop], **quiet)
        resumed = talk.resume(page.resume, None, [talk, turns, tab], **quiet)
        begun = new.click(page.clear, tab, [talk, turns, tab], **quiet)
        gr.on(
            [first.change, last.change, outlets.change, ticked.change],
            page.label_only,
            [first, last, outlets, ticked],
            only,
            trigger_mode="always_last",
            **quiet,
        )
        gr.on([app.load, only.expand, only.collapse], None, js=_SAY_UNFOLDED, api_visibility="private")
        app.load(None, js=_PICK_DAYS, api_visibility="private")
        for component in (talk, panel):
            opened = component.select(page.open_article, None, panel, trigger_mode="multiple", **quiet)
            opened.then(None, js=_SCROLL_TO_MARK, api_visibility="private")
        drawn = panel.sheet(page.open_page, None, panel, concurrency_limit=DRAWN_AT_ONCE, **quiet)
        drawn.then(None, js=_SCROLL_TO_MARK, api_visibility="private")
        listing: dict[str, Any] = {"fn": page.list_articles, "inputs": [words, order], "outputs": panel} | quiet
        panel.list(page.turn_to, [words, order], panel, **quiet)
        # Not `input`, which Gradio does not raise when the field is emptied.
        words.change(**listing, trigger_mode="always_last")
        panel.sort(page.sort, None, order, **quiet).then(**listing)
        panel.tick(page.tick, None, ticked, trigger_mode="always_last", **quiet)
        panel.withdraw(
            page.withdraw, [turns, words, order], [report, panel, talk, turns], trigger_mode="multiple", **quiet
        ).then(page.list_outlets, None, outlets, **quiet)
        report.undo(page.undo, [turns, tab, words, order], [report, panel, talk, turns], **quiet).then(
            page.list_outlets, None, outlets, **quiet
        )
        adding = upload.upload(
            page.add_files, upload, [report, outcomes, upload, cancel], concurrency_limit=UPLOADS_AT_ONCE, **quiet
        )
        cancel.click(page.cancel_adding, None, cancel, **quiet)
        added = adding.then(
            page.finish_adding, [outcomes, words, order], [report, panel, outcomes, upload, cancel], **quiet
        )
        added.then(page.list_outlets, None, outlets, **quiet).then(page.suggest, turns, talk, **quiet)
        for component in (talk, shelf, panel):
            saving = component.save(told(page.shelf.saved), turns, file, trigger_mode="multiple", **quiet)
            saving.then(None, file, None, js=_SAVE, api_visibility="private")
        app.load(**listing)
        app.load(page.list_outlets, None, outlets, **quiet)
        if history is not None:
            shelving: dict[str, Any] = {"fn": page.shelf.listed, "inputs": [looked, tab], "outputs": shelf} | quiet
            recalled = shelf.recall(told(page.shelf.recalled), [tab, turns], [talk, turns, tab], **quiet)
            erased = shelf.erase(told(page.shelf.erased), [tab, turns], [talk, turns, tab], **quiet)
            pinned = talk.pin(told(page.shelf.pinned), [turns, tab], [talk, turns, report], **quiet)
            unpinned = panel.unpin(told(page.shelf.unpinned), turns, [panel, talk, turns], **quiet)
            for done in (ended, resumed, begun, recalled, erased, pinned, unpinned):
                done.then(**shelving)
            looked.change(**shelving, trigger_mode="always_last")
            shelf.list(told(page.shelf.turned), [looked, tab], shelf, **quiet)
            shelf.rename(told(page.shelf.renamed), [looked, tab], shelf, **quiet)
            talk.judge(told(page.shelf.judged), [turns, tab], [talk, turns, report], **quiet)
            shelf.notes(page.shelf.noted, None, panel, **quiet)
    return app


class ServedPage:
    """A page that is being served. `address` opens it: the token is in it."""

    def __init__(self, server: Server, folder: PrivateFolder, address: str) -> None:
        self.address = address
        self._server = server
        self._folder = folder

    def run(self) -> None:
        """Serve until Ctrl+C."""
        with self._folder:
            self._server.run()

    def start(self) -> None:
        """Serve in a thread, until `close`."""
        self._server.start()

    def close(self) -> None:
        self._server.close()
        self._folder.remove()


def page_server(
    corpus: Corpus,
    *,
    port: int,
    token: str | None,
    host: str = HOST,
    names: tuple[str, ...] = (),
    examples: Sequence[str] | None = None,
    history: History | None = None,
    api: bool = False,
) -> ServedPage:
    """Return the page for a corpus, ready to be served. Without a token, whoever is on this machine may open it.

    Conversations are kept in the `history`; without one, nothing is. With `api`, the address serves programs, too.

    Raises:
        CitedeskError: the port is taken.
    """
    check_port(port, host)
    folder = PrivateFolder("GRADIO_TEMP_DIR")  # which the page reads when it is built
    hosts, any_address = hosts_of(host, port, names), host not in LOOPBACK
    queue = FairQueue()
    programs = None
    if api:
        from .api.app import api_rules, build_api  # an extra

        programs = build_api(corpus, api_rules(hosts, token, any_address=any_address), queue=queue)
    app = build_app(corpus, examples=examples, history=history, queue=queue)
    app.max_threads = MOST_EVENTS
    app.state_session_capacity = MOST_SESSIONS
    app.queue(api_open=False, max_size=MOST_EVENTS, default_concurrency_limit=LOOKS_AT_ONCE)
    outer = gr.mount_gradio_app(
        FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan_of(programs)),
        app,
        path="/",
        footer_links=[],
        run_history=False,  # it would keep questions and article text in the browser after they are deleted here
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        show_error=False,
        max_file_size="100mb",
        favicon_path=str(_HERE / "icon.svg"),
        theme=gr.themes.Base(font=_SYSTEM_FONTS, font_mono=_MONO_FONTS, primary_hue="teal", neutral_hue="stone"),
        # Not `css`: Gradio rewrites selectors there, and breaks those with a comma in brackets.
        head=f"<style>{(_HERE / 'page.css').read_text(encoding='utf-8')}</style>",
        app_kwargs={"docs_url": None, "redoc_url": None},
    )
    rules = Rules(
        hosts=hosts,
        token=token,
        any_address=any_address,
        cookie=f"citedesk-{port}",
        body_megabytes=2,  # what is typed, and the state of a page's fields
        uploads="/gradio_api/upload",
    )
    page = PolicyHeaders(Door(outer, rules))
    server = Server(Beside(page, programs) if programs else page, host=host, port=port)
    return ServedPage(server, folder, f"http://{host}:{port}/" + (f"?token={quote(token)}" if token else ""))
