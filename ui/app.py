"""The page: a chat, and beside it the articles. It and `events.py` alone import gradio (several seconds)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from rag.corpus import Corpus
from rag.loading import FORMATS
from rag.rendering.words import only_label

from . import render
from .address import HOST, check_port
from .events import Page
from .security import middleware

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

# Gradio shows whether the choice of articles is unfolded, but does not say so to those who do not see it.
_SAY_UNFOLDED = """() => requestAnimationFrame(() => {
    const line = document.querySelector('#cd-only > button');
    line.ariaExpanded = line.matches('.open');
})"""

# A field for a day has a value from the start: one that was never unfolded would send None.
_DAY: dict[str, Any] = {"value": "", "placeholder": "YYYY-MM-DD", "max_lines": 1, "max_length": 40, "min_width": 110}


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
        app_kwargs={"middleware": middleware(), "docs_url": None, "redoc_url": None},
    )
    return app
