"""The first reader: each sentence of each hit is judged by meaning and by words, without a trained reading model.

Eight features of (question, sentence, passage) go through a logistic regression that was fitted on public questions
(`python -m rag.training.sentences`); its weights lie in `rag/models/sentence_reader.json`.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .asking import Asked, asked_for, offers
from .facts.stems import stem
from .plugins import Embedder, Vectors
from .schema import Hit, Reading, SentenceScore
from .settings import Settings
from .words import content_words, names

WEIGHTS = Path(__file__).parent / "models" / "sentence_reader.json"
FEATURES = (
    "sentence_cosine",
    "passage_cosine",
    "sentence_coverage",
    "passage_coverage",
    "names_in_sentence",
    "names_missing",
    "offers_kind",
    "lacks_kind",
)
CACHED_SENTENCES = 20_000


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence of a hit with its features, in the order of FEATURES."""

    hit: Hit
    start: int
    end: int
    features: npt.NDArray[np.float32]


class SentenceReader:
    """Scores sentences by closeness in meaning, shared words, shared names and whether they hold the kind asked for."""

    name = "sentences-1"

    def __init__(self, settings: Settings, *, embedder: Embedder) -> None:
        self._embedder = embedder
        self._cache: OrderedDict[str, Vectors] = OrderedDict()
        model = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        self._weights = np.array([model["weights"][name] for name in FEATURES], dtype=np.float32)
        self._bias = np.float32(model["bias"])

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Return one reading for each hit, best first; a tie keeps the order of the hits."""
        judged = self.judge(question, hits)
        asked = asked_for(question)
        readings = []
        for hit in hits:
            mine = [one for one in judged if one.hit is hit]
            if not mine:
                readings.append(Reading(hit, 0.0, (), None))
                continue
            logits = np.stack([one.features for one in mine]) @ self._weights + self._bias
            scores = 1.0 / (1.0 + np.exp(-logits))
            best = mine[int(np.argmax(scores))]
            readings.append(
                Reading(
                    hit=hit,
                    score=float(scores.max()),
                    sentences=tuple(
                        SentenceScore(one.start, one.end, float(score)) for one, score in zip(mine, scores, strict=True)
                    ),
                    short=_short(hit, best.start, best.end, asked, question),
                )
            )
        return sorted(readings, key=lambda reading: -reading.score)

    def judge(self, question: str, hits: Sequence[Hit]) -> list[Judged]:
        """Return the features of every sentence of every hit; training reads them too."""
        texts = [_slice(hit, span) for hit in hits for span in hit.passage.sentences]
        vectors = self._embed(texts)
        asker = _Question(question, self._embedder.embed_query(question))
        judged, row = [], 0
        for hit in hits:
            count = len(hit.passage.sentences)
            judged.extend(asker.judge(hit, vectors[row : row + count]))
            row += count
        return judged

    def _embed(self, texts: Sequence[str]) -> Vectors:
        """Embed, remembering what was embedded lately: hits of one corpus come back."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._cache]
        for text, vector in zip(fresh, self._embedder.embed_texts(fresh), strict=True):
            self._cache[text] = vector
        rows = [self._cache[text] for text in texts]
        for text in texts:
            self._cache.move_to_end(text)
        while len(self._cache) > CACHED_SENTENCES:
            self._cache.popitem(last=False)
        return np.stack(rows) if rows else np.zeros((0, self._embedder.dimension), dtype=np.float32)


class _Question:
    """A question with what is computed once for it."""

    def __init__(self, question: str, vector: Vectors) -> None:
        self.vector = vector
        self.keys = {stem(word) for word in content_words(question)}
        self.names = {stem(name) for name in names(question)}
        self.asked = asked_for(question)
        self.question = question

    def judge(self, hit: Hit, vectors: Vectors) -> list[Judged]:
        cosines = vectors @ self.vector
        in_passage = {stem(word) for word in content_words(f"{hit.title} {hit.passage.text}")}
        passage_cosine = hit.dense if hit.dense is not None else float(cosines.max(initial=0.0))
        judged = []
        for (start, end), cosine in zip(hit.passage.sentences, cosines, strict=True):
            sentence = _slice(hit, (start, end))
            in_sentence = {stem(word) for word in content_words(sentence)}
            offered = self.asked is not None and bool(offers(sentence, self.asked, self.question))
            features = (
                float(cosine),
                passage_cosine,
                _share(self.keys, in_sentence),
                _share(self.keys, in_passage),
                _share(self.names, in_sentence),
                1.0 - _share(self.names, in_passage),
                float(offered),
                float(self.asked is not None and not offered),
            )
            judged.append(Judged(hit, start, end, np.array(features, dtype=np.float32)))
        return judged


def _share(wanted: set[str], found: set[str]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 1.0


def _slice(hit: Hit, span: tuple[int, int]) -> str:
    return hit.passage.text[span[0] - hit.passage.start : span[1] - hit.passage.start]


def _short(hit: Hit, start: int, end: int, asked: Asked | None, question: str) -> tuple[int, int] | None:
    if asked is None:
        return None
    found = offers(_slice(hit, (start, end)), asked, question)
    return (start + found[0][0], start + found[0][1]) if found else None
