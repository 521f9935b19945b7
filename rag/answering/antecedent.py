"""A quoted sentence that says "it" or "his" of what the sentences before it name, to a quote of all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..drafts import Draft, Quote
from ..language.lines import LEADING_MARK
from ..schema import Citation, Passage, Reading

MOST_BEFORE = 3  # sentences that are quoted before the one that leans on them

# "This week" and "that said" point to nothing said before.
_LEANS = re.compile(
    r"(?:(?:and|but|so|yet|however|instead|meanwhile|also|then),?\s+)?(?:he|she|it|they|his|her|its|their|these|those"
    r"|(?:this|that)(?!\s(?:said|day|morning|afternoon|evening|night|week|weekend|month|season|year|spring|summer|autumn"
    r"|fall|winter)\b))\b",
    re.IGNORECASE,
)


def leans(text: str) -> bool:
    """Whether a sentence begins with what only one before it explains: "It also …", "But he …"."""
    return _LEANS.match(text) is not None


def with_antecedents(draft: Draft, readings: Sequence[Reading], before: Sequence[Citation]) -> Draft | None:
    """Return what `with_antecedent` does, again while that leans too; None where nothing in its paragraph explains it.

    `before` are the footnotes of what is said right before it, which may explain it as well.
    """
    for _ in range(MOST_BEFORE):
        whole = with_antecedent(draft, readings, before)
        if whole == draft:
            break
        draft = whole
    return None if leans(draft.text) and not _follows(draft, readings, before) else draft


def _follows(draft: Draft, readings: Sequence[Reading], before: Sequence[Citation]) -> bool:
    (quote,) = draft.quotes
    starts = [start for reading in readings if (start := _before(reading.hit.passage, quote)) is not None]
    return any(one.article_id == quote.article_id and one.start <= at < one.end for one in before for at in starts)


def with_antecedent(draft: Draft, readings: Sequence[Reading], said: Sequence[Citation]) -> Draft:
    """Return the draft, together with the sentence before it where it leans on that one: "It will cost $44,000."

    As it is when it is in other words than its quote, or when that sentence is in another paragraph or said already, by
    the footnotes of what is `said`.
    """
    if len(draft.quotes) != 1 or draft.text != draft.quotes[0].words or not leans(draft.text):
        return draft
    (quote,) = draft.quotes
    cited = [one for one in said if one.article_id == quote.article_id]
    for reading in readings:
        passage = reading.hit.passage
        start = _before(passage, quote)
        if start is None or any(one.start <= start < one.end for one in cited):
            continue
        words = passage.text[start - passage.start : quote.end - passage.start]
        return Draft(words, (Quote(quote.article_id, start, quote.end, words),), draft.label)
    return draft


def _before(passage: Passage, quote: Quote) -> int | None:
    """Where the sentence before the quote begins, if both stand in one paragraph of the passage."""
    if passage.article_id != quote.article_id or not passage.start <= quote.start < quote.end <= passage.end:
        return None
    found = max((one for one in passage.sentences if one[1] <= quote.start), default=None)
    if found is None or "\n" in passage.text[found[1] - passage.start : quote.start - passage.start]:
        return None
    mark = LEADING_MARK.match(passage.text, found[0] - passage.start)
    return passage.start + mark.end() if mark else found[0]
