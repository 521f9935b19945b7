"""A line to its shape: what stays the same when it stands over, or under, another article of the same file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..metadata.bylines import BYLINE
from ..metadata.dates import DATE, is_date_line
from ..metadata.header_lines import NAME_OF_PAPER as PAPER_NAME
from ..metadata.header_lines import header_line, is_paper
from .blocks import Block
from .boilerplate import RULE

LONGEST = 160  # characters of a line of a frame, but of what stands under a label
MOST_WORDS = 14
LABEL = re.compile(r"(?P<label>[^\W\d_][^\n:.!?|]{0,38}?)\s?[:：](?=\s|$)\s*(?P<value>.*)", re.DOTALL)
COPYRIGHT = re.compile(r"©|\(c\)\s|copyright\b|\ball rights reserved", re.IGNORECASE)
CODE = re.compile(r"\b(?=[\w/-]{0,60}\d)(?=[\w/-]{0,60}[A-Z])[A-Z0-9][\w/-]{7,}\b|\b\d{8,}\b")
NUMBER = re.compile(r"\d+(?:[.,]\d{3})*")
DAY, HEADED, PAPER, COPY, BY, RULED = "<day>", "<paper and day>", "<paper>", "<copyright>", "<by>", "<rule>"
CODED = re.compile(r"(?P<label>[A-Z]{2,3})(?:\s+(?P<value>\S.*))?", re.DOTALL)  # "HD Title": letters for a label
LEAST_CODES = 4


@dataclass(frozen=True, slots=True)
class Shape:
    """`name` is equal for lines of one kind and empty for text; `label` and `value` are of a "label: value" line."""

    name: str
    label: str = ""
    value: str = ""
    number: int | None = None  # the first in the line
    code: str = ""


def shapes_of(blocks: Sequence[Block]) -> tuple[Shape, ...]:
    """Return the shapes of the lines of a text: each by itself, then what those around it make of it."""
    codes = _codes(blocks)
    shapes = [_coded(block, codes) or shape_of(block) for block in blocks]
    plain = [i for i, shape in enumerate(shapes) if shape.name == DAY and is_date_line(blocks[i].words.strip("*_ "))]
    for step in (-1, 1):
        beside = [index for index in plain if 0 <= index + step < len(blocks)]
        known = [index for index in beside if is_paper(blocks[index + step].words.strip("*_ "))]
        if len(known) > 1 and 2 * len(known) >= len(
            beside
        ):  # then the line is the paper's also where it has another name
            for index in beside:
                if blocks[index + step].count <= 6 and PAPER_NAME.fullmatch(blocks[index + step].words.strip("*_ ")):
                    shapes[index], shapes[index + step] = Shape(HEADED), Shape(PAPER)
            break
    headed = sum(shape.name == HEADED for shape in shapes)
    for index, shape in enumerate(shapes):
        if shape.name == DAY and 4 * headed >= sum(one.name == DAY for one in shapes):
            header = header_line(blocks[index].words)
            shapes[index] = Shape(HEADED) if header and header.names and header.whole else shape
    return tuple(shapes)


def _codes(blocks: Sequence[Block]) -> frozenset[str]:
    """Return the capitals that stand for labels: several, each on lines of its own about as often as the others."""
    found = Counter(coded["label"] for block in blocks if (coded := CODED.match(block.words)))
    often = Counter(count for count in found.values() if count > 1)
    if not often:
        return frozenset()
    usual = max(often, key=lambda count: (often[count], count))
    codes = frozenset(label for label, count in found.items() if 0.5 * usual <= count <= 1.2 * usual)
    return codes if often[usual] >= LEAST_CODES else frozenset()


def _coded(block: Block, codes: frozenset[str]) -> Shape | None:
    coded = CODED.fullmatch(block.words)
    if not coded or coded["label"] not in codes:
        return None
    label, value = coded["label"].casefold(), " ".join((coded["value"] or "").split())
    code = CODE.search(value)
    return Shape(label + ":", label, value, _number(NUMBER.search(value)), code.group() if code else "")


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
    digits = "".join(filter(str.isdigit, found.group())) if found else ""
    return int(digits) if digits and digits.isascii() and len(digits) < 8 else None
