"""Asks a quote for each name, number and date of a statement: does it answer what the statement says?

The statement itself is the question, "Who raised its key rate to 4 percent?", and the larger reader looks for the answer
in the quote. It finds what the words alone do not show: another person, number or date of the same quote. (Wang et al.,
Asking and answering questions to evaluate factual consistency, 2020.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from ..drafts import Cloze, Reply
from ..reader.batching import Pair, Slice, slices
from ..reader.network import Scores
from ..reader.spans import span_scores
from ..reader.trained import LARGE, LONGEST, load_reader
from ..settings import Settings

LONGEST_ANSWER = 12  # tokens: a longer one names several things
AT_ONCE = 1200  # padded tokens


class ReaderConsistency:
    """The larger reader, asked about quotes. `name` tells its weights."""

    def __init__(self, settings: Settings, **parts: Any) -> None:
        self._reader = load_reader(LARGE)
        self.name = self._reader.name

    @torch.inference_mode()
    def replies(self, asked: Sequence[Cloze], quote: str) -> list[Reply]:
        """Return a reply to each question, in order."""
        pairs = [Pair(cloze.question, "", quote) for cloze in asked]
        found: dict[int, Reply] = {}
        with self._reader.lock:
            for part in slices(pairs, tokeniser=self._reader.tokeniser, longest=LONGEST, at_once=AT_ONCE):
                scores = self._reader.network(part.ids, part.kinds, part.mask, part.answerable)
                for place, row in enumerate(part.rows):
                    found[row] = _reply(part, scores, place, cloze=asked[row], quote=quote)
        return [found[row] for row in range(len(pairs))]


def _reply(part: Slice, scores: Scores, place: int, *, cloze: Cloze, quote: str) -> Reply:
    """Return what the reader answers: the chance of all answers together in which words of the statement stand."""
    spans = span_scores(scores, longest=LONGEST_ANSWER)[place]
    offsets = part.offsets[place][1:]
    said = torch.zeros(len(spans), dtype=torch.long)
    for at, (start, end) in enumerate(offsets):
        said[at] = any(start < last and first < end for first, last in cloze.places) and start >= 0
    before = said.cumsum(0) - said
    holds = (before[None, :] + said[None, :] - before[:, None]) > 0  # from the token of the row to that of the column
    best = int(spans.argmax())
    start, end = offsets[best // len(spans)][0], offsets[best % len(spans)][1]
    return Reply(cloze.question, float(spans.flatten().softmax(0)[holds.flatten()].sum()), quote[start:end])
