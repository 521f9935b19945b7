"""A follow-up question, with the turns before it, to a question that can be searched by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..language.interrogatives import PRONOUN
from ..language.stems import stem
from ..language.words import content_words, names, unshouted
from ..schema import Turn

# These point back only in a question that names nothing itself: not in "Which treaty did Poland sign that year?"
POINTER = re.compile(
    r"\b(?:this|that|these|those|(?<!is )(?<!are )(?<!was )(?<!were )there|then|one|ones|others?|former|latter|same|such)\b",
    re.IGNORECASE,
)
OPENS_AS_FOLLOW_UP = re.compile(
    r"^\W*(?:and|but|so|or|also|what about|how about|what of|why\W*$|when\W*$|where\W*$|who\W*$)", re.IGNORECASE
)
FEW_WORDS = 2


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Return `question`, followed in brackets by the words of the conversation that it leans on, if it does.

    It leans on what came before when it points back (he, it, that), opens like a follow-up (and, what about), or says
    next to nothing by itself.
    """
    if not history or not leans_on_history(question):
        return question
    said = {stem(word) for word in content_words(question)}
    borrowed = [word for word in _topic(history) if stem(word) not in said]
    return f"{question} ({' '.join(borrowed)})" if borrowed else question


def leans_on_history(question: str) -> bool:
    if PRONOUN.search(question) or OPENS_AS_FOLLOW_UP.search(question):
        return True
    return not names(question) and bool(POINTER.search(question) or len(content_words(question)) <= FEW_WORDS)


def _topic(history: Sequence[Turn]) -> list[str]:
    """Content words of the last question that stood by itself and of the follow-ups since, without repetitions."""
    questions = [unshouted(turn if isinstance(turn, str) else turn[0]) for turn in history]
    first = next((at for at in range(len(questions) - 1, -1, -1) if not leans_on_history(questions[at])), 0)
    topic: dict[str, str] = {}
    for question in questions[first:]:
        for word in re.findall(r"\S+", question):
            for content in content_words(word):
                topic.setdefault(stem(content), word.strip('?!.,;:"“”‘’()'))
    return list(topic.values())
