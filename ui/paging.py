"""One page of a long list, and the way to the others → HTML. Pure, as render.py.

`data-leaf` turns to the page of that number; in the field `data-leaf-to` one is typed. Ten thousand rows at once would
hold a telephone up for seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Leaf(Generic[T]):
    """The rows of one page of a list. `number` counts from 1, up to `count`; an empty list has one page without rows."""

    rows: Sequence[T]
    number: int
    count: int


def leaf_of(rows: Sequence[T], *, number: int, most: int) -> Leaf[T]:
    """Return the page of this number, `most` rows a page; the nearest one there is, since rows may have gone."""
    count = max(1, -(-len(rows) // most))
    number = min(max(1, number), count)
    return Leaf(rows[(number - 1) * most : number * most], number, count)


def turning(leaf: Leaf[T], *, of: str) -> str:
    """Return the way to the other pages `of` what is listed; nothing where there is only one."""
    if leaf.count == 1:
        return ""
    before = _button(leaf.number - 1, "← Previous") if leaf.number > 1 else "<span></span>"
    after = _button(leaf.number + 1, "Next →") if leaf.number < leaf.count else "<span></span>"
    return (
        f'<div class="cd-pages" role="group" aria-label="Pages of {of}">{before}<label>Page '
        f'<input type="number" data-leaf-to min="1" max="{leaf.count}" value="{leaf.number}" inputmode="numeric"> '
        f"of {leaf.count:,}</label>{after}</div>"
    )


def _button(number: int, words: str) -> str:
    return f'<button type="button" class="cd-link" data-leaf="{number}">{words}</button>'
