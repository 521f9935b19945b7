"""The words that language models are told, each in a file of its own beside this module."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def prompt(name: str) -> str:
    """Return the text of `prompts/NAME.md`, without the space around it."""
    return (files(__package__) / "prompts" / f"{name}.md").read_text(encoding="utf-8").strip()
