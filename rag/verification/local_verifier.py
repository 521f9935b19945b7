"""The verifier that needs no language model: differences that the words show, and the entailment model.

Both know English alone: what is in another language is not judged, so it can be shown in the article's own words only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..drafts import Claim, Premise, Verdict
from ..language.detection import may_be_english
from ..language_model.deadline import Deadline
from ..plugins import Models
from ..settings import Settings
from .entailment import JUDGED, Support, check_support

LOCAL = "local"
UNREAD = "it is not in English, and the checks on this machine read no other language"
_YES = re.compile(r"^(?:yes|no)\b[,;:.–—-]*\s*", re.IGNORECASE)


class LocalVerifier:
    """Judges each claim by itself. `models` are asked only about words that are not the articles' own."""

    name = LOCAL
    whole = False

    def __init__(self, settings: Settings, models: Models) -> None:
        self._models = models

    def judge(self, question: str, claims: Sequence[Claim], deadline: Deadline) -> list[Verdict]:
        return [self._verdict(claim) for claim in claims]

    def _verdict(self, claim: Claim) -> Verdict:
        # A footnote must prove something: where some quotes bear the text by themselves, the others go.
        read = {at: one for at, one in enumerate(claim.premises) if may_be_english(" ".join(one.quotes))}
        if not may_be_english(claim.text) or (claim.premises and not read):
            return Verdict("not said", 0.0, (), UNREAD)
        supports = {at: self._support(claim.text, [one]) for at, one in read.items()}
        alone = tuple(at for at, support in supports.items() if not support.differences)
        if alone:
            return Verdict("supported", max(supports[at].score for at in alone), alone)
        checked = supports[min(read)] if len(read) == 1 else self._support(claim.text, list(read.values()))
        if checked.differences:
            chance = max(map(_chance, (*supports.values(), checked)))
            return Verdict("not said", chance, (), "; ".join(checked.differences))
        return Verdict("supported", checked.score, tuple(read))

    def _support(self, text: str, premises: Sequence[Premise]) -> Support:
        """Ask models only about words that are not the articles' own: loading them takes seconds."""
        said = _YES.sub("", text) or text
        if any(said in one.quotes for one in premises):
            return check_support(said, premises)
        return check_support(said, premises, entailment=self._models.entailment, consistency=self._models.consistency)


def _chance(support: Support) -> float:
    """Return what the models gave; 0 where none was asked, since what certainly contradicts a quote is not borne."""
    return support.score if any(one.startswith(JUDGED) for one in support.differences) else 0.0
