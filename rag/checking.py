"""The gate between an answerer and the reader: no footnote, no sentence; and the words must stand where it says."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace

from .bearing import LEAST_BEARING, bearing
from .errors import UnknownArticleError
from .plugins import Reader
from .schema import Article, Citation, Copy, Draft, Dropped, Quote, Reading, Statement
from .support import Support, check_support, shipped_asker, shipped_judge
from .words import words


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
    if re.match(r"\d[.,]\d", text[max(at - 2, 0) : at + 1]) or re.match(r"\d[.,]\d", text[max(at - 1, 0) : at + 2]):
        return True
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


class Gate:
    """Checks the drafts of one answer, in order, and numbers the footnotes as they appear."""

    def __init__(
        self,
        question: str,
        readings: Sequence[Reading],
        article: Callable[[str], Article],
        reader: Reader | None = None,
        *,
        said: Sequence[Statement] = (),
    ) -> None:
        """With a `reader`, which the words of a model need, each statement must also bear on the question.

        The numbers go on from those in `said`, which the answer holds already. What is said again is the statement of before.
        """
        self._question = question
        self._readings = readings
        self._article = article
        self._reader = reader
        self._said = list(said)
        self._markers = {_place(citation): citation.marker for one in said for citation in one.citations}

    def check(self, draft: Draft) -> Statement | Dropped:
        """Return the statement that may be shown, or why it may not."""
        if not draft.text.strip():
            return Dropped(draft.text, "it is empty")
        if not draft.quotes:
            return Dropped(draft.text, "it has no footnote")
        citations = []
        for quote in draft.quotes:
            resolved = resolve_quote(quote, self._readings, self._article)
            if isinstance(resolved, str):
                return Dropped(draft.text, resolved)
            citations.append(resolved)
        # A footnote must prove something: where some quotes bear the text by themselves, the others go.
        supports = [self._support(draft.text, [one]) for one in citations]
        alone = [(one, support) for one, support in zip(citations, supports, strict=True) if not support.differences]
        if alone:
            citations = [one for one, _ in alone]
            checked = max((support for _, support in alone), key=lambda support: support.score)
        else:
            checked = supports[0] if len(supports) == 1 else self._support(draft.text, citations)
        if checked.differences:
            return Dropped(draft.text, "the quote does not support it: " + "; ".join(checked.differences))
        if self._reader is not None:
            bears = bearing(self._question, draft.text, title=citations[0].title, reader=self._reader)
            if bears < LEAST_BEARING:
                return Dropped(draft.text, f"it does not bear on the question (probability {bears:.2f})")
        again = next((one for one in self._said if draft.text == one.text or _holds(one, draft.text, citations)), None)
        if again is None:
            again = Statement(draft.text, tuple(self._number(citation) for citation in citations), checked.score)
            self._said.append(again)
        return again

    def _support(self, text: str, citations: Sequence[Citation]) -> Support:
        """Ask models only about words that are not the articles' own: loading them takes seconds."""
        quotes = [citation.quote for citation in citations]
        if text in quotes:
            return check_support(text, quotes)
        return check_support(text, quotes, judge=shipped_judge(), asker=shipped_asker())

    def _number(self, citation: Citation) -> Citation:
        return replace(citation, marker=self._markers.setdefault(_place(citation), len(self._markers) + 1))


def _holds(said: Statement, text: str, citations: Sequence[Citation]) -> bool:
    """Whether a statement has these words from the same place."""
    return text in said.text and any(
        there.article_id == here.article_id and there.start <= here.start and here.end <= there.end
        for there in said.citations
        for here in citations
    )


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.article_id, citation.start, citation.end
