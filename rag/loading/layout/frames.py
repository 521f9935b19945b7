"""Several articles in one text: the frame that repeats around each, learnt from the text itself.

The frame is learnt from the text (frame_pattern.py). What stands before the text in the first article is above it in
all, and what follows it in the last is below.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from .blocks import Block, line_width, single_lines, split_blocks
from .frame_pattern import LEAST_WORDS, SHARE, Pattern, doubt_about, may_be_title, pattern_of, words_between
from .line_shapes import RULED, Shape, shapes_of

MOST_TITLE_LINES = 2
TITLE_LABEL = re.compile(
    r"(?:article |document )?title|headline|subject|titel|titre|título|schlagzeile|betreff|tytuł|заголовок|hd"
)


@dataclass(frozen=True, slots=True)
class Framed:
    """One article of a text: `blocks[start:end]`, of which `head` and `tail` are the numbers of lines of its frame.

    `title` is the line with the label of a headline, None if there is none; `unnamed` are lines above the text of which no
    mark says what they are: headline, paper, section.
    """

    start: int
    end: int
    head: tuple[int, ...]
    tail: tuple[int, ...]
    title: int | None
    unnamed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a text. Without articles, `doubt` says why it may hold several all the same; empty if not.

    `labels` are those of lines of the frame.
    """

    blocks: tuple[Block, ...]
    shapes: tuple[Shape, ...]
    articles: tuple[Framed, ...] = ()
    doubt: str = ""
    labels: frozenset[str] = frozenset()


def frames_of(text: str) -> Found:
    """Return the articles that frames part a text into; none if it is one article."""
    found = _found(split_blocks(text))
    # A headline and the lines under it may be as long as each other, and look like a paragraph broken at a width.
    return found if found.articles or line_width(text) is None else _found(single_lines(text), doubt=found.doubt)


def _found(blocks: Sequence[Block], *, doubt: str = "") -> Found:
    shapes = shapes_of(blocks)
    pattern = pattern_of(blocks, shapes)
    articles = _cut(pattern, blocks, shapes) if pattern else ()
    if not pattern or not articles:
        return Found(tuple(blocks), shapes, doubt=doubt or doubt_about(blocks, shapes))
    labels = frozenset(name.removesuffix(":") for name in pattern.places if name.endswith(":"))
    return Found(tuple(blocks), shapes, articles, labels=labels)


def _cut(pattern: Pattern, blocks: Sequence[Block], shapes: Sequence[Shape]) -> tuple[Framed, ...]:
    """Return the articles: where each begins and ends is learnt from the order of the frame's lines in the file."""
    at = pattern.places[pattern.anchor]
    order = _order(pattern, at, blocks, shapes)
    if order is None:
        return ()
    tails, heads = order
    titles_first = _title_stands_before(pattern, tails, heads, blocks, shapes)
    starts = _starts(pattern, tails, heads, titles_first, blocks, shapes)
    if len(starts) < 2:
        return ()
    return tuple(
        _framed(start, end, heads, tails, blocks, shapes) for start, end in itertools.pairwise([*starts, len(blocks)])
    )


