"""A text as a row of blocks: lines, or paragraphs where the file breaks its lines at a fixed width."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...language.lines import LIST_MARK, goes_on

EDGE = 2_500  # blocks
LONGEST_LABEL = 300  # characters; a longer block is never a label, so its wording is not looked at
WORD = re.compile(r"\w+(?:['’]\w+)*")
FINAL = tuple(".!?…;,:")
CLOSERS = "\"'”’»)]*_"
FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(?:[^\n]{0,1000}\n){0,80}?(?:---|\.\.\.)[ \t]*(?:\n|$)")
LINK_TARGET = re.compile(r"\]\([^()\s]*\)")
PLAIN = str.maketrans({"’": "'", "[": None, "]": None, "*": None})
MARGIN = re.compile(r"^[^\w©@]+|[^\w)]+$")


@dataclass(frozen=True, slots=True)
class Block:
    """`text[start:end]` without the white space around it. `after_blank`: an empty line or the text's start precedes."""

    start: int
    end: int
    words: str
    after_blank: bool

    @property
    def count(self) -> int:
        """The number of words, told roughly."""
        return self.words.count(" ") + 1

    @property
    def plain(self) -> str:
        """The wording alone: small letters, straight apostrophes, no marks at either end; empty for a long block."""
        if len(self.words) > LONGEST_LABEL:
            return ""
        words = LINK_TARGET.sub("", self.words).translate(PLAIN) if "](" in self.words else self.words.replace("’", "'")
        return MARGIN.sub("", " ".join(words.casefold().split()))

    @property
    def item(self) -> bool:
        """Begins with the mark of a list."""
        return LIST_MARK.match(self.words) is not None

    @property
    def bare(self) -> bool:
        """A mark, a number or a rule, with no word."""
        return len(self.words) <= 40 and not any(character.isalpha() for character in self.words)

    @property
    def ending(self) -> str:
        """The last character that is no closing quote or bracket; empty if there is none."""
        return self.words[-8:].rstrip(CLOSERS)[-1:]

    @property
    def short(self) -> bool:
        """Could be a title or a label: few words, not ended as a sentence is."""
        return len(self.words) <= 160 and self.count <= 20 and (self.ending not in FINAL or self.ending in "?:…!")

    @property
    def paragraph(self) -> bool:
        """Reads as running text: ended as a sentence is, or too long for a title."""
        return (self.count >= 6 and self.ending in ".!?…") or self.count > 25


def split_blocks(text: str) -> list[Block]:
    """Return the blocks in order. Every character that is not white space lies in exactly one."""
    lines = list(_lines(text))
    top = front_matter_end(text)
    width = _width(lines, top)
    if width is None:
        return lines
    paragraphs: list[list[Block]] = []
    for line in lines:
        begins = not paragraphs or line.after_blank or line.start < top
        if begins or not goes_on(paragraphs[-1][-1].words, line.words, width=width):
            paragraphs.append([line])
        else:
            paragraphs[-1].append(line)
    return [_joined(paragraph) for paragraph in paragraphs]


def single_lines(text: str) -> list[Block]:
    """Return each line as a block, also where the file breaks its lines at a fixed width."""
    return list(_lines(text))


def line_width(text: str) -> int | None:
    """Return the width at which the lines of a text were broken; None if they were not."""
    return _width(_lines(text), front_matter_end(text))


def edges(blocks: Sequence[Block]) -> list[Block]:
    """Return the first and the last EDGE blocks. A text with more is a book or a table: its middle has no furniture."""
    return list(blocks) if len(blocks) <= 2 * EDGE else [*blocks[:EDGE], *blocks[-EDGE:]]


def front_matter_end(text: str) -> int:
    """Return where the front matter of a Markdown file ends; 0 if there is none."""
    found = FRONT_MATTER.match(text)
    return found.end() if found and ":" in found.group() else 0


def _joined(lines: list[Block]) -> Block:
    words = " ".join(line.words for line in lines)
    return Block(lines[0].start, lines[-1].end, words, lines[0].after_blank)


def _lines(text: str) -> Iterator[Block]:
    start, after_blank = 0, True
    for line in text.split("\n"):
        words = line.strip()
        if words:
            begin = start + len(line) - len(line.lstrip())
            yield Block(begin, begin + len(words), words, after_blank)
        after_blank = not words
        start += len(line) + 1


def _width(lines: Iterable[Block], top: int) -> int | None:
    """Return the width of lines from `top` on; None unless nearly all that another follows directly are as wide."""
    below = (line for line in lines if line.start >= top)
    followed = sorted(len(line.words) for line, after in itertools.pairwise(below) if not after.after_blank)
    if len(followed) < 4:
        return None
    width = followed[-1 - len(followed) // 50]
    wide = sum(length >= 0.75 * width for length in followed)
    return width if 45 <= width <= 100 and wide >= 0.8 * len(followed) else None
