import asyncio
from typing import Any

import pytest

from ui.door import Door, Rules, hosts_of


def status_of(door: Door, *, path: str = "/v1/ask", query: str = "", **headers: str) -> int:
    """What a request is answered with: 200 where it is let in."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": query.encode(), "headers": given}
    asyncio.run(door(scope, receive, send))  # type: ignore[arg-type]
    return int(sent[0]["status"])


async def inside(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


HOST = "127.0.0.1:8000"


@pytest.fixture
def door() -> Door:
    rules = Rules(hosts=frozenset([HOST, "localhost:8000"]), token="secret", open_paths=frozenset(["/v1/health"]))
    return Door(inside, rules)


def test_the_token_lets_in_by_header_and_by_address(door: Door) -> None:
    assert status_of(door, host=HOST, authorization="Bearer secret") == 200
    assert status_of(door, host="LOCALHOST:8000", query="token=secret") == 200
    assert status_of(door, host=HOST, authorization="Basic secret") == 401
    assert status_of(door, host=HOST, query="token=") == 401


def test_only_this_server_itself_is_an_origin(door: Door) -> None:
    for origin, status in ((f"http://{HOST}", 200), ("http://127.0.0.1:8001", 403), ("null", 403), ("", 403)):
        assert status_of(door, host=HOST, origin=origin, authorization="Bearer secret") == status


def test_another_name_or_port_of_this_machine_is_refused(door: Door) -> None:
    for host in ("evil.example", "127.0.0.1", "127.0.0.1:8001", ""):
        assert status_of(door, host=host, authorization="Bearer secret") == 403


def test_an_open_path_needs_the_right_host_still(door: Door) -> None:
    assert status_of(door, path="/v1/health", host=HOST) == 200
    assert status_of(door, path="/v1/health", host="evil.example") == 403


def test_a_length_that_is_none_is_refused(door: Door) -> None:
    assert status_of(door, host=HOST, authorization="Bearer secret", content_length="many") == 413


def test_where_other_machines_come_any_address_is_a_name_and_no_other_name_is() -> None:
    rules = Rules(hosts=hosts_of("0.0.0.0", 8000, ("desk.example",)), token="secret", any_address=True)
    open_to_others = Door(inside, rules)
    for host, status in (
        ("192.168.1.5:8000", 200),
        ("[fe80::1]:8000", 200),
        ("desk.example:8000", 200),
        ("evil.example:8000", 403),
        ("", 403),
        ("[", 403),
    ):
        assert status_of(open_to_others, host=host, authorization="Bearer secret") == status


def test_without_a_token_the_host_and_the_origin_are_checked_still() -> None:
    open_to_this_machine = Door(inside, Rules(hosts=frozenset([HOST]), token=None))
    assert status_of(open_to_this_machine, host=HOST) == 200
    assert status_of(open_to_this_machine, host=HOST, origin="http://127.0.0.1:8001") == 403
    assert status_of(open_to_this_machine, host=HOST, sec_fetch_site="same-site") == 403
    assert status_of(open_to_this_machine, host="evil.example") == 403


def test_a_body_that_pauses_for_long_is_given_up() -> None:
    told: list[Any] = []

    async def reading(scope: Any, receive: Any, send: Any) -> None:
        told.append(await receive())
        told.append(await receive())

    async def pausing() -> Any:
        if told:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": b"a", "more_body": True}

    async def send(message: Any) -> None:
        told.append(message)

    rules = Rules(hosts=frozenset([HOST]), token=None, body_seconds=0.05)
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": [(b"host", HOST.encode())]}
    asyncio.run(Door(reading, rules)(scope, pausing, send))  # type: ignore[arg-type]
    assert told[1] == {"type": "http.disconnect"}


def test_nothing_speaks_websocket() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    door = Door(inside, Rules(hosts=frozenset([HOST]), token=None))
    asyncio.run(door({"type": "websocket", "path": "/", "headers": []}, send, send))  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close", "code": 1008}]
