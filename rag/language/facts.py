"""What stands in a text word for word and must not change: numbers, dates, names, words in quotation marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .amounts import NUMBER_WORDS, ORDINALS, SCALES, Amount, amounts_of
from .dates import Moment, moments_of
from .tokens import Token, tokens_of
from .word_lists import listed
from .words import is_function_word

_QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]{2,}?)[\"”“»]")


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands in a text. `names` are runs of words with capitals, folded, in order."""

    text: str
    tokens: tuple[Token, ...]
    amounts: tuple[Amount, ...]
    moments: tuple[Moment, ...]
    names: tuple[tuple[str, ...], ...]
    quoted: tuple[str, ...]
    stems: frozenset[str]


@lru_cache(maxsize=2_000)
def facts_of(text: str) -> Facts:
    """Return the facts of a text of a few sentences."""
    tokens = tokens_of(text)
    moments, taken = moments_of(text, tokens)
    return Facts(
        text=text,
        tokens=tokens,
        amounts=amounts_of(text, tokens, taken),
        moments=moments,
        names=_names(tokens, taken),
        quoted=tuple(found.group(1).strip(" ,.;:!?") for found in _QUOTED.finditer(text)),
        stems=frozenset(token.stem for token in tokens),
    )


def _names(tokens: tuple[Token, ...], taken: frozenset[int]) -> tuple[tuple[str, ...], ...]:
    runs: list[list[str]] = []
    open_run = False
    lower = {token.word for token in tokens if token.text[0].islower()}
    for index, token in enumerate(tokens):
        named = token.text[0].isupper() and index not in taken and not _only_opens(token, lower)
        if named and open_run and not token.cut:
            runs[-1].append(token.word)
        elif named:
            runs.append([token.word])
        open_run = named
    return tuple(tuple(run) for run in runs)


def _only_opens(token: Token, lower: set[str]) -> bool:
    """Return whether the capital says nothing about a name."""
    if token.word in NUMBER_WORDS or token.word in ORDINALS or token.word.removesuffix("s") in SCALES:
        return True
    if token.word in listed("function_words"):
        return is_function_word(token.text)
    if not token.opens:
        return False
    return token.word in lower or token.word in listed("openers") or token.word.endswith("ly")
