"""Measures search on the written set: is a passage that proves the answer among the ten hits of a standalone question?

`python -m eval.training.measure_search --data DATA [--embedder FOLDER]`, in an index of the dev articles alone, and of all.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.intervals import mean_interval
from rag.index.embedding import MiniLmEmbedder, SentenceTransformersEmbedder
from rag.index.stemming import Stemmer
from rag.language.headings import heading
from rag.language.words import content_words
from rag.plugins import Embedder, Vectors
from rag.schema import Passage
from rag.settings import Settings

from .reading_data import gold
from .written import Question, Written, read_written

K = 10
KINDS = ("solo", "solo-para", "solo-desc", "solo-why")
CANDIDATES = 50  # of each of two searches that are fused
KEYWORD_WEIGHT = (
    0.2  # of BM25 beside the cosine; from 0.15 to 0.2 the mean of the four kinds is the same within a point
)
RANK_OFFSET = 60  # of reciprocal rank fusion, as in the library


@dataclass(frozen=True, slots=True)
class Index:
    """Passages of articles with their vectors and, by question, which of them prove the answer."""

    passages: tuple[tuple[Written, Passage], ...]
    vectors: Vectors


def headed(article: Written, passage: Passage) -> str:
    """Return a passage with title, outlet and day before it."""
    record = article.article
    return f"{heading(record.title, record.outlet, record.published)}\n{passage.text}"


def bare(article: Written, passage: Passage) -> str:
    """Return a passage's words alone, as they are indexed today."""
    return passage.text


def index_of(
    articles: Sequence[Written], embedder: Embedder, *, text: Callable[[Written, Passage], str] = bare
) -> Index:
    """Return the index of all passages of the articles."""
    passages = tuple((one, passage) for one in articles for passage in one.passages)
    return Index(passages, embedder.embed_texts([text(one, passage) for one, passage in passages]))


def dense_order(vectors: Vectors, queries: Vectors) -> list[list[int]]:
    """Return, for each query, the passages by cosine, best first, at most `CANDIDATES`."""
    return [list(map(int, row)) for row in np.argsort(-(queries @ vectors.T), axis=1)[:, :CANDIDATES]]


def keyword_scores(texts: Sequence[str], questions: Sequence[str]) -> Vectors:
    """Return the BM25 scores over stems, shape (questions, texts)."""
    import bm25s

    found = bm25s.BM25(k1=1.2)
    found.index(_stems(texts), show_progress=False)
    asked = _stems([" ".join(content_words(question)) for question in questions])
    return np.stack([found.get_scores(words) for words in asked]).astype(np.float32)


def keyword_order(scores: Vectors) -> list[list[int]]:
    """Return, for each question, the passages by BM25, best first, at most `CANDIDATES`, without those that score nothing."""
    order = np.argsort(-scores, axis=1)[:, :CANDIDATES]
    return [[int(at) for at in row if mine[at] > 0] for row, mine in zip(order, scores, strict=True)]


def summed_order(cosines: Vectors, keywords: Vectors, *, weight: float = KEYWORD_WEIGHT) -> list[list[int]]:
    """Return, for each question, the passages by cosine plus a share of BM25, of which the best passage has 1."""
    shares = keywords / np.maximum(keywords.max(axis=1, keepdims=True), 1e-9)
    order = np.argsort(-(cosines + weight * shares), axis=1)[:, :CANDIDATES]
    return [list(map(int, row)) for row in order]


def _stems(texts: Sequence[str]) -> list[list[str]]:
    stemmer = Stemmer()
    rows: list[list[str]] = [[] for _ in texts]
    for stem, row, count in stemmer.counts(list(texts)):
        rows[row] += [stem] * count
    stemmer.close()
    return rows


def fused(*orders: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the orders of several searches as one for each question, by reciprocal rank."""
    found = []
    for rows in zip(*orders, strict=True):
        scores: dict[int, float] = {}
        for row in rows:
            for rank, at in enumerate(row, start=1):
                scores[at] = scores.get(at, 0.0) + 1 / (RANK_OFFSET + rank)
        found.append(sorted(scores, key=lambda at: -scores[at]))
    return found


def asked_of(articles: Sequence[Written]) -> list[tuple[Written, Question]]:
    """Return the standalone questions that have an answer."""
    return [(one, question) for one in articles for question in one.questions if question.kind in KINDS]


def found_in(index: Index, asked: Sequence[tuple[Written, Question]], orders: Sequence[Sequence[int]]) -> list[bool]:
    """Return whether a passage that holds the answer is among the first ten, for each question."""
    rows = []
    for (article, question), order in zip(asked, orders, strict=True):
        first = [index.passages[at] for at in order[:K]]
        rows.append(any(one is article and bool(gold(article, question, passage)) for one, passage in first))
    return rows


def lines(name: str, asked: Sequence[tuple[Written, Question]], rows: Sequence[bool]) -> Iterator[str]:
    """Yield recall at ten by kind, with its interval."""
    for kind in KINDS:
        mine = [float(row) for row, (_, question) in zip(rows, asked, strict=True) if question.kind == kind]
        if mine:
            interval = mean_interval(mine)
            yield f"{name:<44} {kind:<10} {np.mean(mine):.3f} [{interval.low:.3f}, {interval.high:.3f}] n={len(mine)}"


def figures(data: Path, embedder: Embedder, *, everything: bool) -> Iterator[str]:
    """Yield recall of the dense search, with and without the heading, and of both fused with keyword search."""
    written = read_written(data / "written")
    dev = [one for one in written if one.dev]
    asked = asked_of(dev)
    questions = [question.text for _, question in asked]
    queries = np.stack([embedder.embed_query(text) for text in questions])
    for size, articles in (("dev", dev), ("all", written))[: 2 if everything else 1]:
        for style, text in (("bare", bare), ("headed", headed)):
            index = index_of(articles, embedder, text=text)
            dense = dense_order(index.vectors, queries)
            yield from lines(f"{size}, {style}, dense", asked, found_in(index, asked, dense))
            keywords = keyword_scores([text(one, passage) for one, passage in index.passages], questions)
            both = fused(dense, keyword_order(keywords))
            yield from lines(f"{size}, {style}, ranks fused with keywords", asked, found_in(index, asked, both))
            summed = summed_order(queries @ index.vectors.T, keywords)
            yield from lines(f"{size}, {style}, scores summed with keywords", asked, found_in(index, asked, summed))


def main() -> None:
    """Print the figures of one embedder."""
    parser = argparse.ArgumentParser(prog="python -m eval.training.measure_search", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the public and the written sets")
    parser.add_argument("--embedder", type=Path, help="a sentence-transformers folder; by default the packaged one")
    parser.add_argument("--dev-only", action="store_true", help="leave out the index of all articles")
    chosen = parser.parse_args()
    embedder: Embedder = (
        SentenceTransformersEmbedder(chosen.embedder, name=chosen.embedder.name)
        if chosen.embedder
        else MiniLmEmbedder(Settings())
    )
    for line in figures(chosen.data, embedder, everything=not chosen.dev_only):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
