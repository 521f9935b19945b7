"""What a refusal says: why, and how the question may have been meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..language.interrogatives import MEASURED
from ..language.stems import stem
from ..language.words import WORD, content_words
from ..question.spelling import text_of
from ..schema import Reading

_MEASURE = re.compile(
    rf"\bhow\s+(?:{MEASURED})\b", re.IGNORECASE
)  # asks for a figure, which has no such word beside it


def why_refused(question: str, readings: Sequence[Reading]) -> str:
    """Return the reason of a refusal in one sentence, for the person who asked."""
    if not readings:
        return "There is no article to search: none at all, or none of the days and outlets chosen."
    told = f"{text_of(readings)} {' '.join(reading.hit.outlet or '' for reading in readings)}"
    found = {stem(word) for word in content_words(told)}
    written = WORD.findall(_MEASURE.sub("", question))
    asked = {word: typed[: len(word)] for typed in written for word in content_words(typed)}
    missing = [typed for word, typed in asked.items() if stem(word) not in found]
    if missing:
        return f"The nearest passages do not mention: {', '.join(missing)}."
    return "The nearest passages are on the subject, but none of them surely answers this."
