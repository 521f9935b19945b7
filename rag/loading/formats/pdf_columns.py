"""Rows of a page that run over several columns, parted at the white stripes between these."""

from __future__ import annotations

import itertools
import statistics

from .pdf_words import Row, right_to_left

GUTTER = 0.6  # sizes: the least width of the white stripe between two columns
CROSSED = 0.34  # of the rows beside a stripe may run across it, as headlines and pictures' captions do
COLUMN_ROWS = 3
COLUMN_CHARACTERS = 14  # in a line of a column, in the middle: cells of a table have fewer
MOST_STEPS = 4_000


def in_columns(rows: list[Row]) -> list[Row]:
    """Return the rows with those over several columns parted: each column of a zone from top to bottom, left to right."""
    middles = gutters(rows)
    if not middles:
        return rows
    ordered: list[Row] = []
    zone: list[Row] = []
    for row in rows:
        if any(piece.left < middle < piece.right for piece in row.pieces for middle in middles):
            ordered += [*_columns(zone, middles), row]
            zone = []
        else:
            zone.append(row)
    return ordered + _columns(zone, middles)


def _columns(zone: list[Row], middles: list[float]) -> list[Row]:
    edges = [float("-inf"), *middles, float("inf")]
    columns = [
        [
            Row(pieces)
            for row in zone
            if (pieces := [one for one in row.pieces if low <= (one.left + one.right) / 2 < high])
        ]
        for low, high in itertools.pairwise(edges)
    ]
    if right_to_left(zone):
        columns.reverse()
    return [row for column in columns for row in column]


def gutters(rows: list[Row]) -> list[float]:
    """Return the middle of each white stripe between two columns of running text."""
    pieces = [one for row in rows for one in row.pieces]
    if len(rows) < 2 * COLUMN_ROWS or len(pieces) < 2 * COLUMN_ROWS:
        return []
    size = statistics.median(one.size for one in pieces)
    left, right = min(one.left for one in pieces), max(one.right for one in pieces)
    step = size / 4
    count = int((right - left) / step) + 1
    if count > MOST_STEPS:
        return []
    crossed = [0] * (count + 1)
    for one in pieces:
        crossed[int((one.left - left) / step)] += 1
        crossed[min(count, int((one.right - left) / step) + 1)] -= 1
    total, covered = 0, []
    for change in crossed:
        total += change
        covered.append(total)
    found: list[float] = []
    begin: int | None = None
    for at, number in enumerate([*covered, len(rows)]):
        if number <= CROSSED * len(rows):
            begin = at if begin is None else begin
        elif begin is not None:
            if stripe := _stripe(rows, covered, begin, at, left, step, size):
                found.append(stripe)
            begin = None
    return found


def _stripe(
    rows: list[Row], covered: list[int], begin: int, end: int, left: float, step: float, size: float
) -> float | None:
    """Return the middle of the emptiest part of a stripe, if lines of running text stand on both sides of it."""
    least = min(covered[begin:end])
    places = [at for at in range(begin, end) if covered[at] == least]
    # Of several parts that are as empty, the longest run.
    runs: list[list[int]] = []
    for at in places:
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    run = max(runs, key=len)
    middle = left + (run[0] + run[-1] + 1) / 2 * step
    if len(run) * step < GUTTER * size:
        return None
    before = [sum(len(one.characters) for one in row.pieces if one.right <= middle) for row in rows]
    after = [sum(len(one.characters) for one in row.pieces if one.left >= middle) for row in rows]
    sides = [[length for length in side if length] for side in (before, after)]
    if min(map(len, sides)) < COLUMN_ROWS:
        return None
    return middle if min(statistics.median(side) for side in sides) >= COLUMN_CHARACTERS else None
