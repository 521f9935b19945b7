"""The characters of a page, by where they stand, to lines in the order in which people read them.

Nothing is taken from the order of drawing: programs draw row by row over two columns, word by word without spaces, or from the
wrong end of a line that is written from right to left.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Sequence

from .pdf_columns import in_columns
from .pdf_words import SMALL, Character, Piece, Row, right_to_left, words_of_piece

SAME_ROW = 0.3  # of the size of letters: as far may two baselines lie apart
CELL_GAP = 0.9  # sizes between two characters: another column, a cell of a table, or a wide space
LEADING = 1.45  # times the usual distance of lines, and a paragraph ends


def lines_of_page(characters: Sequence[Character]) -> list[str]:
    """Return the lines in reading order; an empty one where a paragraph surely ends."""
    rows = _rows(_once(characters))
    lines: list[str] = []
    before: Row | None = None
    leading = _leading(rows)
    for row in in_columns(rows):
        if before is not None and _apart(before, row, leading):
            lines.append("")
        if words := _rowwords_of_piece(row, rows):
            lines.append(words)
            before = row
    return lines


def _once(characters: Iterable[Character]) -> list[Character]:
    """Return the characters without those that are drawn twice at one place, to look bold."""
    seen: dict[tuple[str, int, int], Character] = {}
    kept: list[Character] = []
    for one in characters:
        if not one.text.strip():
            kept.append(one)
            continue
        step = max(0.4 * (one.right - one.left), 0.3)
        key = (one.text, round(one.left / step), round(one.y / step))
        if key not in seen:
            seen[key] = one
            kept.append(one)
    return kept


def _rows(characters: Sequence[Character]) -> list[Row]:
    """Return rows from top to bottom, each cut into pieces at its wide gaps."""
    bands: list[list[Character]] = []
    for one in sorted((one for one in characters if one.text.strip()), key=lambda one: -one.y):
        band = bands[-1] if bands else None
        if band and abs(band[0].y - one.y) <= SAME_ROW * min(
            max(band[0].size, one.size), 3 * min(band[0].size, one.size)
        ):
            band.append(one)
        else:
            bands.append([one])
    spaces = [one for one in characters if not one.text.strip()]
    rows = [Row(_pieces(band)) for band in _with_marks(bands)]
    _put_spaces(rows, spaces)
    return rows


def _with_marks(bands: list[list[Character]]) -> list[list[Character]]:
    """Return the bands with small characters that stand raised or lowered in the band that they belong to."""
    homes: list[list[Character]] = [[] for _ in bands]
    for at, band in enumerate(bands):
        near = [other for other in (at + 1, at - 1) if 0 <= other < len(bands)]
        for one in band:
            hosts = [other for other in near if any(_carries(host, one) for host in bands[other])]
            homes[hosts[0] if hosts else at].append(one)
    return [band for band in homes if band]


def _carries(host: Character, one: Character) -> bool:
    """Tell whether a small character stands raised or lowered right behind another one."""
    if one.size >= SMALL * host.size:
        return False
    higher = (one.y - host.y) / host.size
    return -0.6 < higher < 0.7 and -0.3 < (one.left - host.right) / host.size < 0.6


def _pieces(band: Iterable[Character]) -> list[Piece]:
    pieces: list[Piece] = []
    for one in sorted(band, key=lambda one: one.left):
        last = pieces[-1] if pieces else None
        if last and one.left - last.right <= CELL_GAP * max(last.size, one.size):
            last.characters.append(one)
            last.right = max(last.right, one.right)
        else:
            pieces.append(Piece([one], one.left, one.right, one.y, one.size))
    for piece in pieces:
        sizes = [one.size for one in piece.characters]
        piece.size = statistics.median_high(sizes)
        piece.y = statistics.median_low([one.y for one in piece.characters if one.size >= SMALL * piece.size])
    return pieces


def _put_spaces(rows: list[Row], spaces: list[Character]) -> None:
    """Put each space that is drawn into the piece in which it stands; between pieces it is none."""
    at = 0
    ordered = sorted(rows, key=lambda row: -row.y)
    for space in sorted(spaces, key=lambda one: -one.y):
        while at < len(ordered) and ordered[at].y > space.y + SAME_ROW * ordered[at].size:
            at += 1
        if at == len(ordered):
            return
        row = ordered[at]
        if abs(row.y - space.y) > SAME_ROW * row.size:
            continue
        for piece in row.pieces:
            if piece.left < space.left + 0.01 and space.left < piece.right:
                piece.characters.append(space)


def _leading(rows: list[Row]) -> float:
    """Return the usual distance of two lines, in sizes of letters."""
    steps = [
        (above.y - below.y) / max(above.size, 0.1)
        for above, below in itertools.pairwise(rows)
        if abs(above.size - below.size) < 0.1 * above.size
    ]
    near = [step for step in steps if 0.8 < step < 3]
    return statistics.median_low(near) if near else 1.3


def _apart(before: Row, row: Row, leading: float) -> bool:
    """Tell whether a paragraph surely ends between two rows: by the white between them, or another size of letters."""
    step = (before.y - row.y) / max(row.size, 0.1)
    if step < 0:  # the next column
        return False
    return step > LEADING * leading or abs(before.size - row.size) > 0.12 * max(before.size, row.size)


def _rowwords_of_piece(row: Row, rows: list[Row]) -> str:
    """Return the words of a row; cells of a table are parted by a bar."""
    pieces = sorted(row.pieces, key=lambda one: one.left, reverse=right_to_left([row]))
    words = [words for one in pieces if (words := words_of_piece(one))]
    if len(words) < 2:
        return "".join(words)
    return (" | " if _in_table(row, rows) else " ").join(words)


def _in_table(row: Row, rows: list[Row]) -> bool:
    """Tell whether another row near has its pieces at the same places."""
    starts = [one.left for one in row.pieces]
    ends = [one.right for one in row.pieces]
    near = [one for one in rows if one is not row and abs(one.y - row.y) < 6 * row.size and len(one.pieces) > 1]
    return any(
        sum(
            any(abs(piece.left - at) < 0.5 * row.size for at in starts)
            or any(abs(piece.right - at) < 0.5 * row.size for at in ends)
            for piece in other.pieces
        )
        > 1
        for other in near
    )
