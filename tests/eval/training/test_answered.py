from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from eval.training import answered as module
from eval.training.answered import answered
from eval.training.data import Example
from eval.training.making import Claim
from rag.reader.batching import Span

PASSAGE = "The port of Lomvik opened in 1959. Ada Holm led it for 30 years. Olaf Lund came later."
OTHER = "The port of Sund was closed by a storm in 1961. Nobody has led it since."
YEAR, NAME = (29, 33), (35, 43)


def example(question: str, *spans: Span, source: str = "squad2") -> Example:
    answers = tuple(PASSAGE[start:end] for start, end in spans)
    return Example(question, "Lomvik", PASSAGE, spans, answers, "squad2:Lomvik", source)


def claims_of(*examples: Example, said: Span, monkeypatch: pytest.MonkeyPatch) -> list[Claim]:
    """The reader says the same place of every passage."""

    def spans(read: Sequence[Example], *, reader: Path) -> Iterator[Span]:
        return (said for _ in read)

    monkeypatch.setattr(module, "_spans", spans)
    return list(answered(examples, reader=Path("reader"), seed=1))


def test_what_the_reader_says_to_a_near_miss_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    (claim,) = claims_of(example("Who left the port of Lomvik?"), said=NAME, monkeypatch=monkeypatch)
    assert not claim.supported
    assert claim.text == "Who left the port of Lomvik? Ada Holm"
    assert claim.quote == "Lomvik. The port of Lomvik opened in 1959. Ada Holm led it for 30 years."


def test_right_words_of_the_reader_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = claims_of(example("When did it open?", YEAR), said=YEAR, monkeypatch=monkeypatch)
    assert (claims[0].text, claims[0].supported) == ("When did it open? 1959", True)


def test_wrong_words_stand_beside_the_right_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = claims_of(example("When did it open?", YEAR), said=NAME, monkeypatch=monkeypatch)
    assert [(claim.text, claim.supported) for claim in claims[:2]] == [
        ("When did it open? Ada Holm", False),
        ("When did it open? 1959", True),
    ]


def test_a_changed_detail_makes_an_answer_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [example(f"Who led the port for 30 years, or {years}?", NAME) for years in range(10, 90)]
    claims = claims_of(*asked, said=NAME, monkeypatch=monkeypatch)
    right = [claim for claim in claims if claim.supported]
    assert len(right) == len(asked)
    wrong = [claim for claim in claims if not claim.supported]
    assert 0 < len(wrong) < len(asked)
    assert all(claim.text not in {each.text for each in right} for claim in wrong)


def test_another_passage_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [example(f"Who led port {number}?", NAME) for number in range(20)]
    elsewhere = Example("Why was it closed?", "Sund", OTHER, (), (), "squad2:Sund", "squad2")
    claims = claims_of(*asked, elsewhere, said=(0, 3), monkeypatch=monkeypatch)
    moved = [claim for claim in claims if claim.quote.startswith("Sund.") and claim.text != "Why was it closed? The"]
    assert 0 < len(moved) < len(asked)
    assert not any(claim.supported for claim in moved)


def test_of_sets_without_near_misses_a_part_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [example(f"Who led port {letter}?", NAME, source="nq") for letter in "abcdefghijklmnopqrstuvwxyz"]
    claims = claims_of(*asked, said=NAME, monkeypatch=monkeypatch)
    assert 0 < len(claims) < len(asked)


def test_the_same_seed_gives_the_same_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [example(f"Who led the port for {years} years?", NAME, source="squad1") for years in range(10, 40)]
    once, again = (claims_of(*asked, said=NAME, monkeypatch=monkeypatch) for _ in range(2))
    assert once == again
