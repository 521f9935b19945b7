"""The bytes of a chat completion, streamed or whole, to its chunks; no line and no reply is read without an end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

MAX_BYTES = 4_000_000  # of a whole reply as it travels: a model's thoughts and the frames around each word included
MAX_LINE_BYTES = 400_000


class StreamError(Exception):
    """What came is no chat completion."""


class TooLongError(Exception):
    """More came than an answer takes; the message says more than what."""


def chunks(pieces: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Yield each chunk; a reply that is not streamed, though that was asked, comes as one.

    Raises:
        StreamError: a line is no JSON object, or tells of an error.
        TooLongError: the reply, or a line of it, is longer than the limits.
    """
    whole: list[bytes] = []
    for line in _lines(pieces):
        text = line.strip()
        if text.startswith(b"data:"):
            data = text[5:].strip()
            if data == b"[DONE]":
                yield {"done": True}
                return
            yield _object(data)
        elif text and not text.startswith((b":", b"event:", b"id:", b"retry:")):
            whole.append(line)
    if whole:
        yield _as_chunk(_object(b"\n".join(whole)))


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest, total = b"", 0
    for piece in pieces:
        total += len(piece)
        if total > MAX_BYTES:
            raise TooLongError(f"{MAX_BYTES:,} bytes")
        *lines, rest = (rest + piece).split(b"\n")
        if any(len(line) > MAX_LINE_BYTES for line in (*lines, rest)):
            raise TooLongError(f"{MAX_LINE_BYTES:,} bytes in one line")
        yield from lines
    if rest:
        yield rest


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise StreamError from error
    if not isinstance(found, dict) or found.get("error"):
        raise StreamError
    return found


def _as_chunk(reply: dict[str, Any]) -> dict[str, Any]:
    choices = reply.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise StreamError
    message = choices[0].get("message")
    if not isinstance(message, dict):
        raise StreamError
    return {"choices": [{"delta": message, "finish_reason": choices[0].get("finish_reason") or "stop"}]}
