"""Greetings and thanks: a friendly word, no article."""

from __future__ import annotations

from ..language.words import words
from .asking import Asking
from .parts import Composed

_THANKS = frozenset(("thanks", "thank", "thx", "cheers", "great", "perfect", "nice", "helpful"))
_BYE = frozenset(("bye", "goodbye"))
HELLO = "Hello! Ask about the articles: a fact, a summary, a timeline, or which of them mention something."
WELCOME = "You are welcome."
GOODBYE = "Goodbye!"


def small_talk(asking: Asking) -> Composed | None:
    said = set(words(asking.question))
    return Composed(remark=GOODBYE if said & _BYE else WELCOME if said & _THANKS else HELLO)
