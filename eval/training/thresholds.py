"""The judge's thresholds: the fewest broken statements accepted while most of the true ones still are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.drafts import Thresholds
from rag.language.facts import facts_of
from rag.plugins import ConsistencyModel, EntailmentModel
from rag.verification.contradiction.differences import differences, is_certain
from rag.verification.entailment import with_reply, worst_reply
from rag.verification.normalization import in_form_of

from .making import Claim

# Of the true ones accepted; 0.85 is asked for, on articles that these are not, and where two points are lost.
LEAST_TRUE = 0.875
STEPS = np.concatenate([np.arange(0.02, 0.9, 0.02), np.arange(0.9, 0.999, 0.005)])


def choose(claims: Sequence[Claim], *, entailment: EntailmentModel, consistency: ConsistencyModel) -> Thresholds:
    """Return the thresholds that accept the fewest broken statements and `LEAST_TRUE` of the true ones, beside the asker.

    Where no thresholds accept so many, those that accept the most.
    """
    facts = [(facts_of(claim.text), facts_of(claim.quote)) for claim in claims]
    told = [(in_form_of(claim.quote, claim.text), claim.quote) for claim in claims]
    # What contradicts for certain has chance 0: no threshold lets it through, and nothing is asked.
    chances = np.array(
        [
            0.0 if is_certain(statement, quote) else with_reply(chance, worst_reply(statement, quote, consistency))
            for (statement, quote), chance in zip(facts, entailment.chances(told), strict=True)
        ]
    )
    reworded = np.array([bool(differences(statement, quote)) for statement, quote in facts])
    truth = np.array([claim.supported for claim in claims])

    def goodness(clear: float, reword: float) -> tuple[float, float, float]:
        accepted = chances >= np.where(reworded, reword, clear)
        true, broken = float(accepted[truth].mean()), float(accepted[~truth].mean())
        return min(true, LEAST_TRUE), -broken, true

    pairs = [(float(clear), float(reword)) for clear in STEPS for reword in STEPS if reword >= clear]
    clear, reword = max(pairs, key=lambda pair: goodness(*pair))
    return Thresholds(clear=round(clear, 3), reworded=round(reword, 3))
