"""Ways to turn a true quote into one that the citation check must reject. Reusable: each is a plain function."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.drafts import Quote
from rag.schema import Article, Passage

Random = np.random.Generator

LOOK_ALIKES = {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "x": "х", "'": "’", "’": "'", "-": "‑", '"': "”"}
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_NEGATION = re.compile(r"\b(?:not|no|never|without)\s+|n['’]t\b")


@dataclass(frozen=True, slots=True)
class World:
    """What one attack sees: the articles, the evidence shown, and the passages that were not shown."""

    articles: Mapping[str, Article]
    evidence: tuple[Passage, ...]
    withheld: tuple[Passage, ...]


# A mutation gives None when the quote offers it nothing to change.
Mutation = Callable[[Quote, World, Random], Quote | None]


def _reworded(quote: Quote, words: str, chance: Random) -> Quote | None:
    """Return the quote with other words, at the old end or the one that fits their length; None if nothing changed."""
    if words == quote.words:
        return None
    return replace(quote, words=words, end=quote.end if chance.random() < 0.5 else quote.start + len(words))


def _pick(items: Sequence[re.Match[str]], chance: Random) -> re.Match[str] | None:
    return items[int(chance.integers(len(items)))] if items else None


def _swap(quote: Quote, found: re.Match[str] | None, words: str, chance: Random) -> Quote | None:
    if found is None:
        return None
    return _reworded(quote, quote.words[: found.start()] + words + quote.words[found.end() :], chance)


def change_number(quote: Quote, world: World, chance: Random) -> Quote | None:
    found = _pick(list(re.finditer(r"\d", quote.words)), chance)
    return _swap(quote, found, str((int(found.group()) + int(chance.integers(1, 10))) % 10) if found else "", chance)


def change_name(quote: Quote, world: World, chance: Random) -> Quote | None:
    found = _pick(list(_NAME.finditer(quote.words)), chance)
    others = sorted({name for article in world.articles.values() for name in _NAME.findall(article.text)})
    return _swap(quote, found, str(chance.choice(others)) if others else "", chance)


def add_negation(quote: Quote, world: World, chance: Random) -> Quote | None:
    found = _pick(list(re.finditer(r"(?<=\w) (?=[a-z])", quote.words)), chance)
    return _swap(quote, found, " not ", chance)


def remove_negation(quote: Quote, world: World, chance: Random) -> Quote | None:
    return _swap(quote, _pick(list(_NEGATION.finditer(quote.words)), chance), "", chance)


def change_case(quote: Quote, world: World, chance: Random) -> Quote | None:
    found = _pick(list(re.finditer(r"[^\W\d_]", quote.words)), chance)
    return _swap(quote, found, found.group().swapcase() if found else "", chance)


def drop_word(quote: Quote, world: World, chance: Random) -> Quote | None:
    return _swap(quote, _pick(list(re.finditer(r"\w+ ", quote.words)), chance), "", chance)


def swap_words(quote: Quote, world: World, chance: Random) -> Quote | None:
    found = _pick(list(re.finditer(r"(\w+) (\w+)", quote.words)), chance)
    return _swap(quote, found, f"{found.group(2)} {found.group(1)}" if found else "", chance)


def join_fragments(quote: Quote, world: World, chance: Random) -> Quote | None:
    """Two true fragments as one quote: of the same passage with a gap between, or of another passage."""
    other = world.evidence[int(chance.integers(len(world.evidence)))].text
    cut = int(chance.integers(len(other) // 3, len(other)))
    return _reworded(quote, quote.words[: max(8, len(quote.words) // 2)].rstrip() + " " + other[cut:].lstrip(), chance)


def elide(quote: Quote, world: World, chance: Random) -> Quote | None:
    third = len(quote.words) // 3
    return _reworded(quote, quote.words[:third] + " … " + quote.words[2 * third :], chance) if third else None


def cite_other_article(quote: Quote, world: World, chance: Random) -> Quote | None:
    """The right words, said to stand in another article: at the same place, or where that article is shown."""
    others = sorted(set(world.articles) - {quote.article_id})
    if not others:
        return None
    other = str(chance.choice(others))
    if chance.random() < 0.5:
        return replace(quote, article_id=other)
    shown = [passage for passage in world.evidence if passage.article_id == other]
    start = shown[0].start if shown else 0
    return replace(quote, article_id=other, start=start, end=start + len(quote.words))


def cite_unknown_article(quote: Quote, world: World, chance: Random) -> Quote | None:
    return replace(quote, article_id=quote.article_id[::-1] + "0")


def shift_offset(quote: Quote, world: World, chance: Random) -> Quote | None:
    """The right words one or a few characters off: both ends, or one of them."""
    by = int(chance.choice([-3, -2, -1, 1, 2, 3]))
    start, end = [(by, by), (by, 0), (0, by)][int(chance.integers(3))]
    return replace(quote, start=quote.start + start, end=quote.end + end)


def count_from_the_end(quote: Quote, world: World, chance: Random) -> Quote | None:
    """Offsets below zero, which a slice takes as counted from the end: the words would agree."""
    length = len(world.articles[quote.article_id].text)
    return replace(quote, start=quote.start - length, end=quote.end - length) if quote.end < length else None


def run_past_the_end(quote: Quote, world: World, chance: Random) -> Quote | None:
    """An end behind the last character, which a slice forgives: the words would agree."""
    text = world.articles[quote.article_id].text
    return replace(quote, words=text[quote.start :], end=len(text) + int(chance.integers(1, 1000)))


def say_nothing(quote: Quote, world: World, chance: Random) -> Quote | None:
    """No words, or white space only: equal to its slice, and proof of nothing."""
    if chance.random() < 0.5:
        return replace(quote, end=quote.start, words="")
    space = quote.words.find(" ")
    return replace(quote, start=quote.start + space, end=quote.start + space + 1, words=" ") if space >= 0 else None


def turn_around(quote: Quote, world: World, chance: Random) -> Quote | None:
    return replace(quote, start=quote.end, end=quote.start)


def outgrow_passage(quote: Quote, world: World, chance: Random) -> Quote | None:
    """True words that begin in the passage shown and end behind it, or begin before it."""
    text = world.articles[quote.article_id].text
    passage = next(p for p in world.evidence if p.article_id == quote.article_id and p.start <= quote.start < p.end)
    by = int(chance.integers(1, 200))
    start, end = (quote.start, passage.end + by) if chance.random() < 0.5 else (passage.start - by, quote.end)
    if start < 0 or end > len(text):
        return None
    return replace(quote, start=start, end=end, words=text[start:end])


def cite_withheld(quote: Quote, world: World, chance: Random) -> Quote | None:
    """True words at their true place, of a passage that the answerer was not shown."""
    if not world.withheld:
        return None
    return whole(world.withheld[int(chance.integers(len(world.withheld)))])


def change_space(quote: Quote, world: World, chance: Random) -> Quote | None:
    found = _pick(list(re.finditer(" ", quote.words)), chance)
    return _swap(quote, found, str(chance.choice(["  ", "\n", "\t", "\u00a0", "\u2009", "", " \u200b"])), chance)


def pad(quote: Quote, world: World, chance: Random) -> Quote | None:
    """The right words with something before or after them that the article does not have there."""
    extra = str(chance.choice([" ", "\n", "\u200b", "\ufeff", ".", "…", '"']))
    return _reworded(quote, extra + quote.words if chance.random() < 0.5 else quote.words + extra, chance)


def look_alike(quote: Quote, world: World, chance: Random) -> Quote | None:
    """A letter replaced by one that looks the same: Cyrillic, typographic, or with a mark added."""
    found = _pick([match for match in re.finditer(r"\S", quote.words) if match.group() in LOOK_ALIKES], chance)
    return _swap(quote, found, LOOK_ALIKES[found.group()] if found else "", chance)


def whole(passage: Passage) -> Quote:
    """Return the whole passage as a quote."""
    return Quote(passage.article_id, passage.start, passage.end, passage.text)


MUTATIONS: Mapping[str, Mutation] = {
    "number changed": change_number,
    "name changed": change_name,
    "negation added": add_negation,
    "negation removed": remove_negation,
    "case of a letter": change_case,
    "word dropped": drop_word,
    "words swapped": swap_words,
    "fragments joined": join_fragments,
    "middle left out": elide,
    "wrong article": cite_other_article,
    "unknown article": cite_unknown_article,
    "offset shifted": shift_offset,
    "negative offset": count_from_the_end,
    "past the end": run_past_the_end,
    "no words": say_nothing,
    "end before start": turn_around,
    "beyond its passage": outgrow_passage,
    "not in the evidence": cite_withheld,
    "white space": change_space,
    "padded": pad,
    "look-alike letter": look_alike,
}
