"""What is kept of a conversation: its turns, notes that were pinned, and cases made of what a person judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..schema import Answer

GONE = "An article that this answer quoted has been removed or changed since. Ask again."

Verdict = Literal["right", "wrong", "unsaid", "said"]
"""What a person says of an answer: it is right; it is wrong; the articles do not say this; they do say what it did not find."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and how far its answer is.

    `partial` is what was streamed before the answer is complete; it is not kept on disk. At most one of `answer` and
    `error` is set; with neither, the turn is still being answered, unless it was `stopped`. `only` says which articles
    were asked, empty when all were. `verdict` is what the person said of the answer, None before they did; `pinned`,
    whether it stands among the notes.
    """

    question: str
    partial: str = ""
    answer: Answer | None = None
    error: str | None = None
    stopped: bool = False
    only: str = ""
    verdict: Verdict | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns under one id, oldest first. `changed` is the moment of the last change, ISO, UTC."""

    id: str
    title: str
    changed: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation without its turns, as a list shows it; `turns` is how many there are."""

    id: str
    title: str
    changed: str
    turns: int


@dataclass(frozen=True, slots=True)
class Note:
    """An answer that was pinned; `id` comes from question and answer, `written` is the moment, ISO, UTC."""

    id: str
    written: str
    turn: Turn


@dataclass(frozen=True, slots=True)
class Proof:
    """Words that prove an answer, and the id of the article in which they stand."""

    article: str
    quote: str


@dataclass(frozen=True, slots=True)
class JudgedCase:
    """A question with what a person said of its answer, in the fields of an evaluation case (`citedesk eval run --cases`).

    `expected_all` holds groups of alternatives, one of each must occur; empty where no right answer is known. `wrong`
    are answers that must not be given again. `why` is what the person wrote.
    """

    id: str
    question: str
    answerable: bool
    history: tuple[str, ...] = ()
    expected_all: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[Proof, ...] = ()
    wrong: tuple[str, ...] = ()
    why: str = ""
    tags: tuple[str, ...] = ()
    split: str = "test"


@dataclass(frozen=True, slots=True)
class Mentioning:
    """What an article stands in: turns by conversation and place, notes, and cases with the ids of all their articles."""

    turns: Mapping[tuple[str, int], Turn] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    cases: Mapping[JudgedCase, tuple[str, ...]] = field(default_factory=dict)
