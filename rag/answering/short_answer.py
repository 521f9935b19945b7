"""The few words that answer, as they are shown: whole, and only where a few words can answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..language.facts import facts_of
from ..question.question_type import asks_account, asks_amount, asks_whether
from ..schema import Account, Citation, Reading, Statement

_PAIRS = {"(": ")", "[": "]", "“": "”", "«": "»"}
_POINTS = ",.!?"  # that may stand before a closing mark
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
    accounts = (account_of(reading, statements[0].citations) for reading in readings)
    words = next((account.words for account in accounts if account), None)
    if (
        words
        and asks_amount(question)
        and not (facts_of(words).amounts or facts_of(words).moments or _VAGUE.search(words))
    ):
        return None
    return words


def account_of(reading: Reading, citations: Sequence[Citation]) -> Account | None:
    """Return the words with which a reading answers, with the footnote in whose quote they stand; None when they stand in none."""
    if reading.short is None:
        return None
    start, end = reading.short
    for citation in citations:
        if citation.article_id == reading.hit.passage.article_id and citation.start <= start and end <= citation.end:
            return Account(whole(citation.quote, start - citation.start, end - citation.start), citation)
    return None


def whole(text: str, start: int, end: int) -> str:
    """Return `text[start:end]` with the bracket or quotation mark beside it whose other half it holds."""
    for opening, closing in _PAIRS.items():
        depth = least = 0
        for character in text[start:end]:
            depth += (character == opening) - (character == closing)
            least = min(least, depth)
        if least < 0 and text[:start].endswith(opening):
            start -= 1
        after = end + (text[end : end + 1] in tuple(_POINTS))
        if depth > least and text[after : after + 1] == closing:
            end = after + 1
    return text[start:end]
