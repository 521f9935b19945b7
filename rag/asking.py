"""Whether a question can be asked, and whether it asks for a fact: a number, a date, a person, a place."""

from __future__ import annotations

import re

from .errors import QuestionError
from .words import words

MAX_QUESTION_CHARACTERS = 2_000

_FACT = re.compile(
    r"\bhow (?:many|much|large|old|long|far|big)\b|\bwhat (?:share|percentage|number|amount|sum|figure)\b"
    r"|\bwhen\b|\b(?:what|which) (?:year|month|day|date)\b"
    r"|^\W*(?:\w+\s)?where\b|\b(?:what|which) (?:country|city|place|region|town|location)\b"
    r"|^\W*(?:by |to |with |for )?who(?:m|se)?\b"
    r"|\b(?:what|which) (?:person|leader|expert|official|minister|author)\b",
    re.IGNORECASE,
)


def checked(question: str) -> str:
    """Return the question without the space around it.

    Raises:
        QuestionError: it is empty, holds no word or half a character, or is too long.
    """
    stripped = question.strip()
    if not stripped:
        raise QuestionError("the question is empty, expected at least one word. Type a question.")
    if not words(stripped):
        raise QuestionError(f"the question {stripped[:20]!r} holds no word, expected at least one. Type a question.")
    try:
        stripped.encode()
    except UnicodeEncodeError as error:  # from a terminal that is not in UTF-8
        raise QuestionError(
            f"the question holds half a character at {error.start}, expected whole Unicode characters. Type it again."
        ) from error
    if len(stripped) > MAX_QUESTION_CHARACTERS:
        raise QuestionError(
            f"the question has {len(stripped):,} characters, expected at most {MAX_QUESTION_CHARACTERS:,}. "
            "Ask for one thing at a time; add long texts as articles."
        )
    return stripped


def asks_fact(question: str) -> bool:
    """Whether the question says what kind of thing it asks for; not so "why", "how", "what"."""
    return _FACT.search(question) is not None
