"""One encoder that reads and judges: the reader's heads, and heads for what a premise says of a hypothesis."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoTokenizer

from rag.reader.network import ReaderNetwork, save_network
from rag.reader.weights import load_weights
from rag.verification.entailment_model import VERDICTS

NEW_HEADS = ("weighing.", "verdict.", "unsupported.")
EAGER = {"attn_implementation": "eager", "add_pooling_layer": False}


class UnderstandingNetwork(ReaderNetwork):
    """A reader that also says whether a premise supports a hypothesis, and which of its words it does not."""

    def __init__(self, encoder: Any, *, width: int) -> None:
        super().__init__(encoder, width=width)
        self.weighing = nn.Linear(width, width)
        self.verdict = nn.Linear(width, len(VERDICTS))
        self.unsupported = nn.Linear(width, 1)
        for head in (self.weighing, self.verdict, self.unsupported):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)

    @classmethod
    def from_reader(cls, folder: Path) -> UnderstandingNetwork:
        """Return the network in `folder`; of a reader that has not learned to judge, with new heads for that."""
        config = AutoConfig.from_pretrained(folder)
        network = cls(AutoModel.from_config(config, **EAGER), width=config.hidden_size)
        missing, unknown = network.load_state_dict(load_weights(folder), strict=False)
        assert not unknown, unknown
        assert all(name.startswith(NEW_HEADS) for name in missing), missing
        return network

    @classmethod
    def from_base(cls, folder: Path) -> UnderstandingNetwork:
        """Return the encoder in the Hugging Face folder with new heads for everything."""
        encoder = AutoModel.from_pretrained(folder, dtype=torch.float32, **EAGER)
        return cls(encoder, width=encoder.config.hidden_size)

    def judge(self, ids: Tensor, kinds: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return, as logits in float32, the verdicts (pairs, 3) and that each token is unsupported (pairs, tokens)."""
        told = {"token_type_ids": kinds} if hasattr(self.encoder.config, "type_vocab_size") else {}
        hidden = self.encoder(input_ids=ids, attention_mask=mask, **told).last_hidden_state.float()
        return self.verdict(torch.tanh(self.weighing(hidden[:, 0]))), self.unsupported(hidden).squeeze(-1)


def save_understanding(folder: Path, *, network: UnderstandingNetwork, tokeniser: Any, one_byte: bool = False) -> None:
    """Write the network as readers are written, with the heads that readers have not."""
    save_network(folder, network=network, tokeniser=tokeniser, one_byte=one_byte)


def load_understanding(folder: Path, *, dtype: torch.dtype = torch.float32) -> tuple[UnderstandingNetwork, Any]:
    """Return the network that `save_understanding` wrote, its encoder in `dtype`, and its tokeniser."""
    config = AutoConfig.from_pretrained(folder)
    network = UnderstandingNetwork(AutoModel.from_config(config, **EAGER), width=config.hidden_size)
    network.load_state_dict(load_weights(folder, dtype=dtype), assign=True)
    return network.eval(), AutoTokenizer.from_pretrained(folder)
