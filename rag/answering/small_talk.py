"""Greetings and thanks: a friendly word, no article."""

from __future__ import annotations

import re

from .asking import Asking
from .parts import Composed

_THANKS = re.compile(r"\b(?:thanks?|thank|thx|cheers|great|perfect|nice|helpful)\b", re.IGNORECASE)
_BYE = re.compile(r"\b(?:bye|goodbye)\b", re.IGNORECASE)
HELLO = "Hello! Ask about the articles: a fact, a summary, a timeline, or which of them mention something."
WELCOME = "You are welcome."
GOODBYE = "Goodbye!"


def small_talk(asking: Asking) -> Composed | None:
    said = asking.question
    return Composed(remark=GOODBYE if _BYE.search(said) else WELCOME if _THANKS.search(said) else HELLO)
