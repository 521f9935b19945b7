"""The commands `citedesk serve` and `citedesk mcp`: the faces for programs."""

from __future__ import annotations

import importlib.util
from typing import Annotated

import typer

from rag.errors import MissingExtraError

from .opening import open_to_ask
from .options import HostOption, IndexOption, NameOption, TokenOption
from .printing import say


def serve(
    index: IndexOption = None,
    host: HostOption = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8800,
    name: NameOption = None,
    token: TokenOption = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="No article can be added or removed.")] = False,
) -> None:
    """Serve the HTTP API (documented at /docs), an OpenAI-compatible chat model at /v1, and MCP at /mcp."""
    check_extra()
    from .api.server import serve as serve_api

    def told(address: str, secret: str) -> None:
        say([("Citedesk's API is at ", ""), (address, "bold cyan"), (" (Ctrl+C stops it)", "dim")])
        say([("Token: ", ""), (secret, "bold")])

    with open_to_ask(index) as corpus:
        serve_api(corpus, host=host, port=port, token=token, names=tuple(name or ()), read_only=read_only, say=told)


def mcp(
    index: IndexOption = None,
    writable: Annotated[bool, typer.Option("--writable", help="Also let the client add and remove articles.")] = False,
) -> None:
    """Serve the corpus as MCP tools on standard input and output, for an assistant on this machine."""
    check_extra()
    from .api.server import serve_tools

    with open_to_ask(index) as corpus:
        serve_tools(corpus, read_only=not writable)


def check_extra() -> None:
    """Raise where the packages are not installed that serve programs.

    Raises:
        MissingExtraError: one is missing.
    """
    for package in ("fastapi", "mcp", "prometheus_client", "uvicorn"):
        if importlib.util.find_spec(package) is None:
            raise MissingExtraError(
                f"the faces for programs need the package {package!r}, which is not installed. "
                "Run: pip install 'citedesk[serve]'"
            )
