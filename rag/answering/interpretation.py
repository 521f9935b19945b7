"""A question as it was read: its kind, what it names, its days; from its words and the list of articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from ..filters import Filters
from ..language.facts import facts_of
from ..question.contextualization import completed, leans_on_history, names_something
from ..question.days import REPORTED_WITHIN, span_of
from ..question.kinds import PIECE, kind_of, subject_of
from ..question.question_type import asks_fact
from ..question.sides import sides_of
from ..retrieval.library import Library
from ..retrieval.naming import Named, named_in
from ..schema import QuestionKind, ReadQuestion, Turn
from .plan import AskedQuestion

MOST_BEFORE = 2  # articles of the answer before, that a follow-up may be about
_REPORTS = re.compile(
    rf"\b(?:say|says|said|report\w*|writ\w+|wrote|find|found|argu\w+|claim\w*|story|piece|column|letter|{PIECE})\b",
    re.IGNORECASE,
)
_OF_AN_ARTICLE = re.compile(
    rf"\b(?:who (?:wrote|is the author of|was the author of)|by whom|(?:when|where) (?:was|were|is|did)\b.*\b(?:publish|appear|written|come out|printed)"
    rf"|(?:date|day|author|outlet|source) of the {PIECE})",
    re.IGNORECASE,
)
_FROM_OUTLET: tuple[QuestionKind, ...] = ("fact", "about", "source", "summary", "list", "why")


def read_question(question: str, library: Library, *, kind: QuestionKind | None = None) -> ReadQuestion:
    """Return how a question that stands by itself is read; with a `kind`, as one of that."""
    listed = library.listed()
    named = named_in(question, listed)
    found = kind or _kind(question, named)
    newest = max((one.published for one in listed if one.published), default=None)
    outlets = named.outlets if found == "source" or (found in _FROM_OUTLET and _REPORTS.search(question)) else ()
    return ReadQuestion(
        found,
        subject=subject_of(_without(question, outlets)),
        sides=sides_of(question) if found == "compare" else (),
        articles=tuple(dict.fromkeys(one.title for one in named.titles)),
        outlets=outlets,
        days=span_of(question, newest=newest),
    )


def alternatives(
    one: AskedQuestion, read: ReadQuestion, history: Sequence[Turn], library: Library
) -> Iterator[tuple[str, Filters]]:
    """Yield other ways to search a question: as typed, with the topic of the conversation, within the days that it names."""
    if one.asked != one.question:
        yield one.question, library.filters
    elif history and not names_something(one.question):
        yield completed(one.question, history), library.filters
    chosen = library.filters.published_after or library.filters.published_before
    if read.days and not chosen:
        last = read.days[1] + timedelta(days=REPORTED_WITHIN)
        yield without_dates(one.asked), replace(library.filters, published_after=read.days[0], published_before=last)


def cited_before(question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """Return the ids of the articles that a question may go on about: those that the answer before cites first.

    After a refusal it is the nearest one; none where the question names something and does not lean on what came before.
    """
    answers = [turn[1] for turn in history if not isinstance(turn, str)]
    if not answers or (names_something(question) and not leans_on_history(question)):
        return ()
    cited = tuple(dict.fromkeys(one.article_id for one in answers[-1].citations))
    nearest = tuple(hit.passage.article_id for hit in answers[-1].nearest[:1])
    return cited[:MOST_BEFORE] or nearest


def without_dates(question: str) -> str:
    """Return a question without the dates in it, and what leads to them: "in June 2022"."""
    for moment in facts_of(question).moments:
        question = re.sub(
            rf"\s*(?:\b(?:in|on|of|by|during|since|from)\s+)?{re.escape(moment.words)}", "", question, count=1
        )
    return question


def _kind(question: str, named: Named) -> QuestionKind:
    kind = kind_of(question.partition(", about ")[0])  # without the topic that a follow-up was completed with
    if _OF_AN_ARTICLE.search(question) and (named.titles or re.search(rf"\b(?:the|this|that) {PIECE}\b", question)):
        return "collection"
    if kind in ("fact", "about") and named.outlets and _REPORTS.search(question):
        return "source"
    if kind == "fact" and asks_fact(question):
        return kind  # "how many died in the bus crash at Vell" may hold a title by chance
    return "source" if kind in ("fact", "about", "list") and named.titles else kind


def _without(question: str, names: tuple[str, ...]) -> str:
    for name in names:
        question = re.sub(re.escape(name), " ", question, flags=re.IGNORECASE)
    return question
