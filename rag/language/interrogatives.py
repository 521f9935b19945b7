"""Words that make a question in English, and those that point back to what was said before it."""

from __future__ import annotations

import re

# "Is it true that …" points to what follows.
PRONOUN = re.compile(
    r"\b(?!it (?:true|likely|possible|known|clear|correct) that\b)(?:he|him|his|she|her|hers|it|its|they|them|their|theirs)\b",
    re.IGNORECASE,
)


HELPERS = "is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|must|may|might"

QUESTION_WORDS = "who|whom|whose|what|which|when|where|why|how"

BEFORE_QUESTION = r"(?:(?:in|on|at|by|for|from|to|with|of|since|until|under|during)\s+)?"

MEASURED = "many|much|old|young|long|short|far|often|big|large|small|tall|high|deep|wide|thick|heavy|strong|fast|quickly|soon|late|likely"

OPENS_QUESTION = re.compile(rf"^\W*{BEFORE_QUESTION}(?:{QUESTION_WORDS}|{HELPERS})\b", re.IGNORECASE)


def is_question(sentence: str) -> bool:
    """Whether a sentence of an article asks rather than says: "Is it true that lions were sent?"."""
    return sentence.rstrip().endswith("?") and bool(OPENS_QUESTION.match(sentence))
