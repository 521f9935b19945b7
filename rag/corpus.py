"""The recipe: every step from articles to an index, and from a question to a checked answer, in the order they run."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType

from . import plugins
from .adding import Adder, AddReport, Progress
from .asking import checked
from .calibration import Calibration
from .checking import Gate
from .comparing import differing, quoted
from .composing import Evidence, Part, composed
from .conversation import Turn, standalone
from .database import holds_index
from .errors import AnswererError, IndexFolderError
from .leaning import with_what_it_leans_on
from .listing import Listing
from .parting import parts
from .plugins import Answerer, Embedder, Reader
from .retrieving import MAIN, SIDEBAR, Filters, retrieve
from .schema import Answer, Article, Draft, Dropped, Hit, Kind, Listed
from .settings import Settings
from .short_answer import account_of
from .store import Store
from .support import shipped_asker, shipped_judge
from .verifying import verified
from .words import unshouted

SIDEBAR_K = 4
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
        self._listing = Listing(self._store)

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
        if holds_index(folder):
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
        """Open an index folder; nothing is embedded again. One that may only be read can be asked, and refuses changes.

        Raises:
            IndexFolderError: there is no index, or it cannot be read.
            IndexMismatchError: it was made with another embedding model or passage size.
        """
        folder = Path(path)
        if not holds_index(folder):
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

    def remove_sources(self, sources: Sequence[str], *, wait: bool = False) -> list[str]:
        """Take out the articles of these sources, all or none, and return every source they had. `wait` as for `add`.

        An article of several sources goes with all of them. What reads one of them again adds it again.

        Raises:
            UnknownArticleError: a source gave no article of the corpus; nothing is removed.
        """
        with self._store.alone(wait=wait):
            return self._store.remove_sources(sources)

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

    def listed(self, words: str = "") -> list[Listed]:
        """Return all articles without their text, by title, then source; of those, the ones that `words` name.

        Each word stands, in letters of any case, in the title, the outlet or a source.
        """
        return self._listing.naming(words)

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
        return self._retrieve(checked(query), kinds, filters, k)

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
        question = checked(question)
        writer = self._answerer(answerer or self.settings.answerer)
        stand_in = self._answerer("extractive")
        filters = _filters(published_after, published_before, outlets)
        earlier = [history] if isinstance(history, str) else history  # a question alone is no list of letters

        with clock.stage("standalone"):
            questions = parts(unshouted(question))
            asked = [standalone(one, (*earlier, *questions[:at])) for at, one in enumerate(questions)]
        written: list[Part] = []
        for typed, one in zip(questions if len(questions) > 1 else [question], asked, strict=True):
            part = Part(typed, one, self._evidence(one, filters, clock))
            written.append(part)
            if part.evidence.enough:
                yield from self._write(writer, written, clock)
                if not part.statements and writer is not stand_in:
                    part.notes.append(STANDS_IN)
                    yield from self._write(stand_in, written, clock)
            if part.statements:
                yield from self._compare(written, clock)
        made_by = {"embedder": self.embedder.name, "reader": self.reader.name}
        judge = shipped_judge() if any(part.evidence.read_back for part in written) else None
        if judge is not None:
            made_by["judge"] = judge.name
        if any(statement.support < 1.0 for part in written for statement in part.statements):
            made_by["asker"] = shipped_asker().name
        yield composed(question, written, made_by=made_by, seconds=clock.seconds)

    def _evidence(self, asked: str, filters: Filters, clock: _Clock) -> Evidence:
        """Retrieve and read: the articles' bodies first; their sidebars when the bodies do not surely answer."""
        body = self._read(asked, MAIN, filters, self.settings.k, clock)
        if body.sure:
            return body
        aside = self._read(asked, SIDEBAR, filters, SIDEBAR_K, clock)
        better = aside.enough and aside.chance > body.chance
        return replace(aside, aside=True) if better or not body.readings else body

    def _read(self, asked: str, kinds: Sequence[Kind], filters: Filters, k: int, clock: _Clock) -> Evidence:
        with clock.stage("retrieve"):
            hits = self._retrieve(asked, kinds, filters, k)
        with clock.stage("read"):
            readings = tuple(self.reader.read(asked, hits))
        if not readings:
            return Evidence(readings, 0.0, enough=False)
        fit = Calibration.load_for(self.settings, reader=self.reader.name, embedder=self.embedder.name)
        if fit is None:
            least = min(LEAST_SCORE, 1.0 - self.settings.max_error)
            return Evidence(readings, None, enough=readings[0].score >= least, notes=(NOT_CALIBRATED,))
        with clock.stage("verify"):
            readings = verified(asked, readings)
        confidence = fit.confidence(asked, readings)
        return Evidence(readings, confidence, enough=confidence >= fit.least(self.settings.max_error))

    def _retrieve(self, query: str, kinds: Sequence[Kind], filters: Filters, k: int) -> list[Hit]:
        candidates = max(k, self.settings.candidates)
        return retrieve(self._store, self.embedder, query, k=k, candidates=candidates, kinds=kinds, filters=filters)

    def _write(self, writer: Answerer, written: Sequence[Part], clock: _Clock) -> Iterator[str]:
        """Let the answerer write for the last part."""
        part = written[-1]
        reader = None if writer is self._answerer("extractive") else self.reader
        part.broke_off = False
        with clock.stage("answer"):
            try:
                yield from self._checked(writer.write(part.asked, part.evidence.readings), written, reader)
            except AnswererError as error:
                part.notes.append(str(error))
                part.broke_off = True
        # A chat model may tell its name only now.
        part.by = f"{writer.name} (stands in for {part.by})" if part.by else writer.name

    def _compare(self, written: Sequence[Part], clock: _Clock) -> Iterator[str]:
        """Where other articles answer the last part with other numbers or dates, show each in its own words."""
        part = written[-1]
        with clock.stage("compare"):
            apart = differing(part.question, part.evidence.readings)
            cited = [citation for statement in part.statements for citation in statement.citations]
            unsaid = [reading for reading in apart if account_of(reading, cited) is None]
            yield from self._checked(map(quoted, unsaid), written, None)

    def _checked(self, drafts: Iterable[Draft], written: Sequence[Part], reader: Reader | None) -> Iterator[str]:
        """Check each statement for the last part, yield the text of those that pass and are new."""
        part, readings = written[-1], written[-1].evidence.readings
        said = [statement for one in written for statement in one.statements]
        gate = Gate(part.asked, readings, self.article, reader, said=said)
        for draft in drafts:
            found = gate.check(with_what_it_leans_on(draft, readings, said))
            if isinstance(found, Dropped):
                part.dropped.append(found)
                continue
            if found not in said:
                yield (" " if said else "") + found.marked
                said.append(found)
            if found not in part.statements:
                part.statements.append(found)

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


def _filters(after: date | None, before: date | None, outlets: Sequence[str] | None) -> Filters:
    # A moment is a date to Python, but in the index it would come after its own day; a name alone is no list of letters.
    first, last = (one.date() if isinstance(one, datetime) else one for one in (after, before))
    names = (outlets,) if isinstance(outlets, str) else outlets
    return Filters(first, last, None if names is None else tuple(names))
