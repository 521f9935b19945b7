"""Premises and hypotheses to tensors, in batches of like length, padded so that few shapes occur."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor

from rag.reader.batching import Slice

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


@dataclass(frozen=True, slots=True)
class Pairs:
    """Inferences as tensors, shape (pairs, tokens). `rows` are their places among all.

    `offsets` are the characters of the hypothesis that each token stands for, (-1, -1) where it stands for none.
    """

    rows: tuple[int, ...]
    ids: Tensor
    kinds: Tensor
    mask: Tensor
    offsets: tuple[tuple[Span, ...], ...]


def paired(
    told: Sequence[tuple[str, str]], *, tokeniser: Any, at_once: int = AT_ONCE, longest: int = LONGEST
) -> Iterator[Pairs]:
    """Yield (hypothesis, premise) in batches, the longest first. What is too long is cut at the end of the premise."""
    if not told:
        return
    coded = tokeniser(
        [hypothesis for hypothesis, _ in told],
        [premise for _, premise in told],
        truncation="longest_first",
        max_length=longest,
        return_offsets_mapping=True,
        return_token_type_ids=True,
    )
    lengths = [len(ids) for ids in coded["input_ids"]]
    order = sorted(range(len(told)), key=lengths.__getitem__)
    while order:
        width = rounded(lengths[order[-1]])
        rows = order[-max(1, at_once // width) :]
        del order[-len(rows) :]
        ids = torch.full((len(rows), width), tokeniser.pad_token_id)
        kinds, mask = torch.zeros((2, len(rows), width), dtype=torch.long)
        offsets = []
        for place, row in enumerate(rows):
            ids[place, : lengths[row]] = torch.tensor(coded["input_ids"][row])
            kinds[place, : lengths[row]] = torch.tensor(coded["token_type_ids"][row])
            mask[place, : lengths[row]] = 1
            parts = zip(coded.sequence_ids(row), coded["offset_mapping"][row], strict=True)
            offsets.append(tuple(span if part == 0 else (-1, -1) for part, span in parts))
        yield Pairs(tuple(rows), ids, kinds, mask, tuple(offsets))


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
