"""One thing known of an article, and where it was said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

LANGUAGE = re.compile(r"(?P<code>[a-zA-Z]{2,3})(?:[-_][\w-]{2,20})?")

ADDRESS = re.compile(r"https?://[^\s/@]{1,250}(?:/\S{0,2000})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing known of an article: a field of Metadata, its value (a date if `published`), and where it stands."""

    field: str
    value: str | date
    origin: str


def language_code(words: str) -> str | None:
    """Return the language of a tag such as "en-GB" as a small code; None if it is no tag."""
    tag = LANGUAGE.fullmatch(words.strip())
    return tag["code"].lower() if tag else None


def web_address(words: str) -> str | None:
    """Return the address if it is a whole one on the web; None otherwise."""
    return words.strip() if ADDRESS.fullmatch(words.strip()) else None
