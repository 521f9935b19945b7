"""Any Hugging Face question-answering model as reader, by name or folder: `reader="qa:deepset/tinyroberta-squad2"`.

Only what lies on this machine is loaded, a folder or a model in the Hugging Face cache; nothing is ever fetched.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..errors import MissingExtraError, UnknownPluginError
from ..index.embedding import fastest_dtype
from ..schema import Hit, Reading
from ..settings import Settings
from .batching import Pair
from .network import Scores
from .spans import Prediction, predict
from .trained import LONGEST, MOST_TITLE, reading_of


class QuestionAnsweringReader:
    """Reads with a model that gives start and end of an answer, and the same of "no answer" at its first token.

    The score of a passage is the model's odds of its best words against "no answer": with a model that never saw
    unanswerable questions, it is of no use for refusing.

    Raises:
        MissingExtraError: the model is not on this machine.
        UnknownPluginError: it is there, but cannot answer questions.
    """

    def __init__(self, settings: Settings, *, model: str, **parts: Any) -> None:
        loaded = _load(model)
        self._network, self._tokeniser, self.name = loaded.network, loaded.tokeniser, loaded.name
        self._longest = min(LONGEST, loaded.longest)
        self._lock = loaded.lock

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Return one reading for each hit, best first; a tie keeps the order of the hits."""
        if not hits:
            return []
        pairs = [Pair(question, hit.title[:MOST_TITLE], hit.passage.text) for hit in hits]
        with self._lock:
            found = predict(pairs, network=self._network, tokeniser=self._tokeniser, longest=self._longest)
        readings = [reading_of(hit, _judged_once(one)) for hit, one in zip(hits, found, strict=True)]
        return sorted(readings, key=lambda reading: -reading.score)


class QuestionAnsweringNetwork(nn.Module):
    """The model in the shape of our own network; it has no head of relevance, which is 0 throughout."""

    def __init__(self, model: Any, *, with_kinds: bool) -> None:
        super().__init__()
        self.model = model
        self._with_kinds = with_kinds

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor, answerable: Tensor) -> Scores:
        told = {"token_type_ids": kinds} if self._with_kinds else {}
        said = self.model(input_ids=ids, attention_mask=mask, **told)
        closed = ~answerable
        start = said.start_logits.float().masked_fill(closed, float("-inf"))
        end = said.end_logits.float().masked_fill(closed, float("-inf"))
        return Scores(start, end, start.new_zeros(len(ids)))


@dataclass(frozen=True, slots=True)
class _Loaded:
    network: QuestionAnsweringNetwork
    tokeniser: Any
    name: str
    longest: int  # tokens
    lock: threading.Lock  # the tokeniser keeps its cutting rules in itself


@cache
def _load(model: str) -> _Loaded:
    """Load once for all corpora of the process: the network only reads."""
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    folder = _folder(model)
    plain = {"local_files_only": True, "trust_remote_code": False}  # False: else transformers asks at the terminal
    try:
        network, info = AutoModelForQuestionAnswering.from_pretrained(
            folder, **plain, attn_implementation="eager", dtype=torch.float32, output_loading_info=True
        )
        tokeniser = AutoTokenizer.from_pretrained(folder, **plain)
    except (OSError, ValueError, KeyError) as error:
        raise UnknownPluginError(
            f"the reader 'qa:{model}' cannot be loaded ({' '.join(str(error).split())[:200]}), expected a whole "
            "question-answering model of transformers with its tokeniser. Choose another one, or fetch it again."
        ) from error
    if info["missing_keys"]:
        raise UnknownPluginError(
            f"the reader 'qa:{model}' has no trained {min(info['missing_keys'])}, expected a model trained to answer "
            "questions. Choose one whose task is question answering."
        )
    if not tokeniser.is_fast or tokeniser("a", "b")["input_ids"][0] != tokeniser.cls_token_id:
        raise UnknownPluginError(
            f"the reader 'qa:{model}' marks no answer elsewhere than at a first token, expected a model like BERT or "
            "RoBERTa with a fast tokeniser. Choose another one."
        )
    digest = hashlib.sha256()
    for name, weight in sorted(network.state_dict().items()):
        digest.update(name.encode() + weight.numpy().tobytes())
    _quicken(network)
    return _Loaded(
        QuestionAnsweringNetwork(network.eval(), with_kinds="token_type_ids" in tokeniser.model_input_names),
        tokeniser,
        f"qa-{folder.resolve().name if Path(model).is_dir() else model}@{digest.hexdigest()[:12]}",
        tokeniser.model_max_length,
        threading.Lock(),
    )


def _folder(model: str) -> Path:
    """Return where the model lies. Loading from a folder, transformers starts no conversion in the background."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    if Path(model).is_dir():
        return Path(model)
    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise MissingExtraError(
            f"the question-answering model {model!r} is not on this machine, expected a folder or a model in the "
            f"Hugging Face cache. Correct the name, or run: hf download {model}"
        ) from error


def _quicken(network: Any) -> None:
    """Put all but the last layer in bfloat16 where that is fast; its logits in bfloat16 would be too coarse."""
    head = getattr(network, "qa_outputs", None)
    if fastest_dtype() != torch.bfloat16 or not isinstance(head, nn.Linear):
        return
    for part in network.children():
        if part is not head:
            part.to(torch.bfloat16)
    head.register_forward_pre_hook(lambda _, inputs: tuple(hidden.float() for hidden in inputs))


def _judged_once(found: Prediction) -> Prediction:
    """`reading_of` halves the sum of two judgements, span and relevance: here the span's stands for both."""
    return replace(found, relevance=found.words - found.null)
