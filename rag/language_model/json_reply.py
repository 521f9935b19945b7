"""What a language model writes where JSON was asked for: its objects, each as soon as it is whole, and the rest of it.

Models put it in a code fence, think first, leave a comma too many or break off; what can be read of it is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|$)", re.IGNORECASE | re.DOTALL)
THOUGHT_END = re.compile(r"^.*</(?:think|thinking|reasoning)>", re.IGNORECASE | re.DOTALL)
_EXTRA_COMMA = re.compile(r",\s*(?=[}\]])")


class JsonReply:
    """Reads one reply. `items` names the list whose objects are wanted one by one."""

    def __init__(self, items: str) -> None:
        self._list = re.compile(rf'"{items}"\s*:\s*\[')
        self._raw = ""
        self._at: int | None = None  # where the next item of the list may begin
        self._closed = False

    def feed(self, piece: str) -> Iterator[dict[str, Any]]:
        """Yield the items that `piece` finishes."""
        self._raw += piece
        if self._closed or "}" not in piece:
            return
        text = self.text
        if self._at is None:
            found = self._list.search(text)
            if found is None:
                return
            self._at = found.end()
        while (start := _next(text, self._at)) is not None and text[start] == "{":
            end = _end_of(text, start)
            if end is None:
                return
            self._at = end
            if (item := loaded(text[start:end])) is not None:
                yield item
        self._closed = start is not None

    @property
    def text(self) -> str:
        """What was written, without thoughts."""
        text = THOUGHT.sub("", self._raw)
        return THOUGHT_END.sub("", text)

    def whole(self) -> dict[str, Any] | None:
        """Return the whole object, closed where it broke off; None if there is none."""
        text = self.text
        start = text.find("{")
        if start < 0:
            return None
        end = _end_of(text, start)
        return loaded(text[start:end] if end else _closed(text[start:]))


def _next(text: str, at: int) -> int | None:
    """Return where the next character that matters stands, None while there is none."""
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at if at < len(text) else None


def _brackets(text: str, start: int = 0) -> Iterator[tuple[int, str]]:
    """Yield each bracket from `start` on that stands in no string, with its place; a last '"' where a string is open."""
    quoted, at = False, start
    while at < len(text):
        character = text[at]
        if quoted:
            at += character == "\\"
            quoted = character != '"'
        elif character == '"':
            quoted = True
        elif character in "{[}]":
            yield at, character
        at += 1
    if quoted:
        yield at, '"'


def _end_of(text: str, start: int) -> int | None:
    """Return where the object that begins at `start` ends; None while it has not."""
    depth = 0
    for at, character in _brackets(text, start):
        depth += (character in "{[") - (character in "}]")
        if depth == 0 and character in "}]":
            return at + 1
    return None


def _closed(text: str) -> str:
    """Return an object that broke off, with what is missing at its end."""
    open_: list[str] = []
    for _, character in _brackets(text):
        if character in "}]":
            del open_[-1:]
        else:
            open_.append({"{": "}", "[": "]"}.get(character, character))
    return text + "".join(reversed(open_))


def loaded(text: str) -> dict[str, Any] | None:
    """Return the object that the text is, None where it is none."""
    for written in (text, _EXTRA_COMMA.sub("", text)):
        try:
            found = json.loads(written, strict=False)
        except (ValueError, RecursionError):
            continue
        return found if isinstance(found, dict) else None
    return None
