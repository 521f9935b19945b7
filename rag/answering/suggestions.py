"""Questions that these articles answer, made from their titles, outlets, authors and names; no model is asked.

Each is of a kind that is answered from whole articles or from their fields, so that no reader has to be sure of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import chain, islice, zip_longest

from ..language.months import MONTH, WEEKDAY
from ..language.words import content_words, is_function_word
from ..question.kinds import kind_of
from ..retrieval.naming import named_in
from ..schema import Article, ArticleSummary

SUGGESTED = 4
READ = 12  # articles, for the names in them
READ_CHARACTERS = 20_000  # of each
LEAST_TITLE_WORDS, MOST_TITLE_CHARACTERS = 3, 90
LEAST_NAMED = 2  # times that an article says a name that it is about
_NAME = re.compile(r"(?<=[\w,;] )[A-Z][\w’'-]*[a-z](?: [A-Z][\w’'-]*[a-z])*")  # in a sentence, not at its beginning
_DAY = re.compile(rf"(?:{MONTH}|{WEEKDAY})", re.IGNORECASE)
_UNFIT = (*'"“”„«»\n…', "...")  # a title within a title, and one that was cut off


def suggested_questions(
    listed: Sequence[ArticleSummary], read: Callable[[str], Article], *, k: int = SUGGESTED
) -> list[str]:
    """Return up to `k` questions, the same for the same articles; fewer where the articles give no more, none without any.

    `read` returns an article by its id; a few are read.
    """
    ordered = sorted(listed, key=lambda one: (-(one.published or date.min).toordinal(), one.title, one.article_id))
    titles = Counter(one.title for one in ordered)
    fit = [one for one in ordered if titles[one.title] == 1 and _fits(one.title)]
    about = {one.article_id: _most_named(read(one.article_id)) for one in _of_several_outlets(fit)[:READ]}
    # Reports of others than those whose summary is offered first.
    kinds = (_summaries(fit), _reports(fit[2:] + fit[:2], about), _subjects(ordered, about), _authors(fit))
    turns = chain.from_iterable(zip_longest(*kinds))
    return list(islice(dict.fromkeys(filter(None, turns)), k))


def _summaries(fit: Sequence[ArticleSummary]) -> Iterator[str]:
    for one in fit:
        question = f"Summarise the article “{one.title}”"
        if kind_of(question) == "summary" and named_in(question, [one]).titles:
            yield question


def _reports(fit: Sequence[ArticleSummary], about: dict[str, list[str]]) -> Iterator[str]:
    for one in fit:
        for name in about.get(one.article_id, ())[:1]:
            if one.outlet and name not in one.outlet:
                question = f"What did {one.outlet} report about {name}?"
                if kind_of(question) in ("fact", "about") and named_in(question, [one]).outlets:
                    yield question


def _subjects(ordered: Sequence[ArticleSummary], about: dict[str, list[str]]) -> Iterator[str]:
    """What several titles name, and an article speaks of."""
    names = dict.fromkeys(chain.from_iterable(about.values()))
    held = {name: sum(_says(one.title, name) for one in ordered) for name in names}
    for name in sorted((name for name in names if held[name] > 1), key=lambda name: -held[name]):
        if any(
            name != other and held[other] > 1 and (name.startswith(other) or other.endswith(name)) for other in names
        ):
            continue  # North Korean and Korea, beside North Korea
        question = f"What do the articles say about {name}?"
        if kind_of(question) == "about":
            yield question


def _authors(fit: Sequence[ArticleSummary]) -> Iterator[str]:
    for one in fit:
        if one.author:
            yield f"Who wrote “{one.title}”?"


def _fits(title: str) -> bool:
    return (
        len(content_words(title)) >= LEAST_TITLE_WORDS
        and len(title) <= MOST_TITLE_CHARACTERS
        and not any(mark in title for mark in _UNFIT)
    )


def _of_several_outlets(fit: Sequence[ArticleSummary]) -> list[ArticleSummary]:
    """Return the first article of each outlet, then the others."""
    first = {one.outlet: one for one in reversed(fit)}
    return sorted(fit, key=lambda one: first[one.outlet] != one)


def _most_named(article: Article) -> list[str]:
    """Return the names in the body of an article that it says often, most often first."""
    spans = [(one.start, one.end) for one in article.sections if one.kind == "body"] or [(0, len(article.text))]
    body = "\n".join(article.text[start:end] for start, end in spans)[:READ_CHARACTERS]
    said = Counter(name.removesuffix("’s").removesuffix("'s") for name in _NAME.findall(body))
    return [name for name, times in said.most_common() if times >= LEAST_NAMED and _is_name(name)]


def _is_name(name: str) -> bool:
    first = name.split()[0]
    return not is_function_word(first) and not _DAY.fullmatch(first) and len(name) > 3


def _says(title: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", title) is not None
