"""What becomes of files that were handed in → HTML. Pure, as render.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.rendering.notebook import escaped

Outcome = Literal["added", "unchanged", "failed", "ignored", "cancelled"]

_OUTCOMES: dict[Outcome, str] = {
    "added": "Added",
    "unchanged": "Already here",
    "failed": "Failed",
    "ignored": "Ignored",
    "cancelled": "Cancelled",
}
_SHOWN_MEANWHILE = 5  # the last ones, and all that went wrong


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of one uploaded file; `reason` says why it, or part of it, failed or is left out, None otherwise."""

    name: str
    outcome: Outcome
    reason: str | None = None


def upload_progress(done: Sequence[Uploaded], *, total: int, at: str) -> str:
    """Return how far a run has come, `at` the file that is read now."""
    told = [one for one in done[:-_SHOWN_MEANWHILE] if one.outcome in ("failed", "ignored")]
    label = escaped(f"Reading {len(done) + 1:,} of {total:,}: {at}")
    return (
        f'<label class="cd-adding"><span role="status">{label}</span>'
        f'<progress value="{len(done)}" max="{total}"></progress></label>' + _list([*told, *done[-_SHOWN_MEANWHILE:]])
    )


def upload_report(outcomes: Sequence[Uploaded]) -> str:
    """Return what became of each uploaded file, what went wrong first; empty for none."""
    if not outcomes:
        return ""
    counts = Counter(one.outcome for one in outcomes)
    head = ", ".join(f"{counts[name]:,} {words.lower()}" for name, words in _OUTCOMES.items() if counts[name])
    ordered = sorted(outcomes, key=lambda one: one.outcome in ("added", "unchanged"))
    return f'<div role="status">{f"<p>{head}</p>" if len(outcomes) > 1 else ""}{_list(ordered)}</div>'


def _list(outcomes: Sequence[Uploaded]) -> str:
    items = "".join(
        f'<li class="cd-{one.outcome}"><b>{_OUTCOMES[one.outcome]}</b> {escaped(one.name)}'
        + (f'<span class="cd-why">{escaped(one.reason)}</span>' if one.reason else "")
        + "</li>"
        for one in outcomes
    )
    return f'<ul class="cd-outcomes">{items}</ul>'
