"""A follow-up question, with the turns before it, to a question that can be searched by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..language.facts import facts_of
from ..language.interrogatives import BEFORE_QUESTION, HELPERS, MEASURED, PRONOUN, QUESTION_WORDS
from ..language.stems import stem
from ..language.words import content_words, names, unshouted, words
from ..schema import Turn

# These point back only in a question that names nothing itself: not in "Which treaty did Poland sign that year?"
POINTER = re.compile(
    r"\b(?:this|that|these|those|(?<!is )(?<!are )(?<!was )(?<!were )there|then|one|ones|others?)\b",
    re.IGNORECASE,
)
OPENS_AS_FOLLOW_UP = re.compile(
    r"^\W*(?:and|but|so|or|also|what about|how about|what of|why\W*$|when\W*$|where\W*$|who\W*$)", re.IGNORECASE
)
FEW_WORDS = 2
_OPENING = re.compile(r"^\W*(?:(?:and|but|so|or|also|ok(?:ay)?|no|i mean|then)\b\W*)+", re.IGNORECASE)
_ASKS = re.compile(
    r"^\W*(?:(?:and|but|so|ok|hello|hi|please)\b\W*)*"
    r"(?:tell me (?:more )?about\s+|what do (?:you|we|the articles) (?:have|know|say) (?:on|about)\s+"
    rf"|{BEFORE_QUESTION}(?:(?:{QUESTION_WORDS})(?:\s+(?:{MEASURED}))?\s+)?(?:(?:{HELPERS})\s+)?)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Return `question` as a person would type it who had not said anything before: with the topic that it leans on.

    It leans on what came before when it points back (he, it, that), opens like a follow-up (and, what about), or says
    next to nothing by itself. "In 2020?" and "why?" are the question before with another year or another question word.
    """
    if not history:
        return question
    again = _again(question, _before(history))
    return again or (completed(question, history) if leans_on_history(question) else question)


def completed(question: str, history: Sequence[Turn]) -> str:
    """Return `question` with the topic of the conversation, whether it seems to lean on it or not."""
    before = _before(history)
    if not before:
        return question
    said = {stem(word) for word in content_words(question)}
    topic = " ".join(one for one in topic_of(before).split() if not {stem(word) for word in content_words(one)} & said)
    if not content_words(topic):
        return question
    bare = _OPENING.sub("", question).rstrip(" ?.!")
    return f"{bare[:1].upper()}{bare[1:]}, about {topic}?"


def topic_of(question: str) -> str:
    """Return what a question is about: its words without those that ask."""
    if ", about " in question:  # completed before
        return question.rpartition(", about ")[2].rstrip(" ?.!")
    text = _ASKS.sub("", question.strip().rstrip(" ?.!"))
    helpers = HELPERS.split("|")
    return " ".join(word for word in text.split() if word.lower() not in helpers) or question.rstrip(" ?.!")


def _again(question: str, before: str) -> str | None:
    """The question before with another year, question word, extreme or topic: "in 2020?", "why?", "the oldest?", "on Brexit?"."""
    ways = (_with_other_year, _with_other_word, _with_other_extreme, _with_other_topic)
    return next((again for way in ways if (again := way(question, before))), None)


def _before(history: Sequence[Turn]) -> str:
    """The last question that stood by itself; with an answer, as it was searched."""
    for turn in reversed(history):
        typed = unshouted(turn if isinstance(turn, str) else turn[0])
        asked = typed if isinstance(turn, str) else turn[1].asked or typed
        if content_words(typed) and not leans_on_history(typed):
            return asked
        if asked != typed and ", about " not in asked and not isinstance(turn, str):
            return asked  # completed with another year or question word: a whole question
    first = history[0]
    return unshouted(first if isinstance(first, str) else first[0])


def _with_other_year(question: str, before: str) -> str | None:
    """Return the question before with this one's year, where this one says nothing else."""
    years = _YEAR.findall(question)
    rest = [
        word
        for word in content_words(_YEAR.sub(" ", question))
        if word not in ("year", "before", "earlier", "previous")
    ]
    known = _YEAR.search(before)
    if rest:
        return None
    if (
        not years
        and known
        and any(words in question.lower() for words in ("year before", "year earlier", "previous year"))
    ):
        years = [str(int(known[0]) - 1)]
    if not years:
        return None
    return _YEAR.sub(years[0], before, count=1) if known else f"{before.rstrip(' ?.!')} in {years[0]}?"


def _with_other_word(question: str, before: str) -> str | None:
    """Return the question before with this one's question word, where this one is nothing else: "why?"."""
    word = re.fullmatch(rf"\W*(?:and )?((?:from |since |until )?(?:{QUESTION_WORDS}))\W*", question, re.IGNORECASE)
    rest = re.match(rf"(?:\w+ )?(?:{QUESTION_WORDS}) ((?:{HELPERS})\b.+)", before, re.IGNORECASE)
    return f"{word[1].capitalize()} {rest[1].rstrip(' ?.!')}?" if word and rest else None


def _with_other_extreme(question: str, before: str) -> str | None:
    bare = re.fullmatch(r"\W*(?:and )?(?:what about )?the (\w+est|first|last)\W*", question, re.IGNORECASE)
    known = re.search(r"\b(?:\w+est|first|last)\b", before, re.IGNORECASE)
    return before[: known.start()] + bare[1] + before[known.end() :] if bare and known else None


def _with_other_topic(question: str, before: str) -> str | None:
    bare = re.fullmatch(
        r"\W*(?:(?:ok(?:ay)?|and|so)\W+)*(?:what about|how about|on|about)\s+(.+?)\W*", question, re.IGNORECASE
    )
    topic = topic_of(before)
    if bare is None or not names(f"x {bare[1]}") or topic == before:
        return None
    return before.replace(topic, bare[1]) if topic in before else None


def leans_on_history(question: str) -> bool:
    if PRONOUN.search(question):
        return True
    if len(content_words(question)) > FEW_WORDS and names_something(question):
        return False
    if OPENS_AS_FOLLOW_UP.search(question):
        return True
    return not names_something(question) and bool(POINTER.search(question) or len(content_words(question)) <= FEW_WORDS)


def names_something(question: str) -> bool:
    """Whether a question names somebody or something; days and numbers are nothing to talk of."""
    days = {word for moment in facts_of(question).moments for word in words(moment.words)}
    return any(name.lower() not in days and not name[0].isdigit() for name in names(question))
