"""What training lowers: one normalisation over all passages of a question, one over each passage with "no answer", relevance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor

from rag.reader.batching import Slice, Span
from rag.reader.network import Scores

from .groups import Labelled

RELEVANCE_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Losses:
    """The mean of each part over a batch. `shared` is 0 for a batch in which no question has an answer."""

    shared: Tensor
    single: Tensor
    relevance: Tensor

    @property
    def total(self) -> Tensor:
        return self.shared + self.single + RELEVANCE_WEIGHT * self.relevance


def losses(labelled: Sequence[Labelled], *, read: Sequence[tuple[Slice, Scores]]) -> Losses:
    """Return the losses of a batch that was read in slices.

    Shared normalisation (Clark and Gardner, 2018): the answer's start competes with every token of every passage of its
    question, so that scores of different passages can be compared.
    """
    shared, single, logits, targets = [], [], [], []
    rows: dict[int, tuple[Tensor, Tensor, list[tuple[int, int]]]] = {}
    for part, scores in read:
        for index, row in enumerate(part.rows):
            found = [token_span(span, offsets=part.offsets[index]) for span in labelled[row].spans]
            gold = [span for span in found if span is not None]
            rows[row] = scores.start[index], scores.end[index], gold
            if labelled[row].spans and not gold:
                continue  # the answer was cut off: nothing can be said of this passage
            logits.append(scores.relevance[index])
            targets.append(float(bool(gold)))
            whole = torch.stack([scores.start[index].logsumexp(0), scores.end[index].logsumexp(0)]).sum()
            single.append(whole - _weight(rows[row][0], rows[row][1], gold or [(0, 0)]))
    for row, (start, end, gold) in rows.items():
        if not gold:
            continue
        fellows = [rows[other] for other in rows if labelled[other].group == labelled[row].group]
        starts = torch.cat([other_start[1:] for other_start, _, _ in fellows]).logsumexp(0)
        ends = torch.cat([other_end[1:] for _, other_end, _ in fellows]).logsumexp(0)
        shared.append(starts + ends - _weight(start, end, gold))
    nothing = logits[0].new_zeros(())
    return Losses(
        torch.stack(shared).mean() / 2 if shared else nothing,
        torch.stack(single).mean() / 2,
        functional.binary_cross_entropy_with_logits(torch.stack(logits), torch.tensor(targets)),
    )


def _weight(start: Tensor, end: Tensor, gold: Sequence[tuple[int, int]]) -> Tensor:
    """Log of the mean over annotators: a span that two of three chose counts twice."""
    first, last = torch.tensor([span[0] for span in gold]), torch.tensor([span[1] for span in gold])
    return (start[first] + end[last]).logsumexp(0) - torch.log(torch.tensor(float(len(gold))))


def token_span(span: Span, *, offsets: Sequence[Span]) -> Span | None:
    """Return the first and last token of a stretch of characters; None where it was cut off."""
    inside = [index for index, (start, end) in enumerate(offsets) if start >= 0 and start < span[1] and end > span[0]]
    if not inside or offsets[inside[-1]][1] < span[1]:
        return None
    return inside[0], inside[-1]
