"""What a turn of a conversation does that asks nothing by itself: "more", "shorter", "where does it say that?", "and the other one?"."""

from __future__ import annotations

import re
from typing import Literal

Move = Literal["where", "more", "shorter", "other"]

_BEFORE = r"^\W*(?:(?:and|ok(?:ay)?|please|but|so|now|can you|could you|a bit)\W+)*"
_AFTER = r"(?:\W+(?:please|then|now|about (?:it|that|this|them)|of (?:it|that|them)))*\W*$"
_PATTERNS: tuple[tuple[Move, str], ...] = (
        (
            "where",
            r"where (?:does|do|did|is|are) (?:it|they|that|this|he|she|the articles?)\b.*\b(?:say|said|says|written|stand)\b"
            rf"|where is (?:that|this|it) from|(?:which article|who) says (?:that|so|this){_AFTER}|(?:what is )?(?:the|your) source{_AFTER}",
        ),
        ("more", rf"(?:(?:tell|show|give) me )?(?:(?:some )?more|anything else|what else|go on|continue|further){_AFTER}"),
        ("shorter", rf"(?:(?:make|say|put) (?:it|that) |be )?(?:shorter|briefer|more briefly|briefly|in one (?:line|sentence)|in short){_AFTER}"),
        ("other", rf"(?:what about |how about )?the others?(?: ones?)?{_AFTER}"),
)  # fmt: skip
_MOVES = tuple((move, re.compile(f"{_BEFORE}(?:{words})", re.IGNORECASE)) for move, words in _PATTERNS)


def move_of(question: str) -> Move | None:
    """Return what a turn does with the answer before it; None where it asks something."""
    return next((move for move, pattern in _MOVES if pattern.match(question)), None)
