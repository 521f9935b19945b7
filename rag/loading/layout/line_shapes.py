"""A line to its shape: what stays the same when it stands over, or under, another article of the same file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..metadata.bylines import BYLINE
from ..metadata.dates import DATE
from ..metadata.header_lines import header_line
from .blocks import Block
from .boilerplate import RULE

LONGEST = 160  # characters of a line of a frame, but of what stands under a label
MOST_WORDS = 14
LABEL = re.compile(r"(?P<label>[^\W\d_][^\n:.!?|]{0,38}?)\s?[:：](?=\s|$)\s*(?P<value>.*)", re.DOTALL)
COPYRIGHT = re.compile(r"©|\(c\)\s|copyright\b|\ball rights reserved", re.IGNORECASE)
CODE = re.compile(r"\b(?=[\w/-]*\d)(?=[\w/-]*[A-Z])[A-Z0-9][\w/-]{7,}\b|\b\d{8,}\b")
NUMBER = re.compile(r"\d+(?:[.,]\d{3})*")
DAY, HEADED, COPY, BY, RULED = "<day>", "<paper and day>", "<copyright>", "<by>", "<rule>"


@dataclass(frozen=True, slots=True)
class Shape:
    """`name` is equal for lines of one kind and empty for text; `label` and `value` are of a "label: value" line."""

    name: str
    label: str = ""
    value: str = ""
    number: int | None = None  # the first in the line
    code: str = ""


def shape_of(block: Block) -> Shape:
    """Return the shape of a line."""
    words = block.words.strip("*_ ")
    label = LABEL.match(words)
    if RULE.fullmatch(block.words):
        return Shape(RULED)
    if label and label["label"].count(" ") <= 3:
        number = NUMBER.search(label["value"])
        code = CODE.search(label["value"])
        return Shape(
            label["label"].casefold() + ":",
            label["label"].casefold(),
            " ".join(label["value"].split()),
            _number(number),
            code.group() if code else "",
        )
    if len(words) > LONGEST or block.count > MOST_WORDS or (block.paragraph and not COPYRIGHT.search(words)):
        return Shape("")
    if COPYRIGHT.search(words):
        return Shape(COPY)
    if BYLINE.match(words):
        return Shape(BY)
    if DATE.search(words):
        header = header_line(words)
        return Shape(HEADED if header and header.outlet and header.whole else DAY)
    number, code = NUMBER.search(words), CODE.search(words)
    name = NUMBER.sub("0", CODE.sub("<code>", words)).casefold()
    return Shape(name, number=_number(number), code=code.group() if code else "")


def _number(found: re.Match[str] | None) -> int | None:
    digits = re.sub(r"\D", "", found.group()) if found else ""
    return int(digits) if digits and digits.isascii() and len(digits) < 8 else None
