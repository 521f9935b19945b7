"""What became of each source that was added, and how far a run has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run has come: `done` of `total` files and records are behind it, `at` is at hand (empty at the end).

    `articles` and `passages` count what it has stored so far; that stays, whatever happens to the run.
    """

    done: int = 0
    total: int = 0
    at: str = ""
    articles: int = 0
    passages: int = 0


Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class AddReport:
    """What became of each source. `failed` holds (source, reason) pairs; the corpus is as if those were not given.

    `copies` are those of the added and changed that say again, word for word or nearly, what another source says.
    `passages` counts those that were stored. `ignored` are files that are no articles, such as the pictures and scripts
    of a saved page. `notes` holds (source, note) pairs of what the added and changed leave out of their files. Reports
    of several runs can be added up.
    """

    added: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    copies: tuple[str, ...] = ()
    passages: int = 0
    ignored: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: AddReport) -> AddReport:
        return AddReport(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)})

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON-ready data; each of `failed` has a `source` and a `reason`, each of `notes` a `source` and a `note`."""
        return asdict(self) | {
            "failed": [{"source": source, "reason": reason} for source, reason in self.failed],
            "notes": [{"source": source, "note": note} for source, note in self.notes],
        }
