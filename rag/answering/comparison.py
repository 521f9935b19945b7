"""Both sides of a comparison, a block of quotes each; what the articles do not say of one side is told."""

from __future__ import annotations

from collections.abc import Sequence

from ..language.stems import stem
from ..language.words import content_words
from ..retrieval.library import Ranked
from ..retrieval.units import Unit
from .asking import MOST_STATEMENTS, Asking, as_readings
from .covering import NOTHING, articles_for, pooled
from .parts import Composed
from .selection import best_units, reader_scores, stems_of

MOST_PER_SIDE = 4
OPENING = 2  # units in which an article tells what it is about


def comparison(asking: Asking) -> Composed | None:
    """What the articles say of each side, under its name."""
    sides = asking.read.sides
    found = articles_for(asking, several=True)
    known = {one.id for one in found}
    for side in sides:  # one article may tell of one side alone
        if not any(_is_on(side, one) or _of(side, unit.text) for one in found for unit in one.units):
            more = asking.library.ranked(f"{side} {asking.read.subject}")
            found += [one for one in more if one.id not in known and _is_on(side, one)][:1]
    if not found:
        return Composed(remark=NOTHING)
    blocks = {side: _block(side, found, sides) for side in sides}
    if len(blocks) < 2 or not any(blocks.values()):
        return pooled(asking, found)
    units = [unit for one in found for unit in one.units]
    scores = reader_scores(asking.question, units, asking.library, asking.models.reader)
    chosen: dict[Unit, str] = {}
    for side, mine in blocks.items():
        left = [unit for unit in mine if unit not in chosen]
        best = best_units(left, asking.library, most=MOST_PER_SIDE, subject=asking.question, scores=scores)
        chosen |= dict.fromkeys(sorted(best, key=lambda unit: (unit.article_id, unit.place)), side)
    rest = [unit for one in found for unit in one.units if unit not in chosen]
    left_over = MOST_STATEMENTS - len(chosen)
    for unit in best_units(rest, asking.library, most=left_over, subject=asking.question, scores=scores):
        chosen[unit] = ""
    missing = [side for side, mine in blocks.items() if not mine]
    remark = f"The articles that were found do not mention: {', '.join(missing)}." if missing else ""
    drafts = tuple(unit.draft(label=side) for unit, side in chosen.items())
    return Composed(drafts, as_readings(chosen), remark=remark, whole=not missing)


def _block(side: str, found: Sequence[Ranked], sides: Sequence[str]) -> list[Unit]:
    """Return what is of a side: all of an article on it alone, and elsewhere the units that name it and no other."""
    units: list[Unit] = []
    for one in found:
        others = [other for other in sides if other != side]
        if _is_on(side, one) and not any(_is_on(other, one) for other in others):
            units += one.units
        else:
            units += [unit for unit in one.units if _of(side, unit.text)]
    return units


def _is_on(side: str, one: Ranked) -> bool:
    """Whether an article opens with a side; of a year, whether it appeared in it."""
    if side.isdecimal() and one.listed.published:
        return one.listed.published.year == int(side)
    return _of(side, " ".join([one.listed.title, *(unit.text for unit in one.units[:OPENING])]))


def _of(side: str, text: str) -> bool:
    words = {stem(word) for word in content_words(side)}
    return bool(words) and len(words & stems_of(text)) * 2 > len(words)
