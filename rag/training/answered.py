"""Questions with an answer put to the place where it stands: is it the answer? The judge learns them beside its statements.

Right and wrong answers of the small reader to the set whose near misses people wrote, which it takes for answers too often;
answers that people gave; and questions with one detail changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from ..embedding import fastest_dtype
from ..reader.batches import Pair, Span
from ..reader.network import load_network
from ..reader.predicting import predict
from ..reader.reader import LONGEST
from ..splitting import sentences_of
from ..verifying import read_back
from .data import Example
from .making import Claim
from .negatives import Changer

NEAR_MISSES = "squad2"
TOLD = 0.25  # of the answers in the other sets
CHANGED, CHANGED_ELSEWHERE = 0.3, 0.15  # of the questions answered rightly, once more with a detail changed
AT_ONCE = 512


def answered(examples: Sequence[Example], *, reader: Path, seed: int) -> Iterator[Claim]:
    """Yield the claims of some examples, read with the reader in `reader`. The same seed gives the same ones."""
    random, changer = Random(seed), Changer(examples)

    def changed(example: Example, span: Span, share: float) -> Iterator[Claim]:
        other = changer.changed(example, random=random) if random.random() < share else None
        if other is not None:
            yield _claim(other, span, right=False)

    read = [example for example in examples if example.source == NEAR_MISSES]
    for example, span in zip(read, _spans(read, reader=reader), strict=True):
        right = any(span[0] < end and start < span[1] for start, end in example.spans)
        yield _claim(example, span, right=right)
        if right:
            yield from changed(example, span, CHANGED)
        elif example.spans:
            yield _claim(example, example.spans[0], right=True)
    for example in examples:
        if example.source != NEAR_MISSES and example.spans:
            if random.random() < TOLD:
                yield _claim(example, example.spans[0], right=True)
            yield from changed(example, example.spans[0], CHANGED_ELSEWHERE)


def _spans(examples: Sequence[Example], *, reader: Path) -> Iterator[Span]:
    network, tokeniser = load_network(reader, dtype=fastest_dtype())
    for at in range(0, len(examples), AT_ONCE):
        pairs = [Pair(example.question, example.title, example.passage) for example in examples[at : at + AT_ONCE]]
        for found in predict(pairs, network=network, tokeniser=tokeniser, longest=LONGEST):
            yield found.span


def _claim(example: Example, span: Span, *, right: bool) -> Claim:
    sentences = list(sentences_of(example.passage))
    statement, quote = read_back(
        example.question, title=example.title, text=example.passage, sentences=sentences, words=span
    )
    return Claim(statement, quote, right, "answered", example.group)
