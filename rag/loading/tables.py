"""A table to lines that are true by themselves: each row as "head: cell" pairs, in the order of its columns.

So a row is found by the words of its heads, read and quoted with them, and a quote of it still is a stretch of the
article's text, character for character.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

NOTE_MARK = re.compile(r"(?<=[\w%)])(?<!\bm)(?<!km)(?<!cm)\s?([¹²³⁴⁵⁶⁷⁸⁹⁰]+|[*†‡]+|[ᵃᵇᶜᵈ])$")
FIGURES = re.compile(r"(?=\D*\d)[+−-]?[\d.,:%\s–-]+")
SUM = re.compile(
    r"\W*(?:total|sum|all|insgesamt|summe|gesamt|ensemble|totale?|suma|razem|итого|всего)\b", re.IGNORECASE
)
WIDEST = 60  # columns that one cell may cover, or be told to repeat over
LEAST_ROWS = 2
LEAST_COLUMNS = 2
LONGEST_CELL = 120  # characters, of most cells: a layout of a page has whole paragraphs in them


def is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether rows are those of a table, and not of a page laid out with one."""
    wide = [row for row in rows if sum(bool(cell.strip()) for cell in row) >= LEAST_COLUMNS]
    cells = sorted(len(cell) for row in rows for cell in row)
    return len(wide) >= LEAST_ROWS and cells[int(0.9 * (len(cells) - 1))] <= LONGEST_CELL


def lines_of_rows(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table; where the rows are of none, each with bars between its cells."""
    if is_table(rows):
        return lines_of_table(rows)
    return [line for row in rows if (line := " | ".join(filter(None, (" ".join(cell.split()) for cell in row))))]


def parts_of_sheet(rows: Sequence[Sequence[str]]) -> tuple[list[str], list[Sequence[str]], list[str]]:
    """Return the lines above the table of a sheet (its title, its caption), the rows of the table, and the lines below."""
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    start = next((at for at, count in enumerate(filled) if count > 1), len(rows))
    end = max((at + 1 for at, count in enumerate(filled) if count > 1), default=start)
    above, below = ([" ".join(filter(None, row)) for row in part] for part in (rows[:start], rows[end:]))
    return above, list(rows[start:end]), below


def lines_of_table(rows: Sequence[Sequence[str]], *, heads: int | None = None, caption: str = "") -> list[str]:
    """Return the caption, if any, and a line for each row below the heads.

    `heads` is the number of rows that name the columns; None if it is to be seen from the rows. A merged cell stands in
    each place that it covers, or once with empty ones after it.
    """
    width = max(map(len, rows), default=0)
    grid = [[_clean(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    grid = [row for row in grid if any(row)]
    if not grid:
        return [caption] if caption else []
    count = head_rows(grid) if heads is None else min(heads, len(grid))
    names = _names(grid[:count], width)
    lines = [" ".join(caption.split())] if caption.strip() else []
    return lines + [line for row in _with_groups(grid[count:]) if (line := _line(names, row))]


def _with_groups(rows: Sequence[list[str]]) -> list[list[str]]:
    """Return the rows of a table in groups with the name of the group in each: it stands once, with empty cells under it.

    A group is told by words in the second cell too; a sum under all groups belongs to none.
    """
    found: list[list[str]] = []
    group = ""
    for row in rows:
        words = len(row) > 2 and bool(row[1]) and not FIGURES.fullmatch(row[1])
        if row[0] or not words or SUM.match(row[1]):
            group = row[0] if words else ""
            found.append(row)
        else:
            found.append([group, *row[1:]])
    return found


def head_rows(grid: Sequence[Sequence[str]]) -> int:
    """Return how many rows name the columns: two, if the first has cells over several columns; none without names."""
    first = grid[0]
    if len(grid) < LEAST_ROWS or all(FIGURES.fullmatch(cell) for cell in first if cell):
        return 0
    second = grid[1]
    spanned = any(not cell or cell == before for before, cell in itertools.pairwise(first[1:]))
    return 2 if len(grid) > LEAST_ROWS and spanned and second[0] in ("", first[0]) else 1


def _names(heads: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return the name of each column: the heads over it, from the top; an empty one is that to its left."""
    if not heads:
        return [""] * width
    upper = list(heads[0])
    if len(heads) > 1:
        for column in range(1, width):
            under = any(row[column] for row in heads[1:])
            upper[column] = upper[column] or (upper[column - 1] if under and column > 1 else "")
    columns = zip(upper, *heads[1:], strict=True)
    return [" ".join(dict.fromkeys(filter(None, column))).rstrip(":") for column in columns]


def _line(names: Sequence[str], row: Sequence[str]) -> str:
    pairs: list[str] = []
    for column, (name, cell) in enumerate(zip(names, row, strict=True)):
        merged = column > 0 and cell == row[column - 1] and not FIGURES.fullmatch(cell)
        if cell and not merged:
            pairs.append(f"{name}: {cell}" if name else cell)
    line = "; ".join(pairs)
    return line if not line or line[-1] in ".!?" or len(pairs) == 1 else f"{line}."


def _clean(cell: str) -> str:
    words = " ".join(cell.split()).replace(";", ",")
    return NOTE_MARK.sub(r" \1", words)
