"""Serves the API on an address, or the tools on standard input and output."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from rag.corpus import Corpus

from ..address import LOOPBACK, chosen_token
from ..door import hosts_of
from ..http_server import Server
from .service import Service


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
    from .app import api_rules, build_api

    secret = chosen_token(host, token)
    assert secret is not None
    rules = api_rules(hosts_of(host, port, names), secret, any_address=host not in LOOPBACK)
    say(f"http://{host}:{port}", secret)
    Server(build_api(corpus, rules, read_only=read_only), host=host, port=port).run()


def serve_tools(corpus: Corpus, *, read_only: bool = True) -> None:
    """Serve the tools on standard input and output until they are closed."""
    from . import mcp

    async def run() -> None:
        await mcp.build_server(Service(corpus), read_only=read_only).run_stdio_async()

    asyncio.run(run())
