"""The recipe: every step from articles to an index, and from a question to a checked answer, in the order they run."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType

from . import plugins
from .adding import Adder, AddReport, Progress
from .calibration import Calibration, why_refused
from .checking import Gate
from .conversation import Turn, standalone
from .errors import AnswererError, IndexFolderError, QuestionError
from .plugins import Answerer, Embedder, Reader
from .retrieving import MAIN, SIDEBAR, Filters, retrieve
from .schema import Answer, Article, Dropped, Hit, Kind, Reading, Statement, Trace
from .settings import Settings
from .store import DATABASE, Store
from .words import words

MAX_QUESTION_CHARACTERS = 2_000
STANDS_IN = "The language model gave nothing that the articles support, so their own sentences stand in."


class Corpus:
    """Articles that can be searched and asked. Safe to use from several threads."""

    def __init__(self, folder: Path | None, settings: Settings, *, embedder: Embedder | None = None) -> None:
        """Prefer `Corpus.open`, `Corpus.create` or `Corpus.in_memory`."""
        self.settings = settings
        self.embedder: Embedder = embedder or plugins.load("embedder", settings.embedder, settings)
        self._store = Store(
            folder,
            dimension=self.embedder.dimension,
            identity={"embedder": self.embedder.name, "passage_tokens": str(settings.passage_tokens)},
        )
        self.reader: Reader = plugins.load("reader", settings.reader, settings, embedder=self.embedder)
        self._calibration = Calibration.load_for(reader=self.reader.name, embedder=self.embedder.name)
        self._answerers: dict[str, Answerer] = {}
        self._changing = threading.Lock()

    @classmethod
    def create(cls, path: str | Path, settings: Settings | None = None, *, embedder: Embedder | None = None) -> Corpus:
        """Make an index folder.

        Raises:
            IndexFolderError: there is an index already.
        """
        folder = Path(path)
        if (folder / DATABASE).exists():
            raise IndexFolderError(
                f"{folder} holds an index already, expected none. Open it with Corpus.open, or choose another folder."
            )
        return cls(folder, settings or Settings.from_environment(), embedder=embedder)

    @classmethod
    def open(cls, path: str | Path, settings: Settings | None = None, *, embedder: Embedder | None = None) -> Corpus:
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
        return cls(folder, settings or Settings.from_environment(), embedder=embedder)

    @classmethod
    def in_memory(cls, settings: Settings | None = None, *, embedder: Embedder | None = None) -> Corpus:
        """Make a corpus that ends with the process."""
        return cls(None, settings or Settings.from_environment(), embedder=embedder)

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
        self, what: str | Path | Article | Sequence[str | Path | Article], *, progress: Progress | None = None
    ) -> AddReport:
        """Add files, folders or Article records; what cannot be read is reported, and stops nothing else."""
        things = [what] if isinstance(what, (str, Path, Article)) else list(what)
        with self._changing:
            return self._adder(progress).add(things)

    def sync(self, folder: str | Path, *, progress: Progress | None = None) -> AddReport:
        """Bring the corpus in step with a folder: add, replace, and remove what is no longer there."""
        with self._changing:
            return self._adder(progress).sync(Path(folder))

    def remove(self, article_id: str) -> None:
        """Take an article out of the corpus.

        Raises:
            UnknownArticleError: no article has this id.
        """
        with self._changing:
            self._store.remove(article_id)

    def _adder(self, progress: Progress | None) -> Adder:
        return Adder(self._store, self.embedder, self.settings, progress=progress)

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
        filters = Filters(published_after, published_before, None if outlets is None else tuple(outlets))
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
        filters = Filters(published_after, published_before, None if outlets is None else tuple(outlets))
        made_by = {"embedder": self.embedder.name, "reader": self.reader.name, "answerer": writer.name}

        with clock.stage("standalone"):
            asked = standalone(question, history)
        readings, confidence, notes = self._evidence(asked, filters, clock)
        draft = Answer(question, asked, "not_found", confidence=confidence, made_by=made_by)
        if not self._enough(readings, confidence):
            trace = Trace(tuple(readings), notes=tuple(notes), seconds=clock.seconds)
            nearest = tuple(reading.hit for reading in readings[:3])
            yield replace(draft, reason=why_refused(asked, readings), nearest=nearest, trace=trace)
            return

        statements: list[Statement] = []
        dropped: list[Dropped] = []
        failed = False
        try:
            yield from self._written(writer, asked, readings, statements, dropped, clock)
        except AnswererError as error:
            failed = True
            notes.append(str(error))
        made_by["answerer"] = writer.name  # a chat model may tell its name only now
        if not statements:
            stand_in = self._answerer("extractive")
            notes.append(STANDS_IN)
            made_by["answerer"] = f"{stand_in.name} (stands in for {writer.name})"
            yield from self._written(stand_in, asked, readings, statements, dropped, clock)
            failed = False
        yield replace(
            draft,
            status="partly" if failed else "answered",
            reason=" ".join(notes) or None,
            short=_short(readings, statements),
            statements=tuple(statements),
            made_by=made_by,
            trace=Trace(tuple(readings), tuple(dropped), tuple(notes), clock.seconds),
        )

    def _evidence(self, asked: str, filters: Filters, clock: _Clock) -> tuple[list[Reading], float | None, list[str]]:
        """Retrieve and read: the articles' bodies first, their sidebars only when the bodies do not answer."""
        readings, confidence = self._read(asked, MAIN, filters, clock)
        if self._enough(readings, confidence):
            return readings, confidence, []
        aside, aside_confidence = self._read(asked, SIDEBAR, filters, clock)
        if self._enough(aside, aside_confidence):
            return (
                aside,
                aside_confidence,
                ["Only a sidebar says this: a teaser of another story, or a box beside the article."],
            )
        return readings or aside, confidence, []

    def _read(
        self, asked: str, kinds: Sequence[Kind], filters: Filters, clock: _Clock
    ) -> tuple[list[Reading], float | None]:
        with clock.stage("retrieve"):
            hits = self._retrieve(asked, kinds, filters, self.settings.k)
        with clock.stage("read"):
            readings = self.reader.read(asked, hits)
        return readings, self._calibration.confidence(asked, readings) if self._calibration else None

    def _retrieve(self, query: str, kinds: Sequence[Kind], filters: Filters, k: int) -> list[Hit]:
        candidates = max(k, self.settings.candidates)
        return retrieve(self._store, self.embedder, query, k=k, candidates=candidates, kinds=kinds, filters=filters)

    def _enough(self, readings: Sequence[Reading], confidence: float | None) -> bool:
        """A reader without a calibration is taken at its own word."""
        if not readings:
            return False
        return (readings[0].score if confidence is None else confidence) >= self.settings.refuse_below

    def _written(
        self,
        writer: Answerer,
        asked: str,
        readings: Sequence[Reading],
        statements: list[Statement],
        dropped: list[Dropped],
        clock: _Clock,
    ) -> Iterator[str]:
        """Let the answerer write, check each statement, yield the text of those that pass."""
        gate = Gate(asked, readings, self.article)
        with clock.stage("answer"):
            for draft in writer.write(asked, readings):
                checked = gate.check(draft)
                if isinstance(checked, Dropped):
                    dropped.append(checked)
                    continue
                yield (" " if statements else "") + checked.marked
                statements.append(checked)

    def _answerer(self, name: str) -> Answerer:
        if name not in self._answerers:
            self._answerers[name] = plugins.load("answerer", name, self.settings)
        return self._answerers[name]


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
