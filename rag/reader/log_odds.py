"""Probabilities as log-odds and back: what readers' scores add up in."""

from __future__ import annotations

import math

LEAST = 1e-9  # nearer to 0 or 1, a probability is taken for this one


def log_odds(probability: float) -> float:
    """Return ln(p / (1 - p)), from -20.7 to 20.7."""
    inside = min(max(probability, LEAST), 1.0 - LEAST)
    return math.log(inside / (1.0 - inside))


def probability(odds: float) -> float:
    """Return the probability, 0 to 1, of log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))
