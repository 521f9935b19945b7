"""Questions and passages to tensors, in slices of like length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

Span = tuple[int, int]

SLICE_TOKENS = 400  # padded tokens read at once: two passages; 2400 was slower on two cores, see rag/design
USUAL_QUESTION = 48  # tokens: a longer one is read beside as much of the passage as this one
MOST_QUESTION = 160  # tokens: of more the last, for what is asked stands last, and so do the words borrowed for it


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and one passage to read for it."""

    question: str
    title: str
    passage: str


@dataclass(frozen=True, slots=True)
class Slice:
    """Pairs as tensors, shape (pairs, tokens). `rows` are their positions among all pairs.

    `offsets` are the characters of the passage that each token stands for, (-1, -1) where it stands for none.
    """

    rows: tuple[int, ...]
    ids: Tensor
    kinds: Tensor
    mask: Tensor
    answerable: Tensor
    offsets: tuple[tuple[Span, ...], ...]


def slices(pairs: Sequence[Pair], *, tokeniser: Any, longest: int, at_once: int = SLICE_TOKENS) -> Iterator[Slice]:
    """Yield the pairs in slices of like length, so that little is padding. A pair may have as many more tokens than
    `longest` as its question has more than `USUAL_QUESTION`."""
    fitted = {question: _fitted(question, tokeniser=tokeniser) for question in {pair.question for pair in pairs}}
    questions = [fitted[pair.question][0] for pair in pairs]
    room = max((more for _, more in fitted.values()), default=0)
    leads = [f"{pair.title}. " if pair.title else "" for pair in pairs]
    coded = tokeniser(
        questions,
        [lead + pair.passage for lead, pair in zip(leads, pairs, strict=True)],
        truncation="only_second",
        max_length=longest + room,
        return_offsets_mapping=True,
        return_token_type_ids=True,
    )
    order = sorted(range(len(pairs)), key=lambda row: len(coded["input_ids"][row]))
    while order:
        longest_first = len(coded["input_ids"][order[-1]])
        taken = order[-max(1, at_once // longest_first) :]
        del order[-len(taken) :]
        yield _slice(taken, coded=coded, leads=[len(leads[row]) for row in taken], pad=tokeniser.pad_token_id)


def _fitted(question: str, *, tokeniser: Any) -> tuple[str, int]:
    """Return the question, or the end of one that is too long, and how many tokens it has beyond the usual."""
    if len(question) <= USUAL_QUESTION:
        return question, 0
    offsets = tokeniser(question, return_offsets_mapping=True, add_special_tokens=False)["offset_mapping"]
    read = offsets[-MOST_QUESTION:]
    return question[read[0][0] if len(read) < len(offsets) else 0 :], max(0, len(read) - USUAL_QUESTION)


def _slice(rows: Sequence[int], *, coded: Any, leads: Sequence[int], pad: int) -> Slice:
    width = max(len(coded["input_ids"][row]) for row in rows)
    ids = torch.full((len(rows), width), pad)
    kinds = torch.zeros((len(rows), width), dtype=torch.long)
    mask = torch.zeros((len(rows), width), dtype=torch.long)
    answerable = torch.zeros((len(rows), width), dtype=torch.bool)
    offsets = []
    for index, (row, lead) in enumerate(zip(rows, leads, strict=True)):
        length = len(coded["input_ids"][row])
        ids[index, :length] = torch.tensor(coded["input_ids"][row])
        kinds[index, :length] = torch.tensor(coded["token_type_ids"][row])
        mask[index, :length] = 1
        inside = tuple(
            (start - lead, end - lead) if part == 1 and start >= lead and end > start else (-1, -1)
            for part, (start, end) in zip(coded.sequence_ids(row), coded["offset_mapping"][row], strict=True)
        )
        answerable[index, :length] = torch.tensor([start >= 0 for start, _ in inside])
        answerable[index, 0] = True
        offsets.append(inside)
    return Slice(tuple(rows), ids, kinds, mask, answerable, tuple(offsets))
