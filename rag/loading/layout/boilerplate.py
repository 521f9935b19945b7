"""Which blocks belong to the site by their own wording, or by the company they keep."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...language.lines import MARKDOWN_HEADING
from ...schema import SectionKind
from . import site_phrases
from .blocks import LONGEST_LABEL, Block

MENU_RUN = 3  # so many entries of at most MENU_WORDS words, half of them words of menus, are a menu
MENU_WORDS = 3
TOP_BLOCKS = 20
FINISHED_WORDS = 5
CRUMBS = re.compile(r"\S.{0,40}?\s[»>›]\s.{1,120}")
RULE = re.compile(r"[-–—*_=~#•·.\s]{3,}")
# Speaks to the visitor, states rights, or speaks of the text itself. "US" is a country.
OF_THE_SITE = re.compile(
    r"\b(?:you|yours?|we|ours?|(?-i:us)|copyright|rights reserved|cookies?|this (?:article|story|column|piece|post|page))\b"
    r"|©|\(c\)",
    re.IGNORECASE,
)


def mark(blocks: Sequence[Block], kinds: list[SectionKind | None]) -> None:
    """Set the kind of blocks that are still without one and are furniture."""
    for index, block in enumerate(blocks):
        if (
            kinds[index] is None
            and len(block.words) <= LONGEST_LABEL
            and _is_furniture(block, at_top=index < TOP_BLOCKS)
        ):
            kinds[index] = "furniture"
    _mark_menus(blocks, kinds)
    mark_company(blocks, kinds)


def mark_company(blocks: Sequence[Block], kinds: list[SectionKind | None]) -> None:
    """Mark words of menus that stand beside furniture, in company of each other, or with nothing under them."""
    start = 0
    while start < len(blocks):
        end = start
        weak: list[int] = []
        while end < len(blocks) and (
            kinds[end] == "furniture" or blocks[end].bare or _is_weak(blocks[end], kinds[end])
        ):
            if _is_weak(blocks[end], kinds[end]):
                weak.append(end)
            end += 1
        company = len(weak) > 1 or "furniture" in kinds[start:end] or end == len(blocks)
        for index in weak if company else ():
            kinds[index] = "furniture"
        start = end + 1


def _is_furniture(block: Block, *, at_top: bool) -> bool:
    if MARKDOWN_HEADING.match(block.words) or _is_running_text(block):
        return False
    plain = block.plain
    if RULE.fullmatch(block.words) or site_phrases.STRONG.fullmatch(plain) or site_phrases.is_share_bar(plain):
        return True
    return at_top and block.count <= 14 and CRUMBS.fullmatch(block.words) is not None


def _is_weak(block: Block, kind: SectionKind | None) -> bool:
    if kind is not None or block.count > 25 or MARKDOWN_HEADING.match(block.words) or _is_running_text(block):
        return False
    return block.plain in site_phrases.NETWORKS or site_phrases.WEAK.fullmatch(block.plain) is not None


def _is_running_text(block: Block) -> bool:
    """Tell whether the block is a finished sentence that is not said by the site."""
    return block.ending == "." and block.count >= FINISHED_WORDS and OF_THE_SITE.search(block.words) is None


def _mark_menus(blocks: Sequence[Block], kinds: list[SectionKind | None]) -> None:
    start = 0
    while start < len(blocks):
        end = start
        weak = 0
        while end < len(blocks) and _is_entry(blocks[end], kinds[end], first=end == start):
            weak += kinds[end] == "furniture" or _is_weak(blocks[end], kinds[end])
            end += 1
        if end - start >= MENU_RUN and 2 * weak >= end - start:
            kinds[start:end] = ["furniture"] * (end - start)
        start = max(end, start + 1)


def _is_entry(block: Block, kind: SectionKind | None, *, first: bool) -> bool:
    """Tell whether the block may stand in a menu: short, and on the line after the entry before."""
    return (
        kind in (None, "furniture")
        and block.count <= MENU_WORDS
        and block.ending not in ".,;:"
        and (first or not block.after_blank)
    )
