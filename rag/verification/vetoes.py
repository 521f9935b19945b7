"""Contradictions that no verifier is asked about: those checks that are right in 97 of 100 cases in which they strike.

Which those are is measured by `python -m eval.benchmarks.vetoes`, not chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..language.facts import facts_of
from .contradiction.differences import differences

CERTAIN: tuple[str, ...] = ()


def vetoes(statement: str, quotes: Sequence[str]) -> tuple[str, ...]:
    """Return each way in which the statement certainly contradicts its quotes, taken together."""
    return tuple(one for one in hints(statement, quotes) if one.startswith(CERTAIN)) if CERTAIN else ()


def hints(statement: str, quotes: Sequence[str]) -> tuple[str, ...]:
    """Return each difference that the words show; most of them only a reason to look closer."""
    return differences(facts_of(statement), facts_of(" ".join(quotes)))
