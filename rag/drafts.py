"""What is proposed and judged before anything is shown: drafts with their quotes, and what models say of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from .schema import Field

Unsaid = Literal["not mentioned", "only related", "premise contradicted", "unclear"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that an answerer says stand at `start:end` of an article, or in a `field` of it. Not yet checked."""

    article_id: str
    start: int
    end: int
    words: str
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement that an answerer proposes, with what it relies on. Not yet checked.

    `label` is as of a Statement. `inferred`: the answerer says of it that it follows from the quotes, not that they say it.
    """

    text: str
    quotes: tuple[Quote, ...]
    label: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class NotSaid:
    """What an answerer says instead of statements, or after them: the evidence does not answer, or not all of the question.

    `why` is one of the reasons there can be, and not words of the model's own, which nothing would prove.
    `open_parts` are parts of the question that stay open; empty when the whole does.
    """

    why: Unsaid
    open_parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least probability at which a statement is borne: one that shows no difference from its quote, one reworded."""

    clear: float
    reworded: float


@dataclass(frozen=True, slots=True)
class Cloze:
    """A question that asks for the words `said` of a statement. `places` are where its quote says them, as (start, end)."""

    question: str
    said: str
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a quote answers to a question: how likely with the words asked for, 0 to 1, and with which words best."""

    question: str
    chance: float
    words: str


@dataclass(frozen=True, slots=True)
class Premise:
    """Quotes of one article that a statement relies on, with the article's heading and the sentence before the first."""

    quotes: tuple[str, ...]
    heading: str = ""
    before: str = ""


Outcome = Literal["supported", "contradicted", "not said"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement with the checked quotes it relies on, as it is shown to a verifier, and what stands around them.

    Of each quote: the heading of its article, the sentence before it, and some words on either side. A quote of which
    nothing is known has "".
    """

    text: str
    quotes: tuple[str, ...]
    context: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    before: tuple[str, ...] = ()

    @property
    def premises(self) -> tuple[Premise, ...]:
        """The quotes, each with its heading and the sentence before it."""
        beside = zip_longest(self.quotes, self.headings, self.before, fillvalue="")
        return tuple(Premise((quote,), heading, before) for quote, heading, before in beside)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verifier finds of a claim. `score` is how likely the quotes bear it, 0 to 1; `why` says what they do not.

    `bearing` are the places of the quotes that it needs, in order; the others prove nothing.
    """

    outcome: Outcome
    score: float
    bearing: tuple[int, ...] = ()
    why: str = ""
