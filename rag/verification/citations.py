"""A quote that an answerer gives, to a footnote: the words must stand where it says, in a passage found for this question."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

from ..drafts import Quote
from ..errors import UnknownArticleError
from ..language.words import words
from ..schema import Article, Citation, Copy, Reading


def resolve_quote(quote: Quote, readings: Sequence[Reading], article: Callable[[str], Article]) -> Citation | str:
    """Return the footnote (its marker still 0), or the reason why there can be none.

    The quote must equal the article's text at its place, character for character, and lie within one passage that was
    retrieved for this question.
    """
    home = next(
        (
            reading.hit
            for reading in readings
            if reading.hit.passage.article_id == quote.article_id
            and reading.hit.passage.start <= quote.start < quote.end <= reading.hit.passage.end
        ),
        None,
    )
    if home is None:
        return "the quote does not lie within a passage that was found for this question"
    try:
        whole = article(quote.article_id)
    except UnknownArticleError:
        return "the article was removed meanwhile"
    text = whole.text
    if not quote.words.strip() or text[quote.start : quote.end] != quote.words:
        return "the quoted words do not stand there in the article"
    if _inside_word(text, quote.start) or _inside_word(text, quote.end):
        return "the quote begins or ends inside a word or a number"
    return Citation(
        marker=0,
        article_id=quote.article_id,
        title=home.title,
        outlet=home.outlet,
        published=home.published,
        source=home.source,
        kind=home.passage.kind,
        start=quote.start,
        end=quote.end,
        quote=quote.words,
        page=bisect_right(whole.pages, quote.start) or None,
        copies=tuple(copy for copy in home.copies if _stands_in(copy, quote, article)),
        author=whole.author,
        address=whole.address,
    )


def _stands_in(copy: Copy, quote: Quote, article: Callable[[str], Article]) -> bool:
    """Whether a copy has the quote too, word for word: it may be a shortened or an edited one."""
    if copy.article_id == quote.article_id:
        return True
    try:
        text = article(copy.article_id).text
    except UnknownArticleError:
        return False
    return f" {' '.join(words(quote.words))} " in f" {' '.join(words(text))} "


def _inside_word(text: str, at: int) -> bool:
    """Whether a cut at `at` would part a word or a number, as between "2" and "5 pheasants"."""
    if re.search(r"\d[.,]\d", text[max(at - 2, 0) : at + 2]):
        return True
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()
