"""Which articles, outlets and authors a question names, be it half remembered. Fuzzy, over the list of all articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..language.words import content_words, is_function_word
from ..schema import ArticleSummary

LEAST_ALIKE = 90.0  # rapidfuzz's ratio of 100, from which words name a title, an outlet or an author
LEAST_TITLE_WORDS = 2
_QUOTED = re.compile(r"[\"“„«‘']([^\"“”„«»]{6,}?)[\"”“»’'](?!\w)")
_NAMED_AFTER = re.compile(r"\([^()]*\)|,.*$")  # "Barrio Brief (Colonia Jacarandas)", "Media Office, Lima"


@dataclass(frozen=True, slots=True)
class Named:
    """Articles that a question names by their title, and those of an outlet or by an author that it names."""

    titles: tuple[ArticleSummary, ...] = ()
    outlets: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


def named_in(question: str, listed: Sequence[ArticleSummary]) -> Named:
    """Return what the question names."""
    from rapidfuzz import fuzz

    asked = _folded(question)
    quoted = [_folded(words) for words in _QUOTED.findall(question)]

    def has_name(name: str) -> bool:
        bare = _folded(_NAMED_AFTER.sub("", name)) or _folded(name)
        return (
            len(bare) >= 6 and len(bare) <= len(asked) and fuzz.partial_ratio(bare, asked, score_cutoff=LEAST_ALIKE) > 0
        )

    titles = []
    for one in listed:
        title = _folded(one.title)
        if len(content_words(one.title)) < LEAST_TITLE_WORDS:
            continue
        whole = len(title) <= len(asked) and fuzz.partial_ratio(title, asked, score_cutoff=LEAST_ALIKE) > 0
        part = any(
            len(words) >= 8 and fuzz.partial_ratio(words, title, score_cutoff=LEAST_ALIKE) > 0 for words in quoted
        )
        if whole or part:
            titles.append(one)
    outlets = {one.outlet for one in listed if one.outlet}
    authors = {one.author for one in listed if one.author}
    return Named(tuple(titles), tuple(sorted(filter(has_name, outlets))), tuple(sorted(filter(has_name, authors))))


def _folded(text: str) -> str:
    """Small letters, no punctuation, no article before a name."""
    words = re.findall(r"\w+", text.casefold())
    return " ".join(word for word in words if word not in ("the", "a", "an") or not is_function_word(word))
