"""Reads the best answer back to the judge: a second opinion, for near misses (read and verify, Hu et al. 2018)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..plugins import EntailmentModel
from ..schema import Reading

LONGEST_QUESTION = 250  # characters


def verified(question: str, readings: Sequence[Reading], entailment: EntailmentModel | None) -> tuple[Reading, ...]:
    """Return the readings, the first with the chance that its words answer; as they are without a model."""
    if entailment is None or not readings:
        return tuple(readings)
    best, *others = readings
    first = best.hit.passage.start
    start, end = best.short or (first, first)
    told = read_back(
        question,
        title=best.hit.title,
        text=best.hit.passage.text,
        sentences=[(one - first, other - first) for one, other in best.hit.passage.sentences],
        words=(start - first, end - first),
    )
    (chance,) = entailment.chances([told])
    return (replace(best, verified=chance), *others)


def read_back(
    question: str, *, title: str, text: str, sentences: Sequence[tuple[int, int]], words: tuple[int, int]
) -> tuple[str, str]:
    """Return the statement and the quote that the judge is asked about: the question with `text[words]`, and the sentence
    in which these begin, after the one before it. `sentences` are in order. Of a long question it is the end."""
    start, end = words
    asked = question[-LONGEST_QUESTION:]
    place = max((at for at, (first, _) in enumerate(sentences) if first <= start), default=0)
    around = text[sentences[max(0, place - 1)][0] : sentences[place][1]] if sentences else text
    return f"{asked} {text[start:end]}", f"{title}. {around}"
