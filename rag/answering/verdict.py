"""Yes, no or disputed: what the quotes say to a question whether something is so, both sides where they differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from ..language.headings import heading
from ..language.interrogatives import is_question
from ..reader.log_odds import log_odds
from ..retrieval.library import coverage
from ..retrieval.units import Unit
from ..verification.premises import answered, premise, sentence_before
from .asking import Asking, as_readings
from .covering import articles_for, bears, holds_best
from .parts import Composed
from .selection import reader_scores, stems_of

Verdict = Literal["Yes", "No", "Disputed"]
MOST_READ = 6  # units in which the two sides are looked for
MOST_SHOWN = 3
# What log-odds the entailment model must give "yes" to say it, and of the best unit at most, to say "no". Asked "no" as well, it
# goes by negations. With the sentence that proves it, right on 300 questions that training had not seen: "yes" 0.79 of 155,
# "no" 0.87 of 62 (chosen on these); on the 64 of dev 0.82 of 22 and 0.63 of 27.
LEAST_OF_YES = 0.0
MOST_OF_NO = -2.0
LEAST_ABOUT = 0.1  # to say anything of it
COVER = 0.15  # weight of what a unit says of the question, beside the reader's score
_SAYS_SO = re.compile(r"(?:^|[?:]\W{0,20}(?:A:\W{0,20})?)(yes|no)\b[,.;:]", re.IGNORECASE)
_CLAIM = re.compile(r"\b(?:accus\w+|alleg\w+|claim\w*|blam\w+|insist\w*|maintain\w*|contend\w*)\b", re.IGNORECASE)
_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject\w*|disput\w+|rebut\w*|contradict\w*|there never was|had not|has not|shook (?:his|her) head)\b",
    re.IGNORECASE,
)
_TWO_VOICES = re.compile(
    r"\b(?:says?|said)\b[^;]*;[^;]*\b(?:says?|said)\b|\b(?:says?|said)\b.*\b(?:but|while)\b.*\b(?:says?|said|den\w+)\b",
    re.IGNORECASE,
)


def verdict(asking: Asking) -> Composed | None:
    """Return the verdict with the units that bear it; None where no article is about the question."""
    found = articles_for(asking, several=True)
    if not bears(asking, found):
        return None
    units = [unit for one in found for unit in one.units]
    scores = reader_scores(asking.question, units, asking.library, asking.models.reader)
    weights = asking.library.weights(asking.question)
    said = {unit: coverage(weights, stems_of(unit.text)) for unit in scores if not is_question(unit.text)}
    ranked = sorted(said, key=lambda unit: -(scores[unit] + COVER * said[unit]))[:MOST_READ]
    if not any(holds_best(asking.evidence, unit) for unit in said):
        return None  # what answers stands elsewhere, as in a sidebar
    ranked.sort(
        key=lambda unit: not holds_best(asking.evidence, unit)
    )  # of all that was searched, the best comes first
    short, bearing = _decided(asking, ranked, said) or (None, [])
    shown = [*bearing, *(unit for unit in ranked if unit not in bearing)][:MOST_SHOWN]
    return Composed(
        tuple(unit.draft() for unit in shown), as_readings(shown), short=short, confidence=asking.evidence.confidence
    )


def _decided(asking: Asking, ranked: Sequence[Unit], said: dict[Unit, float]) -> tuple[Verdict, list[Unit]] | None:
    if sides := _sides(ranked, said):
        return "Disputed", sides
    for unit in ranked[:MOST_SHOWN]:
        told = _SAYS_SO.search(unit.text)
        if told:
            return ("Yes" if told[1].lower() == "yes" else "No"), [unit]
    entailment = asking.models.entailment
    if entailment is None:
        return None
    units = ranked[:MOST_SHOWN]
    yes = entailment.chances([(answered(asking.question, "yes"), _premise(unit)) for unit in units])
    best = max(range(len(units)), key=yes.__getitem__)
    if log_odds(yes[best]) >= LEAST_OF_YES:
        return "Yes", [units[best]]
    return ("No", [units[0]]) if log_odds(yes[0]) <= MOST_OF_NO else None


def _premise(unit: Unit) -> str:
    hit = unit.hit
    before = sentence_before(hit.passage.text, unit.start - hit.passage.start)
    return premise(heading(hit.title, hit.outlet, hit.published), before, [unit.text])


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
