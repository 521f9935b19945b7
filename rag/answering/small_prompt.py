"""What a small language model is told: the rules, one example, the evidence under short ids, the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..language.visible import without_unseen
from ..language_model.prompts import prompt
from ..schema import Passage, Reading

# Short, with one example: models of 0.5 to 1.5 billion weights follow an example better than a rule.
_REMINDER = "Answer in short sentences. End each with its article number in brackets."
# No example of NOT_IN_ARTICLES: shown one, a model of half a billion weights wrote it for 11 of 17 answerable questions.
# Without, it answers what it should not, and the checks drop that.
_EXAMPLE = (
    "<article 1>\nTitle: Harbours\nLomvik has two harbours. [1]\n</article 1>\n"
    "<article 2>\nTitle: A new ferry\nThe ferry carries more than 300 passengers. [2] Ida Berg said it would sail "
    f"in April 2031. [2]\n</article 2>\n\nQuestion: How many people can the ferry carry?\n{_REMINDER}"
)
_EXAMPLE_REPLY = "The ferry carries more than 300 passengers. [2]"

_LOOK_ALIKES = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "【": "(", "】": ")"})
_NOTE_MARK = re.compile(r"\[\s*\d{1,3}\s*\]")


def messages_for(question: str, readings: Sequence[Reading]) -> list[dict[str, str]]:
    """Return the chat messages; the reading at place n is shown as article n."""
    evidence = "\n".join(_shown(number, reading) for number, reading in enumerate(readings, start=1))
    asked = f"{evidence}\n\nQuestion: {without_unseen(question).strip()}\n{_REMINDER}"
    return [
        {"role": "system", "content": prompt("small_answer")},
        {"role": "user", "content": _EXAMPLE},
        {"role": "assistant", "content": _EXAMPLE_REPLY},
        {"role": "user", "content": asked},
    ]


def _shown(number: int, reading: Reading) -> str:
    hit = reading.hit
    lines = [f"<article {number}>", f"Title: {_harmless(hit.title)}"]
    if hit.outlet:
        lines.append(f"Outlet: {_harmless(hit.outlet)}")
    if hit.published:
        lines.append(f"Date: {hit.published.isoformat()}")
    return "\n".join([*lines, _numbered(hit.passage, number), f"</article {number}>"])


def _numbered(passage: Passage, number: int) -> str:
    """Return the passage with its number after each sentence: who copies a sentence then copies the right number."""
    pieces, last = [], 0
    for _, end in passage.sentences:
        pieces.append(f"{_harmless(passage.text[last : end - passage.start])} [{number}]")
        last = end - passage.start
    return "".join([*pieces, _harmless(passage.text[last:])])


def _harmless(text: str) -> str:
    """Return the text without anything that looks like our delimiters, our ids or a model's control words."""
    return without_unseen(_NOTE_MARK.sub("", text)).translate(_LOOK_ALIKES)
