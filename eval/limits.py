"""What a run must reach: `correct=0.85`, or `correct:fact=0.85` for the cases of one tag."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from .report import Summary
from .run import RunError
from .scorers import MEANINGS


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on a mean. `tag` None means all cases; `fails` says on which side of `bound` the run fails."""

    name: str
    tag: str | None
    bound: float
    fails: Literal["under", "over"]


def parse_limit(text: str, *, fails: Literal["under", "over"], tags: Collection[str]) -> Limit:
    """Return the limit that NAME=VALUE or NAME:TAG=VALUE says.

    Raises:
        RunError: it is neither, or no score or tag is called so.
    """
    key, _, number = text.rpartition("=")
    name, colon, tag = key.partition(":")
    try:
        bound = float(number)
    except ValueError:
        bound = math.nan
    if not math.isfinite(bound):  # nothing is less than NaN: such a limit would always be kept
        raise RunError(
            f"--fail-{fails} is {text!r}, expected NAME=VALUE with a number, such as correct=0.85. Correct it."
        )
    _check("score", name, MEANINGS)
    if colon:
        _check("tag", tag, tags)
    return Limit(name, tag or None, bound, fails)


def _check(role: str, name: str, known: Collection[str]) -> None:
    if name in known:
        return
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    raise RunError(f"no {role} is called {name!r}.{hint} Known: {', '.join(sorted(known)) or 'none'}.")


def failures(summary: Summary, limits: Sequence[Limit]) -> list[str]:
    """Return a sentence for each limit that the run does not keep; a score without a value keeps none."""
    return [sentence for limit in limits if (sentence := _failure(summary, limit))]


def _failure(summary: Summary, limit: Limit) -> str:
    scores = summary.by_tag.get(limit.tag, {}) if limit.tag else summary.scores
    mean = scores[limit.name].mean if limit.name in scores else None
    where = f"{limit.name} of {limit.tag}" if limit.tag else limit.name
    wanted = f"at least {limit.bound}" if limit.fails == "under" else f"at most {limit.bound}"
    if mean is None:
        return f"{where} has no value, expected {wanted}: it applies to none of the cases."
    if (mean < limit.bound) if limit.fails == "under" else (mean > limit.bound):
        return f"{where} is {mean:.3f}, expected {wanted}."
    return ""
