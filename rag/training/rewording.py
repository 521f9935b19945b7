"""Asks a question in other words: people rarely ask in the article's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from ..facts import facts_of, is_content
from .data import Example, plain
from .wordnet import WordNet

LIKE_ENOUGH = 0.8  # cosine of a question with one word replaced: less is another sense of the word
STILL_ALIKE = 0.6  # and of one with all its words replaced
BEST = 3  # of a word's candidates, to draw one of
CANDIDATES = 14  # of a word that are compared
SAME_OPENING = 4  # letters: "invent" is no other word for "inventor"


@dataclass(frozen=True, slots=True)
class _Place:
    """A word of a question, where it stands, and what may stand for it."""

    start: int
    end: int
    others: tuple[str, ...]


class Rewording:
    """Replaces the content words of questions by words of like meaning that the passage does not use.

    The candidates are WordNet's; the sense is chosen by the encoder: the question must keep its meaning with each.
    """

    def __init__(self, wordnet: Path, *, encoder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        self._wordnet = WordNet(wordnet)
        self._known: dict[str, list[str]] = {}
        self._encoder = SentenceTransformer(str(encoder), device="cpu", model_kwargs={"dtype": "bfloat16"})

    def reworded(self, examples: Sequence[Example], *, seed: int) -> list[str | None]:
        """Return for each example its question in other words; None where too few words can be replaced."""
        places = [self._places(example) for example in examples]
        variants = [
            [_put(example.question, [(place, other)]) for place in found for other in place.others]
            for example, found in zip(examples, places, strict=True)
        ]
        likeness = self._likeness([example.question for example in examples], variants)
        drawn = []
        for number, (example, found, alike) in enumerate(zip(examples, places, likeness, strict=True)):
            drawn.append(_drawn(example.question, found, alike, random=Random(f"{seed}:{number}")))
        final = self._likeness([example.question for example in examples], [[one] if one else [] for one in drawn])
        return [one if one and alike[0] >= STILL_ALIKE else None for one, alike in zip(drawn, final, strict=True)]

    def _places(self, example: Example) -> list[_Place]:
        facts = facts_of(example.question)
        named = {word.lower() for name in facts.names for word in name}
        quoted = f" {plain(' '.join(facts.quoted))} "
        said = f" {plain(example.passage)} "
        found = []
        for token in facts.tokens:
            word = token.text
            if (
                is_content(token)
                and re.fullmatch("[a-z]{3,}", word)
                and word not in named
                and f" {word} " not in quoted
            ):
                if word not in self._known:
                    self._known[word] = self._wordnet.alike(word)
                others = [
                    other
                    for other in self._known[word]
                    if not other.startswith(word[:SAME_OPENING]) and f" {other} " not in said
                ]
                if others:
                    found.append(_Place(token.start, token.end, tuple(others[:CANDIDATES])))
        return found

    def _likeness(self, questions: Sequence[str], variants: Sequence[Sequence[str]]) -> list[list[float]]:
        texts = list(dict.fromkeys([*questions, *(text for some in variants for text in some)]))
        vectors = self._encoder.encode(
            texts, batch_size=128, normalize_embeddings=True, convert_to_tensor=True, show_progress_bar=False
        ).float()
        at = {text: index for index, text in enumerate(texts)}
        return [
            (vectors[[at[text] for text in some]] @ vectors[at[question]]).tolist() if some else []
            for question, some in zip(questions, variants, strict=True)
        ]


def _drawn(question: str, places: Sequence[_Place], alike: Sequence[float], *, random: Random) -> str | None:
    chosen: list[tuple[_Place, str]] = []
    first = 0
    for place in places:
        scored = sorted(zip(alike[first : first + len(place.others)], place.others, strict=True), reverse=True)
        first += len(place.others)
        good = [other for likeness, other in scored[:BEST] if likeness >= LIKE_ENOUGH]
        if good:
            chosen.append((place, random.choice(good)))
    return _put(question, chosen) if 2 * len(chosen) >= len(places) and chosen else None


def _put(question: str, chosen: Sequence[tuple[_Place, str]]) -> str:
    for place, other in sorted(chosen, key=lambda pair: -pair[0].start):
        question = question[: place.start] + other + question[place.end :]
    return question
