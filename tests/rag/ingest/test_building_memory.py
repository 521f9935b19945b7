"""What is held while building is a batch; of each file only its name stays, in the list of work and in the report."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rag import Corpus
from rag.plugins import Vectors
from rag.testing import HashEmbedder

MOST_BYTES_A_FILE = 5_000  # 2,500 measured: its name, and its words while it is compared as a copy
DIGITS = ("seals", "ferries", "docks", "boats", "nets", "piers", "cranes", "gulls", "ropes", "buoys")


class EvenEmbedder(HashEmbedder):
    """The same vector for all, in no time."""

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        return np.full((len(texts), self.dimension), self.dimension**-0.5, dtype=np.float32)


def write_articles(folder: Path, count: int) -> Path:
    """Articles of some 3,000 characters: the same words, for those are remembered, and no passage like another."""
    folder.mkdir()
    for number in range(count):
        counted = (" ".join(DIGITS[int(digit)] for digit in f"{number:03}{at:02}") for at in range(40))
        text = "\n\n".join(f"In March the council of Vell sold its {words}." for words in counted)
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


def peak_bytes(folder: Path) -> int:
    with Corpus.in_memory(embedder=EvenEmbedder()) as corpus:
        tracemalloc.start()
        try:
            report = corpus.add(folder)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert report.passages > 3 * len(report.added) > 0
    return peak


def test_memory_does_not_grow_with_the_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a batch of 256 passages it grows by 11,000 bytes a file here, for all of them are one batch."""
    monkeypatch.setattr("rag.ingest.indexer.BATCH_PASSAGES", 16)
    peak_bytes(write_articles(tmp_path / "warm", 5))  # what is loaded at first use is paid for
    few, many = peak_bytes(write_articles(tmp_path / "few", 10)), peak_bytes(write_articles(tmp_path / "many", 40))
    assert (many - few) / 30 < MOST_BYTES_A_FILE
