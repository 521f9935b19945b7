"""The judge's thresholds: the most true statements accepted while broken ones stay below what is allowed, of each kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ..facts import facts_of
from ..facts.differing import differences
from ..judging import Judge
from ..support import Thresholds, is_certain
from .making import FROM_ANSWER, Claim

MOST_BROKEN = 0.007  # accepted of all broken ones; 0.01 is asked for, on articles that these are not
MOST_OF_A_KIND = 0.04  # 0.05 is asked for
FEWEST_OF_A_KIND = 60  # below, one statement would decide
STEPS = np.concatenate([np.arange(0.02, 0.9, 0.02), np.arange(0.9, 0.999, 0.005)])


def choose(claims: Sequence[Claim], *, judge: Judge) -> Thresholds:
    """Return the thresholds that accept the most statements made of answers within the bounds; all but closed if none do."""
    made = [claim for claim in claims if claim.made]
    found = [differences(facts_of(claim.text), facts_of(claim.quote)) for claim in made]
    # What contradicts for certain has chance 0: no threshold lets it through.
    certain = np.array([is_certain(each) for each in found])
    chances = np.where(certain, 0.0, judge.chances([(claim.text, claim.quote) for claim in made]))
    reworded = np.array([bool(each) for each in found])
    truth = np.array([claim.kind == FROM_ANSWER and claim.supported for claim in made])
    broken = np.array([not claim.supported for claim in made])
    kinds: dict[str, list[int]] = defaultdict(list)
    for place, claim in enumerate(made):
        if not claim.supported:
            kinds[claim.kind].append(place)
    counted = [np.array(places) for places in kinds.values() if len(places) >= FEWEST_OF_A_KIND]
    best, chosen = -1.0, Thresholds(clear=0.999, reworded=0.999)
    for clear in STEPS:
        for reword in STEPS[clear <= STEPS]:
            accepted = chances >= np.where(reworded, reword, clear)
            within = accepted[broken].mean() <= MOST_BROKEN and all(
                accepted[places].mean() <= MOST_OF_A_KIND for places in counted
            )
            if within and accepted[truth].mean() > best:
                best, chosen = float(accepted[truth].mean()), Thresholds(clear=float(clear), reworded=float(reword))
    return chosen
