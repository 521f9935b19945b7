"""A chat endpoint on loopback that plays what it is told, and readings to ask it about."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from rag.schema import Hit, Passage, Reading


class Endpoint:
    """A real HTTP server. `play` is called with the handler of each POST; `models` is what GET /models lists."""

    def __init__(self) -> None:
        self.play: Callable[[BaseHTTPRequestHandler], None] = lambda handler: None
        self.models: Any = {"object": "list", "data": [{"id": "only-model", "object": "model"}]}
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.stopping = threading.Event()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                send(self, 200, json.dumps(endpoint.models), kind="application/json")

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                endpoint.asked.append(json.loads(self.rfile.read(length)))
                endpoint.keys.append(self.headers["Authorization"])
                with contextlib.suppress(OSError):  # the other side may have gone
                    endpoint.play(self)

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, body: str, *, kind: str) -> None:
    """Send one whole reply."""
    data = body.encode()
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    yield server
    server.stop()


def make_reading(*sentences: str, title: str = "A title", article_id: str = "a1", start: int = 100) -> Reading:
    """Return a reading of a passage made of these sentences, that begins at `start` of its article."""
    spans, place = [], start
    for sentence in sentences:
        spans.append((place, place + len(sentence)))
        place += len(sentence) + 1
    text = " ".join(sentences)
    passage = Passage(article_id, start, start + len(text), text, "body", tuple(spans))
    return Reading(Hit(passage, 1, 1.0, title, "The Bugle", None, "a.txt", None, None), 0.9, (), None)


@pytest.fixture
def ferry() -> Reading:
    return make_reading(
        "The ferry Aurora carries more than 300 passengers.",
        "Captain Ida Berg bought it in 2031.",
        "She said it would sail in April.",
        title="A new ferry",
    )


@pytest.fixture
def harbour() -> Reading:
    return make_reading("Lomvik has two harbours.", "Neither is deep.", title="Harbours", article_id="b2", start=0)


@pytest.fixture
def readings(ferry: Reading, harbour: Reading) -> list[Reading]:
    return [ferry, harbour]


@pytest.fixture
def reading_of() -> Callable[..., Reading]:
    return make_reading


@pytest.fixture
def reply() -> Callable[..., Callable[[BaseHTTPRequestHandler], None]]:
    return stream


def stream(
    *pieces: str, finish: str | None = "stop", before: str = "", after: str = "", refusal: str | None = None
) -> Callable[[BaseHTTPRequestHandler], None]:
    """Return what plays a chat stream of these pieces; `finish` None breaks it off."""

    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        handler.wfile.write(before.encode())
        for piece in pieces:
            handler.wfile.write(event({"content": piece}))
        if refusal:
            handler.wfile.write(event({"refusal": refusal}))
        handler.wfile.write(after.encode())
        if finish:
            handler.wfile.write(event({}, finish) + b"data: [DONE]\n\n")

    return play


def event(delta: dict[str, str], finish: str | None = None) -> bytes:
    """Return one server-sent event of a chat stream."""
    chunk = {
        "id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "only-model",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }  # fmt: skip
    return f"data: {json.dumps(chunk)}\n\n".encode()
