"""A language model as answerer, behind an OpenAI-compatible endpoint or in a file: small or strong, as the settings trust it.

It proposes; whether a sentence is shown is decided by the checks that follow. It knows neither index nor corpus.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..drafts import Draft, NotSaid
from ..language_model.deadline import Deadline
from ..language_model.failures import Failures
from ..language_model.gguf import GgufModel
from ..language_model.model import LanguageModel, answering_model
from ..schema import Reading, Turn
from ..settings import Settings
from .small_model import SmallWriting
from .strong_model import StrongWriting
from .writing import Writing


class ChatModelAnswerer:
    """Asks the endpoint of the settings. `name` tells the model, once it is known."""

    verbatim = False

    def __init__(self, settings: Settings, *, model: LanguageModel | None = None) -> None:
        """`model` stands in for the endpoint of the settings."""
        self._settings = settings
        self._model = model or answering_model(settings)
        self._where = Failures(settings.chat_address, key="", seconds=0.0).where

    @property
    def name(self) -> str:
        return f"chat-model {self._model.name}".strip()

    def begin(self, question: str, history: Sequence[Turn], deadline: Deadline) -> Writing:
        """Return the writing of one answer, which must be finished by the deadline."""
        if self._settings.chat_trust == "strong":
            return StrongWriting(self._model, question, history, deadline)
        return SmallWriting(self._model, question, history, deadline, where=self._where)

    def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft | NotSaid]:
        """Yield what it writes to a question without earlier turns.

        Raises:
            AnswererError: the endpoint cannot be used, or broke off; what was finished before has been yielded.
        """
        return self.begin(question, (), Deadline(self._settings.chat_seconds)).write(question, readings)


class GgufAnswerer(ChatModelAnswerer):
    """Runs a GGUF file in this process."""

    def __init__(self, settings: Settings, *, model: str) -> None:
        """`model` is the path of the file."""
        super().__init__(settings, model=GgufModel(model))
        self._where = model
