"""The default answerer: the articles' own sentences, the direct answer first. It cannot invent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..drafts import Draft, Quote
from ..language.facts import facts_of
from ..language.interrogatives import is_question
from ..language.lines import LEADING_MARK
from ..language.stems import stem
from ..language.words import content_words
from ..question.question_type import asks_fact
from ..schema import Hit, Reading
from ..settings import Settings
from ..verification.contradiction.differences import differences

# A further sentence must be nearly as good as the first; below, it completes less than it distracts.
FURTHER_SHARE = 0.4
MOST_FOR_FACT = 3
MOST_FOR_BROAD = 4
REPEATS = 0.6  # share of common words from which two sentences say the same, unless they differ in one of these
ANOTHER_ACCOUNT = ("number", "unit", "comparison", "date", "negation", "opposite", "roles")
_ENDED = re.compile(r"[.!?…。！？؟।][\W\d]*$")  # as a sentence is, be it before a quotation mark or a note's number


class ExtractiveAnswerer:
    """Quotes the best sentence, then those that corroborate or complete it without repeating it."""

    name = "extractive-1"
    verbatim = True

    def __init__(self, settings: Settings) -> None:
        pass

    def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft]:
        """Yield up to four verbatim statements, best first; what only asks is no statement."""
        ranked = sorted(
            (
                (score.score, -at, reading.hit, (score.start, score.end))
                for at, reading in enumerate(readings)
                for score in reading.sentences
            ),
            key=lambda one: (-one[0], -one[1], one[3]),
        )
        most = MOST_FOR_FACT if asks_fact(question) else MOST_FOR_BROAD
        chosen: list[str] = []
        for score, _, hit, span in ranked:
            if len(chosen) == most or score < FURTHER_SHARE * ranked[0][0]:
                return
            text = _slice(hit, span)
            if is_question(text):
                continue
            if mark := LEADING_MARK.match(text):
                text, span = text[mark.end() :], (span[0] + mark.end(), span[1])
            if chosen and _ENDED.search(chosen[0]) and not _ENDED.search(text):
                continue  # a link, a caption, a line of a table, or what announces another sentence
            if any(_repeats(text, other) for other in chosen):
                continue
            chosen.append(text)
            yield Draft(text, (Quote(hit.passage.article_id, span[0], span[1], text),))


def _repeats(text: str, other: str) -> bool:
    keys, others = ({stem(word) for word in content_words(one)} for one in (text, other))
    if len(keys & others) < REPEATS * max(1, min(len(keys), len(others))):
        return False
    return not any(found.startswith(ANOTHER_ACCOUNT) for found in differences(facts_of(text), facts_of(other)))


def _slice(hit: Hit, span: tuple[int, int]) -> str:
    return hit.passage.text[span[0] - hit.passage.start : span[1] - hit.passage.start]
