"""Evidence to confidence: the probability that the best reading answers the question.

A logistic regression over a few features of (question, readings), fitted by `python -m rag.training confidence` on
questions pooled over many articles and retrieved as in use; its weights lie in `rag/models/confidence.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .asking import asked_for, offers
from .facts import facts_of
from .facts.differing import differences
from .facts.stems import stem
from .odds import log_odds, probability
from .schema import Hit, Reading
from .settings import Settings
from .words import content_words, names, words

WEIGHTS = Path(__file__).parent / "models" / "confidence.json"
FEATURES = (
    "odds",
    "first_odds",
    "lead",
    "agreement",
    "readers_agree",
    "differs",
    "names_missing",
    "words_in_passage",
    "words_in_sentence",
    "closeness",
    "lacks_kind",
)
# Of the kinds of difference that `facts` finds: what a near miss has of a question and its sentence has not.
DIFFERING = ("number", "date", "name", "negation", "opposite")
MOST_ODDS = 12.0
LEAST_TO_AGREE = 0.1


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
    def load_for(cls, settings: Settings, *, reader: str, embedder: str, path: Path = WEIGHTS) -> Calibration | None:
        """Return the shipped weights, or None when they were fitted on anything else."""
        asked = {"reader": reader, "embedder": embedder, "k": settings.k, "passage_tokens": settings.passage_tokens}
        return next((known for known in _shipped(path) if known.made_for == asked), None)

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
    """Return what the confidence rests on. `readings` are best first, at least one.

    `odds` is the reader's log odds of its best passage, `first_odds` those of the smaller reader before it, and `lead` how
    far they are above those of the best passage with other words. `agreement` is 1 when another passage, not of a copy,
    gives the same words; `readers_agree` when the smaller reader put the same passage first; `differs` when the sentence has
    not a number, date, name, negation or opposite of the question. `names_missing` is the share of the question's names and
    numbers that the passage and its title lack. `closeness` is the cosine, 0 where only the keyword search found the
    passage. The rest are shares.
    """
    best = readings[0]
    passage = best.hit.passage
    sentence = max(best.sentences, key=lambda one: one.score, default=None)
    quoted = passage.text[sentence.start - passage.start : sentence.end - passage.start] if sentence else ""
    around = _stems(f"{best.hit.title} {passage.text}")
    asked = asked_for(question)
    sure = [one for one in readings[1:] if one.score > LEAST_TO_AGREE and not _is_copy(one.hit, best.hit)]
    rivals = [reading for reading in readings[1:] if _short(reading) != _short(best)]
    return {
        "odds": _odds(best.score),
        "first_odds": _odds(_first_score(best)),
        "lead": _odds(best.score) - max((_odds(rival.score) for rival in rivals), default=-MOST_ODDS),
        "agreement": float(bool(_short(best)) and any(_short(one) == _short(best) for one in sure)),
        "readers_agree": float(best is max(readings, key=_first_score)),
        "differs": float(any(one.startswith(DIFFERING) for one in differences(facts_of(question), facts_of(quoted)))),
        "names_missing": 1.0 - _share({stem(name) for name in names(question)}, around),
        "words_in_passage": _share(_stems(question), around),
        "words_in_sentence": _share(_stems(question), _stems(quoted)),
        "closeness": best.hit.dense or 0.0,
        "lacks_kind": float(asked is not None and not offers(quoted, asked, question)),
    }


def why_refused(question: str, readings: Sequence[Reading]) -> str:
    """Return the reason of a refusal in one sentence, for the person who asked."""
    if not readings:
        return "There is no article to search: the corpus is empty, or the filters leave none."
    found = set().union(*(_stems(f"{reading.hit.title} {reading.hit.passage.text}") for reading in readings))
    missing = list(dict.fromkeys(word for word in content_words(question) if stem(word) not in found))
    if missing:
        return f"The nearest passages do not mention: {', '.join(missing)}."
    return "The nearest passages are on the subject, but none of them says this."


def _is_copy(one: Hit, other: Hit) -> bool:
    return one.story == other.story and one.passage.article_id != other.passage.article_id


def _first_score(reading: Reading) -> float:
    return reading.score if reading.first_score is None else reading.first_score


def _odds(score: float) -> float:
    return max(-MOST_ODDS, min(MOST_ODDS, log_odds(score)))


def _short(reading: Reading) -> str | None:
    if reading.short is None:
        return None
    start, end = (at - reading.hit.passage.start for at in reading.short)
    return " ".join(words(reading.hit.passage.text[start:end]))


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}


def _share(wanted: set[str], found: set[str]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 1.0
