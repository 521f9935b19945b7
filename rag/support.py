"""Whether quotes support a statement that is not word for word theirs: differences that need no model, then two models.

A statement passes when one quote alone bears it; "A, and B" passes when one quote bears A and another B, which names its
own subject. What `rag.facts` finds to be said otherwise is rejected for certain. Where it only lacks proof, since the words
are others, the judge decides, and beside it what the quote answers when it is asked about the statement; they may also
reject what shows no difference. Without a judge, any difference rejects.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from .facts import Facts, facts_of
from .facts.cloze import Cloze, clozes
from .facts.differing import CLAUSE, differences, share
from .facts.wording import in_form_of
from .odds import log_odds, probability

FOLDER = Path(__file__).parent / "models" / "judge"
# Chosen with the thresholds' training side and the `dev` half of the statements written by hand, see DESIGN.md.
REPLY_WEIGHT = 0.5  # of the log-odds of the worst reply beside the judge's
MOST_REPLY_ODDS = 2.0
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


@dataclass(frozen=True, slots=True)
class Reply:
    """What a quote answers to a question: how likely with the words asked for, 0 to 1, and with which words best."""

    question: str
    chance: float
    words: str


class Asker(Protocol):
    """Answers questions on a quote from that quote, one reply each, in order."""

    name: str

    def replies(self, asked: Sequence[Cloze], quote: str) -> list[Reply]: ...


@cache
def shipped_judge() -> Judge | None:
    """Return the judge that ships with the program, loaded once; None when none does."""
    if not any(FOLDER.glob("weights*.safetensors")):
        return None
    from . import judging  # torch is loaded here, and not before

    return judging.Judge()


@cache
def shipped_asker() -> Asker:
    """Return the asker that ships with the program, loaded once."""
    from . import asking_back  # torch is loaded here, and not before

    return asking_back.ReaderAsker()


@dataclass(frozen=True, slots=True)
class Support:
    """Any difference means: not supported.

    `score` is 1.0 for a quote itself; else what judge and asker gave, or without them the share of content words that the quote
    holds (0 to 1). Each difference begins with its kind: words, number, unit, comparison, date, name, stitched, negation,
    certainty, quantity, standing, attribution, quotation, opposite, roles, judged, asked.
    """

    score: float
    differences: tuple[str, ...]


def check_support(
    statement: str, quotes: Sequence[str], *, judge: Judge | None = None, asker: Asker | None = None
) -> Support:
    """Return whether the quotes bear the statement, as far as the facts, the judge and the asker can tell."""
    wanted = _flat(statement)
    if wanted and any(wanted == _flat(quote) for quote in quotes):
        return Support(1.0, ())
    whole = _best(statement, quotes, judge, asker)
    clauses = [clause for clause in CLAUSE.split(statement) if clause.strip()]
    if not whole.differences or len(quotes) < 2 or len(clauses) < 2 or not all(map(_SUBJECT.match, clauses[1:])):
        return whole
    apart = [_best(clause, quotes, judge, asker) for clause in clauses]
    if any(part.differences for part in apart):
        return whole
    return Support(min(part.score for part in apart), ())


def _flat(text: str) -> str:
    return " ".join(text.split())


def _best(statement: str, quotes: Sequence[str], judge: Judge | None, asker: Asker | None) -> Support:
    if not quotes:
        return Support(0.0, ("words: there is no quote",))
    judged = [_one(statement, quote, judge, asker) for quote in quotes]
    return min(judged, key=lambda support: (len(support.differences), -support.score))


def _one(statement: str, quote: str, judge: Judge | None, asker: Asker | None) -> Support:
    wanted, held = facts_of(statement), facts_of(quote)
    found = differences(wanted, held)
    if judge is None or is_certain(found):
        return Support(share(wanted, held), found)
    (chance,) = judge.chances([(in_form_of(quote, statement), quote)])
    reply = worst_reply(wanted, held, asker) if asker else None
    if asker:
        chance = with_reply(chance, reply)
    if chance >= (judge.thresholds.reworded if found else judge.thresholds.clear):
        return Support(chance, ())
    judged = f"judged: the quote does not say this (probability {chance:.2f})"
    asked = f"asked: to “{reply.question}” the quote answers “{reply.words}”" if reply and reply.chance < 0.5 else ""
    return Support(chance, tuple(filter(None, (*found, judged, asked))))


def worst_reply(statement: Facts, quote: Facts, asker: Asker) -> Reply | None:
    """Return the reply that least has the statement's words, None where nothing can be asked."""
    asked = list(clozes(statement, quote))
    return min(asker.replies(asked, quote.text), key=lambda reply: reply.chance) if asked else None


def with_reply(chance: float, reply: Reply | None) -> float:
    """Return a judge's chance after the worst reply; nothing to ask counts as the best one."""
    odds = log_odds(reply.chance) if reply else MOST_REPLY_ODDS
    return probability(log_odds(chance) + REPLY_WEIGHT * min(odds, MOST_REPLY_ODDS))


def is_certain(found: Sequence[str]) -> bool:
    """Whether any of the differences is a contradiction that no judge is asked about."""
    return not all(
        any(difference.startswith(kind) and difference.endswith(end) for kind, end in _DOUBTFUL) for difference in found
    )
