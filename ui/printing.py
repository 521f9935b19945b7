"""What the command line prints: styled words, and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rag.rendering.plain_text import Styled

# What a terminal obeys and JSON may hold as it is: the second half of the control characters, and marks of direction.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def as_json(data: Any, *, indent: int | None = None) -> bytes:
    """Return JSON in UTF-8 that a terminal only shows. Half characters, of a file's name, stand as \\udcff there."""
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    escaped = _OBEYED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
    return escaped.encode("utf-8", "backslashreplace")


def say_json(data: dict[str, Any]) -> None:
    """Print JSON, whatever the terminal's encoding."""
    typer.echo(as_json(data, indent=2))


def say_json_list(items: Iterable[Any]) -> None:
    """Print JSON as `say_json` does, an item a line, each as it comes."""
    lead = "["
    for item in items:
        typer.echo(f"{lead}\n".encode() + as_json(item), nl=False)
        lead = ","
    typer.echo("\n]" if lead == "," else "[]")


def say(parts: list[Styled], *, error: bool = False) -> None:
    say_lines([parts], error=error)


def say_lines(lines: Iterable[list[Styled]], *, error: bool = False) -> None:
    """Print styled words. They are never read as markup, and lines are not broken, so that a pipe gets them whole."""
    from rich.console import Console
    from rich.text import Text

    from rag.rendering.words import printable

    console = Console(stderr=error, highlight=False)
    for parts in lines:
        text = Text.assemble(*((printable(words), style) for words, style in parts))
        console.print(text, soft_wrap=True)
