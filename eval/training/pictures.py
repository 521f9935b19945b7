"""How true a confidence is, as pictures: a reliability diagram and a risk–coverage curve, drawn as SVG without a library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Point = tuple[float, float]

BINS = 10
Z = 1.959963984540054  # two-sided 95 % of the normal distribution
SIZE, LEFT, TOP, RIGHT, BOTTOM = 320, 56, 40, 24, 64  # of the plot and its margins
INK, FAINT, BLUE, RED = "#1f2430", "#c9ced8", "#2c5fb3", "#b3402c"


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """What refusing costs: `risk[i]` is the share of wrong ones among the answers given when `coverage[i]` are given.

    The surest are answered first. Questions of one confidence are answered together, so a point stands only where the
    confidence changes; both have shape (distinct confidences,). `area` is the mean risk over all numbers of answers, 0
    to 1, lower is better; `errors` is what it would be for a confidence that knows nothing.
    """

    coverage: Floats
    risk: Floats
    area: float
    errors: float

    def covered(self, max_error: float) -> float:
        """Return the largest share of questions that can be answered with at most this share of errors."""
        within = self.coverage[self.risk <= max_error]
        return float(within.max()) if len(within) else 0.0


def risk_coverage(chances: npt.ArrayLike, right: npt.ArrayLike) -> RiskCoverage:
    """Return the curve of answers that are right with probability `chances`, and were `right` or not; at least one."""
    surest, wrong = np.asarray(chances, dtype=float), 1.0 - np.asarray(right, dtype=float)
    order = np.argsort(-surest, kind="stable")
    surest, wrong = surest[order], wrong[order]
    ends = np.append(np.flatnonzero(np.diff(surest)), len(surest) - 1)
    answered = ends + 1.0
    failed = np.cumsum(wrong)[ends]
    # Within a group of one confidence any order is as good as another: its errors come evenly.
    counts = np.arange(1.0, len(surest) + 1)
    evenly = np.interp(counts, np.append(0.0, answered), np.append(0.0, failed))
    return RiskCoverage(
        coverage=answered / len(surest),
        risk=failed / answered,
        area=float(np.mean(evenly / counts)),
        errors=float(wrong.mean()),
    )


def draw(chances: npt.ArrayLike, right: npt.ArrayLike, *, folder: Path) -> None:
    """Write `reliability.svg` and `risk-coverage.svg` to `folder`: the same numbers give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in (("reliability", reliability(chances, right)), ("risk-coverage", risk(chances, right))):
        (folder / f"{name}.svg").write_text(picture, encoding="utf-8", newline="\n")


def reliability(chances: npt.ArrayLike, right: npt.ArrayLike) -> str:
    """Return the diagram: per bin of equal mass, mean confidence against share right with Wilson's 95 % interval."""
    bins = _bins(chances, right)
    points = [point for _, point in bins]
    shapes = [_line([(0, 0), (1, 1)], FAINT, dashed=True)]
    shapes += [_line([(x, end) for end in wilson(y, n)], FAINT, width=3) for n, (x, y) in bins]
    shapes += [_line(points, BLUE), *(_dot(point, BLUE) for point in points)]
    return _picture(
        "Reliability",
        f"{np.size(chances)} questions, {len(bins)} bins of equal mass; "
        f"expected calibration error {calibration_error(chances, right):.3f}",
        across="confidence",
        up="share right",
        shapes=shapes,
    )


def calibration_error(chances: npt.ArrayLike, right: npt.ArrayLike) -> float:
    """Return the expected calibration error over bins of equal mass (Naeini, Cooper and Hauskrecht 2015)."""
    return sum(n * abs(x - y) for n, (x, y) in _bins(chances, right)) / np.size(chances)


def _bins(chances: npt.ArrayLike, right: npt.ArrayLike) -> list[tuple[int, Point]]:
    """Return of each bin of equal mass the number of questions, and (mean confidence, share right).

    Questions of one confidence count with the share of them that is right, whichever bin they fall into.
    """
    said = np.asarray(chances, dtype=float)
    _, group = np.unique(said, return_inverse=True)
    held = (np.bincount(group, weights=np.asarray(right, dtype=float)) / np.bincount(group))[group]
    parts = [part for part in np.array_split(np.argsort(said, kind="stable"), BINS) if len(part)]
    return [(len(part), (float(said[part].mean()), float(held[part].mean()))) for part in parts]


def risk(chances: npt.ArrayLike, right: npt.ArrayLike, *, max_error: float = 0.1) -> str:
    """Return the curve, with the errors of a confidence that knows nothing, and where `max_error` leads."""
    curve = risk_coverage(chances, right)
    covered = curve.covered(max_error)
    shapes = [
        _line([(0, curve.errors), (1, curve.errors)], FAINT, dashed=True),
        _line([(0, max_error), (1, max_error)], RED, dashed=True),
        _line([(float(x), float(y)) for x, y in zip(curve.coverage, curve.risk, strict=True)], BLUE),
    ]
    if covered:
        shapes.append(_dot((covered, max_error), RED))
    return _picture(
        "Risk and coverage",
        f"{np.size(chances)} questions; area {curve.area:.3f}; with at most {max_error:.0%} errors {covered:.0%} answered",
        across="share of questions answered, the surest first",
        up="share of answers that are wrong",
        shapes=shapes,
    )


def wilson(share: float, n: int) -> Point:
    """Return the ends of Wilson's 95 % score interval."""
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * (share * (1 - share) / n + Z * Z / (4 * n * n)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)


def _picture(title: str, below: str, *, across: str, up: str, shapes: Iterable[str]) -> str:
    """Return the SVG: axes from 0 to 1, a white ground that holds on dark pages, and a text for those who cannot see."""
    wide, high = LEFT + SIZE + RIGHT, TOP + SIZE + BOTTOM
    middle, foot = LEFT + SIZE / 2, TOP + SIZE
    ticks = [tick / 5 for tick in range(6)]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img" '
        f'aria-label="{title}: {below}" font-family="sans-serif" font-size="11" fill="{INK}">',
        f'<rect width="{wide}" height="{high}" fill="#ffffff"/>',
        f'<rect x="{LEFT}" y="{TOP}" width="{SIZE}" height="{SIZE}" fill="none" stroke="{FAINT}"/>',
        _text(middle, TOP - 16, title, size=14),
        *(_text(_place((tick, 0))[0], foot + 16, f"{tick:g}") for tick in ticks),
        *(_text(LEFT - 8, _place((0, tick))[1] + 4, f"{tick:g}", anchor="end") for tick in ticks),
        _text(middle, foot + 34, across),
        f'<g transform="rotate(-90 16 {TOP + SIZE / 2:g})">{_text(16, TOP + SIZE / 2, up)}</g>',
        _text(wide / 2, foot + 54, below, size=10),
        *shapes,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _place(point: Point) -> Point:
    """Return where a point of the unit square lies in the picture, to a tenth of a pixel."""
    return round(LEFT + SIZE * point[0], 1), round(TOP + SIZE * (1 - point[1]), 1)


def _line(points: Sequence[Point], colour: str, *, width: float = 1.5, dashed: bool = False) -> str:
    path = " ".join("{:g},{:g}".format(*_place(point)) for point in points)
    dashes = ' stroke-dasharray="4 4"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashes}/>'


def _dot(point: Point, colour: str) -> str:
    x, y = _place(point)
    return f'<circle cx="{x:g}" cy="{y:g}" r="3.5" fill="{colour}"/>'


def _text(x: float, y: float, words: str, *, size: int = 11, anchor: str = "middle") -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}">{words}</text>'
