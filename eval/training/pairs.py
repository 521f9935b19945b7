"""Premises and hypotheses to tensors, in batches of like length, padded so that few shapes occur."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch.nn.functional as functional

from rag.reader.batching import Slice
from rag.verification.entailment_model import Batch, batches

Span = tuple[int, int]

STEP = 16  # tokens: widths are multiples of it, since each new shape costs a compiled kernel
LONGEST = 320  # tokens of hypothesis and premise
AT_ONCE = 2000  # padded tokens


@dataclass(frozen=True, slots=True)
class Inference:
    """A hypothesis to be judged by a premise. `allowed` are the verdicts that are right: two where it is only known to be false.

    `wrong` are the stretches of the hypothesis that the premise does not support; None where they are not known.
    """

    premise: str
    hypothesis: str
    allowed: tuple[int, ...]
    wrong: tuple[Span, ...] | None
    source: str


def paired(
    told: Sequence[tuple[str, str]], *, tokeniser: Any, at_once: int = AT_ONCE, longest: int = LONGEST
) -> Iterator[Batch]:
    """Yield (hypothesis, premise) in batches, the longest first, padded to widths that occur often."""
    return batches(told, tokeniser=tokeniser, at_once=at_once, longest=longest, step=STEP)


def rounded(tokens: int) -> int:
    """Return the number of tokens, rounded up to a multiple of `STEP`."""
    return -(-tokens // STEP) * STEP


def widened(part: Slice, *, pad: int) -> Slice:
    """Return a reader's slice, padded to a width that occurs often."""
    more = rounded(part.ids.shape[1]) - part.ids.shape[1]
    if not more:
        return part
    return replace(
        part,
        ids=functional.pad(part.ids, (0, more), value=pad),
        kinds=functional.pad(part.kinds, (0, more)),
        mask=functional.pad(part.mask, (0, more)),
        answerable=functional.pad(part.answerable, (0, more)),
    )
