"""An article to the least units that can be quoted: a sentence with what it needs to be understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..drafts import Draft, Quote
from ..language.interrogatives import is_question
from ..language.lines import LEADING_MARK
from ..language.words import WORD
from ..schema import Hit

LEAST_WORDS = 4  # of fewer, a sentence says nothing without the one before it
MOST_CHARACTERS = 700
_ENTRY = re.compile(r"\W*(?:\d{1,2}[:.]\d{2}|\d+[.)])\W*$")  # a time or a number by itself opens what comes after it


@dataclass(frozen=True, slots=True)
class Unit:
    """Sentences of one passage that stand together, `article.text[start:end]`; `place` counts them in their article from 0."""

    hit: Hit
    start: int
    end: int
    place: int

    @property
    def article_id(self) -> str:
        return self.hit.passage.article_id

    @property
    def text(self) -> str:
        first = self.hit.passage.start
        return self.hit.passage.text[self.start - first : self.end - first]

    @property
    def paragraph(self) -> str:
        """Its line of the passage, up to its own end."""
        text, end = self.hit.passage.text, self.end - self.hit.passage.start
        return text[text.rfind("\n", 0, max(0, self.start - self.hit.passage.start)) + 1 : end]

    def draft(self, *, label: str = "") -> Draft:
        """Return it as a statement in its own words, without the mark of a list before it."""
        mark = LEADING_MARK.match(self.text)
        start = self.start + mark.end() if mark else self.start
        words = self.text[start - self.start :]
        return Draft(words, (Quote(self.article_id, start, self.end, words),), label)


def units_of(hits: Sequence[Hit]) -> list[Unit]:
    """Return the units of an article's passages, in order.

    A question goes with its answer, a line of few words with the one before it, an announcement with its first item.
    """
    units: list[Unit] = []
    for hit in hits:
        start: int | None = None
        mine: list[tuple[int, int]] = []
        for first, last in hit.passage.sentences:
            text = _between(hit, first, last)
            begins = first if start is None else start
            if _opens(text) and last - begins < MOST_CHARACTERS:
                start = begins
                continue
            short = len(WORD.findall(text)) < LEAST_WORDS and start is None and mine
            if short and "\n" not in _between(hit, mine[-1][1], first) and last - mine[-1][0] < MOST_CHARACTERS:
                mine[-1] = (mine[-1][0], last)
            else:
                mine.append((begins, last))
            start = None
        if start is not None:
            mine.append((start, hit.passage.sentences[-1][1]))
        units += [Unit(hit, first, last, len(units) + at) for at, (first, last) in enumerate(mine)]
    return units


def _opens(text: str) -> bool:
    """Whether what comes next belongs to it: a question, a line that ends in a colon, a time or number by itself."""
    return is_question(text) or text.rstrip().endswith((":", "?")) or _ENTRY.match(text) is not None


def _between(hit: Hit, start: int, end: int) -> str:
    return hit.passage.text[start - hit.passage.start : end - hit.passage.start]
