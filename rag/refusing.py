"""What a refusal says: why, and how the question may have been meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from .facts.stems import stem
from .parting import MEASURED
from .schema import Reading
from .splitting import count_tokens
from .words import WORD, content_words, is_function_word

LEAST_ALIKE = 0.8  # Ratcliff and Obershelp's ratio: one letter wrong in five, two in eleven
_MEASURE = re.compile(
    rf"\bhow\s+(?:{MEASURED})\b", re.IGNORECASE
)  # asks for a figure, which has no such word beside it
_LETTERS = re.compile(r"[^\W\d_]{4,}")  # of fewer, too many words are alike


def why_refused(question: str, readings: Sequence[Reading]) -> str:
    """Return the reason of a refusal in one sentence, for the person who asked."""
    if not readings:
        return "There is no article to search: none at all, or none of the days and outlets chosen."
    told = f"{_text(readings)} {' '.join(reading.hit.outlet or '' for reading in readings)}"
    found = {stem(word) for word in content_words(told)}
    written = WORD.findall(_MEASURE.sub("", question))
    asked = {word: typed[: len(word)] for typed in written for word in content_words(typed)}
    missing = [typed for word, typed in asked.items() if stem(word) not in found]
    if missing:
        return f"The nearest passages do not mention: {', '.join(missing)}."
    return "The nearest passages are on the subject, but none of them surely answers this."


def respelled(question: str, readings: Sequence[Reading]) -> str | None:
    """Return the question with strange words that no passage has as the passages spell words like them; None without any.

    Strange is what is no single token. The person who asked must decide: the word may be misspelt, or name somebody else.
    """
    # Of several spellings of a word the last in order, which has the fewest capitals.
    spellings = {word.lower(): word for word in sorted(_LETTERS.findall(_text(readings)))}
    found = {stem(word) for word in spellings}

    def spelling(match: re.Match[str]) -> str:
        word = match.group()
        if stem(word) in found or is_function_word(word) or count_tokens(f" {word}") == 1:
            return word
        near = [other for other in spellings if abs(len(other) - len(word)) <= 1]  # "loaves" is not "love" mistyped
        alike = get_close_matches(word.lower(), near, n=1, cutoff=LEAST_ALIKE)
        return spellings[alike[0]] if alike else word

    changed = _LETTERS.sub(spelling, question)
    return None if changed == question else changed


def _text(readings: Sequence[Reading]) -> str:
    return "\n".join(f"{reading.hit.title} {reading.hit.passage.text}" for reading in readings)
