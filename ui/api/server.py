"""Serves the API on an address, or the tools on standard input and output."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

from rag.corpus import Corpus
from rag.errors import CitedeskError

from .service import Service

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(
    corpus: Corpus,
    *,
    host: str,
    port: int,
    token: str | None,
    names: tuple[str, ...] = (),
    read_only: bool = False,
    say: Callable[[str, str], None],
) -> None:
    """Serve until Ctrl+C. Without a `token` one is made; `say` is told the address and the token.

    `names` are further names that the server is called by, such as that of a machine or of a proxy.

    Raises:
        CitedeskError: another machine could come in without a token of the user's own.
    """
    import uvicorn

    from .app import build_api

    if host not in LOOPBACK and not token:
        raise CitedeskError(
            f"{host} can be reached from other machines, expected a token of your own for them. Set CITEDESK_TOKEN."
        )
    token = token or secrets.token_urlsafe(24)
    called = dict.fromkeys((host, *LOOPBACK, *names) if host in LOOPBACK else (host, *names, *LOOPBACK))
    hosts = [name if ":" in name and name != "::1" else f"{name.replace('::1', '[::1]')}:{port}" for name in called]
    say(f"http://{host}:{port}", token)
    api = build_api(corpus, hosts=hosts, token=token, read_only=read_only)
    uvicorn.run(api, host=host, port=port, log_level="warning", timeout_keep_alive=30, limit_concurrency=1000)


def serve_tools(corpus: Corpus, *, read_only: bool = True) -> None:
    """Serve the tools on standard input and output until they are closed."""
    from . import mcp

    async def run() -> None:
        await mcp.build_server(Service(corpus), read_only=read_only).run_stdio_async()

    asyncio.run(run())
