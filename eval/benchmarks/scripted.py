"""Language models that play what was written beforehand: an answerer, a verifier that errs by a seed, an obedient one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rag.answering.quotation import folded
from rag.language_model.deadline import Deadline
from rag.language_model.prompts import prompt

Messages = Sequence[Mapping[str, str]]
_PASSAGE = re.compile(r"<passage (\d+)[^>]*>\n(.*?)\n</passage \1>", re.DOTALL)
_QUESTION = re.compile(r"^Question: (.*)$", re.MULTILINE)
_SENTENCE = re.compile(r"<sentence (\d+)>\n(.*?)\n<evidence>", re.DOTALL)


class ScriptedModel:
    """Gives the reply of `play`, which gets the messages, in pieces of forty characters. `prompts` are what it was asked."""

    def __init__(self, play: Callable[[Messages], str], *, name: str = "scripted") -> None:
        self.name = name
        self.prompts: list[Messages] = []
        self._play = play

    def write(
        self, messages: Messages, *, deadline: Deadline, tokens: int, schema: Mapping[str, Any] | None = None
    ) -> Iterator[str]:
        self.prompts.append(messages)
        reply = self._play(messages)
        for at in range(0, len(reply), 40):
            yield reply[at : at + 40]


def question_of(messages: Messages) -> str:
    return str(_QUESTION.findall(messages[1]["content"])[-1])


def passages_of(messages: Messages) -> dict[int, str]:
    """Return the passages that a prompt shows, by their numbers."""
    return {int(number): text for number, text in _PASSAGE.findall(messages[1]["content"])}


def answering(replies: Mapping[str, Mapping[str, Any]]) -> ScriptedModel:
    """Return a model that answers a question as `replies` says, as far as the passages in its prompt bear it.

    A sentence whose quotes are not all shown is not written: nobody could have written it from this prompt. Where
    none is left, it says that the passages do not say. What is dropped it does not write anew.
    """

    def play(messages: Messages) -> str:
        if len(messages) > 2:
            return '{"sentences": []}'
        reply = replies[question_of(messages)]
        if messages[0]["content"] == prompt("strong_queries"):
            return json.dumps({"question": question_of(messages), "queries": reply["queries"]})
        shown = {number: folded(text).text for number, text in passages_of(messages).items()}
        written = [said for one in reply["sentences"] if (said := _seen(one, shown))]
        if reply["answered"] == "no" or not written:
            why = reply["why"] or "only related"
            return json.dumps({"answered": "no", "why": why, "sentences": written, "open": []})
        whole = len(written) == len(reply["sentences"])
        return json.dumps({"answered": "fully" if whole else "partly", "why": "", "sentences": written, "open": []})

    return ScriptedModel(play)


def _seen(sentence: Mapping[str, Any], shown: Mapping[int, str]) -> dict[str, Any] | None:
    quotes = []
    for words in sentence["quotes"]:
        wanted = folded(words).text
        number = next((number for number, text in shown.items() if wanted in text), None)
        if number is None:
            return None
        quotes.append({"passage": number, "words": words})
    return {"quotes": quotes, "kind": sentence["kind"], "text": sentence["text"]}


def verifying(true: Callable[[str], bool], *, right: float, seed: int) -> ScriptedModel:
    """Return a verifier that knows which sentences are `true`, and is right in that share of them."""

    def play(messages: Messages) -> str:
        verdicts = []
        for number, text in _SENTENCE.findall(messages[1]["content"]):
            draw = int.from_bytes(hashlib.sha256(f"{seed} {text}".encode()).digest()[:6], "big") / 2**48
            supported = true(text) == (draw < right)
            verdicts.append({"n": int(number), "words": "", "verdict": "supported" if supported else "not said"})
        return json.dumps({"verdicts": verdicts})

    return ScriptedModel(play, name=f"scripted, right in {right:.0%}")
