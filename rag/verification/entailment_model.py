"""The trained entailment model: one pass over a statement and a premise says how likely the premise bears the statement.

Its encoder is that of the larger reader with a small change of the upper layers, so that only the change is shipped.
Made by `python -m eval.training.runs --only entailment-1` and `python -m eval.training.packing entailment`.
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
from ..index.embedding import fastest_dtype
from ..models import weights_folder
from ..reader.trained import LARGE
from ..reader.weights import digest, load_changed
from ..settings import Settings

FOLDER = weights_folder("entailment")
THRESHOLDS = "thresholds.json"
LONGEST = 320  # tokens of statement and premise
AT_ONCE = 1600  # padded tokens
VERDICTS = ("supported", "contradicted", "not said")
SUPPORTED, CONTRADICTED, NOT_SAID = range(3)
_PLAIN = {"attn_implementation": "eager", "add_pooling_layer": False}

Told = tuple[str, str]  # a statement and a premise


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
    """An encoder with heads for what a premise says of a statement, and which of the statement's words it does not bear."""

    def __init__(self, encoder: Any, *, width: int) -> None:
        super().__init__()
        self.encoder: Any = encoder
        self.weighing = nn.Linear(width, width)
        self.verdict = nn.Linear(width, len(VERDICTS))
        self.unsupported = nn.Linear(width, 1)

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return, as logits in float32, the verdicts (pairs, 3) and that each token is not borne (pairs, tokens)."""
        told = {"token_type_ids": kinds} if hasattr(self.encoder.config, "type_vocab_size") else {}
        hidden = self.encoder(input_ids=ids, attention_mask=mask, **told).last_hidden_state.float()
        return self.verdict(torch.tanh(self.weighing(hidden[:, 0]))), self.unsupported(hidden).squeeze(-1)


class TrainedEntailment:
    """Reads pairs. `thresholds` were chosen for these weights; `name` tells which they are."""

    def __init__(self, settings: Settings, *, folder: Path = FOLDER, base: Path = LARGE, **parts: Any) -> None:
        """Load the encoder in `base` with the change in `folder`.

        Raises:
            MissingExtraError: there is none.
        """
        self._network = load_entailment(folder, base=base)
        self._tokeniser = AutoTokenizer.from_pretrained(base)
        self._lock = threading.Lock()  # the tokeniser keeps its cutting rules in itself
        self.thresholds = Thresholds(**json.loads((folder / THRESHOLDS).read_text(encoding="utf-8")))
        self.name = f"entailment-{digest(folder)}"

    @torch.inference_mode()
    def chances(self, pairs: Sequence[Told]) -> list[float]:
        """Return, for each statement and premise, the probability that the premise bears the statement, in order.

        It is 0 for a statement that is too long to be read whole.
        """
        chances = [0.0] * len(pairs)
        with self._lock:
            for batch in batches(pairs, tokeniser=self._tokeniser):
                verdicts, _ = self._network(batch.ids, batch.kinds, batch.mask)
                supported = verdicts.softmax(1)[:, SUPPORTED].tolist()
                for place, row in enumerate(batch.rows):
                    if not _is_cut(batch, place, statement=pairs[row][0]):
                        chances[row] = supported[place]
        return chances


def _is_cut(batch: Batch, place: int, *, statement: str) -> bool:
    read = max(end for _, end in batch.offsets[place])
    return int(batch.mask[place].sum()) == LONGEST and read < len(statement.rstrip())


def load_entailment(folder: Path, *, base: Path = LARGE) -> EntailmentNetwork:
    """Return the network of the encoder in `base` with the change in `folder`, ready to read.

    Raises:
        MissingExtraError: one of them has no weights.
    """
    state = load_changed(base, folder, dtype=fastest_dtype())
    if not state:
        raise MissingExtraError(
            f"{folder} or {base} holds no weights, expected an entailment model. Run: pip install --force-reinstall "
            "citedesk-models."
        )
    config = AutoConfig.from_pretrained(base)
    with no_init_weights():
        network = EntailmentNetwork(AutoModel.from_config(config, **_PLAIN), width=config.hidden_size)
    network.load_state_dict({name: state[name] for name in network.state_dict()}, assign=True)
    return network.eval()


def save_thresholds(folder: Path, thresholds: Thresholds) -> None:
    (folder / THRESHOLDS).write_text(
        json.dumps({"clear": thresholds.clear, "reworded": thresholds.reworded}, indent=1) + "\n", encoding="utf-8"
    )
