"""A text cut into words and numbers, each folded and stemmed once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .stems import fold, stem
from .vocabulary import vocabulary
from .word_lists import listed

TOKEN = re.compile(r"\d[\d,.]*\d|\d|(?:[^\W\d_]\.){2,}|[^\W\d_][^\W_]*(?:['’][^\W\d_]+)*")
_OPENING = re.compile(r"(?:^|[.!?:;•–—][\"'”’)]*\s|\n|[\"“‘(])[\s\"“‘(\-•*]*$")
WIDE_GAP = 60  # characters; behind so many that are no word, something begins
_BREAK = re.compile(r"[,.;:()!?\n\"“”–—]")
_TITLES = ("mr", "mrs", "ms", "dr", "sir")
_DATED = re.compile(r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\. \d", re.IGNORECASE)  # "Jan. 12"


def word_set(text: str) -> frozenset[str]:
    """Return the words of a table written as one string."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number. `opens` when a capital may only be there because a sentence begins."""

    text: str
    word: str  # folded: lower case, no accents
    stem: str
    start: int
    end: int
    opens: bool
    cut: bool  # punctuation stands between this token and the one before


def is_content(token: Token) -> bool:
    """Return whether the word carries meaning."""
    return token.word not in listed("function_words") and (len(token.word) > 1 or token.word.isdigit())


@lru_cache(maxsize=5_000)
def is_common(word: str) -> bool:
    """Return whether a word is more often written small than with a capital: `students` is, `berg` is not.

    The ranks of the tiktoken vocabulary tell: a more frequent word was merged earlier.
    """
    small, large = (vocabulary().encode_ordinary(f" {each}") for each in (word.lower(), word.capitalize()))
    return len(small) == 1 and (len(large) > 1 or small[0] < large[0])


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the words and numbers of a text in order."""
    found: list[Token] = []
    last = 0
    for match in TOKEN.finditer(text):
        raw, start = match.group(), match.start()
        gap = text[last:start]
        opens = not found or (
            bool(gap.strip() or "\n" in gap)
            and (len(gap) > WIDE_GAP or bool(_OPENING.search(text[max(0, last - 3) : start])))
        )
        if found and found[-1].word in _TITLES:
            opens = False
        word = fold(raw)
        goes_on = found and (found[-1].word in _TITLES or _DATED.match(text, found[-1].start))
        cut = bool(_BREAK.search(gap)) and not goes_on
        found.append(Token(raw, word, stem(raw), start, match.end(), opens, cut))
        last = match.end()
    return tuple(found)
