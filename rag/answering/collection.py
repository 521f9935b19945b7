"""Answers about the articles themselves: how many, which, the newest, who wrote one and when. They cite titles, outlets, authors and days."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..drafts import Draft, Quote
from ..filters import Filters
from ..language.headings import day_words
from ..language.words import content_words, words
from ..question.kinds import PIECE
from ..retrieval.library import coverage, passes
from ..schema import ArticleSummary, Field
from .asking import Asking
from .parts import Composed

ALL_OF_IT = 0.999  # of the weight of a subject's words, that an article has that mentions it
MOST_OF_IT = 0.65  # that an article has that is about it, and is near it in meaning
NEAR = 0.3
SEARCHED = 200  # passages in which a subject is looked for
MOST_LISTED = 7
NONE = "None of the {total:,} articles {verb} this."
_EXTREME = re.compile(
    rf"\b(?:(?P<newest>newest|latest|most recent|last)|oldest|earliest|first) {PIECE}\b", re.IGNORECASE
)
_OUTLETS = re.compile(r"\b(?:which|what) (?:outlets?|(?:news)?papers?|sources?|publications?)\b", re.IGNORECASE)


def collection(asking: Asking) -> Composed | None:
    """Answer from the list of the articles."""
    read, library, question = asking.read, asking.library, asking.question
    listed = library.listed()
    extreme = _EXTREME.search(question)
    newest = extreme is not None and extreme["newest"] is not None
    if read.articles and (_asks_who(question) or _asks_day(question)) and not newest:
        return _details([one for one in listed if one.title in read.articles], asking)
    first, last = read.days or (None, None)
    filters = Filters(first, last, read.outlets or None)
    chosen = [one for one in listed if passes(one, filters)]
    subject = " ".join(_subject_words(asking))
    if subject:
        chosen = _mentioning(subject, chosen, asking)
    if not chosen:
        return Composed(
            remark=NONE.format(total=len(listed), verb="mentions" if _says_mention(question) else "is about")
        )
    dated = sorted((one for one in chosen if one.published), key=lambda one: (one.published, one.title))
    if dated and extreme:
        one = dated[-1] if newest else dated[0]
        which = "newest" if newest else "oldest"
        among = f"of {_of(len(chosen), 'article')}" if len(chosen) == len(listed) else "such article"
        return Composed((_described(one, f"The {which} {among} is "),), short=one.title, confidence=1.0)
    return _listed(chosen, asking, everything=not subject and filters == Filters())


def _subject_words(asking: Asking) -> list[str]:
    """The words that narrow the choice, without those of a day or an outlet."""
    read = asking.read
    told = {word for day in read.days or () for word in content_words(f"{day.day} {day:%B %Y %d}")}
    return [word for word in content_words(read.subject) if word not in told]


def _mentioning(subject: str, chosen: Sequence[ArticleSummary], asking: Asking) -> list[ArticleSummary]:
    """Return the articles that say every word of a subject, or most of them and are near it, of those that the search finds."""
    library = asking.library
    weights = library.weights(subject)
    close: dict[str, float] = {}
    for hit in library.search(subject, k=SEARCHED):
        close[hit.passage.article_id] = max(close.get(hit.passage.article_id, 0.0), hit.dense or 0.0)
    found = []
    for one in chosen:
        if one.article_id in close:
            share = coverage(weights, library.said(one))
            near = share >= MOST_OF_IT and close[one.article_id] >= NEAR and not _says_mention(asking.question)
            if share >= ALL_OF_IT or near:
                found.append(one)
    return found


def _listed(chosen: Sequence[ArticleSummary], asking: Asking, *, everything: bool) -> Composed:
    total = len(asking.library.listed())
    number = len(chosen)
    ordered = sorted(chosen, key=lambda one: (str(one.published or ""), one.title))
    names = sorted({one.outlet for one in chosen if one.outlet})
    if everything:
        newest = ordered[-1]
        text = f"There are {_of(total, 'article')}; the newest is “{newest.title}”."
        return Composed((Draft(text, (_field(newest, "title"),)),), short=f"{total:,}", confidence=1.0)
    opening = f"{_of(number, 'article')} of {total:,}"
    shown = ordered[:MOST_LISTED]
    head = Draft(
        f"{opening}:" if number == len(shown) else f"{opening}, the first {len(shown)}:",
        tuple(_field(one, "title") for one in ordered),
    )
    short = f"{len(names)} outlets" if _OUTLETS.search(asking.question) and len(names) > 1 else _of(number, "article")
    return Composed((head, *(_described(one) for one in shown)), short=short)


def _details(chosen: Sequence[ArticleSummary], asking: Asking) -> Composed | None:
    """Who wrote these articles and when and where they appeared."""
    asks_who = _asks_who(asking.question)
    known = [one.author if asks_who else day_words(one.published) for one in chosen]
    if not chosen or (asks_who and not any(known)):
        return None  # the text may name who wrote it
    drafts = tuple(_described(one, with_author=True) for one in chosen)
    return Composed(drafts, short=next(filter(None, known), None), confidence=1.0)


def _described(one: ArticleSummary, opening: str = "", *, with_author: bool = False) -> Draft:
    """Return a statement of title, outlet and day of an article, with a quote of each."""
    parts = [f"“{one.title}”", one.outlet or "", day_words(one.published)]
    quotes = [_field(one, name) for name in ("title", "outlet", "published") if getattr(one, name)]
    if with_author and one.author:
        parts.insert(1, f"by {one.author}")
        quotes.append(_field(one, "author"))
    return Draft(opening + ", ".join(filter(None, parts)) + ".", tuple(quotes))


def _asks_who(question: str) -> bool:
    return not {"who", "whom", "author"}.isdisjoint(words(question))


def _asks_day(question: str) -> bool:
    return any(word in question.lower() for word in ("when", "date", "day"))


def _says_mention(question: str) -> bool:
    return "mention" in question.lower()


def _field(one: ArticleSummary, name: Field) -> Quote:
    value = getattr(one, name)
    return Quote(one.article_id, 0, 0, value.isoformat() if name == "published" else value, name)


def _of(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' if number != 1 else ''}"
