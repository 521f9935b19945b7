"""What repeats around each article of a file, learnt from the file itself.

No program is known by name. A line has a shape (line_shapes.py); shapes that alternate with each other, once in each
stretch with running text, are a frame if they tell what frames tell: a count, a length that is true, a day, a code,
whose rights it is.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..metadata.dates import DATE
from .blocks import Block
from .line_shapes import BY, COPY, DAY, HEADED, PAPER, RULED, Shape

SHARE = 0.8  # of the articles must have a line of the frame
MOST_ANCHORS = 40
LEAST_POINTS = 5
LEAST_WORDS = 12  # of running text in an article
TRUE_LENGTH = (0.6, 1.6)  # a length told is of the text as its paper counted it
PUBLISHING = (
    "title",
    "headline",
    "author",
    "byline",
    "publication",
    "source",
    "outlet",
    "subject",
    "from",
    "full text",
    "autor",
    "auteur",
    "quelle",
    "zeitung",
    "journal",
    "titel",
    "titre",
    "título",
    "fuente",
)


@dataclass(frozen=True, slots=True)
class Pattern:
    anchor: str
    places: dict[str, list[int]]  # of each shape that goes along, the line in each article
    points: float
    strong: bool


def pattern_of(blocks: Sequence[Block], shapes: Sequence[Shape]) -> Pattern | None:
    """Return the frame of a text; None if nothing in it surely is one."""
    repeated = _repeated(shapes)
    anchors = sorted((name for name in repeated if name != BY), key=lambda name: -len(repeated[name]))[:MOST_ANCHORS]
    patterns = [one for name in anchors if (one := _pattern(name, repeated, blocks, shapes))]
    best = max(patterns, key=lambda one: (one.points, len(one.places[one.anchor])), default=None)
    return best if best and best.strong and best.points >= LEAST_POINTS else None


def _repeated(shapes: Sequence[Shape]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for index, shape in enumerate(shapes):
        if shape.name:
            places[shape.name].append(index)
    return {name: at for name, at in places.items() if len(at) > 1}


def _pattern(
    anchor: str, places: Mapping[str, list[int]], blocks: Sequence[Block], shapes: Sequence[Shape]
) -> Pattern | None:
    """Return the shapes that go along with the anchor, and how surely they are a frame; None if no text is between."""
    at = places[anchor]
    gaps = list(itertools.pairwise(at))
    texts = [words_between(blocks, shapes, first, last) for first, last in gaps]
    if sum(words >= LEAST_WORDS for words in texts) < SHARE * len(gaps):
        return None
    along = {anchor: at}
    for name, other in places.items():
        if name == anchor or not SHARE * len(at) <= len(other) <= 3 * len(at) + 2:
            continue
        once = [[index for index in other if first < index < last] for first, last in gaps]
        if sum(len(one) == 1 or (name in (DAY, COPY, RULED) and 1 <= len(one) <= 3) for one in once) >= SHARE * len(
            gaps
        ):
            along[name] = other
    points, strong = 0.0, False
    for told in (_tells(name, along[name], blocks, shapes, texts) for name in along):
        points += told[0]
        strong = strong or told[1]
    days = sum(any(_dated(blocks[i], shapes[i]) for i in range(*gap)) for gap in gaps)
    if days < SHARE * len(gaps):
        points -= 2
    return Pattern(anchor, along, points, strong)


def _dated(block: Block, shape: Shape) -> bool:
    return shape.name in (DAY, HEADED) or (bool(shape.label) and DATE.search(shape.value[:80]) is not None)


def _tells(
    name: str, at: Sequence[int], blocks: Sequence[Block], shapes: Sequence[Shape], texts: Sequence[int]
) -> tuple[float, bool]:
    """Return how much a shape tells of a frame, and whether it alone is hardly found elsewhere."""
    numbers = [shapes[index].number for index in at]
    codes = [shapes[index].code for index in at]
    if name == COPY:
        return 2, True
    if name == HEADED:
        above = [index - 1 - (index > 0 and shapes[index - 1].name == PAPER) for index in at]
        titled = sum(index >= 0 and may_be_title(blocks[index], shapes[index], shapes) for index in above)
        return (5 if titled >= SHARE * len(at) else 3), True
    if name in (DAY, BY):
        return (2, False) if name == DAY else (1, False)
    if all(number is not None for number in numbers):
        counted = [number for number in numbers if number is not None]
        if counted == list(range(counted[0], counted[0] + len(counted))) and counted[0] in (0, 1):
            return 3, not shapes[at[0]].label
        about = min(len(counted), len(texts))
        true = max(
            sum(TRUE_LENGTH[0] * words <= number <= TRUE_LENGTH[1] * words for number, words in zip(counted[skip:], texts, strict=False))
            for skip in (0, 1)
        )  # fmt: skip
        if len(set(counted)) > 1 and true >= SHARE * about:
            return 3, True
    if all(codes) and len(set(codes)) == len(codes):
        return 2, True
    if shapes[at[0]].label:
        publishing = any(word in shapes[at[0]].label for word in PUBLISHING)
        dated = all(_dated(blocks[index], shapes[index]) for index in at)
        return (1.5, True) if publishing else (1.25 if dated else 0.75, False)
    return 1, False


def words_between(blocks: Sequence[Block], shapes: Sequence[Shape], first: int, last: int) -> int:
    """Return how many words of running text stand between two lines."""
    return sum(
        blocks[index].count
        for index in range(first, last)
        if not shapes[index].name or (blocks[index].paragraph and len(shapes[index].value) > 80)
    )


def may_be_title(block: Block, shape: Shape, shapes: Sequence[Shape]) -> bool:
    repeated = sum(other.name == shape.name for other in shapes) > 2 and bool(shape.name)
    marked = shape.name in (DAY, HEADED, PAPER, COPY, BY, RULED) or (bool(shape.label) and not shape.value)
    return not repeated and not marked and not block.paragraph and not block.bare and block.count <= 40


def doubt_about(blocks: Sequence[Block], shapes: Sequence[Shape]) -> str:
    """Return what looks like a frame that was not understood; empty if nothing does."""
    for name, at in _repeated(shapes).items():
        numbers = [shapes[index].number for index in at]
        counted = numbers == list(range(1, len(numbers) + 1)) and len(numbers) > 1 and "of 0" in name
        apart = sum(words_between(blocks, shapes, *gap) >= LEAST_WORDS for gap in itertools.pairwise(at))
        if apart and (counted or (name == COPY and apart > 1) or (name.startswith("document <code>"))):
            return f"{blocks[at[0]].words[:60]!r} stands in it {len(at)} times, with other text between"
    return ""
