"""Where an article came from: a file, or a part of one, written `file#part`; a part may hold parts of its own."""

from __future__ import annotations

from dataclasses import dataclass

MARK = "#"


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a file that could not be read, and why. The file's other parts are articles all the same."""

    source: str
    reason: str


def part(source: str, name: str) -> str:
    """Return the source of what `name` names inside `source`: `news.zip#may/flood.html`, `export.jsonl#17`."""
    return f"{source}{MARK}{name}"
