"""Measures a trained reader on what it was never trained on: reading, refusing, choosing among ten passages."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch

from rag.reader.batching import Pair
from rag.reader.cascade import AGAIN
from rag.reader.network import ReaderNetwork, load_network
from rag.reader.spans import Prediction, predict

from .data import Example, Sets, read_sets
from .negatives import Neighbourhood, retrieved

TEN = 10
LONGEST = 384  # tokens: paragraphs of the public sets are longer than passages of the index


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number with its 95 % interval (bootstrap over questions) and the number of questions."""

    name: str
    value: float
    low: float
    high: float
    questions: int

    def __str__(self) -> str:
        return f"{self.name:<44} {self.value:.3f}  [{self.low:.3f}, {self.high:.3f}]  n={self.questions}"


class Measurement:
    """One network put to the dev sets. `at_most` questions are drawn of each set, the same for each network.

    With `first`, the folder of a smaller network, that one ranks the ten passages and only its best few are read.
    """

    def __init__(
        self, folder: Path, *, data: Path, at_most: int, encoder: Path, precision: str, first: Path | None = None
    ) -> None:
        dtype = getattr(torch, precision)
        self.network, self.tokeniser = load_network(folder, dtype=dtype)
        self._first = None if first is None else load_network(first, dtype=dtype)
        self._sets: Sets = read_sets(data)
        self._at_most = at_most
        self._encoder = encoder

    def figures(self) -> Iterator[Figure]:
        """Yield every figure as it is known, in the order of the issue that asks for them. Choosing takes by far the longest."""
        yield from self.reading("new_wiki")
        yield from self.reading("qed")
        yield from self.refusing()
        yield from self.long_answers()
        yield from self.choosing()

    def reading(self, name: str) -> list[Figure]:
        """Return EM and F1 where the passage is known to answer."""
        examples = self._drawn([example for example in self._sets.dev[name] if example.spans])
        said = [_words(example, found) for example, found in zip(examples, self._predicted(examples), strict=True)]
        exact = [exact_match(words, example.answers) for words, example in zip(said, examples, strict=True)]
        overlap = [f1(words, example.answers) for words, example in zip(said, examples, strict=True)]
        return [_mean(f"{name}: EM", exact), _mean(f"{name}: F1", overlap)]

    def refusing(self) -> list[Figure]:
        """Return SQuAD 2.0 scores on held-out near misses, and how well near misses are told from answerable questions."""
        examples = self._drawn(self._sets.dev["squad2"])
        found = self._predicted(examples)
        right = [
            f1(_words(example, one), example.answers) if example.spans else 0.0
            for example, one in zip(examples, found, strict=True)
        ]
        answerable = [bool(example.spans) for example in examples]
        odds = [one.odds for one in found]
        best = max(sorted(odds), key=lambda point: np.mean(_refused_below(point, odds, right, answerable)))
        figures = [
            _mean("squad2: F1, refusing below odds 0", _refused_below(0.0, odds, right, answerable)),
            _mean("squad2: F1, refusing below the best odds", _refused_below(best, odds, right, answerable)),
        ]
        return figures + _aurocs("squad2 near misses", answerable, found)

    def long_answers(self) -> list[Figure]:
        """Return how well ClapNQ's answerable questions are told from the others."""
        answered = [example for example in self._sets.dev["clapnq"] if example.answers]
        others = [example for example in self._sets.dev["clapnq"] if not example.answers]
        examples = [*answered[: self._at_most // 2], *others[: self._at_most // 2]]
        return _aurocs("clapnq", [bool(example.answers) for example in examples], self._predicted(examples))

    def choosing(self) -> Iterator[Figure]:
        """Yield how often the best scored of ten passages, nine of them retrieved and not answering, gives the right words."""
        pool = [example for examples in self._sets.dev.values() for example in examples if example.source != "clapnq"]
        around = Neighbourhood(pool)
        for name in ("new_wiki", "qed", "squad2"):
            answered = self._drawn([example for example in self._sets.dev[name] if example.spans])
            ranked = around.ranked([example.question for example in answered], encoder=self._encoder)
            tens = [
                [(example.title, example.passage)]
                + [
                    (near.title, near.passage)
                    for near in retrieved(example, among=[around.neighbours[p] for p in places])
                ]
                for example, places in zip(answered, ranked, strict=True)
            ]
            yield from self._chosen(name, answered, [ten[:TEN] for ten in tens])

    def _chosen(
        self, name: str, examples: Sequence[Example], tens: Sequence[Sequence[tuple[str, str]]]
    ) -> list[Figure]:
        read_tens = self._read(
            [
                [Pair(example.question, title, passage) for title, passage in ten]
                for example, ten in zip(examples, tens, strict=True)
            ]
        )
        homes = [ten[0][1] for ten in tens]
        figures = []
        for by in ("words", "relevance", "odds"):
            first, right = [], []
            for example, read, home in zip(examples, read_tens, homes, strict=True):
                pair, one = max(read, key=lambda both: float(getattr(both[1], by)))
                said = pair.passage[one.span[0] : one.span[1]]
                first.append(float(pair.passage == home))
                right.append(float(f1(said, example.answers) >= 0.5))
            figures.append(_mean(f"{name}: choosing by {by}, right passage", first))
            figures.append(_mean(f"{name}: choosing by {by}, right words (F1 ≥ 0.5)", right))
        return figures

    def _read(self, tens: Sequence[Sequence[Pair]]) -> list[list[tuple[Pair, Prediction]]]:
        if self._first is not None:
            ranked = _grouped(tens, *self._first)
            tens = [[pair for pair, _ in sorted(ten, key=lambda both: -both[1].odds)[:AGAIN]] for ten in ranked]
        return _grouped(tens, self.network, self.tokeniser)

    def _drawn(self, examples: Sequence[Example]) -> list[Example]:
        if len(examples) <= self._at_most:
            return list(examples)
        return Random(0).sample(list(examples), self._at_most)

    def _predicted(self, examples: Sequence[Example]) -> list[Prediction]:
        pairs = [Pair(example.question, example.title, example.passage) for example in examples]
        return predict(pairs, network=self.network, tokeniser=self.tokeniser, longest=LONGEST)


def _grouped(
    tens: Sequence[Sequence[Pair]], network: ReaderNetwork, tokeniser: Any
) -> list[list[tuple[Pair, Prediction]]]:
    pairs = [pair for ten in tens for pair in ten]
    found = iter(zip(pairs, predict(pairs, network=network, tokeniser=tokeniser, longest=LONGEST), strict=True))
    return [list(islice(found, len(ten))) for ten in tens]


def normal(text: str) -> str:
    """Return the text as SQuAD compares it: lower case, no punctuation, no articles."""
    bare = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def exact_match(words: str, answers: Sequence[str]) -> float:
    return float(any(normal(words) == normal(answer) for answer in answers))


def f1(words: str, answers: Sequence[str]) -> float:
    """Return the best overlap of words with any accepted answer, 0 to 1, as SQuAD defines it."""
    return max((_overlap(normal(words).split(), normal(answer).split()) for answer in answers), default=0.0)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the chance that a positive scores above a negative; ties count half."""
    above = np.subtract.outer(np.asarray(positive), np.asarray(negative))
    return float(np.mean((above > 0) + 0.5 * (above == 0)))


def _overlap(words: Sequence[str], answer: Sequence[str]) -> float:
    same = sum((Counter(words) & Counter(answer)).values())
    if not words or not answer:
        return float(list(words) == list(answer))
    return 2 * same / (len(words) + len(answer))


def _words(example: Example, found: Prediction) -> str:
    return example.passage[found.span[0] : found.span[1]]


def _refused_below(
    point: float, odds: Sequence[float], right: Sequence[float], answerable: Sequence[bool]
) -> list[float]:
    return [right[index] if odds[index] >= point else float(not answerable[index]) for index in range(len(odds))]


def _mean(name: str, values: Sequence[float]) -> Figure:
    random = np.random.default_rng(0)
    drawn = np.asarray(values)[random.integers(0, len(values), (1000, len(values)))].mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(name, float(np.mean(values)), float(low), float(high), len(values))


def _aurocs(name: str, answerable: Sequence[bool], found: Sequence[Prediction]) -> list[Figure]:
    signals = {
        "odds": [one.odds for one in found],
        "words less null": [one.words - one.null for one in found],
        "relevance": [one.relevance for one in found],
    }
    return [_auroc(f"{name}: AUROC by {signal}", answerable, values) for signal, values in signals.items()]


def _auroc(name: str, answerable: Sequence[bool], values: Sequence[float]) -> Figure:
    truth, scores = np.asarray(answerable), np.asarray(values)
    random = np.random.default_rng(0)
    drawn = [
        auroc(
            scores[truth][random.integers(0, truth.sum(), truth.sum())],
            scores[~truth][random.integers(0, (~truth).sum(), (~truth).sum())],
        )
        for _ in range(200)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(name, auroc(scores[truth], scores[~truth]), float(low), float(high), len(truth))
