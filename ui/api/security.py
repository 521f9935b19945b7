"""Who may come in: the right host and origin, the token, and no body that is too large. Knows nothing of the corpus."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_MEGABYTES = 50


class Door:
    """ASGI middleware in front of everything that is served.

    A request is let in when its Host is one of `hosts` (names with their port), a browser's Origin is this server
    itself, and it carries `token` as `Authorization: Bearer …` or as `?token=…`. Paths in `open_paths` need no token.
    Another site's name for this machine (DNS rebinding), another port of it and a form elsewhere all fail the first two.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Iterable[str],
        token: str | None,
        open_paths: Iterable[str] = (),
        max_body_megabytes: int = MAX_BODY_MEGABYTES,
    ) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._token = token
        self._open_paths = frozenset(open_paths)
        self._max_bytes = max_body_megabytes * 1_000_000

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal:
            await _reply(send, *refusal)
            return
        await self._app(scope, _Bounded(receive, self._max_bytes), send)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        """Return the status and the message of a refusal; None lets the request in."""
        host = headers.get("host", "").lower()
        if host not in self._hosts:
            return 403, f"this server is not called {host!r}, expected one of {', '.join(sorted(self._hosts))}."
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host:
            return 403, f"a page of {origin} may not ask this server. Open the page of this server itself."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._max_bytes:
            return 413, f"the body is larger than {self._max_bytes // 1_000_000} MB. Send less at once."
        if self._token and scope["path"] not in self._open_paths and not self._knows(scope, headers):
            return (
                401,
                "the token is missing or wrong, expected the one printed at the start. Send Authorization: Bearer TOKEN.",
            )
        return None

    def _knows(self, scope: Scope, headers: dict[str, str]) -> bool:
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer":
            given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        assert self._token is not None
        return hmac.compare_digest(given.strip().encode(), self._token.encode())


class _Bounded:
    """Receives a body up to a size; a chunked one tells its length to nobody."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            return {"type": "http.disconnect"}
        return message


async def _reply(send: Send, status: int, message: str) -> None:
    body = json.dumps({"error": {"message": message, "type": "access"}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
