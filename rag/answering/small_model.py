"""A language model that is small: shown few passages that surely answer, it writes a sentence or two with their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ..drafts import Draft, NotSaid
from ..errors import AnswererError
from ..language_model.deadline import Deadline
from ..language_model.failures import OutOfTokensError
from ..language_model.model import LanguageModel
from ..schema import Reading, Turn
from .citation_parsing import Cited, SentenceParser, draft_of
from .plan import Plan, contextualize
from .small_prompt import messages_for
from .writing import Rejected

TOKENS = 400
MAX_REPEATS = 3  # a small model that begins to repeat itself does not stop by itself
MAX_SENTENCES = 12
LOOP_CHARACTERS = 40  # that it writes over and over within one sentence
MOST_LOOPS = 4
MOST_PASSAGES = 4  # that it is shown: it reads no further with care, and each takes it seconds


class SmallWriting:
    """One answer of a small model; `where` is the address of its endpoint, for messages."""

    verbatim = False
    trusted = False

    def __init__(
        self, model: LanguageModel, question: str, history: Sequence[Turn], deadline: Deadline, *, where: str
    ) -> None:
        self._model, self._question, self._history, self._deadline = model, question, history, deadline
        self._where = where

    @property
    def name(self) -> str:
        return f"chat-model {self._model.name}".strip()

    def plan(self) -> Plan:
        return contextualize(self._question, self._history)

    def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft | NotSaid]:
        """Yield a draft for each sentence, as soon as it is written; the same sentence once.

        Raises:
            AnswererError: the endpoint cannot be used, or broke off; what was finished before has been yielded.
        """
        readings = readings[:MOST_PASSAGES]
        if not readings:
            return
        parser = SentenceParser(len(readings))
        seen: Counter[str] = Counter()
        written = ""
        try:
            for piece in self._pieces(messages_for(question, readings)):
                written += piece
                yield from _drafts(parser.feed(piece), readings, seen)
                if len(written) > LOOP_CHARACTERS and written.count(written[-LOOP_CHARACTERS:]) >= MOST_LOOPS:
                    yield from _drafts(parser.finish(whole=False), readings, seen)
                    if not seen:
                        raise AnswererError(self._looped())
                    return
                if seen.total() - len(seen) >= MAX_REPEATS or len(seen) >= MAX_SENTENCES:
                    return
        except OutOfTokensError:
            yield from _drafts(parser.finish(whole=False), readings, seen)
            if seen:
                return
            if not parser.not_said:
                raise AnswererError(self._spent()) from None
        except AnswererError:
            yield from _drafts(parser.finish(whole=False), readings, seen)
            raise
        yield from _drafts(parser.finish(whole=True), readings, seen)
        if parser.silent:
            raise AnswererError(
                f"{self.name} at {self._where} wrote nothing, expected an answer with citations. "
                "Ask again, or set CITEDESK_CHAT_MODEL to another model."
            )
        if parser.not_said and not seen:
            yield NotSaid("not mentioned")

    def rewrite(self, question: str, readings: Sequence[Reading], rejected: Sequence[Rejected]) -> dict[int, Draft]:
        return {}

    def _pieces(self, messages: Sequence[Mapping[str, str]]) -> Iterator[str]:
        return self._model.write(messages, deadline=self._deadline, tokens=TOKENS)

    def _looped(self) -> str:
        return (
            f"{self.name} wrote the same words over and over, expected a short answer. "
            "Ask otherwise, or set another model."
        )

    def _spent(self) -> str:
        return (
            f"{self.name} used up {TOKENS} tokens without finishing a sentence, expected a short answer. "
            "Set CITEDESK_CHAT_MODEL to a model that does not think aloud."
        )


def _drafts(sentences: Iterator[Cited], readings: Sequence[Reading], seen: Counter[str]) -> Iterator[Draft]:
    for cited in sentences:
        folded = cited.text.casefold()
        seen[folded] += 1
        if seen[folded] == 1:
            yield draft_of(cited, readings)
