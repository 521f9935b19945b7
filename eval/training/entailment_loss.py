"""What entailment lowers: the verdict, of which two may be right, and which words of the hypothesis are unsupported."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as functional
from torch import Tensor

from rag.verification.entailment_model import Batch

from .pairs import Inference

WORDS_WEIGHT = 0.3


def entailment_loss(told: Sequence[Inference], part: Batch, verdicts: Tensor, words: Tensor) -> Tensor:
    """Return the sum over a batch: minus the log of the chance of the verdicts that are right, and the loss of single words."""
    closed = torch.full(verdicts.shape, float("-inf"))
    for place, row in enumerate(part.rows):
        closed[place, list(told[row].allowed)] = 0.0
    loss = (verdicts.logsumexp(1) - (verdicts + closed).logsumexp(1)).sum()
    for place, row in enumerate(part.rows):
        wrong = told[row].wrong
        if wrong is None:
            continue
        tokens = [token for token, (start, end) in enumerate(part.offsets[place]) if end > start >= 0]
        bad = [
            any(part.offsets[place][token][0] < last and first < part.offsets[place][token][1] for first, last in wrong)
            for token in tokens
        ]
        logits = words[place, torch.tensor(tokens)]
        loss = loss + WORDS_WEIGHT * functional.binary_cross_entropy_with_logits(
            logits, torch.tensor(bad, dtype=torch.float32)
        )
    return loss
