"""A question that asks several things, to the questions it holds: each is searched, decided and answered by itself."""

from __future__ import annotations

import re

from ..language.interrogatives import BEFORE_QUESTION, HELPERS, MEASURED, OPENS_QUESTION, PRONOUN, QUESTION_WORDS
from ..language.words import content_words, words

LEAST_WORDS = 2  # of content, in a later part without a pronoun
_JOINT = re.compile(rf"(?:\s*[,;]\s*|\s+)and\s+(?:also\s+)?(?={BEFORE_QUESTION}(?:{QUESTION_WORDS})\b)", re.IGNORECASE)
_NO_VERB = "the|a|an|this|that|these|those|his|her|its|their|he|she|it|they|we|you|i|there|else|or|and|in|on|at|of|to"
# "When did it open" asks; "when it opened" is part of what another verb says.
_DIRECT = re.compile(
    rf"^{BEFORE_QUESTION}(?:"
    rf"(?:when|where|why|how|what|who|whom)\s+(?:{HELPERS})\b"
    rf"|how\s+(?:{MEASURED})\s+\w+\s+\w"
    rf"|(?:what|which|whose)\s+(?!(?:{HELPERS}|{_NO_VERB})\b)(?:[\w’'-]+\s+){{1,4}}?(?:{HELPERS})\b"
    rf"|(?:what|who)\s+(?!(?:{_NO_VERB})\b)[a-z]+\s+\w"
    rf"|(?:{HELPERS})\s+\w+\s+\w"
    rf")",
    re.IGNORECASE,
)
_TWO_WORDS = re.compile(
    rf"^(?P<one>when|where|why|how) and (?P<other>when|where|why|how) (?P<rest>(?:{HELPERS})\b.+)", re.IGNORECASE
)


def parts(question: str) -> tuple[str, ...]:
    """Return the questions that `question` holds, in order; itself alone when it asks one thing, or when that is unsure.

    "When and where was he born?" asks two, "how many are there, and why?" one: what says next to nothing by itself is not
    parted from the rest. A pronoun in a later part stays; the parts before it are its conversation.
    """
    sentences = re.split(r"(?<=\?)\s+(?=\S)", question.strip())
    if not all(map(OPENS_QUESTION.match, sentences)):
        sentences = [question.strip()]
    found = [part for sentence in sentences for part in _clauses(sentence)]
    alone = all(map(_DIRECT.match, found)) and all(_stands(part, found[0]) for part in found[1:])
    return tuple(found) if len(found) > 1 and alone else (question,)


def _clauses(sentence: str) -> list[str]:
    two = _TWO_WORDS.match(sentence)
    if two:
        return [f"{two['one']} {two['rest']}", f"{two['other'].capitalize()} {two['rest']}"]
    if not OPENS_QUESTION.match(sentence):
        return [sentence]
    clauses = [sentence]
    for joint in _JOINT.finditer(sentence):
        clause = sentence[joint.end() :]
        if _DIRECT.match(clause) and not _repeats_inside(sentence[: joint.start()], clause):
            done = len(sentence) - len(clauses[-1])
            clauses[-1:] = [sentence[done : joint.start()] + "?", clause[0].upper() + clause[1:]]
    return clauses


def _repeats_inside(before: str, clause: str) -> bool:
    """Whether the clause goes on a subordinate one: "the man who came and who left"."""
    asking = next((word for word in words(clause) if word in QUESTION_WORDS.split("|")), None)
    return asking in words(before)[1:]


def _stands(part: str, first: str) -> bool:
    said = content_words(part)
    return bool(PRONOUN.search(part)) or len(said) >= LEAST_WORDS or said == content_words(first)
