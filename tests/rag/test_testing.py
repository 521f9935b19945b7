"""The contract checks find what breaks a contract, and our own parts keep theirs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from rag import testing
from rag.answering.extractive import ExtractiveAnswerer
from rag.drafts import Cloze, Draft, Reply, Thresholds
from rag.plugins import PROTOCOLS
from rag.schema import Hit, Passage, Reading, SentenceScore
from rag.settings import Settings
from rag.testing import (
    HashEmbedder,
    WordConsistency,
    WordEntailment,
    WordReader,
    check_answerer,
    check_consistency,
    check_embedder,
    check_entailment,
    check_reader,
)

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


def test_the_fakes_keep_the_contracts() -> None:
    check_embedder(HashEmbedder())
    check_reader(WordReader())
    check_entailment(WordEntailment())
    check_consistency(WordConsistency())


def test_each_part_that_can_be_replaced_has_a_check() -> None:
    assert all(callable(getattr(testing, f"check_{role}")) for role in PROTOCOLS)


def test_a_reader_that_keeps_the_contract_passes() -> None:
    check_reader(FirstSentenceReader())


@pytest.mark.parametrize(
    ("question", "score", "short"),
    [
        ("How many lions did the zoo of Lomvik take in?", 1.0, None),
        ("Did the mayor say that bears came?", 1.0, "May"),
        ("How many bears came to Oster?", 1.0, "12"),
        ("Which bears came to Oster?", 1.0, None),
        ("When did the bears come?", 1.0, "May"),
        ("What do tulips cost?", 0.0, None),
    ],
)
def test_the_fake_reader_goes_by_shared_words(question: str, score: float, short: str | None) -> None:
    text = "The zoo of Lomvik took in lions. The mayor said in May that the bears came later. 12 bears came to Oster."
    spans = ((0, 32), (33, 81), (82, 105))
    passage = Passage("a1", 0, len(text), text, "body", spans)
    (reading,) = WordReader().read(question, [Hit(passage, 1, 1.0, "Zoo", None, None, "zoo.txt", None, None)])
    assert reading.score == pytest.approx(score, abs=0.2)
    assert (reading.short and text[slice(*reading.short)]) == short


class ChangedEntailment(WordEntailment):
    def __init__(self, change: Callable[[list[float]], list[float]]) -> None:
        self._change = change

    def chances(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return self._change(super().chances(pairs)) if pairs else []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda chances: chances[1:], "one for each"),
        (lambda chances: [2.0 * chance for chance in chances], "expected 0 to 1"),
        (lambda chances: [math.nan] * len(chances), "expected a number"),
        (lambda chances: [0.5] * len(chances), "more than by others"),
        (lambda chances: [chance / len(chances) for chance in chances], "expected the same"),
    ],
)
def test_an_entailment_model_that_breaks_the_contract_is_told_how(
    change: Callable[[list[float]], list[float]], told: str
) -> None:
    with pytest.raises(AssertionError, match=told):
        check_entailment(ChangedEntailment(change))


def test_thresholds_that_are_no_probabilities_are_found() -> None:
    model = WordEntailment()
    model.thresholds = Thresholds(clear=0.5, reworded=50.0)
    with pytest.raises(AssertionError, match="reworded is 50"):
        check_entailment(model)


class ChangedConsistency(WordConsistency):
    def __init__(self, change: Callable[[list[Reply]], list[Reply]]) -> None:
        self._change = change

    def replies(self, asked: Sequence[Cloze], quote: str) -> list[Reply]:
        return self._change(super().replies(asked, quote))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda replies: replies[1:], "one reply"),
        (lambda replies: replies[::-1], "in order"),
        (lambda replies: [replace(one, chance=1.5) for one in replies], "expected 0 to 1"),
        (lambda replies: [replace(one, words="a tower") for one in replies], "some of the quote"),
    ],
)
def test_a_consistency_model_that_breaks_the_contract_is_told_how(
    change: Callable[[list[Reply]], list[Reply]], told: str
) -> None:
    with pytest.raises(AssertionError, match=told):
        check_consistency(ChangedConsistency(change))


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
