"""The characters of one row of a page to its words: spaces by gaps, raised marks apart, figures in lines from right to left."""

from __future__ import annotations

import itertools
import statistics
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .note_marks import CLOSE, OPEN, raised, with_marks_apart

SMALL = 0.8  # of the size of its line: a raised character that is smaller is a mark
RAISED = 0.12  # of the size of its line: so much higher stands a mark
WORD_GAP = 0.13  # sizes between words that are placed one by one, without spaces
WORD_GAP_BESIDE_SPACES = 0.3
BRACKETS = str.maketrans("()[]{}«»", ")(][}{»«")


@dataclass(frozen=True, slots=True)
class Character:
    """One letter: where it begins and ends on its baseline `y`, and how large it is. In points, upwards."""

    text: str
    left: float
    right: float
    y: float
    size: float


@dataclass(slots=True)
class Piece:
    """Characters of one row without a wide gap between them."""

    characters: list[Character]
    left: float
    right: float
    y: float
    size: float


@dataclass(slots=True)
class Row:
    """What stands on one baseline."""

    pieces: list[Piece] = field(default_factory=list)

    @property
    def left(self) -> float:
        return min(one.left for one in self.pieces)

    @property
    def right(self) -> float:
        return max(one.right for one in self.pieces)

    @property
    def y(self) -> float:
        return max(self.pieces, key=lambda one: len(one.characters)).y

    @property
    def size(self) -> float:
        return max(self.pieces, key=lambda one: len(one.characters)).size


def words_of_piece(piece: Piece) -> str:
    """Return the words of a piece: spaces where they are drawn, or where the gap between two letters is one."""
    characters = sorted(piece.characters, key=lambda one: one.left)
    visible = [one for one in characters if one.text.strip()]
    if not visible:
        return ""
    spaced = len(visible) < len(characters)
    gaps = [max(0.0, b.left - a.right) / piece.size for a, b in itertools.pairwise(visible)]
    usual = statistics.median(gaps) if len(gaps) > 3 else 0.0
    least = (WORD_GAP_BESIDE_SPACES if spaced else WORD_GAP) + usual
    tokens: list[str] = []
    last: Character | None = None
    for one in characters:
        if not one.text.strip():
            tokens.append(" ")
            continue
        mark = one.size < SMALL * piece.size and one.y - piece.y > RAISED * piece.size
        wide = last is not None and one.left - last.right > least * piece.size
        # Behind the mark of a note begins another word, and nobody draws a space of its size.
        if tokens and tokens[-1] != " " and (wide or (tokens[-1].startswith(OPEN) and not mark and one.text.isalnum())):
            tokens.append(" ")
        if unicodedata.combining(one.text[0]) and tokens and tokens[-1] != " ":
            tokens[-1] += one.text
        else:
            tokens.append(f"{raised(one.text)}" if mark else one.text)
        last = one
    if _isright_to_left(visible):
        tokens = _logical(tokens)
    return " ".join(_together("".join(tokens)).split())


def _together(words: str) -> str:
    """Join marks of several characters, each raised by itself, and set them apart."""
    return with_marks_apart(words.replace(CLOSE + OPEN, ""))


def right_to_left(rows: Iterable[Row]) -> bool:
    return _isright_to_left([one for row in rows for piece in row.pieces for one in piece.characters])


def _isright_to_left(characters: Sequence[Character]) -> bool:
    kinds = [unicodedata.bidirectional(one.text[0]) for one in characters if one.text]
    return sum(kind in ("R", "AL") for kind in kinds) > sum(kind == "L" for kind in kinds)


def _logical(tokens: list[str]) -> list[str]:
    """Return the characters of a line as they are read, given as they stand from left to right.

    Figures and words of Latin letters stand in it from left to right.
    """
    kinds = [unicodedata.bidirectional(one[0]) for one in tokens]
    ordered: list[str] = []
    at = len(tokens)
    while at > 0:
        end = at
        if kinds[at - 1] in ("L", "EN", "AN"):
            while at > 0 and (kinds[at - 1] in ("L", "EN", "AN") or _between_figures(kinds, at - 1, end)):
                at -= 1
            ordered += tokens[at:end]
        else:
            at -= 1
            ordered.append(tokens[at])
    words = "".join(ordered)
    opening, closing = words.find("("), words.find(")")
    if closing >= 0 and (opening < 0 or closing < opening):  # as they look, not as they are written
        ordered = [one.translate(BRACKETS) for one in ordered]
    return ordered


def _between_figures(kinds: list[str], at: int, end: int) -> bool:
    """Tell whether a sign stands inside a number, or between two words that are read from left to right."""
    inside = 0 < at < end - 1 and kinds[at - 1] in ("L", "EN", "AN") and kinds[at + 1] in ("L", "EN", "AN")
    return inside and kinds[at] in ("CS", "ES", "ET", "WS", "ON")
