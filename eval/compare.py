"""Two runs over the same cases: what differs, how surely, and in which cases."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from .intervals import Interval, is_binary, mcnemar, paired_interval
from .run import Row, RunError, load_rows
from .scorers import MEANINGS

LISTED = ("correct", "proving", "unanswerable_refused", "verbatim")  # scores whose changes are listed case by case


@dataclass(frozen=True, slots=True)
class Difference:
    """One score over the `n` cases to which it applies in both runs. `p` (McNemar, exact) is for 0-or-1 scores only."""

    name: str
    n: int
    first: float
    second: float
    interval: Interval
    gained: int
    lost: int
    p: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """A case whose score is not the same in both runs; None means that the score did not apply."""

    id: str
    question: str
    name: str
    first: float | None
    second: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, paired by case. `warnings` say what makes them less than comparable."""

    cases: int
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]
    warnings: tuple[str, ...]


def compare_folders(first: Path, second: Path) -> Comparison:
    """Return the comparison of two saved runs.

    Raises:
        RunError: a folder holds no run, or the runs share no case.
    """
    compared = compare_rows(load_rows(first), load_rows(second))
    made = [_made_with(folder) for folder in (first, second)]
    warnings = list(compared.warnings)
    for name in ("cases", "corpus", "machine"):
        if made[0].get(name) != made[1].get(name):
            warnings.append(f"{name} differ: {json.dumps(made[0].get(name))} and {json.dumps(made[1].get(name))}")
    return Comparison(compared.cases, compared.differences, compared.changes, tuple(warnings))


def compare_rows(first: Sequence[Row], second: Sequence[Row]) -> Comparison:
    """Return the comparison of two runs' rows, paired by id. Cases that only one run has count in neither.

    Raises:
        RunError: no case is in both.
    """
    before, after = {row.id: row for row in first}, {row.id: row for row in second}
    shared = [row_id for row_id in before if row_id in after]
    if not shared:
        raise RunError("the runs share no case, expected the same cases in both. Compare runs of one file of cases.")
    warnings = [
        f"{len(alone)} cases are in the {which} run only and are left out: {_listed(alone)}"
        for which, alone in (("first", sorted(set(before) - set(after))), ("second", sorted(set(after) - set(before))))
        if alone
    ]
    reworded = [row_id for row_id in shared if _asked_for(before[row_id]) != _asked_for(after[row_id])]
    if reworded:
        warnings.append(f"{len(reworded)} cases of one id are worded differently and are left out: {_listed(reworded)}")
    crashed = [row_id for row_id in shared if before[row_id].error or after[row_id].error]
    if crashed:
        warnings.append(f"{len(crashed)} cases crashed in one run or both and are left out: {_listed(crashed)}")
    beside = {*reworded, *crashed}
    pairs = [(before[row_id], after[row_id]) for row_id in shared if row_id not in beside]
    differences = [difference for name in MEANINGS if (difference := _difference(name, pairs))]
    changes = [change for pair in pairs for name in LISTED if (change := _change(name, *pair))]
    return Comparison(len(pairs), tuple(differences), tuple(changes), tuple(warnings))


def _asked_for(row: Row) -> tuple[str, bool]:
    return row.question, row.answerable


def _value(row: Row, name: str) -> float | None:
    return row.scores[name].value if name in row.scores else None


def _difference(name: str, pairs: Sequence[tuple[Row, Row]]) -> Difference | None:
    values = [
        (before, after)
        for first, second in pairs
        if (before := _value(first, name)) is not None and (after := _value(second, name)) is not None
    ]
    if not values:
        return None
    befores, afters = [pair[0] for pair in values], [pair[1] for pair in values]
    gained, lost = sum(b > a for a, b in values), sum(b < a for a, b in values)
    return Difference(
        name=name,
        n=len(values),
        first=sum(befores) / len(befores),
        second=sum(afters) / len(afters),
        interval=paired_interval(befores, afters),
        gained=gained,
        lost=lost,
        p=mcnemar(gained, lost) if is_binary([*befores, *afters]) else None,
    )


def _change(name: str, first: Row, second: Row) -> Change | None:
    before, after = _value(first, name), _value(second, name)
    if before == after:
        return None
    why = second.scores[name].why if name in second.scores else ""
    return Change(second.id, second.question, name, before, after, why)


def _made_with(folder: Path) -> Mapping[str, object]:
    path = folder / "run.json"
    try:
        data: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(f"{path} cannot be read ({error}), expected what `eval run` wrote. Run it again.") from error
    return data


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:10]) + (" …" if len(names) > 10 else "")


def difference_table(compared: Comparison) -> Table:
    """Return the differences as a table that fits a narrow terminal."""
    shown = Table(title=f"{compared.cases} cases in both runs", box=SIMPLE_HEAD, padding=0)
    for column in ("score", "first", "second", "change", "95 % interval", "n", "up", "down", "p"):
        shown.add_column(column, justify="left" if column == "score" else "right", no_wrap=True)
    for row in compared.differences:
        interval = f"{row.interval.low:+.3f} to {row.interval.high:+.3f}"
        figures = (f"{row.first:.3f}", f"{row.second:.3f}", f"{row.second - row.first:+.3f}", interval)
        p = "–" if row.p is None else f"{row.p:.3f}"
        shown.add_row(row.name, *figures, str(row.n), str(row.gained), str(row.lost), p)
    return shown


def change_table(compared: Comparison) -> Table:
    """Return the cases that changed as a table for the terminal."""
    shown = Table(title=f"{len(compared.changes)} scores of cases changed")
    for column in ("case", "question", "score", "first", "second", "why now"):
        shown.add_column(column)
    for change in compared.changes:
        values = ("–" if value is None else f"{value:g}" for value in (change.first, change.second))
        # Cells are plain text: a question with square brackets is no markup.
        shown.add_row(*(Text(cell) for cell in (change.id, change.question, change.name, *values, change.why)))
    return shown
