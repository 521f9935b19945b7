"""The default reader: the small one ranks all hits, the larger one reads the best few again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..plugins import Embedder, Reader
from ..schema import Hit, Reading
from ..settings import Settings
from .cell_nearness import Nearness
from .cells import with_best_cell
from .log_odds import log_odds, probability
from .trained import LARGE, SMALL, TrainedReader

AGAIN = 4  # hits at most that the larger one reads
# What the small one scores lower is not read again, but for its best: of 608 questions none was lost so, and of four
# readings again 2.8 are left; 0.03 loses three.
LEAST_AGAIN = 0.003
SMALL_WEIGHT = 0.5  # of the small one's odds beside the larger one's: 0.832 right instead of 0.822 on those questions


class CascadeReader:
    """The small reader reads every hit, the larger one at most `again` of them."""

    def __init__(
        self,
        settings: Settings,
        *,
        small: Reader | None = None,
        large: Reader | None = None,
        again: int = AGAIN,
        embedder: Embedder | None = None,
        **parts: Any,
    ) -> None:
        self._small: Reader = small or TrainedReader(settings, folder=SMALL)
        self._large: Reader = large or TrainedReader(settings, folder=LARGE)
        self._again = again
        self._nearness = Nearness(embedder) if embedder else None
        self.name = f"cascade-{again}-{self._small.name}-{self._large.name}"

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Return one reading for each hit, best first: those read again, by both readers' odds, then the rest."""
        ranked = self._small.read(question, hits)
        first = {reading.hit.rank: reading.score for reading in ranked}
        promising = [reading for reading in ranked[: self._again] if reading.score >= LEAST_AGAIN] or ranked[:1]
        again = [
            _scored(reading, weighed(reading.score, first[reading.hit.rank]))
            for reading in self._large.read(question, [reading.hit for reading in promising])
        ]
        again.sort(key=lambda reading: -reading.score)
        # The two readers' scores do not compare: what was not read again never outranks what was.
        most = again[-1].score if again else 0.0
        rest = [_scored(reading, min(reading.score, most)) for reading in ranked[len(promising) :]]
        return with_best_cell(question, [*again, *rest], self._small, self._nearness)


def weighed(score: float, first: float) -> float:
    """Return the probability at the weighed mean of both readers' log-odds."""
    return probability((log_odds(score) + SMALL_WEIGHT * log_odds(first)) / (1.0 + SMALL_WEIGHT))


def _scored(reading: Reading, score: float) -> Reading:
    """Return the reading with another score, its sentences' scores in proportion."""
    share = score / reading.score if reading.score else 0.0
    sentences = tuple(replace(one, score=min(score, one.score * share)) for one in reading.sentences)
    return replace(reading, score=score, sentences=sentences)
