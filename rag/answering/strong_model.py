"""A language model that is trusted to read: it writes queries, sees many passages, and says itself what they do not say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..drafts import Draft, NotSaid
from ..errors import AnswererError
from ..language.words import words
from ..language_model.deadline import Deadline
from ..language_model.failures import OutOfTokensError
from ..language_model.model import LanguageModel
from ..language_model.prompts import prompt
from ..schema import Reading, Turn
from .citation_parsing import SentenceParser, draft_of
from .evidence_prompt import conversation_of, data, evidence_of
from .json_answer import REWRITE_SCHEMA, SCHEMA, Unread, drafts_of, replacements_of
from .plan import Plan, contextualize
from .query_writing import plan_of
from .writing import Rejected

TOKENS = 4000  # of an answer; models that reason first need room
MOST_PLAIN = 12  # sentences of a reply that is no JSON


class StrongWriting:
    """One answer of a strong model. `history` is shown to it as it was said."""

    verbatim = False
    trusted = True

    def __init__(self, model: LanguageModel, question: str, history: Sequence[Turn], deadline: Deadline) -> None:
        self._model, self._question, self._history, self._deadline = model, question, history, deadline

    @property
    def name(self) -> str:
        return f"chat-model {self._model.name}".strip()

    def plan(self) -> Plan:
        """Return the question with the queries that the model writes; without them, and a note, where it fails."""
        try:
            return plan_of(self._question, self._history, self._model, self._deadline)
        except AnswererError as error:
            return Plan(contextualize(self._question, self._history).asked, (str(error),))

    def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft | NotSaid]:
        """Yield each sentence as soon as it is written, and what the model says is not said.

        Raises:
            AnswererError: the endpoint cannot be used, broke off, or wrote nothing that can be read.
        """
        if not readings:
            return
        messages = messages_for(question, readings, self._history)
        pieces = self._model.write(messages, deadline=self._deadline, tokens=TOKENS, schema=SCHEMA)
        try:
            yield from drafts_of(pieces, question, readings)
        except Unread as reply:
            yield from self._plain(reply.text, readings)
        except OutOfTokensError:
            raise AnswererError(
                f"{self.name} used up {TOKENS} tokens without finishing its answer, expected one that ends. Ask for less at a time."
            ) from None

    def rewrite(self, question: str, readings: Sequence[Reading], rejected: Sequence[Rejected]) -> dict[int, Draft]:
        """Return what the model writes in place of sentences that were dropped, by their numbers.

        Raises:
            AnswererError: the endpoint cannot be used.
        """
        messages = [*messages_for(question, readings, self._history), *_objection(rejected)]
        pieces = self._model.write(messages, deadline=self._deadline, tokens=TOKENS, schema=REWRITE_SCHEMA)
        return replacements_of(pieces, readings)

    def _plain(self, text: str, readings: Sequence[Reading]) -> Iterator[Draft | NotSaid]:
        """Read a reply in plain sentences with the numbers of passages, as models write that know no JSON."""
        parser = SentenceParser(len(readings))
        cited = [*parser.feed(text), *parser.finish(whole=True)]
        drafts = [draft_of(one, readings) for one in cited[:MOST_PLAIN]]
        if parser.not_said:
            yield NotSaid("not mentioned")
        elif not any(draft.quotes for draft in drafts):
            said = " ".join(text.split())[:120]
            wrote = f"“{said}”" if words(said) else "nothing"
            raise AnswererError(
                f"{self.name} wrote {wrote}, expected an answer with citations. "
                "Ask again, or set CITEDESK_CHAT_MODEL to another model."
            )
        else:
            yield from drafts


def messages_for(question: str, readings: Sequence[Reading], history: Sequence[Turn]) -> list[dict[str, str]]:
    """Return the chat messages that ask for an answer; the reading at place n is shown as passage n."""
    turns = conversation_of(history)
    before = f"<conversation>\n{turns}\n</conversation>\n\n" if turns else ""
    asked = f"{evidence_of(readings)}\n\n{before}Question: {data(question)}"
    return [{"role": "system", "content": prompt("strong_answer")}, {"role": "user", "content": asked}]


def _objection(rejected: Sequence[Rejected]) -> list[dict[str, str]]:
    lines = [f"Sentence {one.number}: {data(one.draft.text)}\nReason: {data(one.dropped.reason)}" for one in rejected]
    return [{"role": "user", "content": prompt("strong_rewrite") + "\n\n" + "\n\n".join(lines)}]
