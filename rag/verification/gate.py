"""The gate between an answerer and the reader: no footnote, no sentence; and the words must stand where it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ..plugins import Models
from ..schema import Article, Citation, Draft, Dropped, Reading, Statement
from .citations import resolve_quote
from .entailment import Support, check_support
from .metadata import resolve_field, unproved
from .relevance import LEAST_BEARING, bearing


class Gate:
    """Checks the drafts of one answer, in order, and numbers the footnotes as they appear."""

    def __init__(
        self, article: Callable[[str], Article], models: Models, *, articles: Callable[[], int] = lambda: 0
    ) -> None:
        """`article` returns an article by its id, `articles` how many may be found.

        The models are asked only about words that are not the articles' own.
        """
        self._article = article
        self._articles = articles
        self._models = models
        self._said: list[Statement] = []
        self._markers: dict[tuple[str, int, int, str | None], int] = {}

    @property
    def said(self) -> tuple[Statement, ...]:
        """The statements let through so far, in order."""
        return tuple(self._said)

    def check(self, draft: Draft, readings: Sequence[Reading], *, question: str | None = None) -> Statement | Dropped:
        """Return the statement that may be shown, or why it may not; what is said again is the statement of before.

        Quotes must lie in `readings`. With a `question`, which the words of a model need, it must also bear on that.
        """
        if not draft.text.strip():
            return Dropped(draft.text, "it is empty")
        if not draft.quotes:
            return Dropped(draft.text, "it has no footnote")
        if all(quote.field for quote in draft.quotes):
            return self._of_fields(draft)
        citations = []
        for quote in draft.quotes:
            resolved = resolve_quote(quote, readings, self._article)
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
        if question is not None:
            bears = bearing(question, draft.text, title=citations[0].title, reader=self._models.reader)
            if bears < LEAST_BEARING:
                return Dropped(draft.text, f"it does not bear on the question (probability {bears:.2f})")
        again = next((one for one in self._said if draft.text == one.text or _holds(one, draft.text, citations)), None)
        return again or self._let_through(draft, citations, checked.score)

    def _of_fields(self, draft: Draft) -> Statement | Dropped:
        """What is said of articles themselves."""
        citations = []
        for quote in draft.quotes:
            resolved = resolve_field(quote, self._article)
            if isinstance(resolved, str):
                return Dropped(draft.text, resolved)
            citations.append(resolved)
        reason = unproved(draft, citations, articles=self._articles())
        if reason:
            return Dropped(draft.text, reason)
        said = next((one for one in self._said if one.text == draft.text), None)
        return said or self._let_through(draft, citations, 1.0)

    def _let_through(self, draft: Draft, citations: Sequence[Citation], support: float) -> Statement:
        statement = Statement(draft.text, tuple(map(self._number, citations)), support, draft.label)
        self._said.append(statement)
        return statement

    def _support(self, text: str, citations: Sequence[Citation]) -> Support:
        """Ask models only about words that are not the articles' own: loading them takes seconds."""
        quotes = [citation.quote for citation in citations]
        if text in quotes:
            return check_support(text, quotes)
        return check_support(text, quotes, entailment=self._models.entailment, consistency=self._models.consistency)

    def _number(self, citation: Citation) -> Citation:
        return replace(citation, marker=self._markers.setdefault(_place(citation), len(self._markers) + 1))


def _holds(said: Statement, text: str, citations: Sequence[Citation]) -> bool:
    """Whether a statement has these words from the same place."""
    return text in said.text and any(
        there.article_id == here.article_id and there.start <= here.start and here.end <= there.end
        for there in said.citations
        for here in citations
    )


def _place(citation: Citation) -> tuple[str, int, int, str | None]:
    return citation.article_id, citation.start, citation.end, citation.field
