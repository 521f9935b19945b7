"""The trained judge: one pass over a statement and a quote says how likely the quote bears the statement.

It is asked about what `rag.verification.entailment` cannot settle by itself. Made by `python -m eval.training support`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoTokenizer
from transformers.initialization import no_init_weights

from ..drafts import Thresholds
from ..errors import MissingExtraError
from ..index.embedding import fastest_dtype, minilm_folder
from ..models import weights_folder
from ..reader.weights import digest, load_weights, save_weights
from ..settings import Settings

FOLDER = weights_folder("judge")
THRESHOLDS = "thresholds.json"
LONGEST = 256  # tokens of statement and quote
AT_ONCE = 1600  # padded tokens
_PLAIN = {"attn_implementation": "eager", "add_pooling_layer": False}

Told = tuple[str, str]  # a statement and a quote


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs as tensors, shape (pairs, tokens). `rows` are their places among all pairs.

    `offsets` are the characters of the statement that each token stands for, (-1, -1) where it stands for none.
    """

    rows: tuple[int, ...]
    ids: Tensor
    kinds: Tensor
    mask: Tensor
    offsets: tuple[tuple[tuple[int, int], ...], ...]


def batches(
    pairs: Sequence[Told], *, tokeniser: Any, at_once: int = AT_ONCE, longest: int = LONGEST, step: int = 1
) -> Iterator[Batch]:
    """Yield the pairs in batches of like length, padded to a multiple of `step` tokens.

    What is longer than `longest` tokens is cut at its end, the longer of the two first.
    """
    if not pairs:
        return
    coded = tokeniser(
        [statement for statement, _ in pairs],
        [quote for _, quote in pairs],
        truncation="longest_first",
        max_length=longest,
        return_offsets_mapping=True,
        return_token_type_ids=True,
    )
    lengths = [-(-len(ids) // step) * step for ids in coded["input_ids"]]
    order = sorted(range(len(pairs)), key=lengths.__getitem__)
    while order:
        rows = order[-max(1, at_once // lengths[order[-1]]) :]
        del order[-len(rows) :]
        padded = tokeniser.pad(
            {name: [coded[name][row] for row in rows] for name in ("input_ids", "token_type_ids", "attention_mask")},
            pad_to_multiple_of=step,
            return_tensors="pt",
        )
        offsets = tuple(
            tuple(
                span if part == 0 else (-1, -1)
                for part, span in zip(coded.sequence_ids(row), coded["offset_mapping"][row], strict=True)
            )
            for row in rows
        )
        yield Batch(tuple(rows), padded["input_ids"], padded["token_type_ids"], padded["attention_mask"], offsets)


class EntailmentNetwork(nn.Module):
    """An encoder with two heads: is the statement borne, and which of its words are not."""

    def __init__(self, encoder: Any, *, width: int) -> None:
        super().__init__()
        self.encoder: Any = encoder
        self.pool = nn.Linear(width, width)
        self.verdict = nn.Linear(width, 1)
        self.words = nn.Linear(width, 1)

    @classmethod
    def from_encoder(cls, encoder: Any) -> EntailmentNetwork:
        """Return an untrained judge on an encoder."""
        network = cls(encoder, width=encoder.config.hidden_size)
        for head in (network.pool, network.verdict, network.words):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        return network

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return, as logits in float32, that each statement is borne (pairs,) and that each token is not (pairs, tokens)."""
        read = self.encoder(input_ids=batch.ids, token_type_ids=batch.kinds, attention_mask=batch.mask)
        hidden = read.last_hidden_state.float()
        return self.verdict(torch.tanh(self.pool(hidden[:, 0]))).squeeze(-1), self.words(hidden).squeeze(-1)


class TrainedEntailment:
    """Reads pairs. `thresholds` were chosen for these weights; `name` tells which they are."""

    def __init__(self, settings: Settings, *, folder: Path = FOLDER, **parts: Any) -> None:
        """Load the weights in `folder`.

        Raises:
            MissingExtraError: there are none.
        """
        self._network = load_entailment(folder).eval()
        if fastest_dtype() == torch.bfloat16:
            self._network.encoder.to(torch.bfloat16)
        self._tokeniser = AutoTokenizer.from_pretrained(minilm_folder())
        self._lock = threading.Lock()  # the tokeniser keeps its cutting rules in itself
        self.thresholds = Thresholds(**json.loads((folder / THRESHOLDS).read_text(encoding="utf-8")))
        self.name = f"judge-{digest(folder)}"

    @torch.inference_mode()
    def chances(self, pairs: Sequence[Told]) -> list[float]:
        """Return, for each statement and quote, the probability that the quote bears the statement, in order.

        It is 0 for a statement that is too long to be read whole.
        """
        chances = [0.0] * len(pairs)
        with self._lock:
            for batch in batches(pairs, tokeniser=self._tokeniser):
                verdicts, _ = self._network(batch)
                for place, row in enumerate(batch.rows):
                    if not _is_cut(batch, place, statement=pairs[row][0]):
                        chances[row] = float(torch.sigmoid(verdicts[place]))
        return chances


def _is_cut(batch: Batch, place: int, *, statement: str) -> bool:
    read = max(end for _, end in batch.offsets[place])
    return int(batch.mask[place].sum()) == LONGEST and read < len(statement.rstrip())


def load_entailment(folder: Path) -> EntailmentNetwork:
    """Return the network that `save_judge` wrote to `folder`. Raises MissingExtraError when there is none."""
    state = load_weights(folder)
    if not state:
        raise MissingExtraError(
            f"{folder} holds no weights, expected a trained judge. Run: pip install --force-reinstall citedesk, or make "
            "them with `python -m eval.training support`."
        )
    config = AutoConfig.from_pretrained(folder)
    with no_init_weights():
        network = EntailmentNetwork(AutoModel.from_config(config, **_PLAIN), width=config.hidden_size)
    network.load_state_dict(state, assign=True)
    return network


def save_entailment(folder: Path, *, network: EntailmentNetwork, thresholds: Thresholds) -> None:
    """Write a judge to `folder`: encoder in bfloat16 without the word embeddings, heads in float32, thresholds."""
    state = {
        name: tensor.detach().to(torch.bfloat16 if name.startswith("encoder.") else torch.float32)
        for name, tensor in network.state_dict().items()
        if tensor.is_floating_point()
    }
    save_weights(state, folder, shared_embeddings=True)
    network.encoder.config.save_pretrained(folder)
    save_thresholds(folder, thresholds)


def save_thresholds(folder: Path, thresholds: Thresholds) -> None:
    (folder / THRESHOLDS).write_text(
        json.dumps({"clear": thresholds.clear, "reworded": thresholds.reworded}, indent=1) + "\n", encoding="utf-8"
    )
