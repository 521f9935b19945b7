from __future__ import annotations

from pathlib import Path

import numpy as np

from eval.training.packing import TrainedEmbedder, pack
from rag.index.embedding import MiniLmEmbedder, minilm_folder
from rag.settings import Settings

TEXTS = ["Ferries sail again from Varnholt.", "The paper mill at Ostrava will close in May."]


def test_a_packed_model_embeds_nearly_as_the_one_it_was_made_of(tmp_path: Path) -> None:
    pack(minilm_folder(), tmp_path)
    packed, whole = TrainedEmbedder(tmp_path).embed_texts(TEXTS), MiniLmEmbedder(Settings()).embed_texts(TEXTS)
    assert np.all(np.sum(packed * whole, axis=1) > 0.999)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 12_000_000
