"""A whole answer of a trusted model, sentence by sentence: shown as far as it is verified, the rest written anew once.

What then still is not borne gives way to the article's own words that it quoted, or is left out; and what is left is
shown only if it reads as an answer.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field

from ..drafts import Draft, Quote
from ..errors import AnswererError
from ..schema import Citation, Dropped, Reading, Statement
from ..verification.gate import Checked, Gate
from ..verification.machine_text import is_machine_text
from ..verification.orders import gives_orders
from .antecedent import leans, with_antecedents
from .parts import Written
from .writing import Rejected, Writing

# Of an answer's best sentence, from which its quotes stand for it where none is borne and the passages do not surely
# answer: 12 made-up answers to unanswerable questions had 0.09 at most, of 13 right ones 12 had 0.18 or more.
LEAST_CHANCE = 0.15
LEAST_LEFT = 0.5  # of the sentences, where the first one, which answers, is not among them
NOT_AN_ANSWER = "what is left without the sentences that were dropped answers nothing"
LEANS = "it leans on a sentence that is not shown"


@dataclass
class _Answer:
    """The sentences of one answer: what became of each, and how many are shown already."""

    drafts: list[Draft] = field(default_factory=list)
    outcomes: list[Checked | Dropped] = field(default_factory=list)
    shown: list[Statement] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    at: int = 0  # sentences that are dealt with

    @property
    def rejected(self) -> list[Rejected]:
        return [
            Rejected(number, draft, found)
            for number, (draft, found) in enumerate(zip(self.drafts, self.outcomes, strict=True), start=1)
            if isinstance(found, Dropped)
        ]

    def show(self, gate: Gate) -> Generator[str, None, None]:
        """Yield the sentences from the last one shown up to the first that is dropped."""
        while self.at < len(self.outcomes) and isinstance(found := self.outcomes[self.at], Checked):
            self.at += 1
            said = gate.said
            statement = gate.admit(found)
            if statement not in said:
                yield (" " if said else "") + statement.marked
            if statement not in self.shown:
                self.shown.append(statement)


def revised(
    question: str, readings: Sequence[Reading], drafts: Iterable[Draft], writing: Writing, gate: Gate, *, sure: bool
) -> Generator[str, None, Written]:
    """Yield the text of each sentence that is shown; return all of them, and what was dropped.

    `sure`: the passages surely answer, so that quotes may stand for sentences even if none of these is borne.
    """
    answer, notes = _Answer(), []
    for batch in gate.batches(drafts):
        answer.drafts += batch
        answer.outcomes += gate.judge(batch, readings, question=question)
        yield from answer.show(gate)
    if answer.rejected:
        try:
            _write_anew(answer, writing, gate, question, readings)
        except AnswererError as error:
            notes.append(f"What was dropped could not be written anew: {error}")
        _quote_instead(answer, gate, question, readings, sure=sure)
        _leave_out(answer)
        yield from answer.show(gate)
    return Written(tuple(answer.shown), tuple(dict.fromkeys(answer.dropped)), tuple(notes))


def _write_anew(answer: _Answer, writing: Writing, gate: Gate, question: str, readings: Sequence[Reading]) -> None:
    """Send back what was dropped, once, and take what stands then."""
    rejected = {one.number: one for one in answer.rejected}
    answer.dropped += [one.dropped for one in rejected.values()]
    written = {
        at: draft for at, draft in writing.rewrite(question, readings, answer.rejected).items() if at in rejected
    }
    found = gate.judge(list(written.values()), readings, question=question)
    for number, draft, outcome in zip(written, written.values(), found, strict=True):
        if isinstance(outcome, Dropped):
            answer.dropped.append(outcome)
        else:
            answer.drafts[number - 1], answer.outcomes[number - 1] = draft, outcome


def _quote_instead(answer: _Answer, gate: Gate, question: str, readings: Sequence[Reading], *, sure: bool) -> None:
    """Let the quotes of a dropped sentence stand in its place: they are the article's own words.

    So do those of a sentence that leans on one for which nothing stands. Where no sentence is borne, they stand only if the
    passages surely answer, or the verifier held one of the sentences nearly for borne.
    """
    none_borne = all(isinstance(one, Dropped) for one in answer.outcomes)
    if none_borne and not sure and max(map(gate.chance, answer.drafts)) < LEAST_CHANCE:
        return
    drafts: list[Draft] = []
    outcomes: list[Checked | Dropped] = []
    for draft, found in zip(answer.drafts, answer.outcomes, strict=True):
        last = outcomes[-1] if outcomes else None
        if isinstance(last, Dropped) and isinstance(found, Checked) and leans(draft.text):
            found = Dropped(draft.text, LEANS)
            answer.dropped.append(found)
        stands = [found] if isinstance(found, Checked) else []
        if not stands:
            own = _own_words(draft, readings, last.citations if isinstance(last, Checked) else ())
            stands = [one for one in gate.judge(own, readings, question=question) if isinstance(one, Checked)]
        drafts += [one.draft for one in stands] or [draft]
        outcomes += stands or [found]
    answer.drafts, answer.outcomes = drafts, outcomes


def _own_words(draft: Draft, readings: Sequence[Reading], before: Sequence[Citation]) -> list[Draft]:
    """Return the quotes of a sentence as sentences, those that follow each other as one, with what they lean on before them.

    What leans on nothing in its paragraph or in what is said `before` is left out, and so are orders and what a program says.
    """
    runs: list[Quote] = []
    for quote in sorted(draft.quotes, key=lambda one: (one.article_id, one.start)):
        joined = _joined(runs[-1], quote, readings) if runs else None
        runs[-1:] = [joined] if joined else [*runs[-1:], quote]
    whole = [with_antecedents(Draft(one.words, (one,)), readings, before) for one in runs if one.article_id]
    return [one for one in whole if one and not (gives_orders(" ".join(one.text.split())) or is_machine_text(one.text))]


def _joined(one: Quote, other: Quote, readings: Sequence[Reading]) -> Quote | None:
    """Return both as one quote, where nothing but a space lies between them in a passage."""
    for passage in (reading.hit.passage for reading in readings):
        inside = passage.start <= one.start and other.end <= passage.end
        if passage.article_id == one.article_id == other.article_id and inside:
            start, end = one.start - passage.start, max(one.end, other.end) - passage.start
            if passage.text[one.end - passage.start : other.start - passage.start] in ("", " "):
                return Quote(one.article_id, one.start, other.end, passage.text[start:end])
    return None


def _leave_out(answer: _Answer) -> None:
    """Take out what was dropped, and all that is not yet shown where the rest answers nothing."""
    kept: list[Checked | Dropped] = [one for one in answer.outcomes if isinstance(one, Checked)]
    if isinstance(answer.outcomes[0], Dropped) and len(kept) < LEAST_LEFT * len(answer.outcomes):
        answer.dropped += [Dropped(one.draft.text, NOT_AN_ANSWER) for one in kept if isinstance(one, Checked)]
        kept = []
    answer.outcomes = kept
