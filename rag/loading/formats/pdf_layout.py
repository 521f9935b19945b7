"""The characters of a page, by where they stand, to lines in the order in which people read them.

Nothing is taken from the order of drawing: programs draw row by row over two columns, word by word without spaces, or from the
wrong end of a line that is written from right to left.
"""

from __future__ import annotations

import bisect
import itertools
import statistics
from collections.abc import Iterable, Sequence

from .pdf_columns import gutters, in_columns
from .pdf_words import SMALL, Character, Piece, Row, right_to_left, words_of_piece

SAME_ROW = 0.3  # of the size of letters: as far may two baselines lie apart
CELL_GAP = 0.9  # sizes between two characters: another column, a cell of a table, or a wide space
FINE_GAP = 0.42  # sizes: the white between two columns is at least as wide
HEADLINE = 1.2  # times the usual size: lines of a headline belong together
INDENT = (0.7, 4.0)  # sizes by which the first line of a paragraph stands further in
EVEN = 1.3  # times the narrowest gap is the widest, in a line that is spaced out to both margins
BEHIND = (-0.3, 0.6)  # sizes: so near behind a character stands a mark
MOST_HOSTS = 50  # that are looked at: a spoiled page may have thousands of letters at one place
LEADING = 1.45  # times the usual distance of lines, and a paragraph ends


def lines_of_page(characters: Sequence[Character]) -> list[str]:
    """Return the lines in reading order. An empty one stands where a paragraph surely ends; a line that surely goes on in

    the next ends in a space.
    """
    rows = _rows(_once(characters))
    leading = _leading(rows)
    ordered = in_columns(rows)
    usual = statistics.median(row.size for row in rows) if rows else 0.0
    lines: list[str] = []
    for at, row in enumerate(ordered):
        words = _row_words(row, rows)
        if not words:
            continue
        if at + 1 == len(ordered):
            return [*lines, words]
        following = ordered[at + 1]
        after = ordered[at + 2] if at + 2 < len(ordered) else None
        lines.append(words)
        if _apart(row, following, leading) or _indented(row, following, after):
            lines.append("")
        elif row.size > HEADLINE * usual or (
            len(row.pieces) == len(following.pieces) == 1 and _same_column(row, following)
        ):
            ends = row.size <= HEADLINE * usual and not _is_full(row, following, ordered)
            lines[-1:] = [words, ""] if ends else [f"{words} "]
    return lines


def _same_column(row: Row, following: Row) -> bool:
    return following.y < row.y and abs(row.left - following.left) < 0.5 * row.size


def _is_full(row: Row, following: Row, rows: Sequence[Row]) -> bool:
    """Tell whether the first word of the next row would not have fitted into this one."""
    near = [
        one.right for one in rows if abs(one.left - row.left) < INDENT[1] * row.size and abs(one.size - row.size) < 1
    ]
    margin = max(one for one in near if one <= statistics.quantiles([*near, *near], n=20)[-1] + row.size)
    first = words_of_piece(following.pieces[0]).split(" ")[0]
    piece = following.pieces[0]
    word = (piece.right - piece.left) * len(first) / max(len(piece.characters), 1)
    return row.right + word + 0.2 * row.size > margin - 0.3 * row.size


def _once(characters: Iterable[Character]) -> list[Character]:
    """Return the characters without those that are drawn twice at about one place, to look bold.

    Two letters at exactly one place are one glyph for both, as in "office".
    """
    seen: set[tuple[str, int, int]] = set()
    kept: list[Character] = []
    for one in characters:
        step = max(0.4 * (one.right - one.left), 0.3)
        key = (one.text, round(one.left / step), round(one.y / step))
        same_glyph = bool(kept) and (kept[-1].left, kept[-1].y, kept[-1].right) == (one.left, one.y, one.right)
        if one.text.strip() and key in seen and not same_glyph:
            continue
        seen.add(key)
        kept.append(one)
    return kept


def _rows(characters: Sequence[Character]) -> list[Row]:
    """Return rows from top to bottom, each cut into pieces at its wide gaps and between columns."""
    bands: list[list[Character]] = []
    for one in sorted((one for one in characters if one.text.strip()), key=lambda one: -one.y):
        band = bands[-1] if bands else None
        if band and abs(band[0].y - one.y) <= SAME_ROW * min(
            max(band[0].size, one.size), 3 * min(band[0].size, one.size)
        ):
            band.append(one)
        else:
            bands.append([one])
    fine = [Row(_pieces(band)) for band in _with_marks(bands)]
    middles = gutters(fine)
    rows = [Row(_joined(row.pieces, middles)) for row in fine]
    _put_spaces(rows, [one for one in characters if not one.text.strip()])
    return rows


