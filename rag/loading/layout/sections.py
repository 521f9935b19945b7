"""What each part of a text is: body, heading, byline, sidebar or furniture.

Works on shape (short lines, lists, runs of title and teaser), on wording (`lexicon`) and on whether a paragraph shares
the words of the article above it. In doubt a block is body: losing what the article says is worse than keeping a button.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...language.lines import LIST_MARK, MARKDOWN_HEADING
from ...schema import Section, SectionKind
from ..metadata.bylines import FIELD, NAME, OTHER_FIELD, ROLE, header, is_byline
from ..metadata.dates import is_time_of_day
from . import asides, boilerplate, site_phrases
from .blocks import EDGE, Block, edges, front_matter_end

EDGE_SHARE = 0.25  # bylines stand in this first or last part of a text
HEADING_WORDS = 16
QUOTES = "\"'“”‘’«»"
INNER_STOP = re.compile(r"[.!?][\"'”’)]* (?=\S)")
CREDIT = re.compile(r"\((?:image|photo|picture|pic|credit|source)\b", re.IGNORECASE)
INTERVIEW_QUESTIONS = 3  # so many lines that are questions make an interview, and its questions are what was said
STACKED = 2  # so many headings may stand on one another; more short lines in a row are a list or verse
TITLE_SEARCH = 40  # blocks


def sections_of(text: str, blocks: Sequence[Block], *, title: str) -> tuple[Section, ...]:
    """Return the sections of the text that `blocks` are of, in order, with nothing but white space between them."""
    kinds = _kinds(text, edges(blocks), title)
    middle: list[SectionKind] = ["body"] * (len(blocks) - len(kinds))
    kinds[EDGE:EDGE] = middle
    sections: list[Section] = []
    for block, kind in zip(blocks, kinds, strict=True):
        if sections and sections[-1].kind == kind != "heading":
            sections[-1] = Section(sections[-1].start, block.end, kind)
        else:
            sections.append(Section(block.start, block.end, kind))
    return tuple(sections)


def _kinds(text: str, blocks: Sequence[Block], title: str) -> list[SectionKind]:
    kinds: list[SectionKind | None] = [None] * len(blocks)
    _mark_title(text, blocks, kinds, title)
    boilerplate.mark(blocks, kinds)
    _mark_header(blocks, kinds)
    asides.mark(blocks, kinds)
    _mark_bylines(blocks, kinds)
    boilerplate.mark_company(blocks, kinds)
    questions = sum(
        kind is None and block.short and block.ending == "?" for block, kind in zip(blocks, kinds, strict=True)
    )
    interview = questions >= INTERVIEW_QUESTIONS
    return [
        kind or ("body" if interview and block.ending == "?" else _body_or_heading(blocks, kinds, index))
        for index, (block, kind) in enumerate(zip(blocks, kinds, strict=True))
    ]


def _mark_title(text: str, blocks: Sequence[Block], kinds: list[SectionKind | None], title: str) -> None:
    top = front_matter_end(text)
    wanted = " ".join(title.split())
    seen_title = False
    for index, block in enumerate(blocks[:TITLE_SEARCH]):
        words = " ".join(block.words.split()).lstrip("# ")
        if block.start < top:
            kinds[index] = "byline"
        elif (
            not seen_title
            and wanted
            and words.startswith(wanted)
            and len(words) <= len(wanted) + 45
            and not block.paragraph
        ):
            kinds[index], seen_title = "heading", True


def _mark_header(blocks: Sequence[Block], kinds: list[SectionKind | None]) -> None:
    """Mark what stands over the text: fields by their names, and labels of a format."""
    for index, block in enumerate(header(blocks)):
        known = FIELD.fullmatch(block.words) is not None
        other = OTHER_FIELD.fullmatch(block.words) is not None and block.ending not in ".!?"
        if kinds[index] is None and (known or other):
            kinds[index] = "byline"
        elif kinds[index] is None and site_phrases.STOCK.fullmatch(block.plain):
            kinds[index] = "heading"


def _mark_bylines(blocks: Sequence[Block], kinds: list[SectionKind | None]) -> None:
    """Mark bylines near either end, and elsewhere those that stand right under a short line."""
    above = len(header(blocks))
    last = max((index for index, block in enumerate(blocks) if kinds[index] is None and block.paragraph), default=0)
    top, foot = max(above, int(len(blocks) * EDGE_SHARE)), min(last, int(len(blocks) * (1 - EDGE_SHARE)))
    for index, block in enumerate(blocks):
        edge = index <= top or index >= foot
        if kinds[index] is None and (edge or blocks[index - 1].short) and is_byline(block):
            kinds[index] = "byline"
    for index in reversed(range(max(0, above - 1))):
        words = blocks[index].words
        under = blocks[index + 1].words
        named = re.fullmatch(NAME, words) and (kinds[index + 1] == "byline" or ROLE.fullmatch(under))
        if kinds[index] is None and len(words) <= 60 and (named or (ROLE.fullmatch(words) and index > 0)):
            kinds[index] = "byline"


def _body_or_heading(blocks: Sequence[Block], kinds: Sequence[SectionKind | None], index: int) -> SectionKind:
    block = blocks[index]
    if MARKDOWN_HEADING.match(block.words):
        return "heading"
    open_below = index + 1 < len(blocks) and kinds[index + 1] is None
    if open_below and (
        is_time_of_day(block.words) or (_heading_shape(block) and block.words.isupper() and block.count <= 8)
    ):
        return "heading"
    if not _heading_shape(block):
        return "body"
    run = _run_of_titles(blocks, kinds, index)
    after = blocks[run.stop] if run.stop < len(blocks) and kinds[run.stop] is None else None
    heads = after is not None and (after.paragraph or after.item)
    return "heading" if heads and len(run) <= STACKED else "body"


def _run_of_titles(blocks: Sequence[Block], kinds: Sequence[SectionKind | None], index: int) -> range:
    """Return the indexes of the titles that stand together, this one among them; it stops looking past STACKED."""
    start, stop = index, index + 1
    while start > 0 and index - start <= STACKED and kinds[start - 1] is None and _heading_shape(blocks[start - 1]):
        start -= 1
    while stop < len(blocks) and stop - index <= STACKED and kinds[stop] is None and _heading_shape(blocks[stop]):
        stop += 1
    return range(start, stop)


def _heading_shape(block: Block) -> bool:
    words = block.words.lstrip("*_ ")
    if block.count > HEADING_WORDS or not block.short or block.bare or words[:1] in "-–—•·":
        return False
    if words[:1] in QUOTES and not (words[-1:] in QUOTES and block.count <= 8):
        return False
    if block.item:
        first = LIST_MARK.sub("", block.words, count=1)[:1]
        return block.count > 1 and block.ending not in "?:…!" and not first.islower()
    if INNER_STOP.search(words) or CREDIT.search(words):  # a caption, or a sentence that lost its full stop
        return False
    return not words[:1].islower() and block.ending not in "…" and (block.ending not in "?:!" or block.count <= 8)
