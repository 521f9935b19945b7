"""How a statement and what it cites are put to the entailment model: a hypothesis, and a premise with a little context."""

from __future__ import annotations

from collections.abc import Sequence

from ..language.sentences import sentences_of

END = "?.! \t\r\n\u00a0"
MOST_BEFORE = 300  # characters of the sentence before


def premise(head: str, before: str, quotes: Sequence[str]) -> str:
    """Return the heading, the sentence before the first quote in brackets (for what pronouns stand for), and the quotes."""
    context = f"[{before[-MOST_BEFORE:]}] " if before else ""
    return f"{head}. {context}{' … '.join(quotes)}" if head else f"{context}{' … '.join(quotes)}"


def sentence_before(text: str, at: int) -> str:
    """Return the sentence that ends before the place `at` of a text, its end if it is long; empty where there is none."""
    spans = sentences_of(text, start=max(0, at - 2 * MOST_BEFORE), end=at)
    return text[spans[-1][0] : spans[-1][1]] if spans else ""


def answered(question: str, answer: str) -> str:
    """Return a question with an answer as a hypothesis: it is supported if the premise says that this is the answer."""
    return f"{question.rstrip(END)}? {answer}"
