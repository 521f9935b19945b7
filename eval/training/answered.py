"""Questions with an answer put to the place where it stands: is it the answer? The judge learns them beside its statements.

What the small reader finds, right and wrong, in a question's own passage, in one that retrieval takes for it, and after a
detail of the question was changed; and the answers that people gave where it errs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from rag.index.embedding import fastest_dtype
from rag.language.sentences import sentences_of
from rag.reader.batching import Pair, Span
from rag.reader.network import load_network
from rag.reader.spans import predict
from rag.reader.trained import LONGEST
from rag.verification.read_back import read_back

from .data import Example
from .making import Claim
from .negatives import Changer, Neighbourhood, retrieved

NEAR_MISSES = "squad2"
OTHERS = 0.5  # of the questions of the other sets; those with near misses are all read
CHANGED = 0.3  # of the questions answered rightly, once more with a detail changed
ELSEWHERE = 0.5  # of the questions with an answer, once more put to the best other passage
AT_ONCE = 512


def answered(examples: Sequence[Example], *, reader: Path, seed: int) -> Iterator[Claim]:
    """Yield the claims of some examples, read with the reader in `reader`. The same seed gives the same ones."""
    random, changer = Random(seed), Changer(examples)
    read = [example for example in examples if example.source == NEAR_MISSES or random.random() < OTHERS]
    for example, span in zip(read, _spans(read, reader=reader), strict=True):
        right = any(span[0] < end and start < span[1] for start, end in example.spans)
        yield _claim(example, span, right=right)
        if right and random.random() < CHANGED:
            other = changer.changed(example, random=random)
            if other is not None:
                yield _claim(other, span, right=False)
        elif not right and example.spans:
            yield _claim(example, example.spans[0], right=True)
    put = [example for example in read if example.spans and random.random() < ELSEWHERE]
    moved = list(_elsewhere(put, among=Neighbourhood(examples)))
    for example, span in zip(moved, _spans(moved, reader=reader), strict=True):
        yield _claim(example, span, right=False)


def _elsewhere(examples: Sequence[Example], *, among: Neighbourhood) -> Iterator[Example]:
    """Yield each example on the passage ranked highest for it that does not hold its answer, if one was found."""
    ranked = among.ranked([example.question for example in examples], encoder=None)
    for example, found in zip(examples, ranked, strict=True):
        for near in retrieved(example, among=[among.neighbours[place] for place in found])[:1]:
            yield replace(example, title=near.title, passage=near.passage, spans=(), answers=())


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
