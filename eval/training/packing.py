"""Packs a fine-tuned embedding model to what the packaged one has not: a byte a weight, without the word embeddings.

`python -m eval.training.packing MODEL INTO`; `TrainedEmbedder` reads what it writes.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from safetensors.torch import load_file

from rag.index.embedding import MINILM_DIMENSION, SentenceTransformersEmbedder, fastest_dtype, minilm_folder
from rag.reader.weights import digest, load_weights, save_weights

PREFIX = "encoder."


class TrainedEmbedder(SentenceTransformersEmbedder):
    """The packaged all-MiniLM-L6-v2 with the weights that training has changed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(minilm_folder(), name=f"all-MiniLM-L6-v2+{digest(folder)}", dimension=MINILM_DIMENSION)
        self._folder = folder

    def _load(self) -> Any:
        model = super()._load()
        packed = load_weights(self._folder, dtype=fastest_dtype())
        model[0].auto_model.load_state_dict(
            {name.removeprefix(PREFIX): weight for name, weight in packed.items()}, strict=False
        )
        return model


def pack(model: Path, into: Path) -> None:
    """Write the weights of a sentence-transformers folder of all-MiniLM-L6-v2 without its word embeddings."""
    state = {
        PREFIX + name: weight
        for name, weight in load_file(model / "model.safetensors").items()
        if weight.is_floating_point() and not name.startswith("pooler.")
    }
    save_weights(state, into, one_byte=True, shared_embeddings=True)


def main() -> None:
    """Pack one model."""
    parser = argparse.ArgumentParser(prog="python -m eval.training.packing", description=__doc__)
    parser.add_argument("model", type=Path, help="a folder that `eval.training.embedder` wrote")
    parser.add_argument("into", type=Path)
    chosen = parser.parse_args()
    pack(chosen.model, chosen.into)


if __name__ == "__main__":
    main()
