"""Evidence to confidence: the probability that the best sentence answers the question."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .schema import Reading


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted line from the best reading's log odds to those of the answer being right (Platt 1999).

    It belongs to one reader: for another, the confidence is None.
    """

    reader: str
    slope: float
    intercept: float

    @classmethod
    def load(cls, path: Path) -> Calibration:
        return cls(**json.loads(path.read_text(encoding="utf-8"))["calibration"])

    def confidence(self, reader: str, readings: Sequence[Reading]) -> float | None:
        """Return the probability, 0 to 1, that the best reading answers; None for a reader it was not fitted on."""
        if reader != self.reader:
            return None
        best = max((reading.score for reading in readings), default=0.0)
        if best <= 0.0:
            return 0.0
        odds = math.log(best / max(1.0 - best, 1e-9))
        return 1.0 / (1.0 + math.exp(-(self.slope * odds + self.intercept)))
