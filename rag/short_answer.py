"""The few words that answer, as they are shown: only where a few words can answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .asking import asks_account, asks_amount, asks_whether
from .facts import facts_of
from .schema import Reading, Statement

# Amounts without a number.
_VAGUE = re.compile(
    r"\b(?:all|every|everything|none|no|nobody|nothing|zero|half|halves|halved|quarters?|couple|several|few|many|most"
    r"|majority|minority|single|pair|once|twice|doubled?|tripled?|free)\b",
    re.IGNORECASE,
)


def short_answer(question: str, readings: Sequence[Reading], statements: Sequence[Statement]) -> str | None:
    """Return the words that answer, when they stand in the quote of the first statement.

    None where few words tell nothing: of a question whether something is so, of one for an account of something, and of
    one for an amount where they hold none.
    """
    if asks_whether(question) or asks_account(question):
        return None
    words = _words(readings, statements)
    if (
        words
        and asks_amount(question)
        and not (facts_of(words).amounts or facts_of(words).moments or _VAGUE.search(words))
    ):
        return None
    return words


def _words(readings: Sequence[Reading], statements: Sequence[Statement]) -> str | None:
    for reading in readings:
        if reading.short is None:
            continue
        start, end = reading.short
        for citation in statements[0].citations:
            if (
                citation.article_id == reading.hit.passage.article_id
                and citation.start <= start
                and end <= citation.end
            ):
                return citation.quote[start - citation.start : end - citation.start]
    return None
