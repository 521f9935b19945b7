"""What a question asks for: a fact (a number, a date, a person, a place), yes or no, an account."""

from __future__ import annotations

import re

from ..language.interrogatives import HELPERS, MEASURED

_DATE = r"\b(?:what|which) (?:year|month|day|date)\b"
_FACT = re.compile(
    r"\bhow (?:many|much|large|old|long|far|big)\b|\bwhat (?:share|percentage|number|amount|sum|figure)\b"
    rf"|\bwhen\b|{_DATE}"
    r"|^\W*(?:\w+\s)?where\b|\b(?:what|which) (?:country|city|place|region|town|location)\b"
    r"|^\W*(?:by |to |with |for )?who(?:m|se)?\b"
    r"|\b(?:what|which) (?:person|leader|expert|official|minister|author)\b",
    re.IGNORECASE,
)
_PLEASE = r"^\W*(?:please\s+)?(?:(?:can|could|will|would) (?:you|we)\s+)?(?:please\s+)?"
# "Could you say when it opened?" asks when, "did it open in May or in June?" which.
_WHETHER = re.compile(
    rf"^\W*(?:(?:and|but|so)\s+)?(?:{HELPERS})(?:n[’']t)?\s(?!(?:you|we|anyone|anybody)\b)(?!.*\bor\b)", re.IGNORECASE
)
_ACCOUNT = re.compile(
    rf"{_PLEASE}(?:summari[sz]e|describe|explain|compare|contrast|outline|discuss|elaborate|tell (?:me|us) (?:more )?about)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\bhow (?:many|much)\b", re.IGNORECASE)
_WHEN = re.compile(
    rf"^\W*(?:(?:and|but|so)\s+)?(?:since |until |by |from )?when\b|{_DATE}|,\s*(?:and )?when (?:{HELPERS})\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    rf"\bhow (?:{MEASURED})\b|\b(?:what|which)\b[^,]*?\b(?:age|amount|area|budget|capacity|cost|distance|fee|figure|height|length|margin|number"
    r"|percentage|population|price|profit|proportion|rate|revenue|salary|score|share|size|speed|sum|toll|total|turnout|value|weight)\b",
    re.IGNORECASE,
)

_OF_ARTICLE = re.compile(
    r"\b(?:wrote|written|authors?|author(?:ed|ship)|reporters?|journalists?|correspondents?|columnists?|by-?lines?|publish\w*|"
    r"newspapers?|papers?|outlets?|magazines?|articles?|stor(?:y|ies)|pieces?|columns?|headlines?|posted|printed|appear(?:ed)?|dated)\b"
    r"|\bby whom\b",
    re.IGNORECASE,
)


def asks_of_article(question: str) -> bool:
    """Whether the question may be answered by what an article says of itself: who wrote it, where and when it appeared."""
    return _OF_ARTICLE.search(question) is not None


def asks_fact(question: str) -> bool:
    """Whether the question says what kind of thing it asks for; not so "why", "how", "what"."""
    return _FACT.search(question) is not None


def asks_whether(question: str) -> bool:
    """Whether the answer to the question is yes or no."""
    return _WHETHER.search(question) is not None


def asks_account(question: str) -> bool:
    """Whether the question is for what is known of something: "describe", "summarise", "compare"."""
    return _ACCOUNT.search(question) is not None


def asks_amount(question: str) -> bool:
    return _AMOUNT.search(question) is not None


def asks_when(question: str) -> bool:
    """Whether the question asks for a date, or a year; "how many died when it burnt" does not."""
    return _WHEN.search(question) is not None


def asks_quantity(question: str) -> bool:
    """Whether the question asks for a number: how many, how long, at what price."""
    return _QUANTITY.search(question) is not None
