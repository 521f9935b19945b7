"""Whether a question can be asked, what kind of thing it asks for (a number, a date, a person, a place), and where a
sentence offers one."""

from __future__ import annotations

import re
from typing import Literal

from .errors import QuestionError
from .facts.stems import stem
from .words import FUNCTION_WORDS, words

Asked = Literal["number", "date", "person", "place"]

MAX_QUESTION_CHARACTERS = 2_000

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBER_WORD = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|dozens?|millions?|billions?"
)
_FIGURE = r"[€$£¥]?\d[\d,]*(?:\.\d+)?(?:\s?%|\s(?:percent|per cent|million|billion|trillion|thousand|hundred)\b)?"
NUMBER = re.compile(
    rf"(?:(?:more than|over|at least|up to|almost|nearly|about|around|some|fewer than|less than|between)\s)?"
    rf"(?:{_FIGURE}(?:\s(?:to|and|or)\s{_FIGURE})?|\b(?:{_NUMBER_WORD})\b(?:[\s-](?:{_NUMBER_WORD})\b)*)",
    re.IGNORECASE,
)
DATE = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s)?\b(?:{_MONTH})\b(?:\s\d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,?\s(?:of\s)?\d{{4}}\b)?"
    r"|\b(?:the (?:summer|winter|spring|autumn|fall|start|end|beginning) of )?(?:1[5-9]|20)\d\ds?\b"
    r"|\b(?:last|this|next|earlier this) (?:year|month|week)\b"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\byesterday\b|\btoday\b",
)
NAME = re.compile(r"\b[A-Z][\w’'-]*(?:\s(?:of\s(?:the\s)?)?[A-Z][\w’'-]*)*")
PLACE = re.compile(
    r"\b(?:in|at|to|from|near|into|of)\s(?:the\s)?(?P<name>[A-Z][\w’'-]*(?:\s(?:of\s(?:the\s)?)?[A-Z][\w’'-]*)*)"
)

_ASKS: tuple[tuple[Asked, re.Pattern[str]], ...] = (
    (
        "number",
        re.compile(
            r"\bhow (?:many|much|large|old|long|far|big)\b|\bwhat (?:share|percentage|number|amount|sum|figure)\b", re.I
        ),
    ),
    (
        "date",
        re.compile(
            r"\bwhen\b|\b(?:what|which|in which|in what) (?:year|month|day|date)\b|\bsince when\b|\bhow long ago\b",
            re.I,
        ),
    ),
    (
        "place",
        re.compile(r"^\W*(?:\w+\s)?where\b|\b(?:what|which) (?:country|city|place|region|town|location)\b", re.I),
    ),
    (
        "person",
        re.compile(
            r"^\W*(?:by |to |with |for )?who(?:m|se)?\b|\b(?:what|which) (?:person|leader|expert|official|minister|author)\b",
            re.I,
        ),
    ),
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


def asked_for(question: str) -> Asked | None:
    """Return the kind of thing the question asks for; None when it does not say (why, how, what)."""
    return next((kind for kind, pattern in _ASKS if pattern.search(question)), None)


def offers(sentence: str, asked: Asked, question: str) -> list[tuple[int, int]]:
    """Return the (start, end) in `sentence` of each thing of that kind which the question does not name itself."""
    known = {stem(word) for word in words(question)}
    found = []
    for start, end in _candidates(sentence, asked):
        mine = {stem(word) for word in words(sentence[start:end])} - {""}
        if mine and not mine <= known and not mine <= FUNCTION_WORDS:
            found.append((start, end))
    return found


def _candidates(sentence: str, asked: Asked) -> list[tuple[int, int]]:
    if asked == "number":
        dates = [match.span() for match in DATE.finditer(sentence)]
        spans = [match.span() for match in NUMBER.finditer(sentence)]
        return [span for span in spans if not any(start <= span[0] and span[1] <= end for start, end in dates)]
    if asked == "date":
        return [match.span() for match in DATE.finditer(sentence)]
    if asked == "place":
        return [match.span("name") for match in PLACE.finditer(sentence)]
    return [match.span() for match in NAME.finditer(sentence)]
