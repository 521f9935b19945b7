"""Rows → the figures one reads: means with intervals, by tag as well, and the cases that went wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.table import Table

from rag.serialization import to_plain

from .intervals import Interval, calibration_error, calibration_interval, mean_interval, median_interval, percentile
from .run import DIGITS, Row, Run, RunError, save_rows
from .scorers import MEANINGS

BY_TAG = (
    "correct",
    "first_correct",
    "proving",
    "unanswerable_refused",
    "answerable_refused",
    "recall@5",
    "mrr",
)  # shown, not all that is saved


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` rows with its 95 % interval; None when n is 0. Other rows are counted apart."""

    mean: float | None
    low: float | None
    high: float | None
    method: str | None
    n: int
    not_applicable: int
    failed: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What rows come to: every score over all of them, and over those of each tag."""

    cases: int
    failed: int
    scores: Mapping[str, Estimate]
    by_tag: Mapping[str, Mapping[str, Estimate]]


def summarise(rows: Sequence[Row]) -> Summary:
    """Return the means of all scores, computed from the rows alone."""
    tags = sorted({tag for row in rows for tag in row.tags})
    return Summary(
        cases=len(rows),
        failed=sum(row.error is not None for row in rows),
        scores=_estimates(rows),
        by_tag={tag: _estimates([row for row in rows if tag in row.tags]) for tag in tags},
    )


def _estimates(rows: Sequence[Row]) -> dict[str, Estimate]:
    return {name: _calibration(rows) if name == "calibration_error" else _mean(rows, name) for name in MEANINGS}


def _mean(rows: Sequence[Row], name: str) -> Estimate:
    judged = [row.scores[name].value for row in rows if row.error is None and name in row.scores]
    values = [value for value in judged if value is not None]
    if not values:
        return _estimate(None, None, 0, rows)
    return _estimate(sum(values) / len(values), mean_interval(values), len(values), rows)


def _calibration(rows: Sequence[Row]) -> Estimate:
    pairs = [(row.confidence, row.right) for row in rows if row.confidence is not None and row.right is not None]
    if not pairs:
        return _estimate(None, None, 0, rows)
    confidences, right = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return _estimate(calibration_error(confidences, right), calibration_interval(confidences, right), len(pairs), rows)


def _estimate(mean: float | None, interval: Interval | None, n: int, rows: Sequence[Row]) -> Estimate:
    failed = sum(row.error is not None for row in rows)
    if mean is None or interval is None:
        return Estimate(None, None, None, None, 0, len(rows) - failed, failed)
    low, high = round(interval.low, DIGITS), round(interval.high, DIGITS)
    return Estimate(round(mean, DIGITS), low, high, interval.method, n, len(rows) - failed - n, failed)


def save(run: Run, folder: Path, made_with: Mapping[str, object]) -> Summary:
    """Write rows.jsonl, summary.json, summary.md, run.json and timings.json; return the summary."""
    summary = summarise(run.rows)
    make_folder(folder)
    save_rows(run.rows, folder)
    write_json(folder / "summary.json", to_plain(summary))
    (folder / "summary.md").write_text(markdown(summary, run.rows), encoding="utf-8", newline="\n")
    write_json(folder / "run.json", made_with)
    write_json(folder / "timings.json", _timings(run))
    return summary


def make_folder(folder: Path) -> None:
    """Make the folder of a run, if it is not there.

    Raises:
        RunError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"{folder} cannot be made ({error}), expected a folder for the run. Correct --out.") from error


def write_json(path: Path, data: object) -> None:
    """Write the data with sorted keys, so that equal data gives equal bytes."""
    text = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _timings(run: Run) -> dict[str, object]:
    seconds = [timing.seconds for timing in run.timings]
    interval = median_interval(seconds) if seconds else None
    return {
        "n": len(seconds),
        "median_seconds": median(seconds) if seconds else None,
        "median_interval": [interval.low, interval.high] if interval else None,
        "p95_seconds": percentile(seconds, 95) if seconds else None,
        "cases": to_plain(run.timings),
    }


def latency(run: Run) -> str:
    """Return one line on the seconds that answers took."""
    if not run.timings:
        return "latency: no case was answered"
    seconds = [timing.seconds for timing in run.timings]
    interval = median_interval(seconds)
    middle = f"median {1000 * median(seconds):.0f} ms (95 % interval {1000 * interval.low:.0f} to {1000 * interval.high:.0f})"
    tail = f"95th percentile {1000 * percentile(seconds, 95):.0f} ms"
    return f"latency: {middle}, {tail} (n {len(seconds)}, the first ones included)"


def table(summary: Summary) -> Table:
    """Return all scores as a table that fits a narrow terminal; `markdown` says what each means."""
    shown = Table(title=f"{summary.cases} cases, {summary.failed} failed")
    for column in ("score", "mean", "95 % interval", "n", "n/a", "failed"):
        shown.add_column(column, justify="left" if column == "score" else "right", no_wrap=True)
    for name, estimate in summary.scores.items():
        shown.add_row(name, *_cells(estimate))
    return shown


def _cells(estimate: Estimate) -> tuple[str, ...]:
    counts = (str(estimate.n), str(estimate.not_applicable), str(estimate.failed))
    if estimate.mean is None:
        return ("–", "–", *counts)
    return (f"{estimate.mean:.3f}", f"{estimate.low:.3f} to {estimate.high:.3f}", *counts)


def markdown(summary: Summary, rows: Sequence[Row]) -> str:
    """Return the summary as a page: all scores, the main ones by tag, every case that went wrong and why."""
    lines = [f"# {summary.cases} cases, {summary.failed} failed", ""]
    lines += [
        "| score | mean | 95 % interval | n | n/a | failed | says |",
        "| --- | --: | --: | --: | --: | --: | --- |",
    ]
    for name, estimate in summary.scores.items():
        lines.append(f"| {name} | {' | '.join(_cells(estimate))} | {MEANINGS[name]} |")
    lines += ["", "## By tag: mean (n)", ""]
    lines += ["| tag | " + " | ".join(BY_TAG) + " |", "| --- |" + " --: |" * len(BY_TAG)]
    for tag, scores in summary.by_tag.items():
        cells = [f"{scores[name].mean:.3f} ({scores[name].n})" if scores[name].n else "–" for name in BY_TAG]
        lines.append(f"| {_cell(tag)} | " + " | ".join(cells) + " |")
    wrong = [(row, why) for row in rows if (why := _fault(row))]
    lines += [
        "",
        f"## {len(wrong)} cases went wrong",
        "",
        "| case | question | status | what is wrong |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| {_cell(row.id)} | {_cell(row.question)} | {row.status or '–'} | {_cell(why)} |" for row, why in wrong]
    return "\n".join(lines) + "\n"


def _fault(row: Row) -> str:
    if row.error is not None:
        return f"crashed: {row.error}"
    wrong_when = {"correct": 0.0, "proving": 0.0, "verbatim": 0.0, "unanswerable_refused": 0.0, "wrong_again": 1.0}
    faults = [
        f"{name}: {row.scores[name].why}"
        for name, bad in wrong_when.items()
        if name in row.scores and row.scores[name].value == bad
    ]
    return "; ".join(faults)


def _cell(text: str) -> str:
    """Return the text so that it stays in its cell and its words are shown as they are."""
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace("`", "\\`")
