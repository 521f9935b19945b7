"""Measures an embedding model on the public retrieval sets: recall at ten of dense search, with and without titles, and fused.

`python -m eval.training.measure_sets --data DATA [--embedder FOLDER]`: nothing may fall there when the model is trained.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from eval.benchmarks.rerank import relevant
from eval.benchmarks.retrieval_sets import Asked, load_set
from eval.intervals import mean_interval
from rag.index.embedding import MiniLmEmbedder, SentenceTransformersEmbedder
from rag.index.splitting import split
from rag.language.headings import heading
from rag.plugins import Embedder
from rag.schema import Article, Hit, Passage
from rag.settings import Settings

from .measure_search import K, dense_order, fused, keyword_order, keyword_scores, summed_order
from .written import PASSAGE_TOKENS

SETS = ("seeds", "chunking", "hotpotqa", "musique")


def figures(name: str, data: Path, embedder: Embedder) -> Iterator[str]:
    """Yield recall at ten on one set."""
    chosen = load_set(name, data)
    held = [(one, passage) for one in chosen.articles for passage in split(one, passage_tokens=PASSAGE_TOKENS)]
    queries = np.stack([embedder.embed_query(one.question) for one in chosen.asked])
    for style, headed in (("bare", False), ("headed", True)):
        texts = [_text(one, passage, headed=headed) for one, passage in held]
        vectors = embedder.embed_texts(texts)
        dense = dense_order(vectors, queries)
        keywords = keyword_scores(texts, [one.question for one in chosen.asked])
        both = fused(dense, keyword_order(keywords))
        summed = summed_order(queries @ vectors.T, keywords)
        for kind, orders in (("dense", dense), ("ranks fused", both), ("scores summed", summed)):
            rows = [
                _recall(one, [held[at] for at in order[:K]]) for one, order in zip(chosen.asked, orders, strict=True)
            ]
            interval = mean_interval(rows)
            yield f"{name}, {style}, {kind:<20} {np.mean(rows):.3f} [{interval.low:.3f}, {interval.high:.3f}] n={len(rows)}"


def _text(article: Article, passage: Passage, *, headed: bool) -> str:
    return f"{heading(article.title, article.outlet, article.published)}\n{passage.text}" if headed else passage.text


def _recall(asked: Asked, found: Sequence[tuple[Article, Passage]]) -> float:
    """Return the share of the question's parts that a passage proves."""
    hits = [
        Hit(passage, rank, 0.0, one.title, None, None, "", None, None)
        for rank, (one, passage) in enumerate(found, start=1)
    ]
    return float(np.mean([any(relevant(hit, part) for hit in hits) for part in asked.parts]))


def main() -> None:
    """Print the figures of one embedder on all sets, or on those named."""
    parser = argparse.ArgumentParser(prog="python -m eval.training.measure_sets", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the public sets")
    parser.add_argument("--embedder", type=Path, help="a sentence-transformers folder; by default the packaged one")
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    chosen = parser.parse_args()
    embedder: Embedder = (
        SentenceTransformersEmbedder(chosen.embedder, name=chosen.embedder.name)
        if chosen.embedder
        else MiniLmEmbedder(Settings())
    )
    for name in chosen.sets:
        for line in figures(name, chosen.data, embedder):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
