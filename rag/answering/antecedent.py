"""A quoted sentence that says "it" or "his" of what the sentence before it names, to a quote of both."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..drafts import Draft, Quote
from ..language.lines import LEADING_MARK
from ..schema import Passage, Reading, Statement

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


def with_antecedent(draft: Draft, readings: Sequence[Reading], said: Sequence[Statement]) -> Draft:
    """Return the draft, together with the sentence before it where it leans on that one: "It will cost $44,000."

    As it is when it is in other words than its quote, or when that sentence is said already or in another paragraph.
    """
    if len(draft.quotes) != 1 or draft.text != draft.quotes[0].words or not leans(draft.text):
        return draft
    (quote,) = draft.quotes
    cited = [one for statement in said for one in statement.citations if one.article_id == quote.article_id]
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
