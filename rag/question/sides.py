"""What a comparison compares: the names or things on both sides of "and", "or", "vs" and "between"."""

from __future__ import annotations

import re

from ..language.words import is_function_word

_VERSUS = re.compile(r"\s*(?:\bvs\.?\b|\bversus\b|\bcompared (?:with|to)\b|\bas against\b)\s*", re.IGNORECASE)
_NAME = r"(?:[A-Z][\w’'-]*(?:\s+(?:of|the|de|van)\s+[A-Z][\w’'-]*|\s+[A-Z][\w’'-]*)*)"
_NAMES = re.compile(rf"(?P<one>{_NAME}) (?:and|or) (?:in )?(?:the )?(?P<other>{_NAME})")
_YEARS = re.compile(r"\b(?P<one>(?:19|20)\d\d)\b.*?\b(?:and|or|with|to)\b.*?\b(?P<other>(?:19|20)\d\d)\b")
_OR = re.compile(r"(?P<one>[\w’'-]+ [\w’'-]+) or (?P<other>[\w’'-]+ [\w’'-]+)")


def sides_of(question: str) -> tuple[str, ...]:
    """Return the two sides that a question compares, as they are written; nothing where none can be told apart."""
    parts = _VERSUS.split(question, maxsplit=1)
    if len(parts) == 2:
        left = re.findall(_NAME, parts[0])
        right = re.findall(_NAME, parts[1])
        if left and right:
            return left[-1], right[0]
    for pattern in (_NAMES, _OR, _YEARS):
        found = pattern.search(question)
        if found and not any(is_function_word(word) for word in (found["one"], found["other"])):
            return found["one"], found["other"]
    return ()
