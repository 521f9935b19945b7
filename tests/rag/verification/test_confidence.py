import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Hit, Passage
from rag.plugins import Models
from rag.schema import Reading, SentenceScore
from rag.settings import Settings
from rag.verification.confidence import FEATURES, Calibration, features, least_confidence
from rag.verification.read_back import REACH

TEXT = "The zoo of Lomvik sent 12 walruses to Vell. Nobody asked the mayor."
FIRST, SECOND = (0, 43), (44, len(TEXT))
QUESTION = "How many walruses did the zoo of Lomvik send?"
MADE_FOR: dict[str, str | int] = {"reader": "r-1", "embedder": "e-1", "k": 10, "passage_tokens": 160}
ERRORS = ((0.9, 0.02), (0.6, 0.08), (0.3, 0.25))


def reading(score: float, *, text: str = TEXT, title: str = "Zoo", short: tuple[int, int] | None = (23, 25)) -> Reading:
    spans = (FIRST, SECOND) if text == TEXT else ((0, len(text)),)
    passage = Passage("a1", 0, len(text), text, "body", spans)
    scores = tuple(SentenceScore(*span, score / (1 + at)) for at, span in enumerate(spans))
    return Reading(Hit(passage, 1, 1.0, title, None, None, "s", 0.7, 1.0), score, scores, short)


def calibration(bias: float = 0.0, **weights: float) -> Calibration:
    return Calibration(MADE_FOR, {name: weights.get(name, 0.0) for name in FEATURES}, bias, ERRORS)


@given(st.floats(0, 1), st.floats(-50, 50), st.floats(-50, 50))
def test_a_confidence_is_a_probability(score: float, weight: float, bias: float) -> None:
    assert 0.0 <= calibration(bias, odds_by_share=weight).confidence(QUESTION, [reading(score)]) <= 1.0


def test_without_a_reading_there_is_no_confidence() -> None:
    assert calibration(bias=5.0).confidence(QUESTION, []) == 0.0


@given(st.floats(0, 1), st.floats(0, 1))
def test_better_odds_give_no_less_confidence(one: float, two: float) -> None:
    low, high = sorted((one, two))
    sure = calibration(odds_by_share=1.0)
    assert sure.confidence(QUESTION, [reading(low)]) <= sure.confidence(QUESTION, [reading(high)])


def test_even_odds_without_bias_are_one_half() -> None:
    assert calibration(odds_by_share=1.0).confidence(QUESTION, [reading(0.5)]) == pytest.approx(0.5)


def models(*, reader: str = "r-1", embedder: str = "e-1", entailment: str | None = "j-1") -> Models:
    """Parts of these names; no entailment model for None."""
    parts = {"reader": reader, "embedder": embedder, "entailment": entailment}
    found = {role: None if name is None else SimpleNamespace(name=name) for role, name in parts.items()}
    return cast("Models", SimpleNamespace(**found))


@pytest.fixture
def fit(tmp_path: Path) -> Path:
    path = tmp_path / "fit.json"
    plain = {
        "made_for": MADE_FOR | {"entailment": "j-1"},
        "weights": calibration(odds=2.0).weights,
        "bias": 0.5,
        "errors": ERRORS,
    }
    path.write_text(json.dumps({"fast": plain}), encoding="utf-8")
    return path


def test_a_fit_is_read_for_the_parts_it_was_made_for(fit: Path) -> None:
    found = Calibration.load_for(Settings(), models(), path=fit)
    assert found is not None
    assert found.confidence(QUESTION, [reading(0.9)]) == calibration(bias=0.5, odds=2.0).confidence(
        QUESTION, [reading(0.9)]
    )
    assert found.least(0.1) == 0.6


@pytest.mark.parametrize(("reader", "embedder"), [("r-2", "e-1"), ("r-1", "e-2"), ("", "")])
def test_for_other_parts_there_is_none(fit: Path, reader: str, embedder: str) -> None:
    assert Calibration.load_for(Settings(), models(reader=reader, embedder=embedder), path=fit) is None


@pytest.mark.parametrize("settings", [Settings(k=9), Settings(passage_tokens=120)])
def test_for_other_passages_or_hits_there_is_none(fit: Path, settings: Settings) -> None:
    assert Calibration.load_for(settings, models(), path=fit) is None


@pytest.mark.parametrize("entailment", [None, "j-2"])
def test_for_another_entailment_model_or_none_there_is_none(fit: Path, entailment: str | None) -> None:
    assert Calibration.load_for(Settings(), models(entailment=entailment), path=fit) is None


def test_without_a_file_there_is_none(tmp_path: Path) -> None:
    assert Calibration.load_for(Settings(), models(), path=tmp_path / "absent.json") is None


@pytest.mark.parametrize(
    ("accepted", "least"), [(1.0, 0.0), (0.3, 0.3), (0.25, 0.3), (0.1, 0.6), (0.02, 0.9), (0.0, 0.9)]
)
def test_fewer_errors_accepted_ask_for_more_confidence(accepted: float, least: float) -> None:
    assert least_confidence(ERRORS, max_error=accepted) == least


def test_features_are_those_that_were_weighed() -> None:
    assert set(features(QUESTION, [reading(0.9)])) == set(FEATURES)


def test_a_reader_that_finds_none_of_the_words_is_neither_for_nor_against() -> None:
    words_found = features(QUESTION, [reading(0.01)])["odds_by_share"]
    none_found = features("Which beasts did a menagerie ship?", [reading(0.01)])["odds_by_share"]
    assert words_found < none_found == 0.0


def test_what_was_not_read_back_is_neither_for_nor_against() -> None:
    assert features(QUESTION, [reading(0.9)])["verified"] == 0.0
    assert features(QUESTION, [replace(reading(0.9), verified=0.5)])["verified"] == 0.0
    assert features(QUESTION, [replace(reading(0.9), verified=0.9)])["verified"] > 0.0


@pytest.mark.parametrize(
    ("question", "differs"),
    [
        (QUESTION, 0.0),
        ("How many walruses did the zoo of Oster send?", 1.0),
        ("In what year did the zoo of Lomvik send 30 walruses to Vell?", 1.0),
        ("How many walruses did the zoo of Lomvik not send to Vell?", 1.0),
    ],
)
def test_a_name_number_or_negation_that_the_sentence_has_not_differs(question: str, differs: float) -> None:
    assert features(question, [reading(0.9)])["differs"] == differs


def verified(score: float, text: str = TEXT) -> Reading:
    short = (23, 25) if text == TEXT else (13, 15)
    return replace(reading(0.9, text=text, short=short), verified=score)


def test_the_same_words_from_another_passage_are_no_rival() -> None:
    assert features(QUESTION, [verified(0.9), verified(0.8)])["verified_lead"] == REACH


def test_other_words_from_another_passage_shorten_the_lead() -> None:
    close, far = (
        features(QUESTION, [verified(0.9), verified(score, "The zoo sent 40 walruses.")]) for score in (0.8, 0.1)
    )
    assert 0.0 < close["verified_lead"] < far["verified_lead"]
