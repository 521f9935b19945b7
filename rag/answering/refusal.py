"""What a refusal says: why, and how the question may have been meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..drafts import NotSaid, Unsaid
from ..language.detection import NAMES, language_of
from ..language.interrogatives import MEASURED
from ..language.stems import stem
from ..language.words import WORD, content_words
from ..question.spelling import text_of
from ..rendering.words import ASKED_IN, WRITTEN_IN
from ..schema import Reading

READ = "en"  # the language that the models were trained on
_MEASURE = re.compile(
    rf"\bhow\s+(?:{MEASURED})\b", re.IGNORECASE
)  # asks for a figure, which has no such word beside it


_UNSAID: dict[Unsaid, str] = {
    "not mentioned": "The language model read the {count} and found nothing that says this.",
    "only related": "The language model read the {count}: they are on the subject, but do not say this.",
    "premise contradicted": "By what the language model read, the {count}, the articles contradict what the question assumes.",
    "unclear": "The language model finds that the question can mean several things. Ask more precisely.",
}


def why_unsaid(unsaid: NotSaid, readings: Sequence[Reading], *, said: bool) -> str:
    """Return what a language model found not to be said, in our words; `said` where it said something to the question."""
    count = f"{len(readings)} nearest passages" if len(readings) != 1 else "nearest passage"
    reason = _UNSAID[unsaid.why].format(count=count)
    if said and unsaid.why != "premise contradicted":
        reason = "The articles answer this only in part."
    parts = ", ".join(f"“{part}”" for part in unsaid.open_parts)
    return f"{reason} Open: {parts}." if parts else reason


def why_refused(question: str, readings: Sequence[Reading]) -> str:
    """Return the reason of a refusal in one sentence, for the person who asked."""
    if not readings:
        return "No article to search: the index is empty, or no article is from the days and outlets chosen."
    if strange := _strange_language(question, readings):
        return strange
    told = f"{text_of(readings)} {' '.join(reading.hit.outlet or '' for reading in readings)}"
    found = {stem(word) for word in content_words(told)}
    written = WORD.findall(_MEASURE.sub("", question))
    asked = {word: typed[: len(word)] for typed in written for word in content_words(typed)}
    missing = [typed for word, typed in asked.items() if stem(word) not in found]
    if missing:
        return f"These words of your question are not in the nearest passages: {', '.join(missing)}."
    return "The nearest passages are on the subject, but none of them surely answers this."


def _strange_language(question: str, readings: Sequence[Reading]) -> str | None:
    """Return what to say of a question, or of articles, in a language that the models were not trained on."""
    asked = language_of(question)
    if asked not in (None, READ):
        return (
            f"{ASKED_IN} {NAMES[asked or READ]}. The models that search and read here were trained on English, so that "
            "nothing was found does not say that nothing is there. Ask in English, or in words that stand in the articles."
        )
    nearest = language_of(readings[0].hit.passage.text)
    if nearest not in (None, READ):
        return (
            f"{WRITTEN_IN} {NAMES[nearest or READ]}. The models that search and read here were trained on "
            "English, so an answer may stand there unseen. Ask in the language of the articles, or read them."
        )
    return None
