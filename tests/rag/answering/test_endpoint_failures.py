"""What an endpoint may do to us: each ends within the deadline, with a note that is true, and without the key."""

import json
import logging
import time
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from rag.answering.chat_model import ChatModelAnswerer
from rag.drafts import Draft
from rag.errors import AnswererError, SettingsError
from rag.schema import Reading
from rag.settings import Settings, without_keys

KEY = "sk-very-secret-42"
SECONDS = 3.0
Play = Callable[[BaseHTTPRequestHandler], None]
GOOD = {"sentences": [{"quotes": ["two harbours"], "kind": "says", "text": "It has two."}], "answered": "fully"}


def asked(endpoint: Any, readings: Sequence[Reading], **changes: Any) -> tuple[list[Any], str]:
    """Return what a strong model said, and the message of the error that ended it."""
    values: dict[str, Any] = {"chat_trust": "strong", "chat_model": "big", "chat_key": KEY, "chat_seconds": SECONDS}
    answerer = ChatModelAnswerer(Settings(**({"chat_address": endpoint.address} | values | changes)))
    said, message, started = [], "", time.monotonic()
    try:
        said += answerer.write("How many harbours?", readings)
    except AnswererError as error:
        message = str(error)
    assert time.monotonic() - started < SECONDS + 1.5
    assert KEY not in message
    return said, message


def respond(code: int, body: str = "", **headers: str) -> Play:
    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in {"Content-Length": str(len(body.encode())), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body.encode())

    return play


def endless(piece: bytes) -> Play:
    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(piece)

    return play


@pytest.mark.parametrize(
    ("play", "says"),
    [
        (respond(500, f'{{"error": "{KEY}"}}'), "status 500"),
        (respond(429, "{}"), "status 429"),
        (respond(429, "{}", Retry_After="600"), "status 429"),
        (respond(302, Location="http://evil.example/v1"), "sends to another address"),
        (respond(307, Location="http://evil.example/v1"), "nothing was sent on"),
        (endless(b"data: " + b"x" * 65536), "in one line"),
        (endless(b": waiting\n" * 5000), "bytes"),
        (respond(200, "data: {broken\n\n"), "no chat stream"),
        (respond(200, '{"choices": [{"message": {"tool_calls": [{"id": 1}]}}]}'), "called a tool"),
        (respond(200, '{"choices": [{"message": {"content": "I cannot help with that."}}]}'), "I cannot help"),
        (respond(200, '{"choices": [{"message": {"refusal": "No."}}]}'), "refused to answer"),
        (respond(200, '{"choices": [{"message": {"content": "{\\"x\\": 1"}}]}'), "expected an answer"),
        (respond(200, '{"choices": [{"message": {"content": ""}}]}'), "wrote nothing"),
        (respond(200, '{"choices": [{"message": {"content": "{"}, "finish_reason": "length"}]}'), "used up"),
    ],
    ids=["500", "429", "429 for long", "redirect", "redirect of a post", "endless line", "endless comments", "broken", "tool",
         "refusal in words", "refusal", "other json", "silence", "cut"],
)  # fmt: skip
def test_a_failure_ends_in_time_with_a_true_note(
    play: Play, says: str, endpoint: Any, readings: Sequence[Reading], network_attempts: list[str]
) -> None:
    endpoint.play = play
    said, message = asked(endpoint, readings)
    assert said == []
    assert says in message
    assert network_attempts == []


def test_a_drip_ends_at_the_deadline(endpoint: Any, readings: Sequence[Reading]) -> None:
    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not endpoint.stopping.wait(0.05):
            handler.wfile.write(b'data: {"choices": [{"delta": {"content": " "}}]}\n\n')
            handler.wfile.flush()

    endpoint.play = play
    assert "had not finished after 1 seconds" in asked(endpoint, readings, chat_seconds=1.0)[1]


def test_a_busy_endpoint_is_asked_again(endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    def play(handler: BaseHTTPRequestHandler) -> None:
        play_now = respond(503, "{}") if len(endpoint.asked) < 3 else reply(json.dumps(GOOD))
        play_now(handler)

    endpoint.play = play
    said, message = asked(endpoint, readings)
    assert ([draft.text for draft in said], message) == (["It has two."], "")
    assert len(endpoint.asked) == 3


@pytest.mark.parametrize(
    ("knows", "forms"),
    [(0, ["json_schema"]), (1, ["json_schema", "json_object"]), (2, ["json_schema", "json_object", None])],
)
def test_json_is_asked_for_as_far_as_the_endpoint_can(
    knows: int, forms: list[str | None], endpoint: Any, reply: Any, readings: Sequence[Reading]
) -> None:
    def play(handler: BaseHTTPRequestHandler) -> None:
        if len(endpoint.asked) <= knows:
            respond(400, '{"error": {"message": "this is not supported"}}')(handler)
        else:
            reply(json.dumps(GOOD))(handler)

    endpoint.play = play
    said, message = asked(endpoint, readings)
    assert (len(said), message) == (1, "")
    assert [one.get("response_format", {}).get("type") for one in endpoint.asked] == forms


def test_plain_sentences_with_numbers_are_read_too(endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = reply("Lomvik has two harbours. [2]")
    (draft,), _ = asked(endpoint, readings)
    assert isinstance(draft, Draft)
    assert draft.quotes[0].article_id == "b2"


def test_what_a_model_thinks_is_not_its_answer(endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    thought = 'data: {"choices": [{"delta": {"reasoning_content": "{\\"sentences\\": [{\\"text\\": \\"No\\"}]}"}}]}\n\n'
    endpoint.play = reply("<think>{}</think>", json.dumps(GOOD), before=thought * 100)
    said, message = asked(endpoint, readings)
    assert ([draft.text for draft in said], message) == (["It has two."], "")


def test_a_key_loses_the_space_around_it_and_is_never_told() -> None:
    assert Settings(chat_key=f" {KEY}\n").chat_key == KEY
    with pytest.raises(SettingsError) as caught:
        Settings(chat_key=f"{KEY}\nX-Other: 1")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("play", [respond(500, f'{{"error": "{KEY}"}}'), respond(401, "{}"), respond(200, "no stream")])
def test_no_log_however_loud_holds_the_key(
    play: Play, endpoint: Any, readings: Sequence[Reading], caplog: pytest.LogCaptureFixture
) -> None:
    endpoint.play = play
    with caplog.at_level(logging.DEBUG):
        asked(endpoint, readings, chat_address=endpoint.address.replace("//", f"//someone:{KEY}@"))
    assert KEY not in caplog.text
    assert not [record for record in caplog.records if KEY in repr(vars(record))]


def test_no_key_goes_to_another_process() -> None:
    secret = {f"CITEDESK_{name}": KEY for name in ("CHAT_KEY", "VERIFIER_KEY", "TOKEN")}
    kept = without_keys(secret | {"CITEDESK_K": "5", "HOME": "/h"})
    assert kept == {"CITEDESK_K": "5", "HOME": "/h"}
