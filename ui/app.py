"""The page: a chat, and beside it the articles. The only file that imports gradio (several seconds)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.corpus import Corpus
from rag.errors import CitedeskError
from rag.reading import FORMATS
from rag.schema import Answer

from . import render, uploads
from .address import HOST, check_port
from .render import Turn

_HERE = Path(__file__).parent
_SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
_MONO_FONTS = ("ui-monospace", "Consolas", "monospace")
# Gradio's templates need inline code and `Function`; what matters is that no other host can be reached.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
)
_SCROLL_TO_MARK = """() => requestAnimationFrame(() => setTimeout(() => {
    const panel = document.querySelector('#cd-panel');
    const mark = panel.querySelector('mark[data-first]');
    panel.scrollTop = mark ? panel.scrollTop : 0;
    (mark ?? panel).scrollIntoView({ block: mark ? 'center' : 'start', behavior: 'smooth' });
    if (document.activeElement.matches('.cd-chosen:focus-visible')) mark?.focus({ preventScroll: true });
}, 50))"""

_SAME = (gr.skip(), gr.skip(), gr.skip())  # question box and buttons as they are

logger = logging.getLogger(__name__)


def build_app(corpus: Corpus, *, examples: Sequence[str] = ()) -> gr.Blocks:
    """Return the page for a corpus. `examples` are questions offered before the first one is asked."""
    page = Page(corpus, examples)
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    app = gr.Blocks(title="Citedesk", analytics_enabled=False, delete_cache=(600, 600), fill_width=True)
    with app:
        turns = gr.State(())
        gr.HTML(render.HEADER, js_on_load=None, apply_default_css=False)
        with gr.Row(elem_id="cd-desk", equal_height=False):
            with gr.Column(scale=3, min_width=320, elem_id="cd-chat"):
                talk = gr.HTML(
                    render.conversation((), examples=examples),
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
                    report = gr.HTML(js_on_load=None, apply_default_css=False, elem_id="cd-report")
                    upload = gr.UploadButton(
                        "Add articles",
                        file_count="multiple",
                        file_types=[ending for known in FORMATS for ending in known.endings if ending],
                        size="sm",
                        elem_id="cd-upload",
                    )

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        asking = gr.on(
            [ask.click, box.submit, talk.submit],
            page.respond,
            [box, turns],
            [talk, turns, box, ask, stop],
            concurrency_limit=2,
            trigger_mode="once",
            **quiet,
        )
        stop.click(None, cancels=[asking], api_visibility="private")
        # Runs after the answer's last piece as after a stop; only then does Gradio take the next question.
        asking.then(page.finish, [turns], [talk, turns, ask, stop], **quiet)
        for component in (talk, panel):
            opened = component.select(page.open_article, None, panel, trigger_mode="multiple", **quiet)
            opened.then(None, js=_SCROLL_TO_MARK, api_visibility="private")
        panel.list(page.list_articles, words, panel, **quiet)
        # Not `input`, which Gradio does not raise when the field is emptied.
        words.change(page.list_articles, words, panel, trigger_mode="always_last", **quiet)
        upload.upload(page.add_files, [upload, words], [report, panel], concurrency_limit=1, api_visibility="private")
        app.load(page.list_articles, words, panel, **quiet)
    return app


def serve(corpus: Corpus, *, port: int, examples: Sequence[str] = (), wait: bool = True) -> gr.Blocks:
    """Serve the page on the loopback address; returns when the server is stopped, or at once without `wait`.

    Raises:
        CitedeskError: the port is taken.
    """
    check_port(port)
    app = build_app(corpus, examples=examples)
    app.queue(api_open=False, max_size=64)
    app.launch(
        server_name=HOST,
        server_port=port,
        share=False,
        quiet=True,
        prevent_thread_lock=not wait,
        footer_links=[],
        run_history=False,  # it would keep questions and article text in the browser after they are deleted here
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        max_file_size="100mb",
        state_session_capacity=200,
        favicon_path=_HERE / "icon.svg",
        theme=gr.themes.Base(font=_SYSTEM_FONTS, font_mono=_MONO_FONTS, primary_hue="teal", neutral_hue="stone"),
        # Not `css`: Gradio rewrites selectors there, and breaks those with a comma in brackets.
        head=f"<style>{(_HERE / 'page.css').read_text(encoding='utf-8')}</style>",
        app_kwargs={"middleware": _middleware(), "docs_url": None, "redoc_url": None},
    )
    return app


class Page:
    """What the events of the page do with the corpus. Holds nothing of a visitor: turns come in and go out."""

    def __init__(self, corpus: Corpus, examples: Sequence[str] = ()) -> None:
        self._corpus = corpus
        self._examples = tuple(examples)

    def respond(self, typed: str, turns: tuple[Turn, ...], event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """Stream the answer to what was typed, or to the example that was pressed."""
        question = _payload(event).get("question", typed).strip()
        if not question:
            yield self._shown(turns), turns, *_SAME
            return
        history = [(turn.question, turn.answer) for turn in turns if turn.answer is not None]
        turn = Turn(question)
        yield self._shown((*turns, turn)), (*turns, turn), "", gr.Button(visible=False), gr.Button(visible=True)
        try:
            for part in self._corpus.stream(question, history=history):
                if isinstance(part, Answer):
                    turn = Turn(question, answer=part)
                else:
                    turn = Turn(question, partial=turn.partial + part)
                yield self._shown((*turns, turn)), (*turns, turn), *_SAME
        except CitedeskError as error:
            turn = Turn(question, error=str(error))
        except Exception as error:  # whatever it is, the visitor must see that there is no answer; the log says where
            logger.exception("answering failed")
            turn = Turn(question, error=f"{type(error).__name__}: {error}. The log of the program says where.")
        yield self._shown((*turns, turn)), (*turns, turn), *_SAME

    def finish(self, turns: tuple[Turn, ...]) -> tuple[Any, ...]:
        """Change the buttons back; an answer that is not complete by now was stopped, and is marked so."""
        buttons = (gr.Button(visible=True), gr.Button(visible=False))
        if not turns or turns[-1].answer is not None or turns[-1].error is not None:
            return gr.skip(), gr.skip(), *buttons
        turns = (*turns[:-1], Turn(turns[-1].question, partial=turns[-1].partial, stopped=True))
        return self._shown(turns), turns, *buttons

    def open_article(self, event: gr.EventData) -> str:
        """Return the article of the footnote or title that was pressed, its words highlighted."""
        wanted = _payload(event)
        try:
            article = self._corpus.article(wanted.get("article", ""))
        except CitedeskError as error:
            return render.WAYS_BACK + render.error(str(error))
        start, end = wanted.get("start", ""), wanted.get("end", "")
        if not (start.isdecimal() and end.isdecimal()):
            return render.article(article)
        return render.article(article, start=int(start), end=int(end))

    def list_articles(self, words: str) -> str:
        """Return the list of the articles that the words name; of all without any."""
        try:
            return render.article_list(self._corpus.listed(words), total=len(self._corpus))
        except CitedeskError as error:
            return render.error(str(error))

    def add_files(self, paths: list[str] | None, words: str) -> tuple[str, str]:
        """Add the uploaded files and return what became of each, and the new list."""
        outcomes = uploads.add(self._corpus, [Path(path) for path in paths or ()])
        return render.upload_report(outcomes), self.list_articles(words)

    def _shown(self, turns: tuple[Turn, ...]) -> str:
        return render.conversation(turns, examples=self._examples)


def _payload(event: gr.EventData) -> dict[str, str]:
    """Return what the script sent with the event, text only; empty for an event that Gradio itself raised."""
    data = event._data
    return {name: value for name, value in data.items() if isinstance(value, str)} if isinstance(data, dict) else {}


def _middleware() -> list[Middleware]:
    # A name of someone else's that leads to this machine (DNS rebinding) must not open the page to their script.
    return [Middleware(_PolicyHeaders), Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])]


class _PolicyHeaders:
    """Tells the browser to load nothing from another host, whatever a later version of Gradio puts into its page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"content-security-policy", _POLICY.encode()),
                    (b"referrer-policy", b"no-referrer"),
                    (b"x-content-type-options", b"nosniff"),
                ]
            await send(message)

        await self._app(scope, receive, send_with_policy if scope["type"] == "http" else send)
