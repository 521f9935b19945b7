"""The shipped models on the seed articles, from question to answer, and each of them by its contract."""

from pathlib import Path

import pytest

from rag import Corpus, Settings
from rag.drafts import Draft, Quote
from rag.schema import Dropped, Reading, Statement
from rag.testing import check_consistency, check_embedder, check_entailment, check_reader
from rag.verification.confidence import Calibration
from rag.verification.gate import Gate

pytestmark = [pytest.mark.slow, pytest.mark.core]
ANIMALS = "How many animals did Putin give to North Korea?"


@pytest.fixture(scope="module")
def trained(seeds: Path) -> Corpus:
    corpus = Corpus.in_memory(Settings())
    corpus.add(seeds)
    return corpus


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (ANIMALS, "more than 70 animals"),
        ("Who is Andrei Lankov?", "a professor at Seoul’s Kunmin University"),
        ("Whom did Kim receive from the Russian Security Council?", "Shoigu"),
    ],
)
def test_what_the_articles_say_is_answered_in_their_words(trained: Corpus, question: str, words: str) -> None:
    answer = trained.ask(question)
    assert answer.status in ("answered", "partly")
    assert words in answer.text
    for citation in answer.citations:
        assert trained.article(citation.article_id).text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize("question", ["What is the price of tulips in Utrecht?", "How many pandas did China give Kim?"])
def test_what_the_articles_do_not_say_is_refused(trained: Corpus, question: str) -> None:
    answer = trained.ask(question)
    assert (answer.status, answer.text) == ("not_found", "")
    assert answer.reason
    assert answer.nearest


@pytest.mark.parametrize(
    "question",
    [
        "Сколько животных подарил Путин?",
        "普京送了多少动物?",
        "كم عدد الحيوانات؟",
        "NORTH\x07 KOREA\0?",
        "🦁 lions 🦁",
        "e" * 2000,
    ],
)
def test_any_script_gets_an_answer_or_a_refusal(trained: Corpus, question: str) -> None:
    answer = trained.ask(question)
    assert answer.status in ("answered", "partly", "not_found")
    assert answer.statements or answer.reason
    for citation in answer.citations:
        assert trained.article(citation.article_id).text[citation.start : citation.end] == citation.quote


def test_there_is_a_confidence_for_these_parts(trained: Corpus) -> None:
    shipped = Calibration.load_for(trained.settings, trained.models)
    answer = trained.ask(ANIMALS)
    assert shipped is not None
    assert answer.confidence is not None
    assert answer.trace.readings[0].verified is not None
    assert answer.made_by["entailment"] == shipped.made_for["entailment"]


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Vladimir Putin has gifted North Korea more than 70 animals.", True),
        ("North Korea was given more than 70 animals by the Russian president.", True),
        ("Vladimir Putin has gifted North Korea more than 90 animals.", False),
        ("Vladimir Putin has gifted South Korea more than 70 animals.", False),
        ("North Korea has gifted Vladimir Putin more than 70 animals.", False),
        ("North Korea gave the animals back after a year.", False),
    ],
)
def test_the_gate_lets_a_true_rewording_through_and_a_false_one_not(trained: Corpus, text: str, passes: bool) -> None:
    [hit, *_] = trained.search("Putin has gifted North Korea more than 70 animals")
    passage = hit.passage
    [(start, end)] = [
        (start, end)
        for start, end in passage.sentences
        if "70 animals" in passage.text[start - passage.start : end - passage.start]
    ]
    words = passage.text[start - passage.start : end - passage.start]
    draft = Draft(text, (Quote(passage.article_id, start, end, words),))
    checked = Gate(trained.article, trained.models).check(draft, [Reading(hit, 1.0, (), None)])
    assert isinstance(checked, Statement if passes else Dropped), checked
    assert not isinstance(checked, Statement) or checked.support < 1.0


def test_each_model_keeps_its_contract(trained: Corpus) -> None:
    models = trained.models
    assert models.entailment is not None
    assert models.consistency is not None
    check_embedder(models.embedder)
    check_reader(models.reader)
    check_entailment(models.entailment)
    check_consistency(models.consistency)
