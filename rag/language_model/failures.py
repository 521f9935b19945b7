"""What is said when a language model's endpoint fails: what happened, what was expected, what to do. Never the key."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..errors import AnswererError
from ..language.visible import in_one_line

LONGEST = 200  # characters of what an endpoint says, in a message


class OutOfTokensError(AnswererError):
    """The reply reached its length before it came to its end."""


class Failures:
    """The messages about one endpoint."""

    def __init__(self, address: str, *, key: str, seconds: float) -> None:
        self._address, self._key, self._seconds = address, key, seconds

    @property
    def where(self) -> str:
        """The address without a name, password or query."""
        try:
            parts = urlsplit(self._address)
        except ValueError:
            return "the address in CITEDESK_CHAT_ADDRESS"
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def safe(self, text: str) -> str:
        """Return what an endpoint says without the key, in one line."""
        return in_one_line(text.replace(self._key, "[key]") if self._key else text, most=LONGEST)

    def status(self, code: int, said: str, *, model: str) -> AnswererError:
        where, said = self.where, self.safe(said)
        if 300 <= code < 400:
            return AnswererError(
                f"{where} sends to another address (status {code}), expected a reply from there; nothing was sent on. "
                "Set CITEDESK_CHAT_ADDRESS to the address that answers."
            )
        if code in (401, 403):
            return AnswererError(
                f"{where} refused the key (status {code}), expected one that is valid there. Set CITEDESK_CHAT_KEY."
            )
        if code == 404:
            return AnswererError(
                f"{where} does not know the model {model!r} or the address (status 404), expected one it serves. "
                "Set CITEDESK_CHAT_MODEL, and see that CITEDESK_CHAT_ADDRESS is whole, for example ends in /v1."
            )
        if code == 429:
            return AnswererError(
                f"{where} takes no more requests now (status 429), expected a reply. Wait, or look at the quota."
            )
        if code >= 500:
            return AnswererError(
                f"{where} failed (status {code}: {said}), expected a reply. Look at the server, then ask again."
            )
        return AnswererError(
            f"{where} refused the request (status {code}: {said}), expected a reply. "
            "If it is too long for the model, lower k; else set CITEDESK_CHAT_MODEL to another model."
        )

    def no_connection(self, cause: str) -> AnswererError:
        return AnswererError(
            f"no connection to {self.where} ({self.safe(cause)}), expected an OpenAI-compatible endpoint. "
            "Start the server, or set CITEDESK_CHAT_ADDRESS."
        )

    def late(self) -> AnswererError:
        return AnswererError(
            f"{self.where} had not finished after {self._seconds:g} seconds, expected the whole answer by then. "
            "Raise CITEDESK_CHAT_SECONDS, or use a smaller model."
        )

    def broken(self) -> AnswererError:
        return AnswererError(f"{self.where} broke off in the middle of its answer, expected a whole one. Ask again.")

    def not_chat(self) -> AnswererError:
        return AnswererError(
            f"{self.where} replied with something that is no chat stream, expected an OpenAI-compatible endpoint. "
            "Set CITEDESK_CHAT_ADDRESS, for example http://127.0.0.1:11434/v1."
        )

    def too_long(self, most: str) -> AnswererError:
        return AnswererError(
            f"{self.where} sent more than {most}, expected an answer. Set CITEDESK_CHAT_MODEL to another model."
        )

    def refused(self, said: str, *, model: str) -> AnswererError:
        return AnswererError(
            f"{model} refused to answer ({self.safe(said)}), expected an answer from the articles. "
            "Ask in other words, or set CITEDESK_CHAT_MODEL to another model."
        )

    def tool(self, *, model: str) -> AnswererError:
        return AnswererError(
            f"{model} called a tool, expected words; it was offered none. Set CITEDESK_CHAT_MODEL to another model."
        )

    def models(self, known: list[str]) -> AnswererError:
        listed = self.safe(", ".join(known[:8])) or "none"
        return AnswererError(
            f"{self.where} offers {len(known)} models ({listed}), and no model is chosen; expected one. "
            "Set CITEDESK_CHAT_MODEL to the one to use."
        )
