"""A text to its sentences, each an exact stretch of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .lines import goes_on, is_row
from .months import MONTH

if TYPE_CHECKING:
    pass

# Longest stretch taken as one sentence. Tables and logs have none; tiktoken is quadratic in long runs without a space.
MAX_SENTENCE_CHARACTERS = 1_500

MAX_BLOCK_CHARACTERS = 50_000  # looked through at once: sentencex takes 15 ms for as many, but 0.6 s for eight times

# Where sentencex ends a sentence and none ends: after words that stand before a name or a number, and in "10 a.m. Friday".
NO_END = re.compile(
    r"(?<!\w)(?:Ms|Mx|Atty|Amb|Gens|Profs|Ft|Vols?|Figs|Eqs?|approx)\.\s+(?=\S)"
    r"|(?<![a-z])[ap]\.m\.\s+(?=(?:[A-Z]{1,3}T|UTC|Eastern|Central|Mountain|Pacific|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2})\b)"
)

# The same in other languages: before a name, and after the number of a day. A small letter after a point begins no sentence.
NO_END_ELSEWHERE = re.compile(
    r"(?<!\w)(?:M|MM|Mmes?|Mlles?|Dr|Me|Sr|Sra|Srta|Dra|Sig|Dott|Prof|Dhr|Mevr|Fr|Hr|Nr|Ing|Г|г|ул|им|проф|тов)\.\s+(?=[^\W\d_])"
    rf"|(?<![\w.,])\d{{1,2}}\.\s+(?={MONTH})|\.\s+(?=[^\W\d_A-ZÀ-ÞА-ЯĄĆĘŁŃÓŚŹŻ][\w-])",
)
INITIALS = tuple(f"{letter}." for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
CASED = frozenset("de fr es pt it nl pl ru".split())

# At the end of what it takes for a sentence, and at the beginning of the next.
OPENING_MARK = re.compile(r"(?<=\s)[\"'“‘„«‹(\[]+$")

CLOSING_MARK = re.compile(r"[\"”’»›)\]]+(?=\s|$)")

Span = tuple[int, int]


def sentences_of(
    text: str, *, start: int = 0, end: int | None = None, width: int | None = None, language: str = "en"
) -> list[Span]:
    """Return the (start, end) of each sentence in `text[start:end]`, without the white space around it.

    `width` is that at which the whole text has its lines broken; None if it has not. `language` is the code of its own.
    """
    spans: list[Span] = []
    blocks = _blocks(text, start, len(text) if end is None else end, width)
    for block_start, block_end in (part for block in blocks for part in _bounded(text, *block)):
        block = text[block_start:block_end].replace("\n", " ")
        if is_row(block.strip()) and len(block) <= MAX_SENTENCE_CHARACTERS:  # one statement, whatever is in its cells
            spans.extend(_pieces(text, block_start, block_end))
            continue
        for first, last in _sentences(block, language):
            spans.extend(_pieces(text, block_start + first, block_start + last))
    return spans


def _sentences(block: str, language: str) -> Iterator[Span]:
    """What sentencex finds, but a quotation mark or bracket goes with its words, and "Ms. Lund" or "W.Va." is no border."""
    import sentencex

    unended = {found.end() for found in NO_END.finditer(block)}
    if language in CASED:
        unended |= {found.end() for found in NO_END_ELSEWHERE.finditer(block)}
    start = 0
    for boundary in sentencex.get_sentence_boundaries(language, block):
        end = int(boundary["end_index"])
        after = block[end : end + 1]
        if end <= start or end in unended or (after.isalpha() and block[start:end].endswith(INITIALS)):
            continue
        if after.strip() and (opening := OPENING_MARK.search(block, start, end)):
            end = opening.start()
        elif closing := CLOSING_MARK.match(block, end):
            end = closing.end()
        yield start, end
        start = end


def _blocks(text: str, start: int, end: int, width: int | None) -> Iterator[Span]:
    """Stretches in which a line break does not end a sentence: a line, or a paragraph wrapped at a fixed width."""
    for paragraph in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text[start:end]):
        lines = paragraph.group().split("\n")
        begin = at = start + paragraph.start()
        wrapped = _wrapped(lines)
        for line, after in zip(lines, [*lines[1:], ""], strict=True):
            at += len(line) + 1
            if (
                not after
                or is_row(line)
                or is_row(after)
                or not (wrapped or (width and goes_on(line.strip(), after.strip(), width=width)))
            ):
                yield begin, at - 1
                begin = at


def _bounded(text: str, start: int, end: int) -> Iterator[Span]:
    """The span, cut where it is too long to be looked through at once, be it within a sentence."""
    while end - start > MAX_BLOCK_CHARACTERS:
        cut = _cut(text, start, start + MAX_BLOCK_CHARACTERS)
        yield start, cut
        start = cut
    yield start, end


def _cut(text: str, start: int, limit: int) -> int:
    """The last white space after `start` up to `limit`; `limit` if there is none."""
    return next((at for at in range(limit, start + 1, -1) if text[at].isspace()), limit)


def _wrapped(lines: list[str]) -> bool:
    widths = [len(line) for line in lines[:-1]]
    return len(lines) > 2 and min(widths) >= 50 and max(widths) <= 100 and max(widths) - min(widths) <= 25


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """The span without white space around it, cut at white space (or anywhere, if there is none) where it is too long."""
    while True:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start == end:
            return
        if end - start <= MAX_SENTENCE_CHARACTERS:
            yield start, end
            return
        cut = _cut(text, start, start + MAX_SENTENCE_CHARACTERS)
        yield from _pieces(text, start, cut)
        start = cut
