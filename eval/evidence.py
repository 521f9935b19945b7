"""Where the words that prove a case stand in the corpus, and what touches them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from rag.schema import Article

from .case import Case, CaseError
from .matching import first_contained


@dataclass(frozen=True, slots=True)
class Span:
    """The words `start:end` of an article."""

    article_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a right answer must say: in which words, and where the articles say it."""

    expected: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Articles:
    """The articles behind a run: by the names that evidence gives them, and any of them by id."""

    named: Mapping[str, Article]
    by_id: Callable[[str], Article]


def name_articles(cases: Iterable[Case], articles: Iterable[Article]) -> dict[str, Article]:
    """Return the article behind each name in the evidence: an id, a source or a file name. Checks each quote.

    Raises:
        CaseError: a name fits no article or several, or a quote does not stand in its article.
    """
    cases = list(cases)
    wanted = {evidence.article for case in cases for evidence in case.evidence}
    found: dict[str, list[Article]] = {name: [] for name in wanted}
    for article in articles:
        for name in wanted & {article.id, article.source, PurePath(article.source).name}:
            found[name].append(article)
    for case in cases:
        for evidence in case.evidence:
            _check(case, evidence.article, evidence.quote, found[evidence.article])
    return {name: fitting[0] for name, fitting in found.items()}


def _check(case: Case, name: str, quote: str, fitting: Sequence[Article]) -> None:
    if len(fitting) != 1:
        count = "no article" if not fitting else f"{len(fitting)} articles"
        raise CaseError(
            f"case {case.id}: {count} of the corpus is called {name!r}, expected exactly one with this id, source or "
            "file name. Correct the evidence, or ask with the corpus the cases were written for."
        )
    if quote not in fitting[0].text:
        raise CaseError(
            f"case {case.id}: {name} does not hold the words {quote!r}, expected them character for character. "
            "Copy the quote from the article's text."
        )


def parts(case: Case, named: Mapping[str, Article]) -> tuple[Part, ...]:
    """Return what a right answer must say and where it stands; empty if the case has no evidence.

    A case with one group has one part, proved by any of its evidence. With several groups each is a part, proved by
    the evidence that contains one of its alternatives; if a group's words stand in none (they sum the evidence up),
    each quote is a part.
    """
    if not case.evidence:
        return ()
    located = [(evidence.quote, _locate(named[evidence.article], evidence.quote)) for evidence in case.evidence]
    if len(case.expected) == 1:
        return (Part(case.expected[0], tuple(span for _, spans in located for span in spans)),)
    by_group = [
        Part(group, tuple(span for quote, spans in located if first_contained(quote, group) for span in spans))
        for group in case.expected
    ]
    if all(part.spans for part in by_group):
        return tuple(by_group)
    return tuple(Part((), spans) for _, spans in located)


def proves(span: Span, words: str, part: Part) -> bool:
    """Return whether the words at a place prove a part.

    They hold at least half of the words that do, or some of them and say what is expected.
    """
    shares = [(_shared(span, proof), proof.end - proof.start) for proof in part.spans]
    if any(2 * shared >= length for shared, length in shares):
        return True
    return any(shared > 0 for shared, _ in shares) and first_contained(words, part.expected) is not None


def _shared(first: Span, second: Span) -> int:
    """Return how many characters the two share."""
    if first.article_id != second.article_id:
        return 0
    return max(0, min(first.end, second.end) - max(first.start, second.start))


def _locate(article: Article, quote: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    start = article.text.find(quote)
    while start >= 0:
        spans.append(Span(article.id, start, start + len(quote)))
        start = article.text.find(quote, start + 1)
    return tuple(spans)
