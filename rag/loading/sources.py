"""Where an article came from: a file, or a part of one, written `file#part`; a part may hold parts of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

MARK = "#"

BeginPart = Callable[[int], str | None]
"""Called with the bytes of a part that is about to be read; returns why it must not be, in words that follow its name."""

_begin: ContextVar[BeginPart | None] = ContextVar("begin", default=None)


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a file that could not be read, and why. The file's other parts are articles all the same.

    One that is `ignored` is no article and nobody would look for one in it: a picture or a script beside a page.
    """

    source: str
    reason: str
    ignored: bool = False


def whole_characters(words: str) -> str:
    """Return the words with a question mark for each half of a character, as JSON, mail and file names may hold."""
    return words.encode("utf-8", "replace").decode("utf-8")


def part(source: str, name: str) -> str:
    """Return the source of what `name` names inside `source`: `news.zip#may/flood.html`, `export.jsonl#17`."""
    return f"{source}{MARK}{whole_characters(name)}"


@contextmanager
def watch_parts(begin: BeginPart) -> Iterator[None]:
    """Let `begin` be called before each part of a file, and of the parts inside it, in the same order each time."""
    token = _begin.set(begin)
    try:
        yield
    finally:
        _begin.reset(token)


def begin_part(size: int) -> str | None:
    """Tell that a part of so many bytes is next; return why it must not be read, or None."""
    begin = _begin.get()
    return begin(size) if begin else None
