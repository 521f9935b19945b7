"""What a line of plain text is: an item of a list, a heading, or the rest of the line above it."""

from __future__ import annotations

import re

LIST_MARK = re.compile(r"(?:[-*•‣–—▪·]|\d{1,3}[.)])(?:\s+|$)")

MARKDOWN_HEADING = re.compile(r"#{1,6}\s+\S")


# A row of a table, as readers write it: "Ticket: Monthly pass; Zone 1: 61.00; Zone 2: 74.00."
TABLE_ROW = re.compile(r"^(?:[^:;\n]{1,80}: [^;\n]+; )+(?:[^:;\n]{1,80}: )?[^;\n]+\.$", re.MULTILINE)


def is_row(line: str) -> bool:
    """Tell whether the line is a row of a table."""
    return ": " in line and line.endswith(".") and TABLE_ROW.fullmatch(line) is not None


def goes_on(line: str, after: str, *, width: int) -> bool:
    """Tell whether a paragraph broken at this width goes on from a line to the one directly after it."""
    if is_row(line) or is_row(after):
        return False
    return len(line) >= 0.6 * width and not LIST_MARK.match(after) and not MARKDOWN_HEADING.match(after)


LEADING_MARK = re.compile(r"[-–—•*·:;,>]+\s+(?!\d)")  # of a list, or left over from the sentence before
