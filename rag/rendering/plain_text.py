"""Answers and hits → plain text, in pieces that each name the style a terminal may give them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .words import (
    MAX_NEAREST_CHARACTERS,
    NOT_SHOWN,
    account_name,
    confidence_words,
    copies_words,
    differ_words,
    making_words,
    origin,
    printable,
    shortened,
    titled,
    verdict_words,
)

if TYPE_CHECKING:
    from ..schema import Answer, Citation, Hit, Status

MOST_DROPPED = 5  # sentences not shown that the terminal tells of; the rest are counted
Styled = tuple[str, str]  # words and the name of a terminal style; "" for plain


_VERDICT_STYLES: dict[Status, str] = {"answered": "green", "partly": "yellow", "not_found": "bold yellow"}


def plain_text(answer: Answer) -> str:
    """Return the answer with its footnotes, without what a terminal would obey instead of show."""
    return printable("".join(words for words, _ in styled_answer(answer))).rstrip()


def styled_answer(answer: Answer) -> list[Styled]:
    """Return the answer as styled words, ready to be joined: verdict, short, text, reason, what may be meant, footnotes or nearest."""
    words = confidence_words(answer.confidence) if answer.statements else ""
    head = " · ".join(filter(None, (verdict_words(answer), words)))
    parts: list[Styled] = [(head + "\n", _VERDICT_STYLES[answer.status])] if head else []
    if answer.short:
        parts.append((f"\n{answer.short}\n", "bold"))
    for disagreement in answer.disagreements:
        parts.append((f"\n{differ_words(answer, disagreement)}:\n", "yellow"))
        for account in disagreement.accounts:
            parts += [(f"  {account.words}", "bold"), (f" · {account_name(account)} [{account.citation.marker}]\n", "")]
    if answer.statements:
        parts.append((f"\n{answer.text}\n", ""))
    if answer.reason:
        parts.append((f"\n{answer.reason}\n", "yellow"))
    if answer.suggestion:
        parts.append((f"\nDid you mean: {answer.suggestion}\n", ""))
    for citation in answer.citations:
        parts += _source(f"[{citation.marker}] ", citation, citation.quote, citation.source)
    parts += _making(answer)
    if answer.nearest:
        parts.append(("\nNearest passages:\n", "dim"))
    # By place, not by rank: the reader orders anew what the search ranked.
    for number, hit in enumerate(answer.nearest, start=1):
        parts += _source(f"{number}. ", hit, shortened(hit.passage.text, MAX_NEAREST_CHARACTERS), hit.source)
    return parts


def _making(answer: Answer) -> Iterator[Styled]:
    """Yield who wrote, what a language model searched, who checked it, and what of it is not shown; nothing without one."""
    rows = making_words(answer)
    hidden = [words for what, words in rows if what == NOT_SHOWN]
    for what, words in rows:
        if what != NOT_SHOWN:
            yield (f"\n{what}: {words}", "dim")
    for words in hidden[:MOST_DROPPED]:
        yield (f"\n{NOT_SHOWN}: {words}", "dim")
    if len(hidden) > MOST_DROPPED:
        yield (f"\n{NOT_SHOWN}: {len(hidden) - MOST_DROPPED} more", "dim")
    if rows:
        yield ("\n", "")


def styled_hits(hits: Sequence[Hit]) -> list[Styled]:
    """Return what a search found as styled words, best first."""
    parts: list[Styled] = []
    for hit in hits:
        parts += _source(f"{hit.rank}. ", hit, hit.passage.text, f"{hit.source} · score {hit.score:.4f}")
    return parts


def _source(lead: str, record: Citation | Hit, words: str, source: str) -> list[Styled]:
    known, copies = origin(record), copies_words(record)
    return [
        (f"\n{lead}", "bold cyan"),
        (titled(record), "bold"),
        (f" · {known}\n" if known else "\n", "dim"),
        (f"    “{' '.join(words.split())}”\n", ""),
        (f"    {source}\n", "dim"),
        (f"    {copies}\n" if copies else "", "dim"),
    ]
