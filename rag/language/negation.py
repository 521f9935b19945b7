"""Words that deny and words that dispute, each with the words it bears on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .amounts import NUMBER_WORDS
from .facts import Facts
from .stems import listed_stems
from .tokens import Token, is_content, word_set
from .word_lists import listed

_SCOPE_TOKENS = 9
_BACKWARD = word_set("nobody nothing none nowhere never")
_BOUNDS = word_set("more fewer less later")  # "no more than 5" bounds a number, it denies nothing


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that denies, the stems it bears on, and the first of them that is neither name nor number."""

    words: str
    scope: frozenset[str]
    key: str | None
    indices: range


Finder = Callable[[Facts], list[Cue]]


def negations(facts: Facts) -> list[Cue]:
    """Return what denies: "not", "never", "without", "failed to". "No more than", "not only" and a leading "No," do not."""
    return _cues(facts, _denies)


def denials(facts: Facts) -> list[Cue]:
    """Return who disputes: "denied", "refuted". Disputing a thing is not the same as its being untrue."""
    return _cues(facts, lambda tokens, index: tokens[index].stem in listed_stems("denials"))


def _denies(tokens: tuple[Token, ...], index: int) -> bool:
    word, after = tokens[index].word, tokens[index + 1 : index + 3]
    if word in ("no", "not") and after:
        bounds = after[0].word == "only" or (after[0].word in _BOUNDS and after[-1].word == "than")
        if bounds or (word == "no" and after[0].cut):
            return False
    return word in listed("negations") or word.endswith("n't")


def _cues(facts: Facts, is_cue: Callable[[tuple[Token, ...], int], bool]) -> list[Cue]:
    tokens = facts.tokens
    found = []
    for index, token in enumerate(tokens):
        if not is_cue(tokens, index):
            continue
        last = _scope_end(tokens, index)
        first = index
        while token.word in _BACKWARD and first > 0 and not _bounded(tokens, first) and index - first < 3:
            first -= 1
        bearing = [each for each in tokens[index + 1 : last] if is_content(each)]
        before = [each for each in tokens[first:index] if is_content(each)]
        plain = [each.stem for each in (*bearing, *reversed(before)) if _is_plain(each)]
        scope = frozenset(each.stem for each in (*bearing, *before))
        found.append(Cue(token.text, scope, plain[0] if plain else None, range(first, last)))
    return found


def _is_plain(token: Token) -> bool:
    """Return whether the word is neither a name nor a number, which may be written otherwise elsewhere."""
    numeral = token.text[0].isdigit() or token.word in NUMBER_WORDS
    return not numeral and (token.opens or not token.text[0].isupper())


def _bounded(tokens: tuple[Token, ...], index: int) -> bool:
    return tokens[index].cut or tokens[index - 1].word in ("and", "or", "but")


def _scope_end(tokens: tuple[Token, ...], index: int) -> int:
    end = index + 1
    while end < len(tokens) and end - index <= _SCOPE_TOKENS and not tokens[end].cut and tokens[end].word != "but":
        end += 1
    return end
