"""The page's door, knocked at over real connections: each way in that was open before is shut."""

from __future__ import annotations

import json
import os
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ui import door, http_server
from ui.address import HOST

pytestmark = [
    # A thread of Gradio's queue uses what a newer pandas has deprecated.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]
ROUTES = (
    "/",
    "/config",
    "/gradio_api/info",
    "/gradio_api/queue/data?session_hash=a",
    "/theme.css",
    "/gradio_api/app_id",
)
UPLOAD = "/gradio_api/upload"


@pytest.fixture
def visitor(canned: Any) -> Iterator[httpx.Client]:
    """One who opened the address that was printed."""
    with httpx.Client(base_url=canned.address, timeout=30) as client:
        assert client.get(canned.opening, follow_redirects=True).status_code == 200
        yield client


def uploads(canned: Any) -> list[Path]:
    folder = Path(os.environ["GRADIO_TEMP_DIR"])
    return [path for path in folder.rglob("*") if path.is_file()]


def test_without_the_token_nothing_is_served(canned: Any) -> None:
    with httpx.Client(base_url=canned.address) as stranger:
        replies = [stranger.get(route) for route in ROUTES]
        replies.append(stranger.post("/gradio_api/queue/join", json={"data": [], "fn_index": 0, "session_hash": "a"}))
        replies.append(stranger.post(UPLOAD, files={"files": ("a.txt", b"planted")}))
        replies.append(stranger.get("/", headers={"Cookie": f"citedesk-{httpx.URL(canned.address).port}=guessed"}))
    assert {reply.status_code for reply in replies} == {403}
    assert {reply.text for reply in replies} == {
        "Citedesk: the page opens with its token only. Open the address that was printed when it was started.\n"
    }


def test_the_printed_address_opens_the_page_and_a_cookie_keeps_it_open(canned: Any, visitor: httpx.Client) -> None:
    assert visitor.get("/config").status_code == 200
    reply = httpx.get(canned.opening)
    assert reply.status_code == 303
    assert reply.headers["location"] == "/"  # the token is not left in the address
    cookie = reply.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "a-token-for-tests" not in cookie


def test_a_wrong_token_takes_time(canned: Any) -> None:
    began = time.monotonic()
    assert httpx.get(canned.address, params={"token": "wrong"}).status_code == 403
    assert time.monotonic() - began >= door.WRONG_TOKEN_SECONDS


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "same-site"},  # another port of this machine
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1:1"},
        {"Host": "127.0.0.1"},
    ],
    ids=str,
)
def test_another_page_gets_nothing_though_the_browser_sends_the_cookie(
    visitor: httpx.Client, headers: dict[str, str]
) -> None:
    replies = [visitor.get(route, headers=headers) for route in ROUTES]
    replies.append(visitor.post("/gradio_api/queue/join", json={"data": []}, headers=headers))
    replies.append(visitor.post(UPLOAD, files={"files": ("a.txt", b"planted")}, headers=headers))
    assert {reply.status_code for reply in replies} == {403}
    assert not [name for reply in replies for name in reply.headers if name.startswith("access-control-")]


def test_no_port_is_allowed_to_read_what_was_answered(canned: Any, visitor: httpx.Client) -> None:
    reply = visitor.get("/config", headers={"Origin": canned.address})
    assert reply.status_code == 200
    assert not [name for name in reply.headers if name.startswith("access-control-")]
    asked = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}
    assert visitor.options("/gradio_api/queue/join", headers=asked).status_code == 403


def test_a_link_from_elsewhere_opens_the_page_and_does_nothing_else(visitor: httpx.Client) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert visitor.get("/", headers=link).status_code == 200
    assert visitor.get("/config", headers=link).status_code == 403
    assert visitor.get("/", headers=link | {"Sec-Fetch-Dest": "iframe"}).status_code == 403


def test_a_body_larger_than_what_is_typed_is_refused(visitor: httpx.Client) -> None:
    assert visitor.post("/gradio_api/queue/join", content=b" " * 3_000_000).status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(30):
            yield b" " * 100_000

    assert visitor.post("/gradio_api/queue/join", content=endless()).status_code >= 400


def test_of_an_upload_that_breaks_off_nothing_is_left(canned: Any, visitor: httpx.Client) -> None:
    before = uploads(canned)
    url = httpx.URL(canned.address)
    head = 'Content-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    with socket.create_connection((HOST, url.port or 0)) as line:
        cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        line.sendall(
            f"POST {UPLOAD} HTTP/1.1\r\nHost: {HOST}:{url.port}\r\nCookie: {cookie}\r\nContent-Length: 100000\r\n"
            f"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n{head}secret".encode()
        )
        deadline = time.monotonic() + 20
        while uploads(canned) == before and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(uploads(canned)) == len(before) + 1  # it is being written
    while uploads(canned) != before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert uploads(canned) == before


def test_what_is_uploaded_lies_in_a_folder_of_this_user_alone(canned: Any, visitor: httpx.Client) -> None:
    (place,) = json.loads(visitor.post(UPLOAD, files={"files": ("mine.txt", b"mine alone")}).text)
    folder = Path(os.environ["GRADIO_TEMP_DIR"])
    assert Path(place).is_relative_to(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_header_that_does_not_end_is_waited_for_a_short_time_only(
    canned: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "HEADER_SECONDS", 1.0)
    url = httpx.URL(canned.address)
    for said in (b"", b"GET / HTTP/1.1\r\nX-Slow: "):
        began = time.monotonic()
        with socket.create_connection((HOST, url.port or 0), timeout=20) as line:
            line.sendall(said)
            for _ in range(20):  # a byte now and then does not help
                try:
                    line.sendall(b"a" if said else b"")
                    line.settimeout(0.3)
                    assert line.recv(100) == b""
                    break
                except TimeoutError:
                    continue
                except OSError:
                    break
            else:
                pytest.fail("the connection is still open")
        assert time.monotonic() - began >= 0.9
