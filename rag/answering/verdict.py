"""Yes, no or disputed: what the quotes say to a question whether something is so, both sides where they differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from ..language.facts import facts_of
from ..language.interrogatives import is_question
from ..language.tokens import is_content
from ..retrieval.library import coverage
from ..retrieval.units import Unit
from ..verification.contradiction.differences import differences
from .asking import Asking, as_readings
from .covering import articles_for, holds_best, reader_scores
from .parts import Composed
from .selection import stems_of

Verdict = Literal["Yes", "No", "Disputed"]
MOST_READ = 6  # units in which the two sides are looked for
MOST_SHOWN = 3
LEAST_SAID = 0.45  # of what the question says, that a unit must say to be a yes
LEAST_ABOUT = 0.1  # to say anything of it
WORDS_NEAR = 8  # between a negation and what it denies
COVER = 0.15  # weight of what a unit says of the question, beside the reader's score
AGAINST = ("negation", "opposite")  # kinds of difference between a question and what denies it
_SAYS_SO = re.compile(r"(?:^|[?:]\W{0,20}(?:A:\W{0,20})?)(yes|no)\b[,.;:]", re.IGNORECASE)
_CLAIM = re.compile(r"\b(?:accus\w+|alleg\w+|claim\w*|blam\w+|insist\w*|maintain\w*|contend\w*)\b", re.IGNORECASE)
_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject\w*|disput\w+|rebut\w*|contradict\w*|there never was|had not|has not|shook (?:his|her) head)\b",
    re.IGNORECASE,
)
_UNTRUE = re.compile(r"\b(?:incorrect|untrue|false|not true|abstain\w*|voted against|struck from)\b", re.IGNORECASE)
_NEGATION = re.compile(r"^(?:not|never|no|nobody|none|neither|nor|without|cannot|\w+n't|\w+n’t)$", re.IGNORECASE)
_TWO_VOICES = re.compile(
    r"\b(?:says?|said)\b[^;]*;[^;]*\b(?:says?|said)\b|\b(?:says?|said)\b.*\b(?:but|while)\b.*\b(?:says?|said|den\w+)\b",
    re.IGNORECASE,
)


def verdict(asking: Asking) -> Composed | None:
    """Return the verdict with the units that bear it; None where no article is about the question."""
    found = articles_for(asking, several=True) if asking.evidence.enough else []
    if not found:
        return None
    scores = reader_scores(asking, found)
    weights = asking.library.weights(asking.question)
    said = {unit: coverage(weights, stems_of(unit.text)) for unit in scores if not is_question(unit.text)}
    ranked = sorted(said, key=lambda unit: -(scores[unit] + COVER * said[unit]))[:MOST_READ]
    if not any(holds_best(asking.evidence, unit) for unit in said):
        return None  # what answers stands elsewhere, as in a sidebar
    ranked.sort(
        key=lambda unit: not holds_best(asking.evidence, unit)
    )  # of all that was searched, the best comes first
    short, bearing = _decided(asking.question, ranked, said) or (None, [])
    shown = [*bearing, *(unit for unit in ranked if unit not in bearing)][:MOST_SHOWN]
    return Composed(
        tuple(unit.draft() for unit in shown), as_readings(shown), short=short, confidence=asking.evidence.confidence
    )


def _decided(question: str, ranked: Sequence[Unit], said: dict[Unit, float]) -> tuple[Verdict, list[Unit]] | None:
    if sides := _sides(ranked, said):
        return "Disputed", sides
    for unit in ranked[:MOST_SHOWN]:
        told = _SAYS_SO.search(unit.text)
        if told:
            return ("Yes" if told[1].lower() == "yes" else "No"), [unit]
    for unit in ranked[:MOST_SHOWN]:
        if said[unit] >= LEAST_ABOUT and denies(question, unit.text):
            return "No", [unit]
    best = ranked[0]
    return ("Yes", [best]) if said[best] >= LEAST_SAID and _says_all(question, best.text) else None


def _says_all(question: str, text: str) -> bool:
    """Whether a text has each word of the question but names: one that says "keep" is no yes to "did they sell it?"."""
    told = {token.stem for token in facts_of(text).tokens}
    asked = (token for token in facts_of(question).tokens if is_content(token) and not token.text[0].isupper())
    return all(token.stem in told for token in asked)


def denies(question: str, text: str) -> bool:
    """Whether a text says that what the question asks about is not so: a negation near its words, or their opposite."""
    asked, told = facts_of(question), facts_of(text)
    if _UNTRUE.search(text) or any(one.startswith(AGAINST) for one in differences(asked, told)):
        return True
    if any(_NEGATION.match(token.text) for token in asked.tokens):
        return False
    done = {token.stem for token in asked.tokens if is_content(token) and not token.text[0].isupper()}
    for at, token in enumerate(told.tokens):
        if _NEGATION.match(token.text) and done & {near.stem for near in told.tokens[at + 1 : at + 1 + WORDS_NEAR]}:
            return True
    return False


def _sides(ranked: Sequence[Unit], said: dict[Unit, float]) -> list[Unit]:
    """Return the units of two sides: one that says both, or a claim and what denies it."""
    best = ranked[0]
    if said[best] >= LEAST_ABOUT and _TWO_VOICES.search(best.text):
        return [best]
    claim = next((unit for unit in ranked if _CLAIM.search(unit.text)), None)
    denial = next((unit for unit in ranked if _DENIAL.search(unit.text) and unit != claim), None)
    if claim and _DENIAL.search(claim.text) and said[claim] >= LEAST_ABOUT:
        return [claim, denial] if denial else [claim]
    return [claim, denial] if claim and denial else []
