"""Packs what training wrote to what ships.

`python -m eval.training.packing embedder MODEL INTO` writes a fine-tuned embedding model, a byte a weight, without the word
embeddings, which the packaged one has; `TrainedEmbedder` reads it. `python -m eval.training.packing entailment NETWORK INTO`
writes the change that made the entailment model of the larger reader; `TrainedEntailment` reads it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from rag.index.embedding import MINILM_DIMENSION, SentenceTransformersEmbedder, fastest_dtype, minilm_folder
from rag.reader.trained import LARGE
from rag.reader.weights import digest, load_weights, save_change, save_weights

from .understanding import NEW_HEADS

PREFIX = "encoder."
RANK = 64


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


def pack_entailment(network: Path, into: Path, *, base: Path = LARGE, rank: int = RANK) -> None:
    """Write the encoder's change since `base` with the heads that judge, without those that read."""
    before = {name: tensor.to(torch.bfloat16) for name, tensor in load_weights(base).items()}
    after = {
        name: tensor.to(torch.bfloat16) if name.startswith(PREFIX) else tensor
        for name, tensor in load_weights(network).items()
        if name.startswith((PREFIX, *NEW_HEADS))
    }
    save_change(before, after, into, rank=rank)


def main() -> None:
    """Pack one model."""
    parser = argparse.ArgumentParser(prog="python -m eval.training.packing", description=__doc__)
    parser.add_argument("kind", choices=("embedder", "entailment"))
    parser.add_argument("model", type=Path, help="a folder that training wrote")
    parser.add_argument("into", type=Path)
    parser.add_argument("--rank", type=int, default=RANK, help="of the factors of an entailment model's change")
    chosen = parser.parse_args()
    if chosen.kind == "embedder":
        pack(chosen.model, chosen.into)
    else:
        pack_entailment(chosen.model, chosen.into, rank=chosen.rank)


if __name__ == "__main__":
    main()
