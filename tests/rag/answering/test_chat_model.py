import logging
import socket
import threading
import time
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from rag.answering.chat_model import ChatModelAnswerer
from rag.drafts import Draft, NotSaid
from rag.errors import AnswererError
from rag.plugins import Answerer
from rag.schema import Reading
from rag.settings import Settings
from rag.testing import check_answerer

KEY = "sk-very-secret-42"
Play = Callable[[BaseHTTPRequestHandler], None]


def answerer_of(endpoint: Any, **changes: Any) -> ChatModelAnswerer:
    values = {"chat_address": endpoint.address, "chat_model": "small", "chat_key": KEY, "chat_seconds": 5.0} | changes
    return ChatModelAnswerer(Settings(**values))


def ask(answerer: ChatModelAnswerer, readings: Sequence[Reading]) -> tuple[list[Draft], str]:
    """Return the drafts and the message of the error that ended them, empty if none did."""
    drafts, message = [], ""
    try:
        for draft in answerer.write("How many passengers?", readings):
            drafts.append(draft)
    except AnswererError as error:
        message = str(error)
    assert KEY not in message
    return drafts, message


def status(code: int, body: str) -> Play:
    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body.encode())

    return play


def test_is_an_answerer(endpoint: Any) -> None:
    assert isinstance(answerer_of(endpoint), Answerer)


def test_it_keeps_the_contract_of_answerers(endpoint: Any, reply: Any) -> None:
    endpoint.play = reply("The zoo took in seventy lions. [1] The bears came later. [2]")
    check_answerer(answerer_of(endpoint))