def _order(
    pattern: Pattern, at: Sequence[int], blocks: Sequence[Block], shapes: Sequence[Shape]
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the shapes below the text and those above it, each in order."""
    slots: dict[tuple[str, str], list[int]] = defaultdict(list)
    orders: dict[tuple[str, ...], int] = defaultdict(int)
    for first, last in itertools.pairwise(at):
        inside = [first]
        seen = {pattern.anchor}
        for index in range(first + 1, last):
            if shapes[index].name in pattern.places and shapes[index].name not in seen:
                seen.add(shapes[index].name)
                inside.append(index)
        orders[tuple(shapes[index].name for index in inside)] += 1
        for one, other in itertools.pairwise([*inside, last]):
            slots[shapes[one].name, shapes[other].name].append(words_between(blocks, shapes, one + 1, other))
    cycle = max(orders, key=lambda one: orders[one])
    pairs = list(zip(cycle, (*cycle[1:], cycle[0]), strict=True))
    above, _ = max(pairs, key=lambda pair: median(slots.get(pair) or [0]))
    turn = cycle.index(above) + 1
    below_first = (*cycle[turn:], *cycle[:turn])  # from what follows the text, round to what precedes it
    first_text = next((index for index, shape in enumerate(shapes) if shape.name == above), 0)
    before = words_between(blocks, shapes, 0, min(pattern.places[name][0] for name in cycle))
    after = words_between(blocks, shapes, pattern.places[above][-1] + 1, len(blocks))
    usual = median(slots[above, below_first[0]])
    if after < 0.3 * usual and before >= min(0.3 * usual, LEAST_WORDS):
        return below_first, ()
    heads = list(below_first)
    tails: list[str] = []
    while len(heads) > 1 and pattern.places[heads[0]][0] > first_text:
        tails.append(heads.pop(0))
    return tuple(tails), tuple(heads)


def _title_stands_before(
    pattern: Pattern,
    tails: Sequence[str],
    heads: Sequence[str],
    blocks: Sequence[Block],
    shapes: Sequence[Shape],
) -> bool:
    """Tell whether the headline is the line above the frame's first one."""
    if not heads:
        return True
    if any(word in heads[0] for word in ("title:", "headline:", "subject:", "from:")) or heads[0] in (RULED,):
        return False
    first = pattern.places[heads[0]]
    first = first[-len(pattern.places[pattern.anchor]) :]
    return sum(
        index > 0 and may_be_title(blocks[index - 1], shapes[index - 1], shapes) for index in first
    ) >= SHARE * len(first)


def _starts(
    pattern: Pattern,
    tails: Sequence[str],
    heads: Sequence[str],
    titles_first: bool,
    blocks: Sequence[Block],
    shapes: Sequence[Shape],
) -> list[int]:
    """Return the line at which each article begins."""
    if not heads:
        ends = pattern.places[tails[-1]]
        return [0, *(index + 1 for index in ends[:-1])]
    firsts = _first_of_each(pattern, heads, shapes)
    if tails:
        borders = [
            max((i + 1 for i in range(before, index) if shapes[i].name in tails), default=index)
            for before, index in itertools.pairwise(firsts)
        ]
        above = int(median(index - border for index, border in zip(firsts[1:], borders, strict=True)) if borders else 0)
        return [max(0, firsts[0] - above), *borders]
    return [_with_title(index, blocks, shapes) if titles_first else index for index in firsts]


def _with_title(index: int, blocks: Sequence[Block], shapes: Sequence[Shape]) -> int:
    """Return where the headline begins that stands above a line; it may run over two lines."""
    start = index
    while start > 0 and index - start < MOST_TITLE_LINES and may_be_title(blocks[start - 1], shapes[start - 1], shapes):
        if start < index and (blocks[start].after_blank or len(blocks[start - 1].words) <= 30):
            break
        start -= 1
    return start


def _first_of_each(pattern: Pattern, heads: Sequence[str], shapes: Sequence[Shape]) -> list[int]:
    """Return, for each article, its first line that is of the frame above the text.

    Lines of the cover before the first whole frame are no article: the last of a shape before the next one counts.
    """
    above = heads[-1]
    found: list[int] = []
    begin = 0
    anchors = [index for index, shape in enumerate(shapes) if shape.name == above]
    if len(anchors) > 1.5 * len(pattern.places[pattern.anchor]):  # a shape that the text has as well
        return pattern.places[heads[0]]
    for index in anchors:
        lines = {shapes[i].name: i for i in range(begin, index + 1) if shapes[i].name in heads}
        chosen = index
        for name in reversed(heads[:-1]):
            earlier = [i for i in range(begin, chosen) if shapes[i].name == name]
            chosen = earlier[-1] if earlier and chosen - earlier[-1] <= 12 else chosen
        if lines:
            found.append(chosen)
        begin = index + 1
    return found


def _framed(
    start: int,
    end: int,
    heads: Sequence[str],
    tails: Sequence[str],
    blocks: Sequence[Block],
    shapes: Sequence[Shape],
) -> Framed:
    upper = max(
        (i for i in range(start, end) if shapes[i].name in heads and _early(i, start, end, shapes, heads)),
        default=start - 1,
    )
    lower = next((i for i in range(upper + 1, end) if shapes[i].name in tails and _late(i, end, blocks, shapes)), end)
    head = [i for i in range(start, upper + 1) if not _is_text(blocks[i], shapes[i])]
    tail = [i for i in range(lower, end) if not _is_text(blocks[i], shapes[i])]
    title = next((i for i in head if TITLE_LABEL.fullmatch(shapes[i].label)), None)
    text = next((i for i in range(upper + 1, lower) if blocks[i].paragraph), lower)
    unnamed = tuple(
        i
        for i in range(start, min(upper + 1 + MOST_TITLE_LINES, lower, max(text, upper + 2)))
        if may_be_title(blocks[i], shapes[i], ()) and not shapes[i].label and not _is_counter(shapes[i])
    )
    return Framed(start, end, tuple(head), tuple(tail), title, unnamed)


def _early(index: int, start: int, end: int, shapes: Sequence[Shape], heads: Sequence[str]) -> bool:
    """Tell whether it is the first line of its shape in the article."""
    return all(shapes[i].name != shapes[index].name for i in range(start, index))


def _late(index: int, end: int, blocks: Sequence[Block], shapes: Sequence[Shape]) -> bool:
    """Tell whether hardly any text follows in the article."""
    return words_between(blocks, shapes, index + 1, end) <= 60


def _is_text(block: Block, shape: Shape) -> bool:
    return block.paragraph and (not shape.name or (shape.value.count(" ") > 11 and block.ending in ".!?"))


def _is_counter(shape: Shape) -> bool:
    return (
        shape.number is not None
        and len(shape.name) < 30
        and ("0 of 0" in shape.name or shape.name.startswith("document"))
    )
