"""The moment at which a whole answer must be finished, whatever takes part in it."""

from __future__ import annotations

import time


class Deadline:
    """One for all calls of an answer."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds that are left; 0.0 when it has passed."""
        return max(0.0, self._end - time.monotonic())

    @property
    def passed(self) -> bool:
        return self.left <= 0.0
