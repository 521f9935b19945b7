"""The commands `citedesk serve` and `citedesk mcp`: the faces for programs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .printing import say

if TYPE_CHECKING:
    from rag.corpus import Corpus

TokenOption = Annotated[
    str | None,
    typer.Option(
        "--token", envvar="CITEDESK_TOKEN", help="What a client must send; by default a new one at each start."
    ),
]
ReadOnlyOption = Annotated[bool, typer.Option("--read-only", help="No article can be added or removed.")]


def add_commands(
    app: typer.Typer, open_corpus: Callable[[Path | None], AbstractContextManager[Corpus]], index_option: object
) -> None:
    """Add both commands; `open_corpus` opens the index that `--index` names, or the default one."""

    @app.command()
    def serve(
        index: index_option = None,  # type: ignore[valid-type]
        host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
        port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8800,
        name: Annotated[
            list[str] | None,
            typer.Option("--name", help="A further name that clients call this server by; repeatable."),
        ] = None,
        token: TokenOption = None,
        read_only: ReadOnlyOption = False,
    ) -> None:
        """Serve the HTTP API (documented at /docs), an OpenAI-compatible chat model at /v1, and MCP at /mcp."""
        from .api.server import serve as serve_api

        def told(address: str, secret: str) -> None:
            say([("Citedesk's API is at ", ""), (address, "bold cyan"), (" (Ctrl+C stops it)", "dim")])
            say([("Token: ", ""), (secret, "bold")])

        with open_corpus(index) as corpus:
            serve_api(corpus, host=host, port=port, token=token, names=tuple(name or ()), read_only=read_only, say=told)

    @app.command("mcp")
    def tools(
        index: index_option = None,  # type: ignore[valid-type]
        writable: Annotated[
            bool, typer.Option("--writable", help="Also let the client add and remove articles.")
        ] = False,
    ) -> None:
        """Serve the corpus as MCP tools on standard input and output, for an assistant on this machine."""
        from .api.server import serve_tools

        with open_corpus(index) as corpus:
            serve_tools(corpus, read_only=not writable)
