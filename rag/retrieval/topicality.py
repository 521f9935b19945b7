"""How likely an article is about a subject: a logistic regression over three features, fitted by `python -m eval.training topicality`.

The fit was made on written articles and questions that describe them, with the article there and without it; its
weights lie in `rag/models/topicality.json`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..reader.log_odds import probability

WEIGHTS = Path(__file__).parent.parent / "models" / "topicality.json"
FEATURES = ("coverage", "closeness", "unnamed")


@dataclass(frozen=True, slots=True)
class Topicality:
    """Fitted weights of log odds. `least` are those from which an article is about a subject.

    `same_story` is the share of the best article's chance that another has that tells of the same.
    """

    coverage: float
    closeness: float
    unnamed: float
    bias: float
    least: float
    same_story: float

    def odds(self, *, coverage: float, closeness: float, unnamed: float) -> float:
        """Return the log odds that an article is about a subject.

        `coverage` is the share of the subject's weight that the article mentions, `closeness` the cosine of its best
        passage, `unnamed` the share of the subject's names that it does not have, 0 where the subject names nothing.
        """
        return self.bias + self.coverage * coverage + self.closeness * closeness + self.unnamed * unnamed

    def is_about(self, odds: float) -> bool:
        return odds >= self.least

    def alike(self, odds: float, *, best: float) -> bool:
        """Whether an article tells of the same as the best: it is about the subject, unless the best is not, and nearly as likely."""
        return odds >= min(self.least, best) and probability(odds) >= self.same_story * probability(best)


@cache
def topicality(path: Path = WEIGHTS) -> Topicality:
    """Return the shipped fit."""
    return Topicality(**json.loads(path.read_text(encoding="utf-8")))
