"""The recipe: every step from articles to an index, and from a question to a checked answer, in the order they run."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import TracebackType

from . import plugins
from .adding import Adder, AddReport, Progress
from .calibration import Calibration, why_refused
from .checking import Gate
from .conversation import Turn, standalone
from .database import DATABASE
from .errors import AnswererError, IndexFolderError, QuestionError
from .plugins import Answerer, Embedder, Reader
from .retrieving import MAIN, SIDEBAR, Filters, retrieve
from .schema import Answer, Article, Dropped, Hit, Kind, Reading, Statement, Status, Trace
from .settings import Settings
from .store import Store
from .words import words

MAX_QUESTION_CHARACTERS = 2_000
NEAREST = 3
SIDEBAR_K = 4
SURE = 0.6  # confidence from which no sidebar is asked whether it answers better
ONLY_ASIDE = "Only a sidebar says this: a teaser of another story, or a box beside the article."
LEAST_SCORE = 0.5  # of a reader without calibration, to be answered
NOT_CALIBRATED = "There is no calibration for this reader and these settings, so the reader is taken at its own word."
STANDS_IN = "The language model gave nothing that the articles support, so their own sentences stand in."


class Corpus:
    """Articles that can be searched and asked. Safe to use from several threads."""

    def __init__(
        self,
        folder: Path | None,
        settings: Settings,
        *,
        embedder: Embedder | None = None,
        reader: Reader | None = None,
    ) -> None:
        """Prefer `Corpus.open`, `Corpus.create` or `Corpus.in_memory`."""
        self.settings = settings
        self.embedder: Embedder = embedder or plugins.load("embedder", settings.embedder, settings)
        self.reader: Reader = reader or plugins.load("reader", settings.reader, settings, embedder=self.embedder)
        self._answerers: dict[str, Answerer] = {}
        self._store = Store(
            folder,
            dimension=self.embedder.dimension,
            identity={"embedder": self.embedder.name, "passage_tokens": str(settings.passage_tokens)},
            embed=self.embedder.embed_texts,
        )

    @classmethod
    def create(
        cls,
        path: str | Path,
        settings: Settings | None = None,
        *,
        embedder: Embedder | None = None,
        reader: Reader | None = None,
    ) -> Corpus:
        """Make an index folder.

        Raises:
            IndexFolderError: there is an index already.
        """
        folder = Path(path)
        if (folder / DATABASE).exists():
            raise IndexFolderError(
                f"{folder} holds an index already, expected none. Open it with Corpus.open, or choose another folder."
            )
        return cls(folder, settings or Settings.from_environment(), embedder=embedder, reader=reader)

    @classmethod
    def open(
        cls,
        path: str | Path,
        settings: Settings | None = None,
        *,
        embedder: Embedder | None = None,
        reader: Reader | None = None,
    ) -> Corpus:
        """Open an index folder; nothing is embedded again.

        Raises:
            IndexFolderError: there is no index, or it cannot be read.
            IndexMismatchError: it was made with another embedding model or passage size.
        """
        folder = Path(path)
        if not (folder / DATABASE).exists():
            raise IndexFolderError(
                f"there is no index in {folder}, expected one made by Citedesk. Run: citedesk index ARTICLES --index {folder}"
            )
        return cls(folder, settings or Settings.from_environment(), embedder=embedder, reader=reader)

    @classmethod
    def in_memory(
        cls, settings: Settings | None = None, *, embedder: Embedder | None = None, reader: Reader | None = None
    ) -> Corpus:
        """Make a corpus that ends with the process."""
        return cls(None, settings or Settings.from_environment(), embedder=embedder, reader=reader)

    def close(self) -> None:
        self._store.close()

    def __enter__(self) -> Corpus:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Building: read, split, embed, store

    def add(
        self,
        what: str | Path | Article | Sequence[str | Path | Article],
        *,
        progress: Progress | None = None,
        wait: bool = False,
    ) -> AddReport:
        """Add files, folders or Article records; what fails is reported. IndexBusyError while another writes, without `wait`."""
        things = [what] if isinstance(what, (str, Path, Article)) else list(what)
        with self._store.alone(wait=wait):
            return Adder(self._store, self.embedder, self.settings, progress=progress).add(things)

    def sync(
        self, folder: str | Path, *, only: Sequence[Path] = (), progress: Progress | None = None, wait: bool = False
    ) -> AddReport:
        """Bring it in step with a folder, or `only` with paths in it: add, replace, and remove what is gone."""
        with self._store.alone(wait=wait):
            return Adder(self._store, self.embedder, self.settings, progress=progress).sync(Path(folder), only=only)

    def remove(self, article_id: str, *, wait: bool = False) -> None:
        """Take an article out of the corpus. `wait` as for `add`.

        Raises:
            UnknownArticleError: no article has this id.
        """
        with self._store.alone(wait=wait):
            self._store.remove(article_id)

    # Looking

    def __len__(self) -> int:
        """The number of articles."""
        return len(self._store)

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            UnknownArticleError: no article has this id.
        """
        return self._store.article(article_id)

    def articles(self) -> Iterator[Article]:
        """Iterate over all articles in order of id."""
        return self._store.articles()

    def sources(self) -> dict[str, str]:
        """Return each source that was read with the id of its article."""
        return self._store.sources()

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        published_after: date | None = None,
        published_before: date | None = None,
        outlets: Sequence[str] | None = None,
        kinds: Sequence[Kind] = (*MAIN, *SIDEBAR),
    ) -> list[Hit]:
        """Return up to `k` passages, best first. The dates are inclusive; articles without a date pass no date filter."""
        filters = _filters(published_after, published_before, outlets)
        return self._retrieve(_checked(query), kinds, filters, k)

    # Asking

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        answerer: str | None = None,
        published_after: date | None = None,
        published_before: date | None = None,
        outlets: Sequence[str] | None = None,
    ) -> Answer:
        """Return the finished answer: `stream`, drained."""
        *_, answer = self.stream(
            question,
            history,
            answerer=answerer,
            published_after=published_after,
            published_before=published_before,
            outlets=outlets,
        )
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        answerer: str | None = None,
        published_after: date | None = None,
        published_before: date | None = None,
        outlets: Sequence[str] | None = None,
    ) -> Iterator[str | Answer]:
        """Yield each checked statement with its markers as soon as it stands, then the Answer.

        The pieces of text join to `answer.text`. `history` holds the earlier turns, oldest first: questions, or
        (question, Answer) pairs.

        Raises:
            QuestionError: the question is empty or too long.
            UnknownPluginError: no answerer has this name.
        """
        clock = _Clock()
        question = _checked(question)
        writer = self._answerer(answerer or self.settings.answerer)
        stand_in = self._answerer("extractive")
        filters = _filters(published_after, published_before, outlets)

        with clock.stage("standalone"):
            asked = standalone(question, history)
        evidence = self._evidence(asked, filters, clock)
        written = _Written()
        if evidence.enough:
            yield from self._write(writer, asked, evidence.readings, written, clock)
            if not written.statements and writer is not stand_in:
                written.notes.append(STANDS_IN)
                yield from self._write(stand_in, asked, evidence.readings, written, clock)
        yield self._finished(question, asked, evidence, written, clock)

    def _finished(self, question: str, asked: str, evidence: _Evidence, written: _Written, clock: _Clock) -> Answer:
        statements, readings = tuple(written.statements), evidence.readings
        beginning = why_refused(asked, readings) if not statements else ONLY_ASIDE if evidence.aside else ""
        status: Status = "not_found" if not statements else "partly" if written.broke_off else "answered"
        return Answer(
            question=question,
            asked=asked,
            status=status,
            reason=" ".join((beginning, *written.notes)).strip() or None,
            short=_short(readings, statements),
            statements=statements,
            confidence=evidence.confidence,
            nearest=() if statements else tuple(reading.hit for reading in readings[:NEAREST]),
            trace=Trace(readings, tuple(written.dropped), (*evidence.notes, *written.notes), clock.seconds),
            made_by={"embedder": self.embedder.name, "reader": self.reader.name, "answerer": written.by or "none"},
        )

    def _evidence(self, asked: str, filters: Filters, clock: _Clock) -> _Evidence:
        """Retrieve and read: the articles' bodies first; their sidebars when the bodies do not surely answer."""
        body = self._read(asked, MAIN, filters, self.settings.k, clock)
        if body.sure:
            return body
        aside = self._read(asked, SIDEBAR, filters, SIDEBAR_K, clock)
        better = aside.enough and aside.chance > body.chance
        return replace(aside, aside=True) if better or not body.readings else body

    def _read(self, asked: str, kinds: Sequence[Kind], filters: Filters, k: int, clock: _Clock) -> _Evidence:
        with clock.stage("retrieve"):
            hits = self._retrieve(asked, kinds, filters, k)
        with clock.stage("read"):
            readings = tuple(self.reader.read(asked, hits))
        if not readings:
            return _Evidence(readings, 0.0, enough=False)
        fit = Calibration.load_for(self.settings, reader=self.reader.name, embedder=self.embedder.name)
        if fit is None:
            least = min(LEAST_SCORE, 1.0 - self.settings.max_error)
            return _Evidence(readings, None, enough=readings[0].score >= least, notes=(NOT_CALIBRATED,))
        confidence = fit.confidence(asked, readings)
        return _Evidence(readings, confidence, enough=confidence >= fit.least(self.settings.max_error))

    def _retrieve(self, query: str, kinds: Sequence[Kind], filters: Filters, k: int) -> list[Hit]:
        candidates = max(k, self.settings.candidates)
        return retrieve(self._store, self.embedder, query, k=k, candidates=candidates, kinds=kinds, filters=filters)

    def _write(
        self, writer: Answerer, asked: str, readings: Sequence[Reading], written: _Written, clock: _Clock
    ) -> Iterator[str]:
        """Let the answerer write, check each statement, yield the text of those that pass."""
        gate = Gate(asked, readings, self.article, None if writer is self._answerer("extractive") else self.reader)
        with clock.stage("answer"):
            try:
                for draft in writer.write(asked, readings):
                    checked = gate.check(draft)
                    if isinstance(checked, Dropped):
                        written.dropped.append(checked)
                        continue
                    yield (" " if written.statements else "") + checked.marked
                    written.statements.append(checked)
                    written.broke_off = False
            except AnswererError as error:
                written.notes.append(str(error))
                written.broke_off = True
        # A chat model may tell its name only now.
        written.by = f"{writer.name} (stands in for {written.by})" if written.by else writer.name

    def _answerer(self, name: str) -> Answerer:
        if name not in self._answerers:
            self._answerers[name] = plugins.load("answerer", name, self.settings)
        return self._answerers[name]


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What was read for a question, best first, and whether it is enough to answer."""

    readings: tuple[Reading, ...]
    confidence: float | None
    enough: bool
    aside: bool = False
    notes: tuple[str, ...] = ()

    @property
    def chance(self) -> float:
        """The confidence, or what stands in for it where there is none."""
        if self.confidence is not None:
            return self.confidence
        return self.readings[0].score if self.readings else 0.0

    @property
    def sure(self) -> bool:
        return self.enough and self.chance >= SURE


@dataclass(slots=True)
class _Written:
    """What the answerers have written so far."""

    statements: list[Statement] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    by: str = ""
    broke_off: bool = False


class _Clock:
    """Seconds per stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def _checked(question: str) -> str:
    stripped = question.strip()
    if not stripped:
        raise QuestionError("the question is empty, expected at least one word. Type a question.")
    if not words(stripped):
        raise QuestionError(f"the question {stripped[:20]!r} holds no word, expected at least one. Type a question.")
    try:
        stripped.encode()
    except UnicodeEncodeError as error:  # from a terminal that is not in UTF-8
        raise QuestionError(
            f"the question holds half a character at {error.start}, expected whole Unicode characters. Type it again."
        ) from error
    if len(stripped) > MAX_QUESTION_CHARACTERS:
        raise QuestionError(
            f"the question has {len(stripped):,} characters, expected at most {MAX_QUESTION_CHARACTERS:,}. "
            "Ask for one thing at a time; add long texts as articles."
        )
    return stripped


def _filters(after: date | None, before: date | None, outlets: Sequence[str] | None) -> Filters:
    return Filters(after, before, None if outlets is None else tuple(outlets))


def _short(readings: Sequence[Reading], statements: Sequence[Statement]) -> str | None:
    """The words that answer, when they stand in the quote of the first statement."""
    for reading in readings:
        if reading.short is None or not statements:
            continue
        start, end = reading.short
        passage = reading.hit.passage
        for citation in statements[0].citations:
            if citation.article_id == passage.article_id and citation.start <= start and end <= citation.end:
                return passage.text[start - passage.start : end - passage.start]
    return None
