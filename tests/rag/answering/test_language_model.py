"""Against a real server; how to start one is in tests/README.md."""

from collections.abc import Callable

import pytest

from rag.answering.chat_model import ChatModelAnswerer
from rag.schema import Reading
from rag.settings import Settings
from rag.verification.entailment import check_support

pytestmark = pytest.mark.language_model


@pytest.fixture
def evidence(reading_of: Callable[..., Reading]) -> list[Reading]:
    """Nothing that the example in the instructions is about: a small model copies from it."""
    return [
        reading_of("The orchard in Tarvik has 41 apple trees.", "Wasps came in June.", title="Apples"),
        reading_of("The school was painted green.", title="Tarvik", article_id="b2"),
    ]


def test_a_real_model_answers_with_citations(evidence: list[Reading]) -> None:
    answerer = ChatModelAnswerer(Settings.from_environment())
    drafts = list(answerer.write("How many apple trees has the orchard in Tarvik?", evidence))
    assert any("41" in quote.words for draft in drafts for quote in draft.quotes)


def test_what_a_real_model_invents_does_not_pass_the_check(evidence: list[Reading]) -> None:
    question = "What is the capital of Peru?"
    drafts = list(ChatModelAnswerer(Settings.from_environment()).write(question, evidence))
    passed = [
        draft.text
        for draft in drafts
        if draft.quotes and not check_support(draft.text, [quote.words for quote in draft.quotes]).differences
    ]
    assert not any("Lima" in text for text in passed)
