"""The contract checks find what breaks a contract, and our own parts keep theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from rag.answering.extractive import ExtractiveAnswerer
from rag.schema import Draft, Hit, Reading, SentenceScore
from rag.settings import Settings
from rag.testing import check_answerer, check_reader

Change = Callable[[list[Reading]], list[Reading]]


class FirstSentenceReader:
    """Keeps the contract: earlier hits score higher, the first sentence is the answer."""

    name = "first-1"

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        return [
            Reading(
                hit,
                1.0 / hit.rank,
                tuple(SentenceScore(start, end, 0.5 / hit.rank) for start, end in hit.passage.sentences),
                hit.passage.sentences[0] if hit.passage.sentences else None,
            )
            for hit in sorted(hits, key=lambda hit: hit.rank)
        ]


class ChangedReader(FirstSentenceReader):
    def __init__(self, change: Change) -> None:
        self._change = change

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        readings = super().read(question, hits)
        return self._change(readings) if readings else []


def first(**fields: Any) -> Change:
    return lambda readings: [replace(readings[0], **fields), *readings[1:]]


def test_a_reader_that_keeps_the_contract_passes() -> None:
    check_reader(FirstSentenceReader())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda readings: readings[::-1], "best first"),
        (lambda readings: readings[:-1], "each hit has one reading"),
        (lambda readings: [*readings, readings[-1]], "each hit has one reading"),
        (lambda readings: [replace(readings[0], hit=replace(readings[0].hit, title="x")), *readings[1:]], "as it was"),
        (first(score=1.5), "expected 0 to 1"),
        (first(score=float("inf")), "expected a number"),
        (first(sentences=(SentenceScore(0, 3, 0.1),)), "no sentences of the passage"),
        (first(sentences=(SentenceScore(0, 40, 0.1), SentenceScore(0, 40, 0.2))), "scored once"),
        (first(sentences=(SentenceScore(0, 40, -0.1),)), "expected 0 to 1"),
        (first(short=(5, 5)), "short is"),
    ],
)
def test_a_reader_that_breaks_the_contract_is_told_how(change: Change, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        check_reader(ChangedReader(change))


def test_offsets_into_the_passage_instead_of_the_article_are_found() -> None:
    def shifted(readings: list[Reading]) -> list[Reading]:
        return [replace(one, short=(0, 5)) if one.hit.passage.start else one for one in readings]

    with pytest.raises(AssertionError, match="short is"):
        check_reader(ChangedReader(shifted))


def test_a_reader_that_changes_its_mind_is_found() -> None:
    times = iter(range(100))

    def fickle(readings: list[Reading]) -> list[Reading]:
        return [replace(readings[0], score=1.0 - next(times) / 1000), *readings[1:]]

    with pytest.raises(AssertionError, match="same readings"):
        check_reader(ChangedReader(fickle))


class ChangedAnswerer:
    name = "changed-1"

    def __init__(self, change: Callable[[Draft], Draft]) -> None:
        self._change = change

    def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft]:
        return map(self._change, ExtractiveAnswerer(Settings()).write(question, readings))


def test_the_default_answerer_keeps_the_contract() -> None:
    check_answerer(ExtractiveAnswerer(Settings()))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda draft: replace(draft, text=" "), "has words"),
        (lambda draft: replace(draft, quotes=()), "relies on nothing"),
        (lambda draft: replace(draft, quotes=(replace(draft.quotes[0], words="eighty"),)), "the article says"),
        (lambda draft: replace(draft, quotes=(replace(draft.quotes[0], article_id="x"),)), "no passage shown"),
        (lambda draft: replace(draft, quotes=(replace(draft.quotes[0], start=-1),)), "no passage shown"),
    ],
)
def test_an_answerer_that_breaks_the_contract_is_told_how(change: Callable[[Draft], Draft], told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        check_answerer(ChangedAnswerer(change))


def test_an_answerer_that_writes_nothing_or_all_at_once_is_found() -> None:
    class Silent(ChangedAnswerer):
        def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft]:
            return iter(())

    class Listing(ChangedAnswerer):
        def write(self, question: str, readings: Sequence[Reading]) -> Any:
            return list(super().write(question, readings))

    with pytest.raises(AssertionError, match="gets a statement"):
        check_answerer(Silent(lambda draft: draft))
    with pytest.raises(AssertionError, match="expected an iterator"):
        check_answerer(Listing(lambda draft: draft))
