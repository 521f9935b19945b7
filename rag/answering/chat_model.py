"""A chat model behind any OpenAI-compatible endpoint as answerer: shown the evidence under short ids, made to cite it.

It proposes; whether a sentence is shown is decided by the checks that follow. It knows neither index nor corpus.
"""

from __future__ import annotations

import importlib.util
import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..errors import AnswererError, MissingExtraError
from ..schema import Draft, Reading
from ..settings import Settings
from .citation_parsing import Cited, SentenceParser, draft_of
from .prompt import messages_for

if TYPE_CHECKING:
    from openai import OpenAI

MAX_TOKENS = 400
MAX_REPEATS = 3  # a small model that begins to repeat itself does not stop by itself


@dataclass(frozen=True, slots=True)
class _Ended:
    """The stream is over; `error` is what ended it, None when it came to its own end; `opened` if a reply had begun."""

    error: Exception | None
    opened: bool


class ChatModelAnswerer:
    """Asks the endpoint of the settings. `name` tells the model, once it is known."""

    verbatim = False

    def __init__(self, settings: Settings, **parts: Any) -> None:
        """Raises MissingExtraError where the client of such endpoints is not installed."""
        if importlib.util.find_spec("openai") is None:
            raise MissingExtraError(
                "answerer 'chat-model' needs the package openai, which is not installed. Run: pip install 'citedesk[chat]'"
            )
        self._settings = settings
        self.name = f"chat-model {settings.chat_model}".strip()

    def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft]:
        """Yield a draft for each sentence, as soon as it is written; the same sentence once.

        Nothing is yielded when the model says that the articles do not answer.

        Raises:
            AnswererError: the endpoint cannot be used, or broke off; what was finished before has been yielded.
        """
        if not readings:
            return
        parser = SentenceParser(len(readings))
        seen: Counter[str] = Counter()
        try:
            for piece in self._pieces(messages_for(question, readings)):
                yield from _drafts(parser.feed(piece), readings, seen)
                if seen.total() - len(seen) >= MAX_REPEATS:
                    return
        except _CutError as cut:
            yield from _drafts(parser.finish(whole=False), readings, seen)
            if cut.reason is None and (seen or parser.not_said):
                return
            raise AnswererError(cut.reason or self._spent()) from None
        yield from _drafts(parser.finish(whole=True), readings, seen)
        if parser.silent:
            raise AnswererError(
                f"{self.name} at {self._where} wrote nothing, expected an answer with citations. "
                "Ask again, or set CITEDESK_CHAT_MODEL to another model."
            )

    @property
    def _where(self) -> str:
        """The address without a name, password or query, for messages."""
        try:
            parts = urlsplit(self._settings.chat_address)
        except ValueError:
            return "the address in CITEDESK_CHAT_ADDRESS"
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def _spent(self) -> str:
        return (
            f"{self.name} used up {MAX_TOKENS} tokens without finishing a sentence, expected a short answer. "
            "Set CITEDESK_CHAT_MODEL to a model that does not think aloud."
        )

    def _pieces(self, messages: list[dict[str, str]]) -> Iterator[str]:
        """Yield the words as they come.

        The request runs in a thread of its own: looking up a name, or a server that trickles, heeds no time limit of
        the client.

        Raises:
            _CutError: the stream ended before the answer did.
        """
        import openai

        deadline = time.monotonic() + self._settings.chat_seconds
        arrived: queue.Queue[Any] = queue.Queue()
        try:
            client = openai.OpenAI(
                # A word instead of an empty key: the client would take one meant for someone else from the environment.
                api_key=self._settings.chat_key or "none",
                base_url=self._settings.chat_address,
                timeout=self._settings.chat_seconds,
                max_retries=0,
            )
        except Exception as error:
            raise _CutError(self._explain(error, opened=False, started=False)) from None
        thread = threading.Thread(
            target=self._request, args=(client, messages, arrived), name="citedesk-chat", daemon=True
        )
        thread.start()
        try:
            yield from self._until_finished(arrived, deadline)
        finally:
            client.close()

    def _until_finished(self, arrived: queue.Queue[Any], deadline: float) -> Iterator[str]:
        started, reason = False, None
        while True:
            try:
                event = arrived.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise _CutError(self._late()) from None
            if isinstance(event, _Ended):
                break
            started = True
            choices = getattr(event, "choices", None)  # the client checks no types
            for choice in choices if isinstance(choices, list) else ():
                reason = getattr(choice, "finish_reason", None) or reason
                delta = getattr(choice, "delta", None)
                if refusal := getattr(delta, "refusal", None):
                    raise _CutError(self._refused(str(refusal)))
                if isinstance(content := getattr(delta, "content", None), str):
                    yield content
            if time.monotonic() > deadline:
                raise _CutError(self._late())
        if event.error is not None:
            raise _CutError(self._explain(event.error, opened=event.opened, started=started))
        if reason is None:
            raise _CutError(self._broken() if started else self._not_chat())
        if reason == "content_filter":
            raise _CutError(self._refused("content filter"))
        if reason == "length":
            raise _CutError(None)

    def _request(self, client: OpenAI, messages: list[dict[str, str]], arrived: queue.Queue[Any]) -> None:
        error: Exception | None = None
        opened = False
        try:
            model = self._settings.chat_model or self._only_model(client)
            self.name = f"chat-model {model}"
            stream = _open_stream(client, model, messages)
            opened = True
            for chunk in stream:
                arrived.put(chunk)
        except Exception as caught:  # whatever it is, it must reach the waiting side
            error = caught
        arrived.put(_Ended(error, opened))

    def _only_model(self, client: OpenAI) -> str:
        known = [model.id for model in client.models.list().data]
        if len(known) == 1:
            return known[0]
        listed = ", ".join(known[:8]) or "none"
        raise _CutError(
            f"{self._where} offers {len(known)} models ({listed}), and no model is chosen; expected one. "
            "Set CITEDESK_CHAT_MODEL to the one to use."
        )

    def _explain(self, error: Exception, *, opened: bool, started: bool) -> str:
        """Return the message for an error of the client. It never holds the key."""
        import openai

        if isinstance(error, _CutError) and error.reason:
            return error.reason
        if isinstance(error, openai.APITimeoutError):
            return self._late()
        if isinstance(error, openai.APIStatusError):
            return self._status(error.status_code, error.message)
        if isinstance(error, openai.APIConnectionError) and not opened:
            cause = self._safe(str(error.__cause__ or error))
            return (
                f"no connection to {self._where} ({cause}), expected an OpenAI-compatible endpoint. "
                "Start the server, or set CITEDESK_CHAT_ADDRESS."
            )
        if started or isinstance(error, openai.APIConnectionError):
            return self._broken()
        return self._not_chat()

    def _status(self, code: int, message: str) -> str:
        where, said = self._where, self._safe(message)
        if code in (401, 403):
            return f"{where} refused the key (status {code}), expected one that is valid there. Set CITEDESK_CHAT_KEY."
        if code == 404:
            model = self._settings.chat_model
            return (
                f"{where} does not know the model {model!r} or the address (status 404), expected one it serves. "
                "Set CITEDESK_CHAT_MODEL, and see that CITEDESK_CHAT_ADDRESS is whole, for example ends in /v1."
            )
        if code == 429:
            return f"{where} takes no more requests now (status 429), expected a reply. Wait, or look at the quota."
        if code >= 500:
            return f"{where} failed (status {code}: {said}), expected a reply. Look at the server, then ask again."
        return (
            f"{where} refused the request (status {code}: {said}), expected a reply. "
            "If it is too long for the model, lower k; else set CITEDESK_CHAT_MODEL to another model."
        )

    def _late(self) -> str:
        seconds = self._settings.chat_seconds
        return (
            f"{self._where} had not finished after {seconds:g} seconds, expected the whole answer by then. "
            "Raise CITEDESK_CHAT_SECONDS, or use a smaller model."
        )

    def _broken(self) -> str:
        return f"{self._where} broke off in the middle of its answer, expected a whole one. Ask again."

    def _not_chat(self) -> str:
        return (
            f"{self._where} replied with something that is no chat stream, expected an OpenAI-compatible endpoint. "
            "Set CITEDESK_CHAT_ADDRESS, for example http://127.0.0.1:11434/v1."
        )

    def _refused(self, said: str) -> str:
        return (
            f"{self.name} refused to answer ({self._safe(said)}), expected an answer from the articles. "
            "Ask in other words, or set CITEDESK_CHAT_MODEL to another model."
        )

    def _safe(self, text: str) -> str:
        key = self._settings.chat_key
        text = text.replace(key, "[key]") if key else text
        return " ".join(text.split())[:200]


class _CutError(Exception):
    """The stream ended early; `reason` is the message, None when the model only reached its length."""

    def __init__(self, reason: str | None) -> None:
        super().__init__(reason)
        self.reason = reason


def _open_stream(client: OpenAI, model: str, messages: list[dict[str, str]]) -> Any:
    """Return the open stream; asks once more in plain terms where the endpoint takes no temperature, seed or limit."""
    import openai

    common: dict[str, Any] = {"model": model, "messages": messages, "stream": True}
    try:
        return client.chat.completions.create(**common, temperature=0.0, seed=0, max_tokens=MAX_TOKENS)
    except openai.BadRequestError as error:
        if not any(word in error.message for word in ("temperature", "seed", "max_tokens")):
            raise
    return client.chat.completions.create(**common, max_completion_tokens=4 * MAX_TOKENS)


def _drafts(sentences: Iterator[Cited], readings: Sequence[Reading], seen: Counter[str]) -> Iterator[Draft]:
    for cited in sentences:
        folded = cited.text.casefold()
        seen[folded] += 1
        if seen[folded] == 1:
            yield draft_of(cited, readings)
