"""Words that a model says it quotes, to their place in a passage: spaces, quotation marks and dashes may differ.

What is cited then is the article's own text there, by whole sentences, so that no quote leaves away a "denied that".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..drafts import Quote
from ..language.lines import LEADING_MARK
from ..language.visible import UNSEEN
from ..schema import Passage

LEAST_CHARACTERS = 3
_ALIKE = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "′": "'", "–": "-", "—": "-"}
    | {"‐": "-", "‑": "-", "−": "-", "‒": "-", "‹": "<", "›": ">", "\u00a0": " ", "\u202f": " ", "\u2009": " "}
)
_JOINERS = "\u200c\u200d"
_GAP = re.compile(r"\[(?:…|\.\.\.)\]|…|\.\.\.")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in the form in which quotes are looked for; `places[i]` is where its character i stands in the text."""

    text: str
    places: tuple[int, ...]


def folded(text: str) -> Folded:
    """Return the text in small letters, with one kind of quotation mark, dash and space, and no run of spaces."""
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text.translate(_ALIKE)):
        if UNSEEN.match(character) or character in _JOINERS:
            continue
        if character.isspace():
            if kept and kept[-1] == " ":
                continue
            character = " "
        lower = character.lower()
        kept.append(lower if len(lower) == 1 else character)
        places.append(place)
    return Folded("".join(kept), tuple(places))


def locate(words: str, passages: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return the sentences in which the words stand, in the first of the passages that has them; empty if none has.

    Words with a gap ("…") are looked for piece by piece in one passage.
    """
    pieces = [piece for part in _GAP.split(words) if len(piece := folded(part).text.strip(" \"'")) >= LEAST_CHARACTERS]
    for passage in passages:
        there = folded(passage.text)
        spans = [_span(piece, there) for piece in pieces]
        if spans and all(spans):
            return tuple(dict.fromkeys(_sentences(passage, span) for span in spans if span))
    return ()


def _span(piece: str, there: Folded) -> tuple[int, int] | None:
    for tried in (piece, piece.rstrip(".,;:!?")):
        at = there.text.find(tried)
        if at >= 0 and len(tried) >= LEAST_CHARACTERS:
            return there.places[at], there.places[at + len(tried) - 1] + 1
    return None


def _sentences(passage: Passage, span: tuple[int, int]) -> Quote:
    """Return the run of whole sentences that holds the span; the span's line where it lies in none."""
    start, end = passage.start + span[0], passage.start + span[1]
    held = [one for one in passage.sentences if one[0] < end and start < one[1]]
    first, last = (min(held[0][0], start), max(held[-1][1], end)) if held else _line(passage, start, end)
    if mark := LEADING_MARK.match(passage.text, first - passage.start):
        first = min(passage.start + mark.end(), start)
    return Quote(passage.article_id, first, last, passage.text[first - passage.start : last - passage.start])


def _line(passage: Passage, start: int, end: int) -> tuple[int, int]:
    before = passage.text.rfind("\n", 0, start - passage.start) + 1
    after = passage.text.find("\n", end - passage.start)
    return passage.start + before, passage.start + (after if after >= 0 else len(passage.text))
