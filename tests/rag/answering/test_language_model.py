"""Against a real server; how to start one is in tests/README.md."""

from collections.abc import Sequence

import pytest

from rag.answering.chat_model import ChatModelAnswerer
from rag.schema import Reading
from rag.settings import Settings

pytestmark = pytest.mark.language_model


def test_a_real_model_answers_with_citations(readings: Sequence[Reading]) -> None:
    answerer = ChatModelAnswerer(Settings.from_environment())
    drafts = list(answerer.write("How many passengers does the ferry Aurora carry?", readings))
    assert any("300" in quote.words for draft in drafts for quote in draft.quotes)


def test_a_real_model_can_say_that_the_articles_do_not_tell(readings: Sequence[Reading]) -> None:
    answerer = ChatModelAnswerer(Settings.from_environment())
    assert list(answerer.write("What is the capital of Peru?", readings)) == []
