"""Words of a text: which carry meaning, and when two are the same word."""

from __future__ import annotations

import re

from .word_lists import listed

WORD = re.compile(r"[^\W_]+(?:[’'.\-][^\W_]+)*")

_OPENING_MARKS = "\"“‘'("
LEAST_SHOUTED = 3  # words: of fewer, "WHO" and "US GDP" are names


def unshouted(question: str) -> str:
    """Return a question all in capitals in small letters: capitals that all words have make none of them a name."""
    return question.lower() if question.isupper() and len(WORD.findall(question)) >= LEAST_SHOUTED else question


def words(text: str) -> list[str]:
    """Return the words of `text` in order, lower case, apostrophes straight, without a possessive ending."""
    return [_plain(match.group()) for match in WORD.finditer(text)]


def is_function_word(token: str) -> bool:
    """Whether a word, as it is written, carries no meaning. US, WHO and IT are names, us, who and it are not."""
    capitals = token.isupper() and len(token) > 1
    return _plain(token) in listed("function_words") and not capitals


def content_words(text: str) -> list[str]:
    """Return the words of `text` that carry meaning, in order, with repetitions."""
    return [_plain(match.group()) for match in WORD.finditer(text) if not is_function_word(match.group())]


def _plain(token: str) -> str:
    return token.lower().replace("’", "'").removesuffix("'s").rstrip("'")


def names(text: str) -> list[str]:
    """Return the words of `text` that name something: capitalised inside a sentence, or holding a digit."""
    found = []
    for match in WORD.finditer(text):
        word = match.group()
        before = text[: match.start()].rstrip(_OPENING_MARKS)
        last = before.rstrip()[-1:]
        opens_sentence = not last or last in _OPENING_MARKS or (last in ".!?" and before[-1] != last)
        capital = word[0].isupper() and not opens_sentence and not is_function_word(word)
        if capital or any(character.isdigit() for character in word):
            found.append(word)
    return found
