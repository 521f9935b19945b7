"""What the script of the page sends with an event: text only, and a number in it is checked. Knows no gradio."""

from __future__ import annotations

from collections.abc import Mapping

Sent = Mapping[str, str]

LONGEST_NUMBER = 12  # digits


def number(text: str) -> int | None:
    """Return the place that the script sent; None for what is none, or is longer than any place."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else None
