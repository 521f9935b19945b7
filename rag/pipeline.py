"""From a question to a checked answer: every step, in the order they run. Read this file first.

plan            the question as typed, with the turns before it → questions that stand by themselves, and queries
retrieve        a question and its queries → hits: dense and keyword search, fused
read            hits → readings: does this passage answer, in which sentence, with which words
decide          readings → evidence: how sure, and is it enough to answer
write           evidence → drafts: an answerer proposes statements with quotes, or says that nothing answers
verify          drafts → statements: quotes stand in the article, and bear what is said; the rest is dropped
compare         statements → disagreement: other articles with another number or date
compose         all of it → the one Answer
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from .answering.antecedent import with_antecedent
from .answering.compose import Evidence, Part, Written, compose
from .answering.disagreement import differing, quoted
from .answering.plan import AskedQuestion
from .answering.revision import revised
from .answering.short_answer import account_of
from .answering.writing import PlainWriting, Writing, begin
from .errors import AnswererError
from .filters import Filters
from .index.store import Store
from .language_model.deadline import Deadline
from .plugins import Models
from .question.question_type import checked
from .retrieval.fusion import fused
from .retrieval.hybrid import MAIN, SIDEBAR, retrieve, whole_articles
from .schema import Answer, Disagreement, Draft, Dropped, Hit, Kind, NotSaid, Statement, Turn
from .settings import Settings
from .verification.answer_verifier import verified
from .verification.confidence import Calibration
from .verification.gate import Gate
from .verification.local_verifier import LOCAL

SIDEBAR_K = 4
WHOLE_ARTICLES, WHOLE_K = (
    3,
    6,
)  # passages of the best articles that no query found, shown to a model that judges for itself
LEAST_SCORE = 0.5  # of a reader without calibration, to be answered
NOT_CALIBRATED = "There is no calibration for this reader and these settings, so the reader's own score decides."
STANDS_IN = "The articles do not support what the language model wrote, so their own sentences stand in."
STANDS_IN_BROKEN = "The language model did not answer, so the articles' own sentences stand in."


class Pipeline:
    """Answers questions from one index. It keeps nothing between questions; safe to use from several threads."""

    def __init__(self, store: Store, models: Models, settings: Settings) -> None:
        self._store = store
        self._models = models
        self._settings = settings

    def stream(
        self, question: str, history: Sequence[Turn], *, answerer: str, filters: Filters
    ) -> Iterator[str | Answer]:
        """Yield each checked statement with its markers as soon as it stands, then the Answer."""
        clock = Clock()
        question = checked(question)
        deadline = Deadline(self._settings.chat_seconds)
        writing = begin(self._models.answerer(answerer), question, history, deadline)
        with clock.stage("standalone"):
            plan = writing.plan()
        gate = Gate(self._store.article, self._models, deadline=deadline)
        answered: list[Part] = []
        for one in plan.asked:
            if writing.trusted:
                evidence = self._gather_all(one, filters, clock)
            else:
                evidence = self.gather(one.asked, filters, clock)
            answered.append((yield from self._answer(one, evidence, writing, gate, clock)))
        made_by, notes = self._made_by(answered, gate), (*plan.notes, *gate.notes)
        yield compose(question, answered, made_by=made_by, seconds=clock.seconds, notes=notes)

    def search(self, query: str, *, k: int, kinds: Sequence[Kind], filters: Filters) -> list[Hit]:
        """Return up to `k` passages, best first."""
        candidates = max(k, self._settings.candidates)
        return retrieve(
            self._store, self._models.embedder, query, k=k, candidates=candidates, kinds=kinds, filters=filters
        )

    def gather(self, asked: str, filters: Filters, clock: Clock) -> Evidence:
        """Retrieve and read: the articles' bodies first; their sidebars when the bodies do not surely answer."""
        body = self._read(asked, MAIN, filters, self._settings.k, clock)
        if body.sure:
            return body
        aside = self._read(asked, SIDEBAR, filters, SIDEBAR_K, clock)
        better = aside.enough and aside.chance > body.chance
        return replace(aside, aside=True) if better or not body.readings else body

    def _gather_all(self, one: AskedQuestion, filters: Filters, clock: Clock) -> Evidence:
        """Retrieve by every query, bodies and sidebars together, and read: for a model that judges for itself."""
        k, kinds = self._settings.chat_passages, (*MAIN, *SIDEBAR)
        with clock.stage("retrieve"):
            found = [self.search(query, k=k, kinds=kinds, filters=filters) for query in (one.asked, *one.queries)]
            hits = whole_articles(self._store, fused(found, k=k), kinds=kinds, articles=WHOLE_ARTICLES, k=WHOLE_K)
        return self._judge(one.asked, hits, clock)

    def _read(self, asked: str, kinds: Sequence[Kind], filters: Filters, k: int, clock: Clock) -> Evidence:
        with clock.stage("retrieve"):
            hits = self.search(asked, k=k, kinds=kinds, filters=filters)
        return self._judge(asked, hits, clock)

    def _judge(self, asked: str, hits: Sequence[Hit], clock: Clock) -> Evidence:
        models, max_error = self._models, self._settings.max_error
        with clock.stage("read"):
            readings = tuple(models.reader.read(asked, hits))
        if not readings:
            return Evidence(readings, 0.0, enough=False)
        fit = Calibration.load_for(self._settings, models)
        if fit is None:
            least = min(LEAST_SCORE, 1.0 - max_error)
            return Evidence(readings, None, enough=readings[0].score >= least, notes=(NOT_CALIBRATED,))
        with clock.stage("verify"):
            readings = verified(asked, readings, models.entailment)
        confidence = fit.confidence(asked, readings)
        return Evidence(readings, confidence, enough=confidence >= fit.least(max_error))

    def _answer(
        self, one: AskedQuestion, evidence: Evidence, writing: Writing, gate: Gate, clock: Clock
    ) -> Generator[str, None, Part]:
        """Answer one question: what is written and the gate lets through, or the refusal that is written; where neither
        is to be had, the articles' own sentences, if they surely answer."""
        written = Written()
        if evidence.enough or (writing.trusted and evidence.readings):
            written = yield from self._write(one, evidence, writing, gate, clock)
            silent = not written.statements and written.not_said is None
            if silent and evidence.enough and not writing.verbatim:
                stand_in = PlainWriting(self._models.answerer("extractive"), one.question, ())
                own = yield from self._write(one, evidence, stand_in, gate, clock)
                written = own.in_place_of(written, note=STANDS_IN if written.complete else STANDS_IN_BROKEN)
        disagreement: Disagreement | None = None
        if written.statements:
            compared, disagreement = yield from self._compare(one, evidence, written, gate, clock)
            written = written.followed_by(compared)
        return Part(one, evidence, written, disagreement)

    def _write(
        self, one: AskedQuestion, evidence: Evidence, writing: Writing, gate: Gate, clock: Clock
    ) -> Generator[str, None, Written]:
        drafts = _Ending(writing.write(one.asked, evidence.readings))
        with clock.stage("answer"):
            if writing.trusted:
                sure = evidence.enough
                written = yield from revised(one.asked, evidence.readings, drafts, writing, gate, sure=sure)
            else:
                written = yield from self._verify(one, evidence, drafts, gate, relevant=not writing.verbatim)
        notes = (*written.notes, str(drafts.error)) if drafts.error else written.notes
        return replace(written, by=writing.name, notes=notes, complete=not drafts.error, not_said=drafts.not_said)

    def _compare(
        self, one: AskedQuestion, evidence: Evidence, written: Written, gate: Gate, clock: Clock
    ) -> Generator[str, None, tuple[Written, Disagreement | None]]:
        """Where other articles answer with another number or date, show each in its own words."""
        with clock.stage("compare"):
            found = differing(one.question, evidence.readings)
            if found is None:
                return Written(), None
            unsaid = [reading for reading in found.readings if account_of(reading, written.citations) is None]
            shown = yield from self._verify(one, evidence, map(quoted, unsaid), gate, relevant=False)
            return shown, found.as_quoted(one.question, (*written.citations, *shown.citations))

    def _verify(
        self, one: AskedQuestion, evidence: Evidence, drafts: Iterable[Draft], gate: Gate, *, relevant: bool
    ) -> Generator[str, None, Written]:
        """Check each draft; yield the text of those that pass and are new. `relevant` ones must bear on the question."""
        statements: list[Statement] = []
        dropped: list[Dropped] = []
        for batch in gate.batches(drafts) if relevant else ([draft] for draft in drafts):
            said = list(gate.said)
            whole = [with_antecedent(draft, evidence.readings, said) for draft in batch]
            for found in gate.check_all(whole, evidence.readings, question=one.asked if relevant else None):
                if isinstance(found, Dropped):
                    dropped.append(found)
                    continue
                if found not in said:
                    yield (" " if said else "") + found.marked
                    said.append(found)
                if found not in statements:
                    statements.append(found)
        return Written(tuple(statements), tuple(dropped))

    def _made_by(self, answered: Sequence[Part], gate: Gate) -> dict[str, str]:
        models = self._models
        made_by = {"embedder": models.embedder.name, "reader": models.reader.name}
        rewritten = LOCAL in gate.verifiers
        if gate.verifiers:
            made_by["verifier"] = ", ".join(gate.verifiers)
        if models.entailment and (rewritten or any(part.evidence.read_back for part in answered)):
            made_by["entailment"] = models.entailment.name
        if models.consistency and rewritten:
            made_by["consistency"] = models.consistency.name
        return made_by


class _Ending:
    """Drafts up to the first failure of their answerer, which is kept in `error`; `not_said` is what it says is not said."""

    def __init__(self, drafts: Iterator[Draft | NotSaid]) -> None:
        self._drafts = drafts
        self.error: AnswererError | None = None
        self.not_said: NotSaid | None = None

    def __iter__(self) -> Iterator[Draft]:
        try:
            for one in self._drafts:
                if isinstance(one, NotSaid):
                    self.not_said = one
                else:
                    yield one
        except AnswererError as error:
            self.error = error


class Clock:
    """Seconds per stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the seconds that pass inside to those of the stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
