from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.reader.batches import Span
from rag.training import answered as module
from rag.training.answered import answered
from rag.training.data import Example
from rag.training.making import Claim

PASSAGE = "The port of Lomvik opened in 1959. Ada Holm led it for 30 years. Olaf Lund came later."
YEAR, NAME = (29, 33), (35, 43)


def example(question: str, *spans: Span, source: str = "squad2") -> Example:
    answers = tuple(PASSAGE[start:end] for start, end in spans)
    return Example(question, "Lomvik", PASSAGE, spans, answers, "squad2:Lomvik", source)


def claims_of(*examples: Example, found: Sequence[Span], monkeypatch: pytest.MonkeyPatch) -> list[Claim]:
    monkeypatch.setattr(module, "_spans", lambda read, *, reader: iter(found))
    return list(answered(examples, reader=Path("reader"), seed=1))


def test_what_the_reader_says_to_a_near_miss_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    (claim,) = claims_of(example("Who left the port of Lomvik?"), found=[NAME], monkeypatch=monkeypatch)
    assert not claim.supported
    assert claim.text == "Who left the port of Lomvik? Ada Holm"
    assert claim.quote == "Lomvik. The port of Lomvik opened in 1959. Ada Holm led it for 30 years."


def test_right_words_of_the_reader_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = claims_of(example("When did it open?", YEAR), found=[YEAR], monkeypatch=monkeypatch)
    assert (claims[0].text, claims[0].supported) == ("When did it open? 1959", True)


def test_wrong_words_stand_beside_the_right_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = claims_of(example("When did it open?", YEAR), found=[NAME], monkeypatch=monkeypatch)
    assert [(claim.text, claim.supported) for claim in claims] == [
        ("When did it open? Ada Holm", False),
        ("When did it open? 1959", True),
    ]


def test_a_changed_detail_makes_an_answer_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [example(f"Who led the port for {years} years?", NAME, source="squad1") for years in range(10, 90)]
    claims = claims_of(*asked, found=[], monkeypatch=monkeypatch)
    right = sum(claim.supported for claim in claims)
    assert 0 < right < len(asked)
    assert 0 < len(claims) - right < right


def test_the_same_seed_gives_the_same_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [example(f"Who led the port for {years} years?", NAME, source="squad1") for years in range(10, 40)]
    once, again = (claims_of(*asked, found=[], monkeypatch=monkeypatch) for _ in range(2))
    assert once == again
