"""The reader's network: a small encoder, and heads for start, end and relevance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoTokenizer
from transformers.initialization import no_init_weights

from ..errors import MissingExtraError
from .weights import load_weights, save_weights

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
        """Return an untrained reader on the encoder of `folder`."""
        encoder = AutoModel.from_pretrained(folder, **_PLAIN)
        network = cls(encoder, width=encoder.config.hidden_size)
        for head in network.heads():
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        return network

    def silence_dropout(self) -> None:
        """Leave dropout out of training: drawing its random numbers costs more than it brings in a round or two."""
        for module in self.encoder.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0

    def freeze(self, layers: int) -> None:
        """Keep the embeddings and the lowest `layers` as they are in training; 0 keeps nothing."""
        if not layers:
            return
        self.encoder.embeddings.requires_grad_(False)
        for name, weight in self.encoder.encoder.named_parameters():
            below = name.startswith("layer.") and int(name.split(".")[1]) < layers
            # MPNet's position bias is shared by all layers: trained, it would send gradients through the lowest.
            if below or name.startswith("relative_attention_bias"):
                weight.requires_grad_(False)

    def heads(self) -> tuple[nn.Linear, ...]:
        """Return the parts that the encoder does not have."""
        return self.spans, self.pool, self.relevance

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor, answerable: Tensor) -> Scores:
        """`answerable` is true at the tokens of the passage, where an answer may stand, and at position 0."""
        told = {"token_type_ids": kinds} if hasattr(self.encoder.config, "type_vocab_size") else {}
        hidden = self.encoder(input_ids=ids, attention_mask=mask, **told).last_hidden_state
        # The heads stay in float32: a logit of 8 in bfloat16 is known to 0.03 only, and spans are compared by less.
        hidden = hidden.float()
        spans = self.spans(hidden)
        closed = ~answerable
        start = spans[..., 0].masked_fill(closed, float("-inf"))
        end = spans[..., 1].masked_fill(closed, float("-inf"))
        relevance = self.relevance(torch.tanh(self.pool(hidden[:, 0]))).squeeze(-1)
        return Scores(start, end, relevance)


def save_network(folder: Path, *, network: ReaderNetwork, tokeniser: Any, **how: bool) -> None:
    """Write the network (encoder in bfloat16, heads in float32), its configuration and its tokeniser to `folder`.

    `how` goes to `save_weights`.
    """
    state = {
        name: tensor.detach().to(torch.bfloat16 if name.startswith("encoder.") else torch.float32)
        for name, tensor in network.state_dict().items()
        if tensor.is_floating_point()
    }
    save_weights(state, folder, **how)
    network.encoder.config.save_pretrained(folder)
    tokeniser.save_pretrained(folder)


def load_network(folder: Path, *, dtype: torch.dtype = torch.float32) -> tuple[ReaderNetwork, Any]:
    """Return the network that `save_network` wrote to `folder`, ready to read, its encoder in `dtype`, and its tokeniser.

    Raises:
        MissingExtraError: there are no weights in `folder`.
    """
    state = load_weights(folder, dtype=dtype)
    if not state:
        raise MissingExtraError(
            f"{folder} holds no weights, expected a trained reader. Run: pip install citedesk-models, choose another reader, "
            "or make them with `python -m eval.training reader`."
        )
    config = AutoConfig.from_pretrained(folder)
    with no_init_weights():  # they are loaded below; drawing them at random first takes three seconds
        network = ReaderNetwork(AutoModel.from_config(config, **_PLAIN), width=config.hidden_size)
    network.load_state_dict(state, assign=True)
    return network.eval(), AutoTokenizer.from_pretrained(folder)
