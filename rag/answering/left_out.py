"""What a small language model's answer leaves out of what surely answers: then the article's own sentence follows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..drafts import Draft
from ..language.stems import stem
from ..language.words import content_words
from ..plugins import Answerer
from ..schema import Reading, Statement


def left_out(
    question: str, readings: Sequence[Reading], statements: Sequence[Statement], extractive: Answerer
) -> Iterator[Draft]:
    """Yield the sentence that the articles answer with, where the statements do not say its few words.

    Where the reader names no few words, it is enough that a statement cites the sentence. `readings` are best first.
    """
    draft = next((one for one in extractive.write(question, readings) if isinstance(one, Draft)), None)
    if draft is None or not statements:
        return
    words = _few_words(draft, readings)
    if words is None:
        said = any(_holds(citation.quote, draft.text) for one in statements for citation in one.citations)
    else:
        said = _stems(words) <= _stems(" ".join(one.text for one in statements))
    if not said:
        yield draft


def _few_words(draft: Draft, readings: Sequence[Reading]) -> str | None:
    """Return the words in the sentence that answer, as the reader of its passage sees it."""
    (quote, *_) = draft.quotes
    for reading in readings:
        passage = reading.hit.passage
        if reading.short is None or passage.article_id != quote.article_id:
            continue
        start, end = reading.short
        if quote.start <= start and end <= quote.end:
            return passage.text[start - passage.start : end - passage.start]
    return None


def _holds(quote: str, text: str) -> bool:
    return text in quote or quote in text


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}
