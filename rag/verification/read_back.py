"""Puts the best answers to the entailment model: a second opinion, for near misses (read and verify, Hu et al. 2018)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from ..language.headings import heading
from ..plugins import EntailmentModel
from ..reader.log_odds import log_odds
from ..schema import Reading
from .premises import answered, premise

LONGEST_QUESTION = 250  # characters
MOST_READ_BACK = 3  # readings, the best by what the reader says
REACH = 3.0  # log-odds by which the best is ahead where no other words were read back
VERIFIED_WEIGHT = 0.25  # of the entailment model's log-odds beside the reader's, in the order of these


def verified(
    question: str, readings: Sequence[Reading], entailment: EntailmentModel | None, *, answers: Sequence[str] = ()
) -> tuple[Reading, ...]:
    """Return the readings, the first few with the chance that their words answer; as they are without a model.

    `answers` are what could be said instead of their words, as "yes" and "no": the likeliest counts.
    """
    if entailment is None or not readings:
        return tuple(readings)
    first = readings[:MOST_READ_BACK]
    told = [read_back(question, one, answers=answers) for one in first]
    chances = iter(entailment.chances([pair for pairs in told for pair in pairs]))
    known = [replace(one, verified=max(islice(chances, len(pairs)))) for one, pairs in zip(first, told, strict=True)]
    return (*known, *readings[len(first) :])


def likeliest_first(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Return the readings with those that were verified in the order of what reader and entailment model say together."""
    known = [one for one in readings if one.verified is not None]
    rest = [one for one in readings if one.verified is None]
    return (*sorted(known, key=_together, reverse=True), *rest)


def _together(one: Reading) -> float:
    assert one.verified is not None
    return log_odds(one.score) + VERIFIED_WEIGHT * log_odds(one.verified)


def read_back(question: str, reading: Reading, *, answers: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return the statements and the premise that the model is asked about: the question with each of the `answers`, by default
    the words that answer, and the sentence in which these begin, with the one before it. Where no few words answer, the
    best sentence does. Of a long question it is the end."""
    hit = reading.hit
    text, first = hit.passage.text, hit.passage.start
    spans = [(start - first, end - first) for start, end in hit.passage.sentences] or [(0, len(text))]
    best = _best(reading, spans)
    start, end = ((at - first) for at in reading.short) if reading.short and not answers else best
    place = max((at for at, (begin, _) in enumerate(spans) if begin <= start), default=0)
    before = text[slice(*spans[place - 1])] if place else ""
    told = premise(heading(hit.title, hit.outlet, hit.published), before, [text[slice(*spans[place])]])
    return [(answered(question[-LONGEST_QUESTION:], words), told) for words in answers or (text[start:end],)]


def _best(reading: Reading, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    best = max(reading.sentences, key=lambda one: one.score, default=None)
    first = reading.hit.passage.start
    return (best.start - first, best.end - first) if best else spans[0]
