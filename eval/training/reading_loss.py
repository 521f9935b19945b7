"""What reading lowers: one normalisation over all passages of a question, one over each passage with "no answer", relevance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor

from rag.reader.batching import Slice
from rag.reader.network import Scores

from .loss import token_span
from .reading_data import Task

RELEVANCE_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class _Row:
    """The scores of one passage and the log of the weight of its right answers; None where it has none."""

    start: Tensor
    end: Tensor
    right: Tensor | None


def reading_loss(tasks: Sequence[Task], *, parts: Sequence[tuple[Slice, Scores]]) -> Tensor:
    """Return the loss of tasks whose passages were read, in order, in slices.

    Shared normalisation (Clark and Gardner, 2018): the answer's start competes with every token of every passage of its
    question, so that scores of different passages can be compared.
    """
    reads = [(number, read) for number, task in enumerate(tasks) for read in task]
    rows: dict[int, list[_Row]] = {}
    single, logits, targets = [], [], []
    for part, scores in parts:
        for index, row in enumerate(part.rows):
            number, read = reads[row]
            start, end = scores.start[index], scores.end[index]
            found = [token_span(span, offsets=part.offsets[index]) for span in read.spans]
            spans = [span for span in found if span is not None]
            if read.spans and not spans:
                continue  # the answer was cut off: nothing can be said of this passage
            right = _weight(start, end, spans, loose=read.loose) if spans else None
            rows.setdefault(number, []).append(_Row(start, end, right))
            nothing = start[0] + end[0]
            single.append(start.logsumexp(0) + end.logsumexp(0) - (nothing if right is None else right))
            logits.append(scores.relevance[index])
            targets.append(float(right is not None))
    if not single:
        return parts[0][1].relevance.sum() * 0.0  # all answers were cut off
    shared = []
    for fellows in rows.values():
        rights = [row.right for row in fellows if row.right is not None]
        if rights:
            starts = torch.cat([row.start[1:] for row in fellows]).logsumexp(0)
            ends = torch.cat([row.end[1:] for row in fellows]).logsumexp(0)
            shared.append(starts + ends - torch.stack(rights).logsumexp(0))
    relevance = functional.binary_cross_entropy_with_logits(torch.stack(logits), torch.tensor(targets))
    total = torch.stack(single).mean() / 2 + RELEVANCE_WEIGHT * relevance
    return total + torch.stack(shared).mean() / 2 if shared else total


def _weight(start: Tensor, end: Tensor, spans: Sequence[tuple[int, int]], *, loose: bool) -> Tensor:
    if loose:
        inside = torch.tensor(sorted({token for first, last in spans for token in range(first, last + 1)}))
        return start[inside].logsumexp(0) + end[inside].logsumexp(0)
    first, last = torch.tensor([span[0] for span in spans]), torch.tensor([span[1] for span in spans])
    return (start[first] + end[last]).logsumexp(0) - torch.log(torch.tensor(float(len(spans))))
