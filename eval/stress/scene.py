"""What the stress runs share: generated articles, stand-ins for the models, and when two states of an index are one."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from rag import Corpus, Settings
from rag.index import dense_on_disk, dense_upkeep
from rag.index.codec import vectors_from_bytes
from rag.index.dense_upkeep import FLAT_MOST
from rag.plugins import Vectors
from rag.schema import Hit, Reading, SentenceScore
from rag.settings import DATABASE

SETTINGS = Settings(embedder="eval.stress.scene:QuickEmbedder")
FILES = 12  # in the folder that most runs work on


@dataclass
class Outcome:
    """What a run did and what went wrong. `figures` are numbers and words worth printing, by name."""

    name: str
    figures: dict[str, float | int | str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


class QuickEmbedder:
    """A random direction for each text: it tells texts apart, costs nothing, and needs no model."""

    name = "quick-1"
    dimension = 384

    def __init__(self, settings: Settings | None = None) -> None:
        pass

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        rows = [self.embed_query(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
        row: Vectors = np.random.default_rng(seed).standard_normal(self.dimension, dtype=np.float32)
        unit: Vectors = row / np.linalg.norm(row)
        return unit


class AnyReader:
    """Takes every sentence for an answer, so that a question runs through all steps without a model."""

    name = "any-1"

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        return [
            Reading(hit, 0.9, tuple(SentenceScore(*span, 0.9) for span in hit.passage.sentences), None) for hit in hits
        ]


@contextmanager
def many_from(few: int | None) -> Iterator[None]:
    """Let dense search read its file from so few passages on, if given, so that a small index has one.

    It is given fewer proposals, too: with as many as there are passages, the file would not be read.
    """
    before = dense_upkeep.FLAT_MOST, dense_upkeep.LEAST_TAIL, dense_on_disk.SPARE
    if few is not None:
        dense_upkeep.FLAT_MOST, dense_upkeep.LEAST_TAIL, dense_on_disk.SPARE = few, few // 4, -few
    try:
        yield
    finally:
        dense_upkeep.FLAT_MOST, dense_upkeep.LEAST_TAIL, dense_on_disk.SPARE = before


def opened(folder: Path) -> Corpus:
    return Corpus.open(folder, SETTINGS, embedder=QuickEmbedder(), reader=AnyReader())


def created(folder: Path) -> Corpus:
    return Corpus.create(folder, SETTINGS, embedder=QuickEmbedder(), reader=AnyReader())


@cache
def vocabulary(size: int = 30_000) -> tuple[list[str], list[float]]:
    """Return made-up words and their cumulative weights, frequent ones first, as in a language (Zipf)."""
    draw = random.Random(1)
    syllables = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in ("a", "e", "i", "o", "u", "ai", "or")]
    words = dict.fromkeys("".join(draw.choices(syllables, k=draw.randrange(1, 5))) for _ in range(size * 2))
    chosen = list(words)[:size]
    weights = np.cumsum(1.0 / np.arange(1, len(chosen) + 1))
    return chosen, [float(weight) for weight in weights]


def article_text(number: int, *, version: int = 0, sentences: int = 40) -> str:
    """Return a made-up article: a title, and paragraphs of four sentences of 8 to 24 words."""
    draw = random.Random(f"{number} {version}")
    words, weights = vocabulary()
    written = [
        " ".join(draw.choices(words, cum_weights=weights, k=draw.randrange(8, 25))).capitalize() + "."
        for _ in range(sentences)
    ]
    title = f"Report {number} of version {version}"
    return "\n\n".join([title, *(" ".join(written[at : at + 4]) for at in range(0, sentences, 4))]) + "\n"


def write_articles(folder: Path, numbers: Sequence[int], *, version: int = 0, sentences: int = 40) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        text = article_text(number, version=version, sentences=sentences)
        (folder / f"{number:06d}.txt").write_text(text, encoding="utf-8")


def state_of(folder: Path) -> str:
    """Return a digest of all that an index holds: articles with their words, sources, passages, vectors, and what is found."""
    digest = hashlib.sha256()
    with opened(folder) as corpus:
        for source, article_id in corpus.sources().items():
            digest.update(f"{source}\0{article_id}\0".encode())
        for article in corpus.articles():
            digest.update(repr(article).encode())
        for hit in corpus.search("report", k=20) if dense_upkeep.FLAT_MOST == FLAT_MOST else ():
            digest.update(
                f"{hit.passage}{hit.score:.6f}".encode()
            )  # a file on disk finds nearly the same, not the same
    with closing(sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True)) as connection:
        for id_, first, content in connection.execute(
            "SELECT articles.id, first, content FROM vectors JOIN articles USING (number) ORDER BY articles.id"
        ):
            digest.update(
                id_.encode() + vectors_from_bytes(content, first=first, dimension=QuickEmbedder.dimension).tobytes()
            )
    return digest.hexdigest()
