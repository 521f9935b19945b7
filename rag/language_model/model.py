"""What a language model is to the parts that use it, and the one that the settings name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from ..settings import Settings
from .deadline import Deadline
from .endpoint import ChatEndpoint


class LanguageModel(Protocol):
    """Messages in, words out as they come; JSON of a `schema` where it can promise that."""

    name: str

    def write(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        deadline: Deadline,
        tokens: int,
        schema: Mapping[str, Any] | None = None,
    ) -> Iterator[str]: ...


def answering_model(settings: Settings) -> ChatEndpoint:
    """Return the model that writes answers."""
    return ChatEndpoint(
        settings.chat_address, model=settings.chat_model, key=settings.chat_key, seconds=settings.chat_seconds
    )


def verifying_model(settings: Settings) -> ChatEndpoint:
    """Return the model that verifies: the one that answers, unless the settings name another.

    The key of one address is never sent to another.
    """
    elsewhere = settings.verifier_address not in ("", settings.chat_address)
    return ChatEndpoint(
        settings.verifier_address or settings.chat_address,
        model=settings.verifier_model or ("" if elsewhere else settings.chat_model),
        key=settings.verifier_key or ("" if elsewhere else settings.chat_key),
        seconds=settings.chat_seconds,
    )
