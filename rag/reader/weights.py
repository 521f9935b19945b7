"""Weights on disk: safetensors, in files that git hosts take, one byte a weight where that is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from ..index.embedding import minilm_folder

PATTERN = "weights*.safetensors"
LARGEST_FILE = 45_000_000  # bytes
SCALE = ".scale"
LEFT, RIGHT = ".left", ".right"  # factors of a change
WORD_EMBEDDINGS = "encoder.embeddings.word_embeddings.weight"


def save_weights(
    state: dict[str, Tensor], folder: Path, *, one_byte: bool = False, shared_embeddings: bool = False
) -> None:
    """Write the tensors to `folder`; with `one_byte`, each matrix of the encoder as int8 with a scale for each row.

    The row's largest weight becomes 127, so that a weight is off by at most 1/254 of it. With `shared_embeddings` the
    word embeddings are left out: they are those of the packaged all-MiniLM-L6-v2, unchanged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(PATTERN):
        old.unlink()
    tensors: dict[str, Tensor] = {}
    for name, tensor in state.items():
        if shared_embeddings and name == WORD_EMBEDDINGS:
            continue
        if one_byte and name.startswith("encoder.") and tensor.ndim == 2:
            scale = tensor.float().abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / 127
            tensors[name] = (tensor.float() / scale).round().to(torch.int8)
            tensors[name + SCALE] = scale
        else:
            tensors[name] = tensor.contiguous()
    parts = list(_parts(tensors))
    for number, part in enumerate(parts, start=1):
        save_file(
            part, folder / (f"weights-{number}-of-{len(parts)}.safetensors" if parts[1:] else "weights.safetensors")
        )


def load_weights(folder: Path, *, dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    """Return the tensors that `save_weights` wrote, the encoder's in `dtype`; none when there is no file of them."""
    stored = _stored(folder)
    if stored and WORD_EMBEDDINGS not in stored:
        package = load_file(minilm_folder() / "model.safetensors")
        stored[WORD_EMBEDDINGS] = package["embeddings.word_embeddings.weight"]
    loaded = {}
    for name, tensor in stored.items():
        if not name.endswith(SCALE):
            whole = tensor.float() * stored[name + SCALE] if name + SCALE in stored else tensor
            loaded[name] = whole.to(dtype if name.startswith("encoder.") else torch.float32)
    return loaded


def save_change(before: dict[str, Tensor], after: dict[str, Tensor], folder: Path, *, rank: int) -> None:
    """Write what turns the tensors `before` into `after`: matrices that both have as two factors of that rank at most (the
    singular value decomposition's largest), in bfloat16; all else that differs as it is."""
    change: dict[str, Tensor] = {}
    for name, tensor in after.items():
        if name in before and torch.equal(before[name], tensor):
            continue
        if name in before and tensor.ndim == 2 and min(tensor.shape) > 2 * rank:
            left, values, right = torch.linalg.svd(tensor.float() - before[name].float(), full_matrices=False)
            root = values[:rank].sqrt()
            change[name + LEFT] = (left[:, :rank] * root).to(torch.bfloat16).contiguous()
            change[name + RIGHT] = (root[:, None] * right[:rank]).to(torch.bfloat16).contiguous()
        else:
            change[name] = tensor.contiguous()
    save_weights(change, folder)


def load_changed(base: Path, folder: Path, *, dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    """Return the tensors of `base` with the change that `save_change` wrote to `folder`, the encoder's in `dtype`.

    None when one of the two holds no weights.
    """
    loaded, change = load_weights(base), _stored(folder)
    if not loaded or not change:
        return {}
    for name, tensor in change.items():
        if name.endswith(LEFT):
            whole = name.removesuffix(LEFT)
            loaded[whole] = loaded[whole] + tensor.float() @ change[whole + RIGHT].float()
        elif not name.endswith(RIGHT):
            loaded[name] = tensor
    return {name: tensor.to(dtype if name.startswith("encoder.") else torch.float32) for name, tensor in loaded.items()}


def digest(folder: Path) -> str:
    """Return twelve characters that stand for the weights in `folder`."""
    summed = hashlib.sha256()
    for path in sorted(folder.glob(PATTERN)):
        summed.update(path.read_bytes())
    return summed.hexdigest()[:12]


def _stored(folder: Path) -> dict[str, Tensor]:
    stored: dict[str, Tensor] = {}
    for path in sorted(folder.glob(PATTERN)):
        stored |= load_file(path)
    return stored


def _parts(tensors: dict[str, Tensor]) -> Iterator[dict[str, Tensor]]:
    part: dict[str, Tensor] = {}
    size = 0
    for name, tensor in tensors.items():
        if part and size + tensor.nbytes > LARGEST_FILE:
            yield part
            part, size = {}, 0
        part[name] = tensor
        size += tensor.nbytes
    yield part
