"""What looks right and does not answer: retrieved passages, passages less their answer, questions with a changed detail."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from random import Random

import bm25s
import torch

from rag.index.embedding import fastest_dtype
from rag.reader.batching import Span

from .data import Example, plain

FOUND = 10  # passages taken from each of the two searches

# Both directions are made of each pair. A swapped word asks for something that the passage does not say.
_OPPOSITES = (
    "first last|before after|north south|east west|northern southern|eastern western|largest smallest|highest lowest"
    "|most least|more less|oldest youngest|earliest latest|begin end|began ended|start end|started ended|increase decrease"
    "|increased decreased|increases decreases|won lost|win lose|born buried|bought sold|early late|upper lower|always never"
    "|best worst|longest shortest|major minor|main secondary|male female|men women|father mother|son daughter|husband wife"
    "|king queen|allowed forbidden|support oppose|supported opposed|above below|public private"
    "|inside outside|gain lose|gained lost|strong weak|cause prevent|caused prevented|causes prevents|common rare"
    "|open close|opened closed|accepted rejected|success failure|winner loser|majority minority|rich poor|urban rural"
)
OPPOSITES = {
    word: other
    for left, right in (pair.split() for pair in _OPPOSITES.split("|"))
    for word, other in ((left, right), (right, left))
}
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][\w'’-]+)(?: [A-Z][\w'’-]+)*")
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|did|does|do|can|could|would|will|has|have|had)\b")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A passage of the pool, with what the reader is told about it."""

    title: str
    passage: str
    group: str


class Neighbourhood:
    """The passages of a pool that retrieval ranks high for a question."""

    def __init__(self, examples: Sequence[Example]) -> None:
        known: dict[str, Neighbour] = {}
        for example in examples:
            known.setdefault(example.passage, Neighbour(example.title, example.passage, example.group))
        self.neighbours = tuple(known.values())
        self._keywords = bm25s.BM25()
        self._keywords.index(_terms([f"{near.title} {near.passage}" for near in self.neighbours]), show_progress=False)

    def ranked(self, questions: Sequence[str], *, encoder: Path | None) -> list[list[int]]:
        """Return for each question the positions of the passages found, best first: BM25 and, with an encoder, meaning."""
        if not questions:
            return []
        by_words, _ = self._keywords.retrieve(
            _terms(questions), k=min(FOUND, len(self.neighbours)), show_progress=False
        )
        if encoder is None:
            return [list(map(int, row)) for row in by_words]
        by_meaning = self._by_meaning(questions, encoder=encoder)
        return [_alternate(left, right) for left, right in zip(by_words, by_meaning, strict=True)]

    def _by_meaning(self, questions: Sequence[str], *, encoder: Path) -> list[list[int]]:
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(
            str(encoder), device=str(torch.get_default_device()), model_kwargs={"dtype": fastest_dtype()}
        )
        model.max_seq_length = 128
        texts = [f"{near.title}. {near.passage}" for near in self.neighbours]
        passages = model.encode(
            texts, batch_size=32, normalize_embeddings=True, convert_to_tensor=True, show_progress_bar=False
        ).float()
        asked = model.encode(
            list(questions), batch_size=64, normalize_embeddings=True, convert_to_tensor=True, show_progress_bar=False
        ).float()
        k = min(FOUND, len(texts))
        return [row for part in asked.split(512) for row in (part @ passages.T).topk(k).indices.tolist()]


def retrieved(example: Example, *, among: Sequence[Neighbour]) -> list[Neighbour]:
    """Return the passages that do not hold any accepted answer of the example, in their order."""
    answers = [f" {plain(answer)} " for answer in example.answers if plain(answer)]
    own = plain(example.passage)
    kept = []
    for near in among:
        words = f" {plain(near.passage)} "
        if words.strip() != own and not any(answer in words for answer in answers):
            kept.append(near)
    return kept


def without_answer(example: Example) -> Example | None:
    """Return the example on its passage less the sentences that answer; None where the answer still stands in the rest."""
    borders = [0, *(match.end() for match in re.finditer(r"[.!?][\"')\]]*\s+(?=[A-Z\"'(\[])", example.passage))]
    borders.append(len(example.passage))
    rest = "".join(
        example.passage[start:end]
        for start, end in pairwise(borders)
        if not any(start < finish and begin < end for begin, finish in example.spans)
    ).strip()
    words = f" {plain(rest)} "
    if len(rest) < 200 or any(f" {plain(answer)} " in words for answer in example.answers):
        return None
    return replace(example, passage=rest, spans=(), answers=())


class Changer:
    """Changes one detail of a question, so that its passage no longer answers it."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._names: dict[str, list[str]] = defaultdict(list)
        for example in examples:
            self._names[example.group] += _NAME.findall(example.question)

    def changed(self, example: Example, *, random: Random) -> Example | None:
        """Return the example with a number, name, opposite or negation changed; None where nothing can be changed."""
        makers = [self._number, self._name, self._name, self._opposite, self._opposite, self._negated]
        random.shuffle(makers)
        for make in makers:
            question = make(example, random)
            if question is not None:
                return replace(example, question=question, spans=(), answers=())
        return None

    def _number(self, example: Example, random: Random) -> str | None:
        found = [match for match in _NUMBER.finditer(example.question) if match.group() in example.passage]
        if not found:
            return None
        match = random.choice(found)
        digits = list(match.group())
        places = [index for index, digit in enumerate(digits) if digit.isdigit()]
        # The last two places: 1916 becomes 1956 or 1913, as a person would err, not 9916.
        place = random.choice(places[-2:])
        digits[place] = random.choice([digit for digit in "123456789" if digit != digits[place]])
        number = "".join(digits)
        return None if number in example.passage else _put(example.question, match.span(), number)

    def _name(self, example: Example, random: Random) -> str | None:
        found = [match for match in _NAME.finditer(example.question) if match.group() in example.passage]
        others = [
            name for name in self._names[example.group] if name not in example.passage and name not in example.title
        ]
        if not found or not others:
            return None
        return _put(example.question, random.choice(found).span(), random.choice(others))

    def _opposite(self, example: Example, random: Random) -> str | None:
        found = [
            (match.span(), OPPOSITES[match.group()])
            for match in re.finditer(r"\b[a-z]+\b", example.question)
            if match.group() in OPPOSITES and not re.search(rf"\b{OPPOSITES[match.group()]}\b", example.passage)
        ]
        return _put(example.question, *random.choice(found)) if found else None

    def _negated(self, example: Example, random: Random) -> str | None:
        # Rarely: a reader that takes every "not" for unanswerable would be right too often.
        if random.random() > 0.15 or re.search(r"\b(?:not|never|no)\b|n't", example.question):
            return None
        found = list(_AUXILIARY.finditer(example.question))
        return _put(example.question, found[0].span(), found[0].group() + " not") if found else None


def _put(text: str, span: Span, words: str) -> str:
    return text[: span[0]] + words + text[span[1] :]


def _alternate(left: Sequence[int], right: Sequence[int]) -> list[int]:
    both = [int(position) for pair in zip(left, right, strict=True) for position in pair]
    return list(dict.fromkeys(both))


def _terms(texts: Sequence[str]) -> list[list[str]]:
    return [re.findall(r"\w+", text.lower()) for text in texts]
