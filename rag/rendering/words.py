"""What the things of an answer are called, by all that show one: verdict, confidence, where something comes from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..language.headings import day_words

if TYPE_CHECKING:
    from ..schema import (
        Account,
        Answer,
        Article,
        ArticleSummary,
        Citation,
        Copy,
        Disagreement,
        Dropped,
        Hit,
        ReadQuestion,
        Status,
    )

VERDICTS: dict[Status, str] = {
    "answered": "Answered from the articles",
    "partly": "Answered in part",
    "not_found": "The articles do not say",
}

# How the reason of a refusal begins that says nothing of what the articles hold: question or articles were not understood.
ASKED_IN, WRITTEN_IN = "The question seems to be in", "The nearest passages seem to be in"
_NOT_READ = {ASKED_IN: "Question in a language that is not read", WRITTEN_IN: "Articles in a language that is not read"}

_FROM = {"": "as given", "given": "as given", "given with the article": "as given in the record"}
NOT_SHOWN = "Not shown"
INFERRED = "follows from its quotes"
DIFFER = "Articles disagree; compare them below"

# The kind of difference that a reason begins with, as `trace` has it.
_KIND = re.compile(
    r"(?:(?<=: )|(?<=; )|^)(?:words|number|unit|comparison|date|name|negation|quotation|opposite|roles|stitched|judged"
    r"|asked): "
)
_MODEL = "chat-model"
_STANDS_IN = re.compile(r"(.+?) \(stands in for (.+)\)")
_PARTS = {"extractive-1": "the articles’ own sentences", "local": "the checks on this machine", "none": "nobody"}
_OWN = re.compile(r"(^| and )(extractive-1|local|none)(?=$| and )")

MAX_NEAREST_CHARACTERS = 280  # of a passage that is shown beside a refusal
MOST_COPIES = 5  # that are named; the rest are counted

# Escape sequences recolour or rewrite a terminal; direction overrides show words in another order than they stand.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def confidence_words(confidence: float | None) -> str:
    """Return the confidence as a reader would say it. It is None when nothing is known of how often these parts err."""
    if confidence is None:
        return "confidence unknown"
    if confidence >= 0.9:
        return "very likely right"
    if confidence >= 0.75:
        return "likely right"
    if confidence >= 0.5:
        return "more likely right than wrong"
    return "uncertain"


def origin(record: Article | Citation | Copy | Hit | ArticleSummary) -> str:
    """Return outlet, author and date as far as they are known: `Reuters · by Ida Berg · 3 March 2024`; empty when none is."""
    author = getattr(record, "author", None)
    parts = (record.outlet, f"by {author}" if author else None, day_words(record.published))
    return " · ".join(part for part in parts if part)


def titled(record: Citation | Hit) -> str:
    """Return the title, with the page where there are pages: `The annual report, p. 3`."""
    page = getattr(record, "page", None)
    return f"{record.title}, p. {page}" if page else record.title


def places(record: Citation | Hit) -> tuple[str, ...]:
    """Return where an article is found: its source, and its address on the web if that is another."""
    return tuple(dict.fromkeys(place for place in (record.source, record.address) if place))


def copies_words(record: Citation | Hit, *, named: Callable[[Copy], str] | None = None) -> str:
    """Return where else the same stands: `Also in 2 copies: Reuters · 3 March 2024 (a.txt), b.txt`; empty for nowhere.

    `named` gives each another name than `copy_name` does.
    """
    if not record.copies:
        return ""
    count = len(record.copies)
    names = [(named or copy_name)(copy) for copy in record.copies[:MOST_COPIES]]
    names += [f"and {count - MOST_COPIES} more"] if count > MOST_COPIES else []
    return f"Also in {count} cop{'ies' if count != 1 else 'y'}: {', '.join(names)}"


def copy_name(copy: Copy) -> str:
    """Return outlet and date as far as they are known, and the file: `Reuters · 3 March 2024 (a.txt)`."""
    file = copy.source.rsplit("/", 1)[-1]
    return f"{origin(copy)} ({file})" if origin(copy) else file


def read_words(read: ReadQuestion) -> str:
    """Return how a question was read, and what narrowed the search: `summary · Polar Desk · 3 March 2024`."""
    parts = [read.kind, *read.articles[:3], *read.outlets, *read.sides]
    if read.days:
        first, last = map(day_words, read.days)
        parts.append(first if first == last else f"{first} to {last}")
    return " · ".join(parts)


def field_words(citation: Citation) -> str:
    """Return what of an article a footnote cites, and where that came from: `Its author, from the byline`; empty for its text."""
    if citation.field is None:
        return ""
    origin_ = citation.origin or ""
    return (
        f"Its {'day' if citation.field == 'published' else citation.field}, {_FROM.get(origin_, f'from the {origin_}')}"
    )


def verdict_words(answer: Answer) -> str:
    """Return what an answer is called; empty for a greeting, which answers nothing."""
    if answer.status == "answered" and not answer.statements:
        return ""
    if answer.status == "not_found":
        reason = answer.reason or ""
        return next((told for begin, told in _NOT_READ.items() if reason.startswith(begin)), VERDICTS["not_found"])
    return VERDICTS[answer.status]


def account_name(account: Account) -> str:
    """Return who says it and when, as far as that is known: `Reuters · 3 March 2024`; for the outlet, else, the title."""
    citation = account.citation
    return origin(citation if citation.outlet else replace(citation, outlet=titled(citation)))


def differ_words(answer: Answer, disagreement: Disagreement) -> str:
    """Return what stands above the accounts; of an answer to several questions, also which of them it is about."""
    return DIFFER if disagreement.question == answer.question else f"{DIFFER}: {disagreement.question}"


def dropped_words(dropped: Dropped) -> str:
    """Return what was written and not shown, as a quotation, and why, without the names of the checks."""
    return f"“{dropped.text}” – {_KIND.sub('', dropped.reason)}"


def making_words(answer: Answer) -> list[tuple[str, str]]:
    """Return who wrote an answer, what else was searched, who checked it, and what is not shown and why: (what, words).

    Empty where all is the articles' own words, and nobody tried others.
    """
    writer = answer.made_by.get("answerer", "")
    if not (answer.trace.queries or "verifier" in answer.made_by or _MODEL in writer):
        return []
    rows = [("Written by", part_words(writer))] if writer else []
    rows += [("Also searched", query) for query in answer.trace.queries]
    rows += [("Checked by", part_words(answer.made_by["verifier"]))] if answer.made_by.get("verifier") else []
    return rows + [(NOT_SHOWN, dropped_words(dropped)) for dropped in answer.trace.dropped]


def part_words(names: str) -> str:
    """Return who wrote or checked, as a reader would say it: `the language model qwen2.5:7b`."""
    return ", ".join(map(_part_words, names.split(", ")))


def _part_words(name: str) -> str:
    if stands_in := _STANDS_IN.fullmatch(name):
        return f"{_part_words(stands_in[1])}, in place of {_part_words(stands_in[2])}"
    named = name.replace(_MODEL, "the language model")
    return _OWN.sub(lambda found: found[1] + _PARTS[found[2]], named)


def shortened(text: str, characters: int) -> str:
    """Return about as much of `text` as is given, cut between words, with an ellipsis where it was cut."""
    if len(text) <= characters:
        return text
    return text[:characters].rsplit(maxsplit=1)[0] + " …"


def printable(text: str) -> str:
    """Return `text` without what a terminal would obey instead of show, and with half characters written out."""
    return _UNPRINTABLE.sub("", text).encode("utf-8", "backslashreplace").decode()


def only_label(only: str) -> str:
    """Return the words over the choice of articles, and under a question that was asked of some."""
    return f"Only some articles: {only}" if only else "Ask only some articles"
