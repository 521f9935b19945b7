"""The command `citedesk`. What is heavy (torch, gradio) is imported by the command that needs it."""

from __future__ import annotations

import gc
import importlib.util
import logging
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from rag import __version__
from rag.errors import CitedeskError, MissingExtraError
from rag.filters import Filters

from . import indexing, serving
from .opening import check_outlets, open_history, open_to_ask
from .options import (
    AfterOption,
    BeforeOption,
    HostOption,
    IndexOption,
    KOption,
    NameOption,
    OutletOption,
    TokenOption,
)
from .printing import say, say_json

NOT_FOUND = 3  # exit code of `ask` when the articles do not say
SEED_QUESTIONS = (
    "How many animals did Putin give to North Korea?",
    "What did Kim give Moon Jae-in in 2018?",
    "Why might Trump's election matter for Ukraine?",
    "How many North Korean soldiers were sent to Russia?",
)

app = typer.Typer(
    name="citedesk",
    help="Answers questions about your articles; every sentence carries a checked footnote.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(indexing.index)
app.command("list")(indexing.list_articles)
app.command()(indexing.remove)
app.command()(indexing.watch)
app.command()(indexing.doctor)
app.command()(indexing.migrate)
app.command()(serving.serve)
app.command()(serving.mcp)


@app.callback()
def before_any_command(
    verbose: Annotated[
        int, typer.Option("--verbose", "-v", count=True, help="Log what happens to standard error; -vv tells more.")
    ] = 0,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            is_eager=True,
            callback=lambda asked: _tell_version() if asked else None,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    if verbose:
        _log_to_standard_error(logging.DEBUG if verbose > 1 else logging.INFO)


@app.command()
def ask(
    question: str,
    index: IndexOption = None,
    answerer: Annotated[
        str | None, typer.Option("--answerer", help="extractive, chat-model, gguf:FILE, or package.module:Class.")
    ] = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    outlet: OutletOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON and nothing else.")] = False,
) -> None:
    """Answer a question with footnotes. Exit code: 0 answered, wholly or in part; 2 error; 3 the articles do not say."""
    from rag.rendering.plain_text import styled_answer

    with open_to_ask(index) as corpus:
        check_outlets(corpus, outlet or ())
        answer = corpus.ask(question, answerer=answerer, filters=Filters(after, before, outlet))
    if as_json:
        say_json(answer.to_dict())
    else:
        say(styled_answer(answer))
    raise typer.Exit(NOT_FOUND if answer.status == "not_found" else 0)


@app.command()
def search(
    query: str,
    index: IndexOption = None,
    k: KOption = 8,
    after: AfterOption = None,
    before: BeforeOption = None,
    outlet: OutletOption = None,
) -> None:
    """Print the passages that match a query best."""
    from rag.rendering.plain_text import styled_hits

    with open_to_ask(index) as corpus:
        check_outlets(corpus, outlet or ())
        hits = corpus.search(query, k=k, filters=Filters(after, before, outlet))
    say(styled_hits(hits) or [("No passage was found.", "yellow")])


@app.command()
def chat(
    port: Annotated[int, typer.Option("--port", envvar="PORT", min=1, max=65535, help="The port to listen on.")] = 7860,
    index: IndexOption = None,
    host: HostOption = "127.0.0.1",
    name: NameOption = None,
    token: TokenOption = None,
    no_token: Annotated[
        bool, typer.Option("--no-token", help="Let every program and user of this machine open the page.")
    ] = False,
    no_history: Annotated[
        bool, typer.Option("--no-history", help="Keep no conversation when the page is closed.")
    ] = False,
    api: Annotated[
        bool, typer.Option("--api", help="Serve programs at the same address, too, as `citedesk serve` does.")
    ] = False,
    terminal: Annotated[
        bool, typer.Option("--terminal", help="Talk here, and serve nothing; a footnote opens by its number.")
    ] = False,
) -> None:
    """Serve the page, on this machine unless --host says otherwise. The address that is printed opens it.

    Conversations are kept in the index folder.
    """
    if terminal:
        if api:
            raise CitedeskError("--terminal serves nothing, and --api serves programs; expected one of the two.")
        _chat_here(index, keep=not no_history)
        return
    if api:
        serving.check_extra()
        if no_token:
            raise CitedeskError(
                "--api wants the token that --no-token does without, expected one of the two. Leave one out."
            )
    if importlib.util.find_spec("gradio") is None:
        raise MissingExtraError("the page needs the package gradio, which is not installed. Run: pip install '.[ui]'")
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it when it is imported
    from rag.default import SEEDS

    from .address import check_port, chosen_token

    token = chosen_token(host, token, no_token=no_token)
    check_port(port, host)
    from .app import page_server

    with open_to_ask(index) as corpus:
        corpus.models.embedder.embed_query("Citedesk")  # loads the model: the first question is not to wait for it
        seeded = {Path(source).parent for source in corpus.sources()} == {SEEDS.resolve()}
        examples = SEED_QUESTIONS if seeded else None  # else made from the articles
        with open_history(corpus, keep=not no_history) as history:
            page = page_server(
                corpus,
                host=host,
                port=port,
                names=tuple(name or ()),
                token=token,
                examples=examples,
                history=history,
                api=api,
            )
            if api:
                say([("Programs find the API there, documented at /docs, with the token ", ""), (str(token), "bold")])
            say([("Citedesk is at ", ""), (page.address, "bold cyan"), (" (Ctrl+C stops it)", "dim")])
            page.run()


def _chat_here(index: Path | None, *, keep: bool) -> None:
    from .terminal import TerminalChat

    with open_to_ask(index) as corpus, open_history(corpus, keep=keep) as history:
        TerminalChat(corpus, history).run()


@app.command(
    "eval",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    help="Measure answers against cases: citedesk eval run, citedesk eval compare.",
)
def evaluate(context: typer.Context) -> None:
    from eval.cli import app as eval_app

    eval_app(args=context.args, prog_name="citedesk eval")


def main() -> None:
    """Run the command line; an error of ours is one red line and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    os.umask(0o077)  # an index, and what is written for a moment, are their owner's alone
    try:
        app(prog_name="citedesk")
    except CitedeskError as error:
        say([(" ".join(str(error).split()), "red")], error=True)
        sys.exit(2)
    finally:
        gc.freeze()  # the end of Python would search all that torch has made for garbage: a second


def _tell_version() -> None:
    typer.echo(f"citedesk {__version__}")
    raise typer.Exit


def _log_to_standard_error(level: int) -> None:
    told = logging.StreamHandler()
    told.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S"))
    for name in ("rag", "ui", "eval"):
        logging.getLogger(name).setLevel(level)
        logging.getLogger(name).addHandler(told)
