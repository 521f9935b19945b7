"""A language model as verifier: one call for all sentences of an answer, with their quotes and what stands around them.

What certainly contradicts its quotes is dropped whatever the model says, and so is what it does not mention.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..drafts import Claim, Outcome, Verdict
from ..errors import AnswererError
from ..language.visible import in_one_line
from ..language_model.deadline import Deadline
from ..language_model.json_reply import JsonReply
from ..language_model.model import LanguageModel, verifying_model
from ..language_model.prompts import prompt
from ..plugins import Models
from ..settings import Settings
from .local_verifier import LocalVerifier
from .vetoes import hints, vetoes

SUPPORTED_SCORE = 0.95  # no probability is told: 0.95 is what a model that reads with care is right in
LONGEST_WORDS = 120
TOKENS = 2000
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["verdicts"],
    "properties": {
        "verdicts": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["n", "words", "verdict"],
                "properties": {
                    "n": {"type": "integer"},
                    "words": {"type": "string"},
                    "verdict": {"type": "string", "enum": ["supported", "contradicted", "not said"]},
                },
            },
        }
    },
}
_LOOK_ALIKES = str.maketrans({"<": "‹", ">": "›"})
_OUTCOMES: dict[str, Outcome] = {
    "supported": "supported",
    "contradicted": "contradicted",
    "not said": "not said",
    "not_said": "not said",
}


class ChatVerifier:
    """Asks the model that verifies; `model` stands in for the one of the settings."""

    whole = True

    def __init__(self, settings: Settings, models: Models, *, model: LanguageModel | None = None) -> None:
        self._model = model or verifying_model(settings)

    @property
    def name(self) -> str:
        return f"chat-model {self._model.name}".strip()

    def judge(self, question: str, claims: Sequence[Claim], deadline: Deadline) -> list[Verdict]:
        """Raises AnswererError where the model cannot be asked."""
        if not claims:
            return []
        vetoed = {at: found for at, claim in enumerate(claims) if (found := vetoes(claim.text, claim.quotes))}
        said = self._said(question, claims, deadline)
        return [
            Verdict("contradicted", 0.0, (), "; ".join(vetoed[at]))
            if at in vetoed
            else _verdict(claim, said.get(at + 1))
            for at, claim in enumerate(claims)
        ]

    def _said(self, question: str, claims: Sequence[Claim], deadline: Deadline) -> dict[int, dict[str, Any]]:
        reply = JsonReply("verdicts")
        said: dict[int, dict[str, Any]] = {}
        for piece in self._model.write(messages_for(question, claims), deadline=deadline, tokens=TOKENS, schema=SCHEMA):
            for item in reply.feed(piece):
                if isinstance(number := item.get("n"), int):
                    said.setdefault(number, item)
        if not said:
            raise AnswererError(
                f"{self.name} gave no verdict that can be read, expected one for each sentence. "
                "Set CITEDESK_VERIFIER=local, or CITEDESK_VERIFIER_MODEL to another model."
            )
        return said


class BothVerifiers:
    """What the language model supports and the local verifier, too."""

    whole = True

    def __init__(self, settings: Settings, models: Models) -> None:
        self._chat = ChatVerifier(settings, models)
        self._local = LocalVerifier(settings, models)

    @property
    def name(self) -> str:
        return f"{self._chat.name} and {self._local.name}"

    def judge(self, question: str, claims: Sequence[Claim], deadline: Deadline) -> list[Verdict]:
        heard = self._chat.judge(question, claims, deadline)
        own = self._local.judge(question, claims, deadline)
        return [
            local if one.outcome == "supported" and local.outcome != "supported" else one
            for one, local in zip(heard, own, strict=True)
        ]


def messages_for(question: str, claims: Sequence[Claim]) -> list[dict[str, str]]:
    """Return the chat messages; the claim at place n is sentence n."""
    shown = "\n\n".join(_shown(number, claim) for number, claim in enumerate(claims, start=1))
    return [
        {"role": "system", "content": prompt("strong_verify")},
        {"role": "user", "content": f"{shown}\n\nQuestion that the sentences answer: {_data(question)}"},
    ]


def _shown(number: int, claim: Claim) -> str:
    lines = [f"<sentence {number}>", _data(claim.text), "<evidence>"]
    # The context holds the quote, so that who speaks and what "it" is can be seen.
    for quote, around in zip(claim.quotes, claim.context or claim.quotes, strict=True):
        lines.append(f"quote: {_data(quote)}")
        if around != quote:
            lines.append(f"in: {_data(around)}")
    if seen := hints(claim.text, claim.quotes):
        lines.append(f"look at: {_data('; '.join(seen[:4]))}")
    return "\n".join([*lines, "</evidence>", f"</sentence {number}>"])


def _data(text: str) -> str:
    return " ".join(text.translate(_LOOK_ALIKES).split())


def _verdict(claim: Claim, said: Mapping[str, Any] | None) -> Verdict:
    if said is None:
        return Verdict("not said", 0.0, (), "the verifier passed it over")
    outcome = _OUTCOMES.get(str(said.get("verdict")).strip().casefold(), "not said")
    words = in_one_line(str(said.get("words") or ""), most=LONGEST_WORDS)
    if outcome == "supported":
        return Verdict(outcome, SUPPORTED_SCORE, tuple(range(len(claim.quotes))))
    reason = "the quotes say otherwise" if outcome == "contradicted" else "the quotes do not say this"
    return Verdict(outcome, 0.0, (), f"{reason}: “{words}”" if words else reason)
