"""What a line of plain text is: an item of a list, a heading, or the rest of the line above it."""

from __future__ import annotations

import re

LIST_MARK = re.compile(r"(?:[-*•‣–—▪·]|\d{1,3}[.)])(?:\s+|$)")

MARKDOWN_HEADING = re.compile(r"#{1,6}\s+\S")


# A row of a table, as readers write it: "Ticket: Monthly pass; Zone 1: 61.00; Zone 2: 74.00."; where the first column has
# no head, "Monthly pass; Zone 1: 61.00; Zone 2: 74.00."
_CELL = r"(?:(?![^\W\d_]{3,}[.!?][^\S\n])[^;\n]){1,200}?"  # no sentence ends in it
_PAIR = rf"[^:;\n]{{1,80}}: {_CELL}"
_FIRST = rf"(?:{_PAIR}|(?:(?![^\W\d_]{{3,}}[.!?][^\S\n])[^:;\n]){{1,80}}(?=; [^:;\n]{{1,80}}: [^;\n]{{1,200}}; ))"
TABLE_ROW = re.compile(rf"^{_FIRST}; (?:{_PAIR}; )*(?:{_PAIR}|(?<=; ){_CELL})\.$", re.MULTILINE)


def is_row(line: str) -> bool:
    """Tell whether the line is a row of a table."""
    return line.count(": ") > 1 and "; " in line and line.endswith(".") and TABLE_ROW.fullmatch(line) is not None


def goes_on(line: str, after: str, *, width: int) -> bool:
    """Tell whether a paragraph broken at this width goes on from a line to the one directly after it."""
    if is_row(line) or is_row(after):
        return False
    return len(line) >= 0.6 * width and not LIST_MARK.match(after) and not MARKDOWN_HEADING.match(after)


HOUR = re.compile(r"^\W*(\d{1,2})[:.h](\d{2})\b")  # over an entry of a live report

LEADING_MARK = re.compile(r"[-–—•*·:;,>]+\s+(?!\d)")  # of a list, or left over from the sentence before
