"""Whether quotes support a statement that is not word for word theirs: differences that need no model, then two models.

A statement passes when one quote alone bears it; "A, and B" passes when one quote bears A and another B, which names its
own subject. A contradiction in a statement that is otherwise copied is rejected for certain. All else the entailment model
decides, and beside it what the quote answers when it is asked about the statement; what shows a difference needs a
higher probability. Without a model, any difference rejects.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..drafts import Premise, Reply, Thresholds
from ..language.facts import Facts, facts_of
from ..plugins import ConsistencyModel, EntailmentModel
from ..reader.log_odds import log_odds, probability
from .cloze import clozes
from .contradiction.differences import differences, is_certain, share
from .normalization import in_form_of
from .premises import premise

# Chosen with the thresholds' training side and the `dev` half of the statements written by hand, see rag/design.
REPLY_WEIGHT = 0.1  # of the log-odds of the worst reply beside the entailment model's
MOST_REPLY_ODDS = 2.0
_CLAUSE = re.compile(r"(?:;|,\s{1,9}(?:and|but|while|whereas|although)\b|,?\s{1,9}(?:while|whereas)\b)\s*")
# "…, and lost millions", "…, and they lost millions" are said of whatever the clause before is about.
_SUBJECT = re.compile(r"(?!(?:He|She|It|They|This|That|These|Those|His|Her|Its|Their|Both)\b)(?:(?:the|an?)\s|[A-Z\d])")


JUDGED = "judged: "  # how the difference begins that the entailment model sees
OPEN = Thresholds(clear=0.0, reworded=0.0)


@dataclass(frozen=True, slots=True)
class Support:
    """Any difference means: not supported.

    `score` is 1.0 for a quote itself; else what the models gave, or without them the share of content words that the quote
    holds (0 to 1). Each difference begins with its kind: words, number, unit, comparison, date, name, negation, quotation,
    opposite, judged, asked.
    """

    score: float
    differences: tuple[str, ...]


def check_support(
    statement: str,
    quotes: Sequence[str | Premise],
    *,
    entailment: EntailmentModel | None = None,
    consistency: ConsistencyModel | None = None,
) -> Support:
    """Return whether the quotes bear the statement, as far as the facts and the models can tell."""
    premises = [Premise((one,)) if isinstance(one, str) else one for one in quotes]
    wanted = _flat(statement)
    if wanted and any(wanted == _flat(quote) for one in premises for quote in one.quotes):
        return Support(1.0, ())
    whole = _best(statement, premises, entailment, consistency)
    if not whole.differences or len(premises) < 2:
        return whole
    if entailment is not None:
        together = _one(statement, joined(premises), entailment, consistency)
        return whole if together.differences else together
    clauses = [clause for clause in _CLAUSE.split(statement) if clause.strip()]
    if len(clauses) < 2 or not all(map(_SUBJECT.match, clauses[1:])):
        return whole
    apart = [_best(clause, premises, entailment, consistency) for clause in clauses]
    if any(part.differences for part in apart):
        return whole
    return Support(min(part.score for part in apart), ())


def joined(premises: Sequence[Premise]) -> Premise:
    """Return all quotes as one premise; one of another article than the first has its heading before it."""
    first = premises[0]
    quotes = [
        f"{one.heading}. {quote}" if one.heading != first.heading and not at else quote
        for one in premises
        for at, quote in enumerate(one.quotes)
    ]
    return Premise(tuple(quotes), first.heading, first.before)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _best(
    statement: str,
    premises: Sequence[Premise],
    entailment: EntailmentModel | None,
    consistency: ConsistencyModel | None,
) -> Support:
    if not premises:
        return Support(0.0, ("words: there is no quote",))
    judged = [_one(statement, one, entailment, consistency) for one in premises]
    return min(judged, key=lambda support: (len(support.differences), -support.score))


def _one(
    statement: str, told: Premise, entailment: EntailmentModel | None, consistency: ConsistencyModel | None
) -> Support:
    quote = " ".join(told.quotes)
    wanted, held = facts_of(statement), facts_of(quote)
    found = differences(wanted, held)
    if entailment is None or is_certain(wanted, held):
        return Support(share(wanted, held), found)
    read = premise(told.heading, told.before, told.quotes)
    (chance,) = entailment.chances([(in_form_of(quote, statement), read)])
    reply = worst_reply(wanted, held, consistency) if consistency else None
    if consistency:
        chance = with_reply(chance, reply)
    if chance >= (entailment.thresholds.reworded if found else entailment.thresholds.clear):
        return Support(chance, ())
    judged = f"{JUDGED}the quote does not say this (probability {chance:.2f})"
    asked = f"asked: to “{reply.question}” the quote answers “{reply.words}”" if reply and reply.chance < 0.5 else ""
    return Support(chance, tuple(filter(None, (*found, judged, asked))))


def worst_reply(statement: Facts, quote: Facts, consistency: ConsistencyModel) -> Reply | None:
    """Return the reply that least has the statement's words, None where nothing can be asked."""
    asked = list(clozes(statement, quote))
    return min(consistency.replies(asked, quote.text), key=lambda reply: reply.chance) if asked else None


def with_reply(chance: float, reply: Reply | None) -> float:
    """Return the entailment model's chance after the worst reply; nothing to ask counts as the best one."""
    odds = log_odds(reply.chance) if reply else MOST_REPLY_ODDS
    return probability(log_odds(chance) + REPLY_WEIGHT * min(odds, MOST_REPLY_ODDS))
