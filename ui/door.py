"""Who may come in: the right host and origin, the token, and no body that is too large or too slow.

It stands before the page and before the API, and knows nothing of the corpus.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.formparsers import MultiPartException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .address import LOOPBACK

WRONG_TOKEN_SECONDS = 0.5  # that a guess takes
MEGABYTE = 1_000_000
_OWN = ("same-origin", "none")  # what a browser says of a request of this page, and of an address that a person typed
_API_HINT = "Send Authorization: Bearer TOKEN."


@dataclass(frozen=True, slots=True)
class Rules:
    """Whom a server answers.

    A request is let in when its Host is one of `hosts` (names with their port), a browser says that this server's own
    page sent it, and it carries `token`: as `Authorization: Bearer …`, as `?token=…`, or in the cookie for which a page
    exchanges that. Paths in `open_paths` need no token; without a token nobody does. Another site's name for this
    machine (DNS rebinding), another port of it and a form elsewhere all fail the first two.
    """

    hosts: frozenset[str]
    token: str | None
    any_address: bool = False  # whether a Host may be any address with a port: nobody rebinds one, as they do a name
    cookie: str = ""  # its name; without one, the token has to come with each request
    open_paths: frozenset[str] = frozenset()
    body_megabytes: float = 50
    uploads: str = ""  # the one path that takes larger bodies
    upload_megabytes: float = 500
    body_seconds: float = 30  # that may pass in a body without a byte


def hosts_of(host: str, port: int, names: tuple[str, ...] = ()) -> frozenset[str]:
    """Return what a server on that address is called: itself, this machine's names for itself, and `names`."""
    return frozenset(_with_port(name, port).lower() for name in (host, *LOOPBACK, *names))


class Door:
    """ASGI middleware in front of everything that is served."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self._app = app
        self._rules = rules
        # Cookies go to every port of a host, so this one does not hold the token itself, which may be a person's own.
        self._pass = hashlib.sha256(f"citedesk {rules.token}".encode()).hexdigest()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks WebSocket
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers) or await self._without_token(scope, headers)
        if refusal:
            await self._refuse(send, *refusal)
        elif self._brings_token(scope):
            await self._exchange(scope, send)
        else:
            most, uploading = self._most(scope)
            body = _Body(receive, most, self._rules.body_seconds, uploading=uploading)
            await self._app(scope, body, _without_cors(send))

    def _refusal(self, scope: Scope, headers: Mapping[str, str]) -> tuple[int, str] | None:
        """Return the status and the message of a refusal; None where host, origin and length are right."""
        host = headers.get("host", "").lower()
        if not (host in self._rules.hosts or (self._rules.any_address and _is_address(host))):
            return 403, f"this server is not called {host!r}, expected one of {', '.join(sorted(self._rules.hosts))}."
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host:
            return 403, f"a page of {origin} may not ask this server. Open the page of this server itself."
        opening = scope["method"] == "GET" and scope["path"] == "/" and headers.get("sec-fetch-dest") == "document"
        if headers.get("sec-fetch-site", "none") not in _OWN and not opening:
            return 403, "a page of another address may not ask this server. Open the page of this server itself."
        most, _ = self._most(scope)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdecimal() and len(length) < 20) or int(length) > most:
            return 413, f"the body is larger than {most / MEGABYTE:g} MB. Send less at once."
        return None

    async def _without_token(self, scope: Scope, headers: Mapping[str, str]) -> tuple[int, str] | None:
        if self._rules.token is None or scope["path"] in self._rules.open_paths:
            return None
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        given = [bearer.strip() if kind.lower() == "bearer" else "", *_query(scope).get("token", [])[:1]]
        if any(hmac.compare_digest(one.encode(), self._rules.token.encode()) for one in given):
            return None
        passes = _cookies(headers, self._rules.cookie) if self._rules.cookie else []
        if any(hmac.compare_digest(one.encode(), self._pass.encode()) for one in passes):
            return None
        if any(given):
            await asyncio.sleep(WRONG_TOKEN_SECONDS)
        if self._rules.cookie:
            return 403, "the page opens with its token only. Open the address that was printed when it was started."
        return 401, f"the token is missing or wrong, expected the one printed at the start. {_API_HINT}"

    def _most(self, scope: Scope) -> tuple[int, bool]:
        """Return how many bytes a body may have, and whether it is an upload."""
        uploading = bool(self._rules.uploads) and scope["path"] == self._rules.uploads
        most = self._rules.upload_megabytes if uploading else self._rules.body_megabytes
        return int(most * MEGABYTE), uploading

    def _brings_token(self, scope: Scope) -> bool:
        opened = bool(self._rules.cookie) and scope["method"] == "GET" and scope["path"] == "/"
        return opened and self._rules.token is not None and "token" in _query(scope)

    async def _exchange(self, scope: Scope, send: Send) -> None:
        """Give a cookie for the token in the page's address, where it would stay in the browser's history."""
        rest = [(name, one) for name, several in _query(scope).items() if name != "token" for one in several]
        place = f"/?{urlencode(rest)}" if rest else "/"
        # Lax: a link from elsewhere may open the page, and may do nothing else.
        cookie = f"{self._rules.cookie}={self._pass}; Path=/; HttpOnly; SameSite=Lax"
        headers = [(b"location", place.encode()), (b"set-cookie", cookie.encode()), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _refuse(self, send: Send, status: int, message: str) -> None:
        if self._rules.cookie:
            kind, body = b"text/plain; charset=utf-8", f"Citedesk: {message}\n".encode(errors="replace")
        else:
            kind, body = b"application/json", json.dumps({"error": {"message": message, "type": "access"}}).encode()
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class _Body:
    """Receives a body up to a size, and without long pauses; a chunked one tells its length to nobody."""

    def __init__(self, receive: Receive, most: int, seconds: float, *, uploading: bool) -> None:
        self._receive = receive
        self._left = most
        self._seconds = seconds
        self._uploading = uploading
        self._whole = False

    async def __call__(self) -> Message:
        if self._whole:
            return await self._receive()  # waits until the client has gone
        try:
            message = await asyncio.wait_for(self._receive(), self._seconds)
        except TimeoutError:
            return self._broken_off("The upload paused for too long.")
        if message["type"] == "http.disconnect":
            return self._broken_off("The upload was broken off.")
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            return self._broken_off("The upload is over the maximum allowed size. Send less at once.")
        self._whole = not message.get("more_body", False)
        return message

    def _broken_off(self, why: str) -> Message:
        if self._uploading:  # at this error, and not when a client goes, Gradio removes what it has written
            raise MultiPartException(why)
        return {"type": "http.disconnect"}


def _without_cors(send: Send) -> Send:
    """Gradio lets every port of this machine read its answers."""

    async def send_without(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = message.get("headers", ())
            message["headers"] = [one for one in headers if not one[0].lower().startswith(b"access-control-")]
        await send(message)

    return send_without


def _query(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _cookies(headers: Mapping[str, str], name: str) -> list[str]:
    """Return the values of the cookie. Another program on this machine may have set one that cannot be read."""
    found = (part.strip().partition("=") for part in headers.get("cookie", "").split(";"))
    return [value for key, _, value in found if key == name]


def _with_port(name: str, port: int) -> str:
    if name == "::1":
        return f"[::1]:{port}"
    return name if ":" in name else f"{name}:{port}"


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False
    return True