def _joined(pieces: Sequence[Piece], middles: Sequence[float]) -> list[Piece]:
    """Return the pieces of a row put together, but over wide gaps and the white between two columns."""
    joined: list[Piece] = []
    for one in pieces:
        last = joined[-1] if joined else None
        narrow = last is not None and one.left - last.right <= CELL_GAP * max(last.size, one.size)
        if last is None or not narrow or any(last.right <= at <= one.left for at in middles):
            joined.append(one)
        else:
            characters = last.characters + one.characters
            larger = max(last, one, key=lambda piece: len(piece.characters))
            joined[-1] = Piece(characters, last.left, max(last.right, one.right), larger.y, larger.size)
    return joined


def _with_marks(bands: list[list[Character]]) -> list[list[Character]]:
    """Return the bands with small characters that stand raised or lowered in the band that they belong to."""
    homes: list[list[Character]] = [[] for _ in bands]
    ends = [sorted(band, key=_end) for band in bands]
    largest = [max(one.size for one in band) for band in bands]
    for at, band in enumerate(bands):
        near = [other for other in (at + 1, at - 1) if 0 <= other < len(bands)]
        for one in band:
            hosts = [other for other in near if _is_carried(one, ends[other], largest[other])]
            homes[hosts[0] if hosts else at].append(one)
    return [band for band in homes if band]


def _is_carried(one: Character, band: Sequence[Character], largest: float) -> bool:
    """Tell whether a character of a band, which is sorted by where they end, has a small one raised or lowered behind it."""
    if one.size >= SMALL * largest:
        return False
    first = bisect.bisect_left(band, one.left - BEHIND[1] * largest, key=_end)
    last = bisect.bisect_right(band, one.left - BEHIND[0] * largest, key=_end)
    return any(_carries(host, one) for host in band[first : min(last, first + MOST_HOSTS)])


def _end(one: Character) -> float:
    return one.right


def _carries(host: Character, one: Character) -> bool:
    """Tell whether a small character stands raised or lowered right behind another one."""
    if one.size >= SMALL * host.size:
        return False
    higher = (one.y - host.y) / host.size
    return -0.6 < higher < 0.7 and BEHIND[0] < (one.left - host.right) / host.size < BEHIND[1]


def _pieces(band: Iterable[Character]) -> list[Piece]:
    pieces: list[Piece] = []
    for one in sorted(band, key=lambda one: one.left):
        last = pieces[-1] if pieces else None
        if last and one.left - last.right <= FINE_GAP * max(last.size, one.size):
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


def _indented(before: Row, row: Row, following: Row | None) -> bool:
    """Tell whether a paragraph begins with a row: it stands further in than those around it."""
    if following is None or not before.y > row.y > following.y:
        return False
    low, high = (row.left - at * row.size for at in INDENT)
    return high < before.left < low and high < following.left < low


def _row_words(row: Row, rows: list[Row]) -> str:
    """Return the words of a row; cells of a table are parted by a bar."""
    pieces = sorted(row.pieces, key=lambda one: one.left, reverse=right_to_left([row]))
    words = [words for one in pieces if (words := words_of_piece(one))]
    if len(words) < 2:
        return "".join(words)
    return (" | " if _in_table(row, rows) else " ").join(words)


def _in_table(row: Row, rows: list[Row]) -> bool:
    """Tell whether another row near has its pieces at the same places, and this is no line that is spaced out."""
    gaps = [after.left - one.right for one, after in itertools.pairwise(row.pieces)]
    if len(gaps) > 2 and max(gaps) < EVEN * min(gaps):
        return False
    near = [one for one in rows if one is not row and abs(one.y - row.y) < 6 * row.size]
    return any(len(one.pieces) == len(row.pieces) and _aligned(one, row) for one in near)


def _aligned(row: Row, other: Row) -> bool:
    """Tell whether each piece after the first begins, ends or has its middle where that of the other row does."""
    within = 0.4 * row.size
    pairs = list(zip(row.pieces, other.pieces, strict=True))[1:]
    return all(
        abs(one.left - two.left) < within
        or abs(one.left + one.right - two.left - two.right) < within
        or (abs(one.right - two.right) < within and len(one.characters) + len(two.characters) < 24)
        for one, two in pairs
    )
