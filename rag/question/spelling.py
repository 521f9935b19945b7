"""A question with strange words, as the passages that were found spell words like them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from ..language.stems import stem
from ..language.vocabulary import count_tokens
from ..language.words import is_function_word
from ..schema import Reading

LEAST_ALIKE = 0.8  # Ratcliff and Obershelp's ratio: one letter wrong in five, two in eleven

_LETTERS = re.compile(r"[^\W\d_]{4,}")  # of fewer, too many words are alike


def respelled(question: str, readings: Sequence[Reading]) -> str | None:
    """Return the question with strange words that no passage has as the passages spell words like them; None without any.

    Strange is what is no single token. The person who asked must decide: the word may be misspelt, or name somebody else.
    """
    # Of several spellings of a word the last in order, which has the fewest capitals.
    spellings = {word.lower(): word for word in sorted(_LETTERS.findall(text_of(readings)))}
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


def text_of(readings: Sequence[Reading]) -> str:
    return "\n".join(f"{reading.hit.title} {reading.hit.passage.text}" for reading in readings)
