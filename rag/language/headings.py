"""How an article is named in one line, and a day in words."""

from __future__ import annotations

from datetime import date

MOST_TITLE = 160  # characters


def heading(title: str, outlet: str | None, published: date | None) -> str:
    """Return title, outlet and day: `Ferry strike ends · Harbour Post · 3 March 2024`; without what is not known."""
    return " · ".join(part for part in (title[:MOST_TITLE], outlet or "", day_words(published)) if part)


def day_words(day: date | None) -> str:
    """Return a day as it is written: `3 March 2024`; empty for None."""
    return f"{day.day} {day:%B %Y}" if day else ""
