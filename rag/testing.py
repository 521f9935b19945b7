"""Public fakes and contract checks, for our tests and for those of whoever writes a plug-in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from .facts.stems import stem
from .plugins import Embedder, Vectors
from .settings import Settings
from .words import content_words


class HashEmbedder:
    """Fast and deterministic: each word has a fixed random direction, a text is their sum. Knows words, not meaning."""

    name = "hash-1"
    dimension = 384

    def __init__(self, settings: Settings | None = None) -> None:
        pass

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.embed_query(text) for text in texts]) if texts else np.zeros((0, 384), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        total = np.zeros(self.dimension, dtype=np.float64)
        for word in content_words(text):
            seed = int.from_bytes(hashlib.sha256(stem(word).encode()).digest()[:8], "little")
            total += np.random.default_rng(seed).standard_normal(self.dimension)
        unit: Vectors = (total / max(float(np.linalg.norm(total)), 1e-12)).astype(np.float32)
        return unit


def check_embedder(embedder: Embedder) -> None:
    """Raise AssertionError unless the embedder keeps its contract."""
    assert embedder.name, "an embedder has a name"
    texts = ["A lion lives in the zoo.", "", "Grain exports fell by a third."]
    rows = embedder.embed_texts(texts)
    assert rows.shape == (3, embedder.dimension), f"shape {rows.shape}, expected (3, {embedder.dimension})"
    assert rows.dtype == np.float32, f"type {rows.dtype}, expected float32"
    assert embedder.embed_texts([]).shape == (0, embedder.dimension), "no texts give no rows"
    assert embedder.embed_query(texts[0]).shape == (embedder.dimension,), "a query gives one row"
    assert np.allclose(np.linalg.norm(rows[[0, 2]], axis=1), 1.0, atol=1e-3), "rows have unit length"
    alone = embedder.embed_texts([texts[2]])[0]
    assert float(alone @ rows[2]) > 0.999, "a text has one vector, whatever it is embedded with"
