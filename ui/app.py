"""The page: a chat, and beside it the articles. The only file that imports gradio (several seconds)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.corpus import Corpus
from rag.errors import CitedeskError, QuestionError, UnknownArticleError
from rag.filters import Filters
from rag.loading import FORMATS
from rag.schema import Answer

from . import plain, render, uploads
from .address import HOST, check_port
from .render import Turn
from .sessions import Conversations

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
    if (document.activeElement?.matches('.cd-chosen:focus-visible')) mark?.focus({ preventScroll: true });
}, 50))"""

# The button that was pressed goes, and must not take the keyboard's place with it; under a finger it would call a keyboard up.
_TO_THE_BOX = """() => {
    if (matchMedia('(hover: hover)').matches) document.querySelector('#cd-box textarea').focus({ preventScroll: true });
}"""

# Gradio shows whether the choice of articles is unfolded, but does not say so to those who do not see it.
_SAY_UNFOLDED = """() => requestAnimationFrame(() => {
    const line = document.querySelector('#cd-only > button');
    line.ariaExpanded = line.matches('.open');
})"""

# A field for a day has a value from the start: one that was never unfolded would send None.
_DAY: dict[str, Any] = {"value": "", "placeholder": "YYYY-MM-DD", "max_lines": 1, "max_length": 40, "min_width": 110}
GONE = "An article that this answer quoted has been removed or changed since. Ask again."
_SAME = (gr.skip(), gr.skip(), gr.skip())  # question box and buttons as they are

logger = logging.getLogger(__name__)