def test_drafts_carry_exact_words(endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = reply("The Aurora carr", "ies more than 300 passengers. [1", "] Lomvik has two harbours. [2]")
    drafts, error = ask(answerer_of(endpoint), readings)
    assert error == ""
    assert [draft.text for draft in drafts] == [
        "The Aurora carries more than 300 passengers.",
        "Lomvik has two harbours.",
    ]
    assert drafts[0].quotes[0].words == "The ferry Aurora carries more than 300 passengers."
    assert drafts[1].quotes[0].article_id == "b2"


def test_a_draft_comes_before_the_stream_ends(endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    gate = threading.Event()

    def play(handler: BaseHTTPRequestHandler) -> None:
        reply("Lomvik has two harbours. [2] The fer", finish=None)(handler)
        gate.wait(5)
        reply("ry sails. [1]")(handler)

    endpoint.play = play
    drafts = answerer_of(endpoint).write("How many?", readings)
    first = next(drafts)
    assert not gate.is_set()
    gate.set()
    drafts.close()
    assert first.text == "Lomvik has two harbours."


def test_asks_at_temperature_zero_with_the_key(endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = reply("NOT_IN_ARTICLES")
    ask(answerer_of(endpoint), readings)
    (asked,) = endpoint.asked
    assert (asked["model"], asked["temperature"], asked["stream"]) == ("small", 0.0, True)
    assert endpoint.keys == [f"Bearer {KEY}"]


def test_a_key_meant_for_another_service_is_not_sent(
    endpoint: Any, reply: Any, readings: Sequence[Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-from-the-environment")
    endpoint.play = reply("NOT_IN_ARTICLES")
    ask(answerer_of(endpoint, chat_key=""), readings)
    assert "sk-from" not in endpoint.keys[0]


def test_an_endpoint_without_seed_or_temperature_is_asked_plainly(
    endpoint: Any, reply: Any, readings: Sequence[Reading]
) -> None:
    def play(handler: BaseHTTPRequestHandler) -> None:
        if "temperature" in endpoint.asked[-1]:
            status(400, '{"error": {"message": "Unsupported value: temperature"}}')(handler)
        else:
            reply("Lomvik has two harbours. [2]")(handler)

    endpoint.play = play
    drafts, error = ask(answerer_of(endpoint), readings)
    assert (len(drafts), error) == (1, "")


def test_nothing_is_asked_without_evidence(endpoint: Any) -> None:
    assert ask(answerer_of(endpoint), []) == ([], "")
    assert endpoint.asked == []


def test_not_in_the_articles_is_a_refusal(endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = reply("NOT_IN", "_ARTICLES")
    assert ask(answerer_of(endpoint), readings) == ([NotSaid("not mentioned")], "")


def test_a_sentence_without_citation_is_kept_to_be_counted(
    endpoint: Any, reply: Any, readings: Sequence[Reading]
) -> None:
    endpoint.play = reply("The ferry is green. It is old. [0] It is big. [7]")
    drafts, _ = ask(answerer_of(endpoint), readings)
    assert [draft.quotes for draft in drafts] == [(), (), ()]


def test_a_repeated_sentence_comes_once(endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = reply("Lomvik has two harbours. [2] " * 20, finish="length")
    drafts, error = ask(answerer_of(endpoint), readings)
    assert (len(drafts), error) == (1, "")


def test_a_model_that_only_repeats_itself_is_not_heard_out(
    endpoint: Any, reply: Any, readings: Sequence[Reading]
) -> None:
    def play(handler: BaseHTTPRequestHandler) -> None:
        reply("Lomvik has two harbours. [2] " * 6, finish=None)(handler)
        endpoint.stopping.wait()

    endpoint.play = play
    started = time.monotonic()
    drafts, error = ask(answerer_of(endpoint), readings)
    assert (len(drafts), error) == (1, "")
    assert time.monotonic() - started < 4


def test_words_that_come_over_and_over_end_it(endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = reply("Lomvik has two harbours. [2] There are boats", *[", a pair of big boats"] * 400, finish=None)
    drafts, error = ask(answerer_of(endpoint), readings)
    assert ([draft.text for draft in drafts], error) == (["Lomvik has two harbours."], "")
    endpoint.play = reply("There are boats", *[", a pair of big boats"] * 400, finish=None)
    assert "the same words over and over" in ask(answerer_of(endpoint), readings)[1]


def test_a_small_model_is_shown_few_passages(endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = reply("Lomvik has two harbours. [2]")
    ask(answerer_of(endpoint), [*readings, *readings, *readings])
    shown = endpoint.asked[-1]["messages"][-1]["content"]
    assert "<article 4>" in shown
    assert "<article 5>" not in shown


def test_the_only_model_is_taken_and_named(endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = reply("Lomvik has two harbours. [2]")
    answerer = answerer_of(endpoint, chat_model="")
    ask(answerer, readings)
    assert endpoint.asked[0]["model"] == "only-model"
    assert answerer.name == "chat-model only-model"


@pytest.mark.parametrize("names", [[], ["one", "two"]])
def test_no_model_is_guessed(names: list[str], endpoint: Any, readings: Sequence[Reading]) -> None:
    endpoint.models = {"object": "list", "data": [{"id": name, "object": "model"} for name in names]}
    _, error = ask(answerer_of(endpoint, chat_model=""), readings)
    assert f"{len(names)} models" in error
    assert "CITEDESK_CHAT_MODEL" in error


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (400, "refused the request"),
        (401, "CITEDESK_CHAT_KEY"),
        (403, "CITEDESK_CHAT_KEY"),
        (404, "CITEDESK_CHAT_MODEL"),
        (429, "status 429"),
        (500, "status 500"),
        (503, "status 503"),
    ],
)
def test_a_status_is_explained(code: int, says: str, endpoint: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = status(code, f'{{"error": {{"message": "no luck with {KEY}"}}}}')
    drafts, error = ask(answerer_of(endpoint), readings)
    assert drafts == []
    assert says in error
    assert "expected" in error


@pytest.mark.parametrize(
    "play",
    [
        status(200, "<html>Welcome to the router</html>"),
        status(200, ""),
        status(200, "data: {broken\n\n"),
        status(200, 'data: ["no", "object"]\n\n'),
        status(200, "data: 7\n\n"),
        status(200, '{"choices": []}'),
    ],
    ids=["html", "empty", "broken json", "a list", "a number", "no stream"],
)
def test_what_is_no_chat_stream_is_an_error(play: Play, endpoint: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = play
    drafts, error = ask(answerer_of(endpoint), readings)
    assert drafts == []
    assert "expected" in error


@pytest.mark.parametrize(
    "choices",
    [
        '[{"index": 0}]',
        '[{"index": 0, "delta": null}]',
        '[{"delta": {"content": [{"type": "text", "text": "Well. "}]}}]',
        "[null]",
        "[7]",
        "7",
    ],
)
def test_a_chunk_of_another_shape_is_passed_over(
    choices: str, endpoint: Any, reply: Any, readings: Sequence[Reading]
) -> None:
    chunk = f'data: {{"object": "chat.completion.chunk", "choices": {choices}}}\n\n'
    endpoint.play = reply("Lomvik has two harbours. [2]", before=chunk, after=chunk)
    drafts, error = ask(answerer_of(endpoint), readings)
    assert ([draft.text for draft in drafts], error) == (["Lomvik has two harbours."], "")
    endpoint.play = reply(before=chunk)
    assert "wrote nothing" in ask(answerer_of(endpoint), readings)[1]


def test_models_that_are_no_json_are_an_error(endpoint: Any, readings: Sequence[Reading]) -> None:
    endpoint.models = "nonsense"
    assert "expected" in ask(answerer_of(endpoint, chat_model=""), readings)[1]


@pytest.mark.parametrize("pieces", [(), ("",), ("  \n",), ("<think>I wonder. [1]</think>",), ("<think>I wonder",)])
def test_silence_is_an_error(pieces: tuple[str, ...], endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = reply(*pieces)
    drafts, error = ask(answerer_of(endpoint), readings)
    assert drafts == []
    assert "wrote nothing" in error


def test_a_refusal_is_an_error(endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = reply(refusal="I cannot help with that")
    assert "I cannot help with that" in ask(answerer_of(endpoint), readings)[1]


def test_a_content_filter_is_an_error(endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = reply("Lomvik", finish="content_filter")
    assert "refused" in ask(answerer_of(endpoint), readings)[1]


def test_thinking_until_the_limit_is_an_error(endpoint: Any, reply: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = reply("<think>Well, well", finish="length")
    assert "used up" in ask(answerer_of(endpoint), readings)[1]


@pytest.mark.parametrize("after", ["", 'data: {"error": {"message": "out of memory"}}\n\n', "data: {bro"])
def test_a_broken_stream_keeps_its_finished_sentences(
    after: str, endpoint: Any, reply: Any, readings: Sequence[Reading]
) -> None:
    endpoint.play = reply("Lomvik has two harbours. [2] The fer", finish=None, after=after)
    drafts, error = ask(answerer_of(endpoint), readings)
    assert [draft.text for draft in drafts] == ["Lomvik has two harbours."]
    assert "broke off" in error


def test_a_server_that_dies_before_its_first_word_is_not_called_absent(
    endpoint: Any, readings: Sequence[Reading]
) -> None:
    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.close_connection = True

    endpoint.play = play
    assert "broke off" in ask(answerer_of(endpoint), readings)[1]


def test_a_refused_connection_is_explained(endpoint: Any, readings: Sequence[Reading]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    _, error = ask(answerer_of(endpoint, chat_address=f"http://127.0.0.1:{port}/v1"), readings)
    assert "no connection" in error
    assert "CITEDESK_CHAT_ADDRESS" in error


def test_a_host_that_does_not_exist_is_explained(
    endpoint: Any, readings: Sequence[Reading], network_attempts: list[str]
) -> None:
    _, error = ask(answerer_of(endpoint, chat_address="http://no-such-host.invalid/v1"), readings)
    assert "no connection to http://no-such-host.invalid/v1" in error
    network_attempts.clear()


def test_an_address_that_cannot_be_parsed_is_explained(
    endpoint: Any, readings: Sequence[Reading], network_attempts: list[str]
) -> None:
    _, error = ask(answerer_of(endpoint, chat_address="http://["), readings)
    assert "CITEDESK_CHAT_ADDRESS" in error
    network_attempts.clear()


@pytest.mark.parametrize("address", ["not an address", "", "ftp://127.0.0.1/v1"])
def test_an_address_that_leads_nowhere_is_explained(address: str, endpoint: Any, readings: Sequence[Reading]) -> None:
    _, error = ask(answerer_of(endpoint, chat_address=address), readings)
    assert "CITEDESK_CHAT_ADDRESS" in error


def test_a_password_in_the_address_is_not_told(endpoint: Any, readings: Sequence[Reading]) -> None:
    endpoint.play = status(500, "{}")
    _, error = ask(answerer_of(endpoint, chat_address=endpoint.address.replace("://", "://me:hush@")), readings)
    assert "hush" not in error


@pytest.mark.parametrize("pace", [0.05, 60.0], ids=["trickle", "silence"])
def test_the_time_limit_holds(pace: float, endpoint: Any, readings: Sequence[Reading]) -> None:
    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        while not endpoint.stopping.wait(pace):
            handler.wfile.write(b"d")
            handler.wfile.flush()

    endpoint.play = play
    started = time.monotonic()
    _, error = ask(answerer_of(endpoint, chat_seconds=0.5), readings)
    assert time.monotonic() - started < 3
    assert "CITEDESK_CHAT_SECONDS" in error
    for thread in threading.enumerate():
        if thread.name == "citedesk-chat":
            thread.join(60)  # soon, but where the machine is busy
            assert not thread.is_alive()


def test_the_time_limit_holds_for_headers_that_trickle(endpoint: Any, readings: Sequence[Reading]) -> None:
    def play(handler: BaseHTTPRequestHandler) -> None:
        while not endpoint.stopping.wait(0.05):
            handler.wfile.write(b"H")
            handler.wfile.flush()

    endpoint.play = play
    started = time.monotonic()
    assert "CITEDESK_CHAT_SECONDS" in ask(answerer_of(endpoint, chat_seconds=0.5), readings)[1]
    assert time.monotonic() - started < 3


def test_the_key_is_in_no_log_and_no_representation(
    endpoint: Any, readings: Sequence[Reading], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    endpoint.play = status(401, f'{{"error": {{"message": "Incorrect key {KEY}"}}}}')
    answerer = answerer_of(endpoint)
    with pytest.raises(AnswererError) as caught:
        list(answerer.write("How many?", readings))
    assert caught.value.__cause__ is None
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("rag"))
    assert KEY not in logged
    assert KEY not in f"{answerer!r} {answerer.name}"
