"""Undoes the tokenisation of Natural Questions text and keeps answer spans on the same words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.reader.batching import Span


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text and the spans that pointed into it before it was cleaned; each still covers the same words."""

    text: str
    spans: tuple[Span, ...]


# Order matters: the first alternative that matches at a place wins.
_RULES: tuple[tuple[str, str], ...] = (
    (r"``\s*", '"'),
    (r"\s*''", '"'),
    (r"\s+(?=[,;:!?.)\]%](?:\s|$|['\"]))", ""),
    (r"\s+(?='(?:s|re|ve|ll|d|m)\b)", ""),
    (r"\s+(?=n't\b)", ""),
    (r"(?<=s) '(?=\s)", "'"),
    (r"(?<=[(\[$£€])\s+", ""),
    (r"(?<=\d)\s+--\s+(?=\d)", "–"),
    (r"\s+--\s+", " – "),
    (r"(?<=\w)\s-\s(?=\w)", "-"),
    (r"\s{2,}", " "),
)
_PATTERN = re.compile("|".join(f"({pattern})" for pattern, _ in _RULES))


def detokenise(text: str, *, spans: Sequence[Span] = ()) -> Cleaned:
    """Return the text as a person would write it. `a , b` becomes `a, b`; `` becomes a quotation mark."""
    pieces: list[str] = []
    moved = [0] * (len(text) + 1)
    length = at = 0
    for match in _PATTERN.finditer(text):
        replacement = _RULES[(match.lastindex or 1) - 1][1]
        for index in range(at, match.start()):
            moved[index] = length + index - at
        length += match.start() - at
        for index in range(match.start(), match.end()):
            moved[index] = length + min(index - match.start(), len(replacement))
        pieces += [text[at : match.start()], replacement]
        length += len(replacement)
        at = match.end()
    for index in range(at, len(text) + 1):
        moved[index] = length + index - at
    pieces.append(text[at:])
    return Cleaned("".join(pieces), tuple((moved[start], moved[end]) for start, end in spans))


def window(text: str, *, spans: Sequence[Span], words: int, lead: int) -> Cleaned:
    """Return at most `words` words of `text`, starting at most `lead` words before the first span that fits.

    Spans that fall outside are dropped. A text that is short enough comes back whole.
    """
    borders = [match.span() for match in re.finditer(r"\S+", text)]
    if len(borders) <= words:
        return Cleaned(text, tuple(spans))
    anchor = min((start for start, _ in spans), default=0)
    at = sum(end <= anchor for _, end in borders)
    first = max(0, min(at - lead, len(borders) - words))
    begin, finish = borders[first][0], borders[first + words - 1][1]
    kept = tuple((start - begin, end - begin) for start, end in spans if begin <= start and end <= finish)
    return Cleaned(text[begin:finish], kept)
