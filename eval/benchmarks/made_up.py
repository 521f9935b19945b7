"""Made-up articles in any number for measuring: vectors like real ones, and English words as frequent as in English.

The vectors are drawn from a mixture of Gaussians fitted to those of real passages; the words come with the frequencies of
`wordfreq`, and every article has some of its own that come again and again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

import numpy as np

from rag import Article, Passage, Section, Settings
from rag.errors import MissingExtraError
from rag.index.splitting import split
from rag.index.tables import Prepared
from rag.language.words import content_words
from rag.loading.articles import article_id
from rag.plugins import Models, Vectors

from .retrieval_sets import load_set

EACH = 8  # passages an article
SENTENCES, WORDS = 4, 18  # of a passage; of a sentence
TOPIC_WORDS, TOPIC_SHARE = 30, 0.2  # of an article: words of its own, and how much of it they are
COMPONENTS = 32  # of the mixture
OUTLETS = 20
QUERY_WORDS = 6
FITTED_TOKENS = 40  # of the seeds' passages that it is fitted to: there are few articles


class Mixture:
    """Unit vectors like those of real passages: as far apart, and as unevenly spread over the dimensions."""

    def __init__(self, rows: Vectors) -> None:
        """Fit it to rows, shape (n, dimension): centres by k-means, one covariance for what is left."""
        import faiss

        centres = faiss.Kmeans(rows.shape[1], min(COMPONENTS, len(rows) // 4), niter=10, seed=1)
        centres.train(rows)
        _, nearest = centres.index.search(rows, 1)
        found: Vectors = np.asarray(centres.centroids)
        self._centres: Vectors = found[nearest[:, 0]]
        rest = rows - self._centres
        values, axes = np.linalg.eigh(np.cov(rest, rowvar=False))
        self._spread: Vectors = (axes * np.sqrt(np.maximum(values, 1e-9))).T.astype(np.float32)
        self._across: Vectors = np.std(self._centres, axis=0).astype(np.float32)

    @property
    def dimension(self) -> int:
        return int(self._centres.shape[1])

    def draw(self, count: int, *, seed: int) -> Vectors:
        """Return `count` rows; those of one article share a topic of their own beside one of the centres."""
        draw = np.random.default_rng(seed)
        chosen = self._centres[draw.integers(0, len(self._centres), -(-count // EACH))]
        topics = chosen + draw.standard_normal(chosen.shape).astype(np.float32) * self._across
        rest = draw.standard_normal((count, self._centres.shape[1])).astype(np.float32) @ self._spread
        rows = np.repeat(topics, EACH, axis=0)[:count] + rest
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def real_rows(kept: Path | None, data: Path | None) -> Vectors:
    """Return the vectors that the mixture is fitted to, from the file in which they are kept, if they are.

    They are of encyclopedia passages where there is a `data` folder of public sets, else of short passages of the seeds.
    """
    if kept is not None and kept.exists():
        found: Vectors = np.load(kept)
        return found
    names, tokens, step = (("hotpotqa", "musique"), 160, 2) if data else (("seeds",), FITTED_TOKENS, 1)
    articles = [article for name in names for article in load_set(name, data).articles]
    texts = [passage.text for article in articles[::step] for passage in split(article, passage_tokens=tokens)]
    rows = Models(Settings()).embedder.embed_texts(texts)
    if kept is not None:
        np.save(kept, rows)
    return rows


class Texts:
    """Made-up passages whose words are as frequent as those of English; a part of an article's are words of its own."""

    def __init__(self) -> None:
        self._words, self._weights = english()

    def topic(self, draw: Random) -> list[str]:
        """The words that an article comes back to."""
        return self._drawn(draw, TOPIC_WORDS)

    def passage(self, draw: Random, topic: Sequence[str] = ()) -> str:
        count = SENTENCES * WORDS
        own = round(count * TOPIC_SHARE) if topic else 0
        words = draw.choices(self._words, cum_weights=self._weights, k=count - own) + draw.choices(topic, k=own)
        draw.shuffle(words)
        sentences = [" ".join(words[at : at + WORDS]).capitalize() + "." for at in range(0, count, WORDS)]
        return " ".join(sentences)

    def query(self, draw: Random) -> str:
        """Words as frequent as in a passage, function words aside."""
        return " ".join(self._drawn(draw, QUERY_WORDS))

    def _drawn(self, draw: Random, count: int) -> list[str]:
        words = draw.choices(self._words, cum_weights=self._weights, k=20 * count)
        return content_words(" ".join(words))[:count]


@cache
def english() -> tuple[list[str], list[float]]:
    """Return words of English, frequent ones first, and their cumulative frequencies, from `wordfreq`."""
    try:
        from wordfreq import get_frequency_dict
    except ImportError as error:
        raise MissingExtraError(
            "wordfreq is not installed, expected it for real frequencies. Run: pip install citedesk[test]"
        ) from error
    frequencies = [(word, each) for word, each in get_frequency_dict("en", wordlist="large").items() if word.isalpha()]
    words, each = zip(*sorted(frequencies, key=lambda pair: (-pair[1], pair[0])), strict=True)
    return list(words), np.cumsum(each).tolist()


def prepared(number: int, rows: Vectors, texts: Texts) -> Prepared:
    """An article of EACH passages, one section each; a tenth of the articles have a sidebar at their end."""
    draw = Random(number)  # noqa: S311
    topic = texts.topic(draw)
    parts = [texts.passage(draw, topic) for _ in range(len(rows))]
    starts = [sum(len(part) + 2 for part in parts[:at]) for at in range(len(parts))]
    kinds = ["sidebar" if number % 10 == 0 and at == len(parts) - 1 else "body" for at in range(len(parts))]
    spans = [(start, start + len(part)) for start, part in zip(starts, parts, strict=True)]
    sections = tuple(Section(*span, kind) for span, kind in zip(spans, kinds, strict=True))  # type: ignore[arg-type]
    day = date(2000, 1, 1) + timedelta(days=number % 9000)
    fields = (f"Report {number}", "\n\n".join(parts), f"made/{number}", f"Outlet {number % OUTLETS}")
    whole = Article("", *fields, published=day, sections=sections)
    article = Article(article_id(whole), *fields, published=day, sections=sections)
    passages = tuple(
        Passage(article.id, *span, part, kind, (span,))  # type: ignore[arg-type]
        for span, part, kind in zip(spans, parts, kinds, strict=True)
    )
    return Prepared(article, passages, rows)