def build_app(corpus: Corpus, *, examples: Sequence[str] = ()) -> gr.Blocks:
    """Return the page for a corpus. `examples` are questions offered before the first one is asked."""
    page = Page(corpus, examples)
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    app = gr.Blocks(title="Citedesk", analytics_enabled=False, delete_cache=(600, 600), fill_width=True)
    with app:
        turns, tab = gr.State(()), gr.State("")
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
                    with gr.Accordion(plain.only_label(""), open=False, elem_id="cd-only") as only:
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
                    report = gr.HTML(js_on_load=None, apply_default_css=False, elem_id="cd-report")
                    upload = gr.UploadButton(
                        "Add articles",
                        file_count="multiple",
                        file_types=[ending for known in FORMATS for ending in known.endings if ending],
                        size="sm",
                        elem_id="cd-upload",
                    )

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        # Before what else these do: Gradio would wait for its end.
        gr.on([ask.click, talk.submit, stop.click, new.click], None, js=_TO_THE_BOX, api_visibility="private")
        asking = gr.on(
            [ask.click, box.submit, talk.submit],
            page.respond,
            [box, turns, first, last, outlets, tab],
            [talk, turns, box, ask, stop],
            concurrency_limit=2,
            trigger_mode="once",
            **quiet,
        )
        stop.click(None, cancels=[asking], api_visibility="private")
        # Runs after the answer's last piece as after a stop; only then does Gradio take the next question.
        asking.then(page.finish, [turns, tab], [talk, turns, ask, stop], **quiet)
        talk.resume(page.resume, None, [talk, turns, tab], **quiet)
        new.click(page.clear, tab, [talk, turns], **quiet)
        gr.on(
            [first.change, last.change, outlets.change],
            page.label_only,
            [first, last, outlets],
            only,
            trigger_mode="always_last",
            **quiet,
        )
        gr.on([app.load, only.expand, only.collapse], None, js=_SAY_UNFOLDED, api_visibility="private")
        for component in (talk, panel):
            opened = component.select(page.open_article, None, panel, trigger_mode="multiple", **quiet)
            opened.then(None, js=_SCROLL_TO_MARK, api_visibility="private")
        panel.list(page.list_articles, words, panel, **quiet)
        # Not `input`, which Gradio does not raise when the field is emptied.
        words.change(page.list_articles, words, panel, trigger_mode="always_last", **quiet)
        adding = upload.upload(
            page.add_files, [upload, words], [report, panel], concurrency_limit=1, api_visibility="private"
        )
        adding.then(page.list_outlets, None, outlets, **quiet)
        app.load(page.list_articles, words, panel, **quiet)
        app.load(page.list_outlets, None, outlets, **quiet)
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
    """What the events of the page do with the corpus. Turns come in and go out; they are kept only for a reload."""

    def __init__(self, corpus: Corpus, examples: Sequence[str] = ()) -> None:
        self._corpus = corpus
        self._examples = tuple(examples)
        self._kept = Conversations()

    def resume(self, event: gr.EventData) -> tuple[Any, ...]:
        """Return what was said in this tab before it was reloaded; an answer that came no more was stopped."""
        tab = _payload(event).get("tab", "")
        turns = self._kept.of(tab)
        if not turns:
            return gr.skip(), gr.skip(), tab
        turns = tuple(map(self._checked, _ended(turns)))
        self._kept.keep(tab, turns)
        return self._shown(turns), turns, tab

    def _checked(self, turn: Turn) -> Turn:
        """Return the turn, without its answer when an article that it quotes is gone."""
        if turn.answer is None:
            return turn
        quoted = [one.article_id for one in turn.answer.citations]
        quoted += [hit.passage.article_id for hit in turn.answer.nearest]
        try:
            for article_id in dict.fromkeys(quoted):
                self._corpus.article(article_id)
        except UnknownArticleError:
            return replace(turn, answer=None, error=GONE)
        except CitedeskError as error:
            return replace(turn, answer=None, error=str(error))
        return turn

    def clear(self, tab: str) -> tuple[Any, ...]:
        """Forget what was said in this tab, and show the welcome."""
        self._kept.keep(tab, ())
        return self._shown(()), ()

    def respond(
        self,
        typed: str,
        turns: tuple[Turn, ...],
        event: gr.EventData,
        first: str = "",
        last: str = "",
        outlets: Sequence[str] = (),
        tab: str = "",
    ) -> Iterator[tuple[Any, ...]]:
        """Stream the answer to what was typed, or to the example that was pressed, from the articles chosen."""
        question = _payload(event).get("question", typed).strip()
        if not question:
            yield self._shown(turns), turns, *_SAME
            return
        history = [(turn.question, turn.answer) for turn in turns if turn.answer is not None]
        try:
            filters = _filters(first, last, outlets)
        except QuestionError as error:
            turns = (*turns, Turn(question, error=str(error)))
            yield self._shown(turns), turns, question, *_SAME[1:]  # it waits in the box to be asked again
            return
        only = render.only(first, last, outlets)
        turn = Turn(question, only=only)
        self._kept.keep(tab, (*turns, turn))
        yield self._shown((*turns, turn)), (*turns, turn), "", gr.Button(visible=False), gr.Button(visible=True)
        try:
            for part in self._corpus.stream(question, history=history, filters=filters):
                if isinstance(part, Answer):
                    turn = Turn(question, answer=part, only=only)
                else:
                    turn = Turn(question, partial=turn.partial + part, only=only)
                yield self._shown((*turns, turn)), (*turns, turn), *_SAME
        except CitedeskError as error:
            turn = Turn(question, error=str(error), only=only)
        except Exception as error:  # whatever it is, the visitor must see that there is no answer; the log says where
            logger.exception("answering failed")
            words = f"{type(error).__name__}: {error}. The log of the program says where."
            turn = Turn(question, error=words, only=only)
        yield self._shown((*turns, turn)), (*turns, turn), *_SAME

    def finish(self, turns: tuple[Turn, ...], tab: str = "") -> tuple[Any, ...]:
        """Change the buttons back, and keep the turns; an answer that is not complete by now was stopped."""
        buttons = (gr.Button(visible=True), gr.Button(visible=False))
        ended = _ended(turns)
        self._kept.keep(tab, ended)
        if ended == turns:
            return gr.skip(), gr.skip(), *buttons
        return self._shown(ended), ended, *buttons

    def label_only(self, first: str, last: str, outlets: Sequence[str]) -> gr.Accordion:
        """Return the line that unfolds, saying which articles are chosen, also while it is folded."""
        return gr.Accordion(label=plain.only_label(render.only(first, last, outlets)))

    def list_outlets(self) -> Any:
        """Return the outlets that can be chosen."""
        try:
            outlets = sorted({one.outlet for one in self._corpus.list_articles() if one.outlet})
        except CitedeskError:  # stands in the place of the list of articles
            return gr.skip()
        return gr.Dropdown(choices=outlets, label="Outlets" if outlets else "Outlets (no article names one)")

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
            return render.article_list(self._corpus.list_articles(words), total=len(self._corpus))
        except CitedeskError as error:
            return render.error(str(error))

    def add_files(self, paths: list[str] | None, words: str) -> tuple[str, str]:
        """Add the uploaded files and return what became of each, and the new list."""
        outcomes = uploads.add(self._corpus, [Path(path) for path in paths or ()])
        return render.upload_report(outcomes), self.list_articles(words)

    def _shown(self, turns: tuple[Turn, ...]) -> str:
        return render.conversation(turns, examples=self._examples)


def _ended(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Return the turns, the last one marked as stopped if its answer is not complete."""
    if not turns or turns[-1].answer is not None or turns[-1].error is not None:
        return turns
    return (*turns[:-1], replace(turns[-1], stopped=True))


def _filters(first: str, last: str, outlets: Sequence[str]) -> Filters:
    after, before = _day(first.strip(), "From"), _day(last.strip(), "To")
    if after and before and after > before:
        raise QuestionError(
            f"From {after} is after To {before}, expected the earlier day in From. Change one of them or empty it."
        )
    return Filters(after, before, tuple(outlets) or None)


def _day(typed: str, field: str) -> date | None:
    if not typed:
        return None
    try:
        return datetime.strptime(typed, "%Y-%m-%d").date()
    except ValueError as error:
        raise QuestionError(
            f"{field} says {typed!r}, expected a day such as 2024-05-31. Change it or empty the field, and ask again."
        ) from error


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
