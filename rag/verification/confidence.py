"""Evidence to confidence: the probability that the best reading answers the question.

A logistic regression over a few features of (question, readings), fitted by `python -m eval.training confidence` on
questions pooled over many articles and retrieved as in use; its weights lie in `rag/models/confidence.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..language.facts import facts_of
from ..language.words import words
from ..plugins import Models
from ..reader.log_odds import log_odds, probability
from ..schema import Reading
from ..settings import Settings
from .contradiction.differences import differences, share
from .read_back import REACH

WEIGHTS = Path(__file__).parent.parent / "models" / "confidence.json"
FEATURES = ("odds_by_share", "verified", "verified_lead", "differs")
# Of the kinds of difference that `facts` finds: what a near miss has of a question and its sentence has not.
DIFFERING = ("number", "date", "name", "negation", "opposite")
MOST_ODDS = 12.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted weights. They belong to one reader, embedder, passage size and number of hits: for others, there is no confidence.

    `errors` are pairs (confidence, share of errors among the questions of at least that confidence), the surest first.
    """

    made_for: Mapping[str, str | int]
    weights: Mapping[str, float]
    bias: float
    errors: Sequence[Sequence[float]]

    @classmethod
    def load_for(cls, settings: Settings, models: Models, *, path: Path = WEIGHTS) -> Calibration | None:
        """Return the shipped weights, or None when they were fitted on anything else.

        The entailment model, which reads answers back, is loaded only where all else fits.
        """
        asked: dict[str, str | int] = {
            "reader": models.reader.name,
            "embedder": models.embedder.name,
            "k": settings.k,
            "passage_tokens": settings.passage_tokens,
        }
        for known in _shipped(path):
            judge = known.made_for["entailment"]
            if known.made_for == asked | {"entailment": judge}:
                return known if models.entailment is not None and models.entailment.name == judge else None
        return None

    def least(self, max_error: float) -> float:
        """Return the least confidence that may be answered so that, of what is answered, the share `max_error` is wrong."""
        return least_confidence(self.errors, max_error=max_error)

    def confidence(self, question: str, readings: Sequence[Reading]) -> float:
        """Return the probability, 0 to 1, that the best reading answers the question; 0 without a reading."""
        if not readings:
            return 0.0
        values = features(question, readings)
        odds = self.bias + sum(self.weights[name] * values[name] for name in FEATURES)
        return probability(odds)


def least_confidence(errors: Sequence[Sequence[float]], *, max_error: float) -> float:
    """Return the lowest confidence of the curve with at most that share of errors; the highest when none has so few.

    From `max_error` 1 on, nothing is refused.
    """
    if max_error >= 1.0:
        return 0.0
    allowed = [confidence for confidence, share in errors if share <= max_error]
    return min(allowed, default=errors[0][0])


@cache
def _shipped(path: Path) -> tuple[Calibration, ...]:
    fits = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return tuple(Calibration(**fit) for fit in fits.values())


def features(question: str, readings: Sequence[Reading]) -> dict[str, float]:
    """Return what the confidence rests on. `readings` are best first, at least one, and have been read back.

    `odds_by_share` is the reader's log odds of its best passage times the share of the question's words that the passage
    or its title has: a reader that finds none of them knows little either way. `verified` is the entailment model's log
    odds that its words answer, 0 without; `verified_lead` how far they are above those of the best reading with other words
    that was read back, as far as the reach of a rival where there is none. `differs` is 1 when the sentence has not a number, date, name, negation or opposite of the question.
    """
    best = readings[0]
    asked, told = facts_of(question), facts_of(f"{best.hit.title}. {best.hit.passage.text}")
    verified = _odds(0.5 if best.verified is None else best.verified)
    others = [_odds(one.verified) for one in readings[1:] if one.verified is not None and _short(one) != _short(best)]
    return {
        "odds_by_share": _odds(best.score) * share(asked, told),
        "verified": verified,
        "verified_lead": verified - max(others) if others else REACH,
        "differs": float(any(one.startswith(DIFFERING) for one in differences(asked, facts_of(best.sentence)))),
    }


def _odds(score: float) -> float:
    return max(-MOST_ODDS, min(MOST_ODDS, log_odds(score)))


def _short(reading: Reading) -> str | None:
    if reading.short is None:
        return None
    start, end = (at - reading.hit.passage.start for at in reading.short)
    return " ".join(words(reading.hit.passage.text[start:end]))
