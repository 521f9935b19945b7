"""A language model behind any OpenAI-compatible endpoint: messages in, words out as they come, within the deadline.

It sends nothing but the messages and the key, to the configured host alone, and follows no redirect.
"""

from __future__ import annotations

import base64
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from ..errors import AnswererError
from .deadline import Deadline
from .failures import Failures, OutOfTokensError
from .stream import StreamError, TooLongError, chunks

if TYPE_CHECKING:
    import httpx

Messages = Sequence[Mapping[str, str]]

MAX_CHARACTERS = 100_000  # of a reply's words, thoughts left out
TRIES = 4  # of a request that is told to wait
FIRST_WAIT = 0.25  # seconds, doubled each time, where the endpoint names none
WAITS = (429, 503)


@dataclass(frozen=True, slots=True)
class _Ended:
    """The stream is over; `error` is what ended it, None when it came to its own end."""

    error: AnswererError | None


class ChatEndpoint:
    """`name` is that of the model, once it is known. Safe in threads."""

    def __init__(self, address: str, *, model: str = "", key: str = "", seconds: float = 60.0) -> None:
        self.name = model
        self._address, self._model, self._key = address, model, key
        self._failures = Failures(address, key=key, seconds=seconds)
        self._forms = 0  # how many of the ways to ask for JSON the endpoint has turned down
        self._plain = False  # whether it has turned down temperature, seed or limit

    def write(
        self, messages: Messages, *, deadline: Deadline, tokens: int, schema: Mapping[str, Any] | None = None
    ) -> Iterator[str]:
        """Yield the words as they come; what a model that reasons first thinks is not among them.

        With a `schema`, the reply is JSON of that form where the endpoint can promise it. The request runs in a thread
        of its own: looking up a name, or a server that trickles, heeds no time limit of the client.

        Raises:
            OutOfTokensError: the reply was cut after `tokens`.
            AnswererError: the endpoint cannot be used, broke off, or was too slow.
        """
        arrived: queue.Queue[Any] = queue.Queue()
        stopped = threading.Event()
        client = self._client(deadline)
        thread = threading.Thread(
            target=self._request,
            args=(client, messages, tokens, schema, deadline, arrived, stopped),
            name="citedesk-chat",
            daemon=True,
        )
        thread.start()
        try:
            yield from self._until_finished(arrived, deadline)
        finally:
            stopped.set()
            client.close()

    def _client(self, deadline: Deadline) -> httpx.Client:
        import httpx

        try:
            address = httpx.URL(self._address.strip().rstrip("/") + "/")
            secret = f"Bearer {self._key or 'none'}"
            if address.userinfo:
                secret = f"Basic {base64.b64encode(unquote_to_bytes(address.userinfo)).decode()}"
            return httpx.Client(
                base_url=address.copy_with(userinfo=b""),  # the client writes addresses to its log
                headers={"Authorization": secret, "Accept-Encoding": "identity"},
                timeout=max(deadline.left, 0.001),
                follow_redirects=False,
            )
        except Exception as error:  # httpx raises several kinds for addresses that are none
            raise self._failures.no_connection(str(error)) from None

    def _until_finished(self, arrived: queue.Queue[Any], deadline: Deadline) -> Iterator[str]:
        started, reason, written = False, None, 0
        while True:
            try:
                event = arrived.get(timeout=deadline.left)
            except queue.Empty:
                raise self._failures.late() from None
            if isinstance(event, _Ended):
                break
            started = True
            reason = reason or ("stop" if event.get("done") else None)
            choices = event.get("choices")
            for choice in choices if isinstance(choices, list) else ():
                if not isinstance(choice, dict):
                    continue
                reason = choice.get("finish_reason") or reason
                words = self._words(choice.get("delta"))
                written += len(words)
                if written > MAX_CHARACTERS:
                    raise self._failures.too_long(f"{MAX_CHARACTERS:,} characters")
                if words:
                    yield words
            if deadline.passed:
                raise self._failures.late()
        if event.error is not None:
            raise event.error
        if reason is None:
            raise self._failures.broken() if started else self._failures.not_chat()
        if reason == "content_filter":
            raise self._failures.refused("content filter", model=self._named)
        if reason == "length":
            raise OutOfTokensError(f"{self._named} was cut after its limit of tokens")

    def _words(self, delta: Any) -> str:
        if not isinstance(delta, dict):
            return ""
        if refusal := delta.get("refusal"):
            raise self._failures.refused(str(refusal), model=self._named)
        if delta.get("tool_calls") or delta.get("function_call"):
            raise self._failures.tool(model=self._named)
        content = delta.get("content")
        return content if isinstance(content, str) else ""

    @property
    def _named(self) -> str:
        return f"chat-model {self.name}".strip()

    def _request(
        self,
        client: httpx.Client,
        messages: Messages,
        tokens: int,
        schema: Mapping[str, Any] | None,
        deadline: Deadline,
        arrived: queue.Queue[Any],
        stopped: threading.Event,
    ) -> None:
        error: AnswererError | None = None
        opened = started = False
        try:
            self.name = self.name or self._only_model(client)
            response = self._opened(client, messages, tokens, schema, deadline, stopped)
            opened = True
            for chunk in chunks(response.iter_raw()):
                started = True
                arrived.put(chunk)
        except Exception as caught:  # whatever it is, it must reach the waiting side
            error = self._explained(caught, opened=opened, started=started)
        arrived.put(_Ended(error))

    def _opened(
        self,
        client: httpx.Client,
        messages: Messages,
        tokens: int,
        schema: Mapping[str, Any] | None,
        deadline: Deadline,
        stopped: threading.Event,
    ) -> httpx.Response:
        """Return the open reply: asked in plainer terms where the endpoint turns some down, later where it says wait."""
        tries = 0
        while True:
            body = self._body(messages, tokens, schema)
            response = client.send(client.build_request("POST", "chat/completions", json=body), stream=True)
            if response.status_code == 200:
                return response
            said = _start_of(response)
            response.close()
            if response.status_code in WAITS:
                tries += 1
                wait = _wait(response, tries)
                if tries < TRIES and wait < deadline.left and not stopped.wait(wait):
                    continue
            elif response.status_code in (400, 422) and self._asks_plainer(said, body):
                continue
            raise self._failures.status(response.status_code, said, model=self.name)

    def _body(self, messages: Messages, tokens: int, schema: Mapping[str, Any] | None) -> dict[str, Any]:
        body: dict[str, Any] = {"model": self.name, "messages": list(messages), "stream": True}
        # An endpoint that knows no limit in tokens is one that thinks first, which takes more of them.
        body |= (
            {"max_completion_tokens": 4 * tokens}
            if self._plain
            else {"temperature": 0.0, "seed": 0, "max_tokens": tokens}
        )
        if schema is not None and self._forms == 0:
            described = {"name": "reply", "schema": schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": described}
        elif schema is not None and self._forms == 1:
            body["response_format"] = {"type": "json_object"}
        return body

    def _asks_plainer(self, said: str, body: Mapping[str, Any]) -> bool:
        if not self._plain and any(word in said for word in ("temperature", "seed", "max_tokens")):
            self._plain = True
            return True
        if "response_format" in body:
            self._forms += 1
            return True
        return False

    def _only_model(self, client: httpx.Client) -> str:
        response = client.get("models")
        if response.status_code != 200:
            raise self._failures.status(response.status_code, response.text[:1000], model="")
        known = [str(model["id"]) for model in response.json()["data"]]
        if len(known) != 1:
            raise self._failures.models(known)
        return known[0]

    def _explained(self, error: Exception, *, opened: bool, started: bool) -> AnswererError:
        import httpx

        if isinstance(error, AnswererError):
            return error
        if isinstance(error, TooLongError):
            return self._failures.too_long(str(error))
        if isinstance(error, httpx.TimeoutException):
            return self._failures.late()
        if isinstance(error, httpx.InvalidURL | httpx.TransportError) and not opened:
            return self._failures.no_connection(str(error))
        if started or not isinstance(error, StreamError | ValueError | KeyError | TypeError):
            return self._failures.broken()
        return self._failures.not_chat()


def _start_of(response: httpx.Response) -> str:
    """Return the first characters of the body of an error."""
    said = b""
    for piece in response.iter_raw():
        said += piece
        if len(said) > 2000:
            break
    return said[:2000].decode("utf-8", "replace")


def _wait(response: httpx.Response, tries: int) -> float:
    try:
        named = float(response.headers.get("Retry-After", ""))
    except ValueError:
        named = 0.0
    return max(0.0, named) or FIRST_WAIT * 2 ** (tries - 1)
