"""A corpus: articles that can be added, searched and asked. The steps to an answer are in `pipeline.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType

from . import plugins
from .conversations.storage import forget_missing
from .errors import FilterError, IndexFolderError, IndexMismatchError, SettingsError
from .filters import EVERYTHING, Filters
from .index.catalogue import Listing
from .index.database import holds_index
from .index.doctor import Checkup
from .index.migration import Migrated, migrate
from .ingest.indexer import Adder
from .ingest.records import Addable, things_to_add
from .ingest.report import AddReport, Progress
from .pipeline import Pipeline
from .plugins import Embedder, Index, Models, Reader
from .question.checking import checked
from .retrieval.hybrid import MAIN, SIDEBAR
from .schema import Answer, Article, ArticleSummary, Hit, QuestionKind, SectionKind, Turn
from .settings import LOCAL, Settings


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
        self.models = Models(settings, embedder=embedder, reader=reader)
        embedder = self.models.embedder
        self._store: Index = plugins.load("index", settings.index, settings, folder=folder, embedder=embedder)
        self._listing = Listing(self._store)
        self._pipeline = Pipeline(self._store, self.models, settings, self._listing)

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
        folder, settings = Path(path), _local(settings)
        if holds_index(folder):
            raise IndexFolderError(
                f"{folder} holds an index already, expected none. Open it with Corpus.open, or choose another folder."
            )
        return cls(folder, settings, embedder=embedder, reader=reader)

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
        folder, settings = Path(path), _local(settings)
        if not holds_index(folder):
            raise IndexFolderError(
                f"there is no index in {folder}, expected one made by Citedesk. Run: citedesk index ARTICLES --index {folder}"
            )
        return cls(folder, settings, embedder=embedder, reader=reader)

    @classmethod
    def in_memory(
        cls, settings: Settings | None = None, *, embedder: Embedder | None = None, reader: Reader | None = None
    ) -> Corpus:
        """Make a corpus that ends with the process."""
        return cls(None, _local(settings), embedder=embedder, reader=reader)

    @classmethod
    def connect(
        cls, settings: Settings | None = None, *, embedder: Embedder | None = None, reader: Reader | None = None
    ) -> Corpus:
        """Open the index that `settings.index` names and that lies in no folder, "milvus:ADDRESS"; it is made if absent.

        Raises:
            SettingsError: the settings name no such index.
            IndexFolderError: it cannot be reached.
            IndexMismatchError: it was made with another embedding model or passage size.
        """
        settings = settings or Settings.from_environment()
        if settings.index == LOCAL:
            raise SettingsError(
                "the index is 'local', which lies in a folder; expected one elsewhere, such as milvus:http://HOST:19530. "
                "Name it with Settings(index=…) or CITEDESK_INDEX, or open the folder with Corpus.open."
            )
        return cls(None, settings, embedder=embedder, reader=reader)

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
        what: Addable | Iterable[Addable],
        *,
        progress: Progress | None = None,
        wait: bool = False,
    ) -> AddReport:
        """Add files, folders, Article records or dictionaries with their fields, a day as `date` or ISO string.

        A file or record that cannot be read is reported, and costs only itself. With `wait`, wait while another process
        writes to the index.

        Raises:
            ReadingError: nothing is at a path, or a dictionary has an unknown key. Nothing is added.
            IndexBusyError: another process writes to the index, without `wait`.
        """
        things = things_to_add(what)
        with self._changing(wait=wait):
            return Adder(self._store, self.models.embedder, self.settings, progress=progress).add(things)

    def sync(
        self, folder: str | Path, *, only: Sequence[Path] = (), progress: Progress | None = None, wait: bool = False
    ) -> AddReport:
        """Bring it in step with a folder, or `only` with paths in it: add, replace, and remove what is gone."""
        with self._changing(wait=wait):
            return Adder(self._store, self.models.embedder, self.settings, progress=progress).sync(
                Path(folder), only=only
            )

    def remove(self, article_id: str, *, wait: bool = False) -> None:
        """Take an article out of the corpus. `wait` as for `add`.

        Raises:
            UnknownArticleError: no article has this id.
        """
        with self._changing(wait=wait):
            self._store.remove(article_id)

    def remove_sources(self, sources: Sequence[str], *, wait: bool = False) -> list[str]:
        """Take out the articles of these sources, all or none, and return every source they had. `wait` as for `add`.

        An article of several sources goes with all of them. What reads one of them again adds it again.

        Raises:
            UnknownArticleError: a source gave no article of the corpus; nothing is removed.
        """
        with self._changing(wait=wait):
            return self._store.remove_sources(sources)

    @contextmanager
    def _changing(self, *, wait: bool) -> Iterator[None]:
        """Keep other writers away; afterwards no conversation mentions an article that is gone."""
        with self._store.alone(wait=wait):
            try:
                yield
            finally:
                forget_missing(self.folder, self._store.has)

    def migrate_to(self, other: Corpus, *, wait: bool = False, told: Callable[[int], None] | None = None) -> Migrated:
        """Bring all articles into another corpus, without embedding them again. One that was cut off goes on where it was.

        `told` is called with the number of articles done. `wait` as for `add`.

        Raises:
            IndexMismatchError: the other one holds articles that this one lacks, or is made with another embedding model.
        """
        mine, theirs = self.models.embedder.name, other.models.embedder.name
        if mine != theirs:
            raise IndexMismatchError(
                f"one corpus is made with embedder {mine}, the other with {theirs}; expected the same. Name it in the settings."
            )
        return migrate(self._store, other._store, wait=wait, told=told)

    def check(self) -> Checkup:
        """Return what is wrong with the index, as `citedesk doctor` prints it."""
        return self._store.check()

    # Looking

    def __len__(self) -> int:
        """The number of articles."""
        return len(self._store)

    @property
    def folder(self) -> Path | None:
        """The index folder; None where there is none, in memory."""
        found: Path | None = getattr(self._store, "folder", None)
        return found

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            UnknownArticleError: no article has this id.
        """
        return self._store.article(article_id)

    def articles(self) -> Iterator[Article]:
        """Iterate over all articles in order of id."""
        return self._store.articles()

    def list_articles(self, words: str = "") -> list[ArticleSummary]:
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
        filters: Filters | None = None,
        published_after: date | str | None = None,
        published_before: date | str | None = None,
        outlets: Sequence[str] | None = None,
        kinds: Sequence[SectionKind] = (*MAIN, *SIDEBAR),
    ) -> list[Hit]:
        """Return up to `k` passages, best first. Filters as for `stream`."""
        chosen = _one_filter(filters, published_after, published_before, outlets)
        return self._pipeline.search(checked(query), k=k, kinds=kinds, filters=chosen)

    # Asking

    def ask(
        self,
        question: str,
        history: Sequence[Turn] | str = (),
        *,
        answerer: str | None = None,
        kind: QuestionKind | None = None,
        filters: Filters | None = None,
        published_after: date | str | None = None,
        published_before: date | str | None = None,
        outlets: Sequence[str] | None = None,
    ) -> Answer:
        """Return the finished answer: `stream`, drained."""
        *_, answer = self.stream(
            question,
            history,
            answerer=answerer,
            kind=kind,
            filters=filters,
            published_after=published_after,
            published_before=published_before,
            outlets=outlets,
        )
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] | str = (),
        *,
        answerer: str | None = None,
        kind: QuestionKind | None = None,
        filters: Filters | None = None,
        published_after: date | str | None = None,
        published_before: date | str | None = None,
        outlets: Sequence[str] | None = None,
    ) -> Iterator[str | Answer]:
        """Yield each checked statement with its markers as soon as it stands, then the Answer.

        The pieces of text join to `answer.text`. `history` holds the earlier turns, oldest first: questions, or
        (question, Answer) pairs. Filters are given as a record or one by one, days as dates or ISO strings. With a `kind` the
        question is read as one of that kind: "summary", "timeline" and the others of `QuestionKind`.

        Raises:
            QuestionError: the question is empty or too long.
            FilterError: a day is no date, or filters are given in both ways.
            UnknownPluginError: no answerer has this name.
        """
        return self._pipeline.stream(
            question,
            (history,) if isinstance(history, str) else history,  # a question alone is no list of letters
            answerer=answerer or self.settings.answerer,
            kind=kind,
            filters=_one_filter(filters, published_after, published_before, outlets),
        )


def _local(settings: Settings | None) -> Settings:
    """Return settings for an index in a folder or in memory; those of the environment may name another one."""
    if settings is None:
        return replace(Settings.from_environment(), index=LOCAL)
    if settings.index != LOCAL:
        raise SettingsError(
            f"the settings name the index {settings.index!r}, expected 'local' for a folder or memory. "
            "Use Corpus.connect(settings), or leave `index` out of them."
        )
    return settings


def _one_filter(
    filters: Filters | None, after: date | str | None, before: date | str | None, outlets: Sequence[str] | None
) -> Filters:
    single = Filters(after, before, outlets)
    if filters is None:
        return single
    if single != EVERYTHING:
        raise FilterError(
            "both `filters=` and single days or outlets are given, expected one of the two. Put all of them into Filters(…)."
        )
    return filters
