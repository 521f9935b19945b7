"""Whether a question can be asked at all: it holds a word, whole characters, and not too many."""

from __future__ import annotations

from ..errors import QuestionError
from ..language.words import words

MAX_QUESTION_CHARACTERS = 2_000


def checked(question: str) -> str:
    """Return the question without the space around it.

    Raises:
        QuestionError: it is empty, holds no word or a broken character, or is too long.
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
            f"the question has a broken character at {error.start}, expected Unicode text. Type it again; a terminal must use UTF-8."
        ) from error
    if len(stripped) > MAX_QUESTION_CHARACTERS:
        raise QuestionError(
            f"the question has {len(stripped):,} characters, expected at most {MAX_QUESTION_CHARACTERS:,}. "
            "Ask for one thing at a time; add long texts as articles."
        )
    return stripped
