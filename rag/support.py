"""Whether quotes support a statement that is not word for word theirs: differences that need no model, then a trained judge.

A statement passes when one quote alone bears it; "A, and B" passes when one quote bears A and another B, which names its
own subject. What `rag.facts`
finds to be said otherwise is rejected for certain. Where it only lacks proof, since the words are others, the judge decides;
it may also reject what shows no difference. Without a judge, any difference rejects.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from .facts import facts_of
from .facts.differing import CLAUSE, differences, share
from .facts.wording import in_form_of

FOLDER = Path(__file__).parent / "models" / "judge"
# Differences that begin and end so are a lack of proof, not a contradiction: other words, a doubt added, a "some" left away.
_DOUBTFUL = (("words", ""), ("certainty", "not so in the quote"), ("quantity", "left out"))
# "…, and lost millions", "…, and they lost millions" are said of whatever the clause before is about.
_SUBJECT = re.compile(r"(?!(?:He|She|It|They|This|That|These|Those|His|Her|Its|Their|Both)\b)(?:(?:the|an?)\s|[A-Z\d])")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least probability of a judge that accepts a statement: one that shows no difference, and one with doubtful ones."""

    clear: float
    reworded: float


OPEN = Thresholds(clear=0.0, reworded=0.0)


class Judge(Protocol):
    """Says how likely each quote bears its statement, 0 to 1."""

    name: str
    thresholds: Thresholds

    def chances(self, pairs: Sequence[tuple[str, str]]) -> list[float]: ...


@cache
def shipped_judge() -> Judge | None:
    """Return the judge that ships with the program, loaded once; None when none does."""
    if not any(FOLDER.glob("weights*.safetensors")):
        return None
    from . import judging  # torch is loaded here, and not before

    return judging.Judge()


@dataclass(frozen=True, slots=True)
class Support:
    """Any difference means: not supported.

    `score` is 1.0 for a quote itself; else what the judge gave, or without one the share of content words that the quote
    holds (0 to 1). Each difference begins with its kind: words, number, unit, comparison, date, name, stitched, negation,
    certainty, quantity, standing, attribution, quotation, opposite, roles, judged.
    """

    score: float
    differences: tuple[str, ...]


def check_support(statement: str, quotes: Sequence[str], *, judge: Judge | None = None) -> Support:
    """Return whether the quotes bear the statement, as far as the facts and the judge can tell."""
    wanted = _flat(statement)
    if wanted and any(wanted == _flat(quote) for quote in quotes):
        return Support(1.0, ())
    whole = _best(statement, quotes, judge)
    clauses = [clause for clause in CLAUSE.split(statement) if clause.strip()]
    if not whole.differences or len(quotes) < 2 or len(clauses) < 2 or not all(map(_SUBJECT.match, clauses[1:])):
        return whole
    apart = [_best(clause, quotes, judge) for clause in clauses]
    if any(part.differences for part in apart):
        return whole
    return Support(min(part.score for part in apart), ())


def _flat(text: str) -> str:
    return " ".join(text.split())


def _best(statement: str, quotes: Sequence[str], judge: Judge | None) -> Support:
    if not quotes:
        return Support(0.0, ("words: there is no quote",))
    judged = [_one(statement, quote, judge) for quote in quotes]
    return min(judged, key=lambda support: (len(support.differences), -support.score))


def _one(statement: str, quote: str, judge: Judge | None) -> Support:
    wanted, held = facts_of(statement), facts_of(quote)
    found = differences(wanted, held)
    if judge is None or is_certain(found):
        return Support(share(wanted, held), found)
    (chance,) = judge.chances([(in_form_of(quote, statement), quote)])
    if chance >= (judge.thresholds.reworded if found else judge.thresholds.clear):
        return Support(chance, ())
    return Support(chance, (*found, f"judged: the quote does not say this (probability {chance:.2f})"))


def is_certain(found: Sequence[str]) -> bool:
    """Whether any of the differences is a contradiction that no judge is asked about."""
    return not all(
        any(difference.startswith(kind) and difference.endswith(end) for kind, end in _DOUBTFUL) for difference in found
    )
