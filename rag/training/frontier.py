"""Quality against time of the readers: small alone, larger alone, and the cascade with so many hits read again.

`python -m rag.training frontier --data DATA`. Both readers read every hit once; the cascades are put together from that.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..corpus import Corpus
from ..plugins import Reader
from ..reader import CascadeReader, TrainedReader
from ..reader.reader import LARGE, SMALL
from ..schema import Hit, Reading
from ..settings import Settings
from .evaluate import auroc
from .pool import Asked, Read, questions

MOST_HITS = 16
SHOWN = (8, 12, 16)
AGAIN = (3, 5, 8)


@dataclass(frozen=True, slots=True)
class Point:
    """One way of reading: share of answerable questions whose best sentence is right, AUROC of its score, seconds a question."""

    name: str
    right: float
    auroc: float
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.name:<36} right {self.right:.3f}   AUROC of right {self.auroc:.3f}   {self.seconds * 1000:4.0f} ms"
        )


class _Remembered:
    """Gives again what a reader said of each hit of one question."""

    def __init__(self, name: str, readings: Sequence[Reading]) -> None:
        self.name = name
        self._readings = {reading.hit.rank: reading for reading in readings}

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        return sorted((self._readings[hit.rank] for hit in hits), key=lambda reading: -reading.score)


def frontier(data: Path, *, at_most: int, settings: Settings) -> Iterator[Point]:
    """Yield a point for each reader, number of hits and number read again; the same questions for all."""
    articles, asked = questions(data, at_most=at_most)
    small, large = TrainedReader(settings, folder=SMALL), TrainedReader(settings, folder=LARGE)
    with Corpus.in_memory(settings, reader=small) as corpus:
        corpus.add(articles)
        found = [corpus.search(one.question, k=MOST_HITS, kinds=("body",)) for one in asked]
    by_small, small_seconds = _read(small, asked, found)
    by_large, large_seconds = _read(large, asked, found)
    for shown in SHOWN:
        yield _point(f"small, {shown} hits", asked, found, shown, by_small, shown * small_seconds)
        yield _point(f"larger, {shown} hits", asked, found, shown, by_large, shown * large_seconds)
        for again in AGAIN:
            cascades: list[Reader] = [
                CascadeReader(settings, small=first, large=second, again=again)
                for first, second in zip(by_small, by_large, strict=True)
            ]
            seconds = shown * small_seconds + again * large_seconds
            yield _point(f"cascade, {again} of {shown} hits again", asked, found, shown, cascades, seconds)


def _read(reader: Reader, asked: Sequence[Asked], found: Sequence[Sequence[Hit]]) -> tuple[list[Reader], float]:
    """Return what the reader said of each question's hits, and the seconds it took for each hit."""
    began = time.perf_counter()
    remembered: list[Reader] = [
        _Remembered(reader.name, reader.read(one.question, hits)) for one, hits in zip(asked, found, strict=True)
    ]
    return remembered, (time.perf_counter() - began) / max(1, sum(map(len, found)))


def _point(
    name: str,
    asked: Sequence[Asked],
    found: Sequence[Sequence[Hit]],
    shown: int,
    readers: Sequence[Reader],
    seconds: float,
) -> Point:
    read = [
        Read(one, tuple(reader.read(one.question, hits[:shown])))
        for one, hits, reader in zip(asked, found, readers, strict=True)
    ]
    answerable = [one for one in read if one.asked.answers]
    scores = {
        truth: [one.readings[0].score for one in read if one.readings and one.right is truth] for truth in (True, False)
    }
    right = sum(one.right for one in answerable) / len(answerable)
    told = auroc(scores[True], scores[False]) if scores[True] and scores[False] else math.nan
    return Point(name, right, told, seconds)
