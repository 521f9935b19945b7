"""The server under the page and the API: Uvicorn, with a limit on how long a client may take to say what it wants."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from rag.errors import CitedeskError

HEADER_SECONDS = 10.0  # from the first byte, or the connection, to the end of the header
IDLE_SECONDS = 30.0  # that a connection is kept for the next request
CLOSING_SECONDS = 2  # for what is under way when the server is stopped; pages hold a stream open for ever
MOST_CONNECTIONS = 2_000


class _Prompt(H11Protocol):
    """Uvicorn limits the pause between requests, but not how slowly a header may come."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop()
        elif self._waiting is None and self.timeout_keep_alive_task is None:
            self._waiting = self.loop.call_later(HEADER_SECONDS, self.transport.close)

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = None


class Server:
    """A server on one address; `run` until Ctrl+C, or `start` and `close`."""

    def __init__(self, app: ASGIApp, *, host: str, port: int) -> None:
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            http=_Prompt,
            ws="none",
            log_level="warning",
            server_header=False,
            proxy_headers=False,  # nobody tells us for whom they ask
            timeout_keep_alive=int(IDLE_SECONDS),
            timeout_graceful_shutdown=CLOSING_SECONDS,
            limit_concurrency=MOST_CONNECTIONS,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="citedesk-server", daemon=True)

    def run(self) -> None:
        with suppress(KeyboardInterrupt):
            self._server.run()

    def start(self) -> None:
        """Serve in a thread; returns when connections are taken.

        Raises:
            CitedeskError: it could not be started.
        """
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise CitedeskError(
                    "the server could not be started, expected a free port. Choose another with --port."
                )
            time.sleep(0.01)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
