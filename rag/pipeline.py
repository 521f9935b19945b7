"""From a question to a checked answer: every step, in the order they run. Read this file first.

plan            the question as typed, with the turns before it → questions that stand by themselves, and queries
interpret       its kind (a fact, a summary, a count, …), what articles, outlets and days it names
retrieve        a question and its queries → hits: dense and keyword search, fused
read            hits → readings: does this passage answer, in which sentence, with which words
decide          readings → evidence: how sure, and is it enough to answer
write           evidence → drafts: a composer of that kind or an answerer proposes statements, or says that nothing answers
verify          drafts → statements: quotes stand in the article, and bear what is said; the rest is dropped
compare         statements → disagreement: other articles with another number or date
assemble        all of it → the one Answer
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from .answering.answered_moves import answered_move
from .answering.antecedent import with_antecedent
from .answering.asking import Asking
from .answering.assembly import assemble
from .answering.composers import COMPOSERS, READ_FIRST, READ_LAST
from .answering.disagreement import differing, quoted
from .answering.interpretation import alternatives, cited_before, read_question
from .answering.left_out import left_out
from .answering.parts import Composed, Evidence, Part, Written
from .answering.plan import AskedQuestion, Plan
from .answering.revision import revised
from .answering.short_answer import account_of
from .answering.writing import PlainWriting, Writing, begin
from .drafts import Draft, NotSaid
from .errors import AnswererError
from .filters import Filters
from .index.catalogue import Listing
from .language_model.deadline import Deadline
from .plugins import Index, Models
from .question.checking import checked
from .question.question_type import asks_of_article, asks_whether
from .retrieval.fusion import fused_queries
from .retrieval.hybrid import BODY, MAIN, SIDEBAR, retrieve, whole_article, whole_articles
from .retrieval.library import Library
from .schema import Answer, Disagreement, Dropped, Hit, QuestionKind, ReadQuestion, SectionKind, Statement, Turn
from .settings import Settings
from .verification.confidence import Calibration
from .verification.gate import Gate
from .verification.local_verifier import LOCAL
from .verification.read_back import likeliest_first, verified

logger = logging.getLogger(__name__)

SIDEBAR_K = 4
YES_OR_NO = ("yes", "no")
SAME_TOPIC = 0.5  # of another article's chance, from which one that the answer before cites is asked first
WHOLE_ARTICLES = 3  # of which a model that judges for itself is shown further passages,
WHOLE_K = 6  # so many in all
LEAST_SCORE = 0.5  # of a reader without calibration, to be answered
NOT_CALIBRATED = "There is no calibration for this reader and these settings, so the reader's own score decides."


class Pipeline:
    """Answers questions from one index. It keeps nothing between questions; safe to use from several threads."""

    def __init__(self, index: Index, models: Models, settings: Settings, listing: Listing) -> None:
        self._index = index
        self._listing = listing
        self._models = models
        self._settings = settings

    def stream(
        self,
        question: str,
        history: Sequence[Turn],
        *,
        answerer: str,
        filters: Filters,
        kind: QuestionKind | None = None,
    ) -> Iterator[str | Answer]:
        """Yield each checked statement with its markers as soon as it stands, then the Answer. `kind` is that of the question."""
        clock = Clock()
        question = checked(question)
        deadline = Deadline(self._settings.chat_seconds)
        writing = begin(self._models.answerer(answerer), question, history, deadline)
        library = Library(self._index, self._models, self._settings, self._listing, filters)
        gate = Gate(self._index.article, self._models, deadline=deadline, articles=lambda: len(library.listed()))
        answered: list[Part] = []
        with clock.stage("plan"):
            again = None if writing.trusted else answered_move(question, history, library, self._models)
            plan = Plan(()) if again else writing.plan()
        if again:
            one = AskedQuestion(question, again.asked)
            answered.append((yield from self._answer_broadly(one, again.composed, writing, gate, clock)))
        for one in plan.asked:
            if writing.trusted:
                evidence = self._gather_all(one, filters, clock)
                part = yield from self._answer(one, evidence, writing, gate, clock)
            else:
                part = yield from self._answer_by_kind(one, history, library, writing, gate, clock, kind=kind)
            answered.append(part)
        made_by, notes = self._made_by(answered, gate), (*plan.notes, *gate.notes)
        answer = assemble(question, answered, made_by=made_by, seconds=clock.seconds, notes=notes)
        logger.debug("%s after %s", answer.status, ", ".join(f"{name} {s:.2f} s" for name, s in clock.seconds.items()))
        yield answer

    def _answer_by_kind(
        self,
        one: AskedQuestion,
        history: Sequence[Turn],
        library: Library,
        writing: Writing,
        gate: Gate,
        clock: Clock,
        *,
        kind: QuestionKind | None,
    ) -> Generator[str, None, Part]:
        """Answer one question as its kind wants it: by a composer of that kind, else by the sentences that the reader finds."""
        with clock.stage("interpret"):
            read = read_question(one.asked, library, kind=kind)
        evidence = self._evidence(one, read, history, library, clock)
        before = cited_before(one.question, history)
        asking = Asking(one.asked, read, library, self._models, evidence, before)
        composed = None if evidence.aside and evidence.enough else self._compose(asking, clock)  # they see no sidebars
        if composed is not None and not composed.drafts and read.kind in READ_LAST:
            evidence = self.gather(one.asked, library.filters, clock)
            composed = None if evidence.enough else composed
        if composed is None:
            part = yield from self._answer(one, evidence, writing, gate, clock)
        else:
            part = yield from self._answer_broadly(one, composed, writing, gate, clock)
        return replace(part, read=read)

    def search(self, query: str, *, k: int, kinds: Sequence[SectionKind], filters: Filters) -> list[Hit]:
        """Return up to `k` passages, best first."""
        candidates = max(k, self._settings.candidates)
        return retrieve(
            self._index, self._models.embedder, query, k=k, candidates=candidates, kinds=kinds, filters=filters
        )

    def _evidence(
        self, one: AskedQuestion, read: ReadQuestion, history: Sequence[Turn], library: Library, clock: Clock
    ) -> Evidence:
        """Search the question as it was completed, as it was typed, and in the days that it names; the best evidence wins."""
        if read.kind not in READ_FIRST:
            return Evidence((), None, enough=False)
        best = self.gather(one.asked, library.filters, clock)
        for other, filters in alternatives(one, read, history, library):
            if best.sure:
                break
            found = self.gather(other, filters, clock)
            best = found if found.enough and found.chance > best.chance else best
        for article_id in cited_before(one.question, history):
            hits = whole_article(self._index, article_id, kinds=_kinds(one.question))
            found = self._decide(one.question, hits, clock)
            best = found if found.enough and found.chance >= SAME_TOPIC * best.chance else best
        return best

    def gather(self, asked: str, filters: Filters, clock: Clock) -> Evidence:
        """Retrieve and read: the articles' bodies first; their sidebars when the bodies do not surely answer."""
        body = self._read(asked, _kinds(asked), filters, self._settings.k, clock)
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
            hits = whole_articles(
                self._index, fused_queries(found, k=k), kinds=kinds, articles=WHOLE_ARTICLES, k=WHOLE_K
            )
        return self._decide(one.asked, hits, clock)

    def _read(self, asked: str, kinds: Sequence[SectionKind], filters: Filters, k: int, clock: Clock) -> Evidence:
        with clock.stage("retrieve"):
            hits = self.search(asked, k=k, kinds=kinds, filters=filters)
        return self._decide(asked, hits, clock)

    def _decide(self, asked: str, hits: Sequence[Hit], clock: Clock) -> Evidence:
        models, max_error = self._models, self._settings.max_error
        with clock.stage("read"):
            readings = tuple(models.reader.read(asked, hits))
        if not readings:
            return Evidence(readings, 0.0, enough=False)
        fit = Calibration.load_for(self._settings, models)
        if fit is None:
            least = min(LEAST_SCORE, 1.0 - max_error)
            return Evidence(readings, None, enough=readings[0].score >= least, notes=(NOT_CALIBRATED,))
        with clock.stage("decide"):
            answers = YES_OR_NO if asks_whether(asked) else ()
            readings = likeliest_first(verified(asked, readings, models.entailment, answers=answers))
        confidence = fit.confidence(asked, readings)
        return Evidence(readings, confidence, enough=confidence >= fit.least(max_error))

    def _compose(self, asking: Asking, clock: Clock) -> Composed | None:
        composer = COMPOSERS.get(asking.read.kind)
        with clock.stage("write"):
            return composer(asking) if composer else None

    def _answer_broadly(
        self, one: AskedQuestion, composed: Composed, writing: Writing, gate: Gate, clock: Clock
    ) -> Generator[str, None, Part]:
        """Answer from what a composer found: in a writer's words where it has some, else in the articles' own."""
        evidence = Evidence(composed.readings, composed.confidence, enough=bool(composed.drafts))
        written = Written()
        if not writing.verbatim and composed.readings:
            written = yield from self._write(one, evidence, writing, gate, clock)
        if not written.statements:
            own = yield from self._verify(one, evidence, composed.drafts, gate, relevant=False)
            own = replace(own, by="extractive-1")
            written = own.in_place_of(written) if written.by else own
        return Part(one, evidence, written, composed=composed)

    def _answer(
        self, one: AskedQuestion, evidence: Evidence, writing: Writing, gate: Gate, clock: Clock
    ) -> Generator[str, None, Part]:
        """Answer one question: what is written and the gate lets through, or the refusal that is written; where neither
        is to be had, the articles' own sentences, if they surely answer."""
        written = Written()
        if evidence.enough or (writing.trusted and evidence.readings):
            written = yield from self._write(one, evidence, writing, gate, clock)
            heard = written.not_said is not None and writing.trusted  # a small one refuses what surely is answered
            if not written.statements and not heard and evidence.enough and not writing.verbatim:
                stand_in = PlainWriting(self._models.answerer("extractive"), one.question, ())
                own = yield from self._write(one, evidence, stand_in, gate, clock)
                written = own.in_place_of(written)
            elif written.statements and not (writing.trusted or writing.verbatim):
                extractive = self._models.answerer("extractive")
                unsaid = left_out(one.question, evidence.readings, written.statements, extractive)
                written = written.followed_by((yield from self._verify(one, evidence, unsaid, gate, relevant=False)))
        disagreement: Disagreement | None = None
        if written.statements:
            compared, disagreement = yield from self._compare(one, evidence, written, gate, clock)
            written = written.followed_by(compared)
        return Part(one, evidence, written, disagreement)

    def _write(
        self, one: AskedQuestion, evidence: Evidence, writing: Writing, gate: Gate, clock: Clock
    ) -> Generator[str, None, Written]:
        drafts = _Ending(writing.write(one.asked, evidence.readings))
        with clock.stage("write"):
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
            cited = [citation for statement in said for citation in statement.citations]
            whole = [with_antecedent(draft, evidence.readings, cited) for draft in batch]
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
    """Seconds per stage, each named as at the head of this module; `write` includes the gate, which checks while it is written."""

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


def _kinds(question: str) -> tuple[SectionKind, ...]:
    """Return what answers a question at first: bylines only where it may be about an article itself."""
    return MAIN if asks_of_article(question) else BODY
