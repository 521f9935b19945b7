"""What a trained network says of pairs: the best words in the passage, and how it scores them against "no answer"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from .batching import Pair, Span, slices
from .network import Scores

LONGEST_ANSWER = 30  # tokens


@dataclass(frozen=True, slots=True)
class Prediction:
    """The best words of one passage.

    `span` are characters of the passage; `words` is the sum of their two logits, comparable between passages of one
    question; `null` is the same of "no answer here"; `relevance` is a logit. `tokens` are the stretches of the passage
    that were read and `chances` how likely the answer touches each, given that the passage answers; they sum to 1.
    """

    span: Span
    words: float
    null: float
    relevance: float
    tokens: tuple[Span, ...]
    chances: tuple[float, ...]

    @property
    def odds(self) -> float:
        """Log-odds, uncalibrated, that the passage answers."""
        return self.words - self.null + self.relevance


@torch.inference_mode()
def predict(pairs: Sequence[Pair], *, network: Callable[..., Scores], tokeniser: Any, longest: int) -> list[Prediction]:
    """Return a prediction for each pair, in order."""
    found: dict[int, Prediction] = {}
    for part in slices(pairs, tokeniser=tokeniser, longest=longest):
        scores = network(part.ids, part.kinds, part.mask, part.answerable)
        best, first, last = best_spans(scores)
        chances = (scores.start[:, 1:].softmax(dim=1) + scores.end[:, 1:].softmax(dim=1)) / 2
        for index, row in enumerate(part.rows):
            offsets = part.offsets[index]
            span = offsets[int(first[index])][0], offsets[int(last[index])][1]
            null = float(scores.start[index, 0] + scores.end[index, 0])
            relevance = float(scores.relevance[index])
            found[row] = Prediction(
                span,
                float(best[index]),
                null,
                relevance,
                offsets[1:],
                tuple(chances[index, : len(offsets) - 1].tolist()),
            )
    return [found[row] for row in range(len(pairs))]


def best_spans(scores: Scores) -> tuple[Tensor, Tensor, Tensor]:
    """Return score, first and last token of the best answer of each passage, "no answer" left aside."""
    spans = span_scores(scores, longest=LONGEST_ANSWER)
    width = spans.shape[-1]
    best, place = spans.flatten(1).max(dim=1)
    return best, place // width + 1, place % width + 1


def span_scores(scores: Scores, *, longest: int) -> Tensor:
    """Return the score of each answer, shape (passages, first token, last token), "no answer" left aside.

    Minus infinity where none can stand: before its beginning, or over more than `longest` tokens.
    """
    together = scores.start[:, 1:, None] + scores.end[:, None, 1:]
    allowed = torch.ones(together.shape[1:], dtype=torch.bool).triu().tril(longest - 1)
    return together.masked_fill(~allowed, float("-inf"))
