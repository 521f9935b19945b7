"""What the command line prints: styled words, and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rag.rendering.plain_text import Styled


def say_json(data: dict[str, Any]) -> None:
    """Print JSON in UTF-8 whatever the terminal's encoding: half characters, of a file's name, stand as \\udcff there."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace"))


def say_json_list(items: Iterable[Any]) -> None:
    """Print JSON as `say_json` does, an item a line, each as it comes."""
    lead = "["
    for item in items:
        typer.echo(f"{lead}\n{json.dumps(item, ensure_ascii=False)}".encode("utf-8", "backslashreplace"), nl=False)
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
