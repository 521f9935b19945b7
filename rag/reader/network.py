"""The reader's network: a small encoder, and heads for start, end and relevance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoTokenizer
from transformers.initialization import no_init_weights

from ..errors import MissingExtraError

WEIGHTS = "weights.safetensors"

_PLAIN = {"attn_implementation": "eager", "add_pooling_layer": False}  # eager: measured a fifth faster than sdpa here


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says of a batch, in float32.

    `start` and `end` have shape (passages, tokens), minus infinity where an answer cannot stand; position 0 ([CLS]) is
    "no answer here". `relevance` has shape (passages,) and is a logit.
    """

    start: Tensor
    end: Tensor
    relevance: Tensor


class ReaderNetwork(nn.Module):
    """Reads (question, title and passage) pairs. Two networks of one folder give the same scores."""

    def __init__(self, encoder: Any, *, width: int) -> None:
        super().__init__()
        self.encoder: Any = encoder
        self.spans = nn.Linear(width, 2)
        self.pool = nn.Linear(width, width)
        self.relevance = nn.Linear(width, 1)

    @classmethod
    def from_encoder(cls, folder: Path) -> ReaderNetwork:
        """Return an untrained reader on the encoder of `folder`, without dropout."""
        encoder = AutoModel.from_pretrained(folder, **_PLAIN)
        for module in encoder.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
        network = cls(encoder, width=encoder.config.hidden_size)
        for head in network.heads():
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        return network

    def heads(self) -> tuple[nn.Linear, ...]:
        """Return the parts that the encoder does not have."""
        return self.spans, self.pool, self.relevance

    def in_bfloat16(self) -> ReaderNetwork:
        """Return the same network with its encoder in bfloat16; the heads stay in float32."""
        self.encoder.to(torch.bfloat16)
        return self

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor, answerable: Tensor) -> Scores:
        """`answerable` is true at the tokens of the passage, where an answer may stand, and at position 0."""
        hidden = self.encoder(input_ids=ids, token_type_ids=kinds, attention_mask=mask).last_hidden_state
        # The heads stay in float32: a logit of 8 in bfloat16 is known to 0.03 only, and spans are compared by less.
        hidden = hidden.float()
        spans = self.spans(hidden)
        closed = ~answerable
        start = spans[..., 0].masked_fill(closed, float("-inf"))
        end = spans[..., 1].masked_fill(closed, float("-inf"))
        relevance = self.relevance(torch.tanh(self.pool(hidden[:, 0]))).squeeze(-1)
        return Scores(start, end, relevance)


def load_network(folder: Path) -> tuple[ReaderNetwork, Any]:
    """Return the network that training wrote to `folder`, in float32 and ready to read, and its tokeniser.

    Raises:
        MissingExtraError: there are no weights in `folder`.
    """
    if not (folder / WEIGHTS).is_file():
        raise MissingExtraError(
            f"{folder} holds no {WEIGHTS}, expected a trained reader. Run `python -m rag.training reader`, or choose another reader."
        )
    config = AutoConfig.from_pretrained(folder)
    with no_init_weights():  # they are loaded below; drawing them at random first takes three seconds
        network = ReaderNetwork(AutoModel.from_config(config, **_PLAIN), width=config.hidden_size)
    network.load_state_dict({name: tensor.float() for name, tensor in load_file(folder / WEIGHTS).items()})
    return network.eval(), AutoTokenizer.from_pretrained(folder)
