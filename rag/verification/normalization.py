"""A statement with its numbers as the quote writes the same ones: what the entailment model reads, never what is shown or checked.

To that model "£2.1 million" is not "£2.1m", nor "hasn't" what "has not" says. Dates it knows in their usual forms.
"""

from __future__ import annotations

import re

from ..language.amounts import BEFORE, MONEY, Amount, bound_after
from ..language.facts import Facts, facts_of
from ..language.stems import listed_stems, stem

Sense = tuple[float, str, frozenset[str]]  # value, bound, measures
_SYMBOL = re.compile(r"([A-Z]{0,4})([$€£¥₹])$")
_MEASURE = re.compile(r"\s?(%|per cent\b|[^\W\d_]+)")
_CONTRACTED = re.compile(r"\b(ca|wo|sha|(?!ai)[^\W\d_]+?)n['’]t\b", re.IGNORECASE)
_WHOLE = {"ca": "cannot", "wo": "will not", "sha": "shall not"}


def in_form_of(quote: str, statement: str) -> str:
    """Return the statement with each amount as the quote writes it, and "has not" for a "hasn't" that the quote has not.

    An amount of another measure or bound stays as it is, and so do all where they would read otherwise afterwards.
    """
    stated, there = facts_of(statement), facts_of(quote)
    held = [_written(there, amount) for amount in there.amounts]
    changed = statement
    for amount in reversed(stated.amounts):
        start, end, sense = _written(stated, amount)
        forms = [quote[first:last] for first, last, other in held if other == sense]
        if forms and statement[start:end].casefold() not in map(str.casefold, forms):
            changed = changed[:start] + forms[0] + changed[end:]
    if _senses(facts_of(changed)) != _senses(stated):
        changed = statement
    return _CONTRACTED.sub(lambda found: found.group() if found.group() in quote else _written_out(found), changed)


def _senses(facts: Facts) -> list[Sense]:
    return [(amount.value, amount.comparison, amount.measures) for amount in facts.amounts]


def _written_out(contracted: re.Match[str]) -> str:
    verb = contracted.group(1)
    return verb[0] + _WHOLE.get(verb.lower(), f"{verb} not")[1:]


def _written(facts: Facts, amount: Amount) -> tuple[int, int, Sense]:
    """Return where an amount begins and ends with the words that bound it, its symbol and its measure; and its sense."""
    text, words = facts.text, [token.word for token in facts.tokens]
    first, last, measures = amount.first, amount.last, set(amount.units & {"ordinal"})
    start = facts.tokens[first].start
    if symbol := _SYMBOL.search(text, 0, start):
        country, start = symbol.group(1), symbol.start()
        first -= bool(country)
        measures |= {country, stem(MONEY[symbol.group(2)])} - {""}
    if amount.comparison not in ("", "from", "to"):
        bounds = [place for place in range(max(0, first - 3), first) if tuple(words[place:first]) in BEFORE]
        start = facts.tokens[bounds[0]].start if bounds else start
        last += 2 * bool(bound_after(facts.tokens, last))
    end = facts.tokens[last - 1].end
    end += text[end : end + 1] == "+"
    measure = _MEASURE.match(text, end)
    if measure and (unit := stem(MONEY.get(measure.group(1), measure.group(1)).replace(" ", ""))) in listed_stems(
        "units"
    ):
        end = measure.end()
        measures.add(unit)
    return start, end, (amount.value, amount.comparison, frozenset(measures))
