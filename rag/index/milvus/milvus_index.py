"""The index in Milvus, as `rag.plugins.Index` wants it. It keeps nothing: any number of processes serve from one cluster."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np

from ...errors import DamagedIndexError, IndexBusyError, IndexFolderError, UnknownArticleError
from ...filters import Scope
from ...plugins import Embedder, Vectors
from ...schema import Article, ArticleSummary
from ...settings import Settings
from ..changes import FileRead
from ..codec import fingerprint
from ..doctor import Checkup, Finding
from ..tables import Located, Prepared
from .change import Change, clean
from .cluster import Cluster, Row, one_of
from .lease import Lease
from .reading import PLACE, articles_of, inside, located, summary_of, torn, visible
from .state import ARTICLE, COPIES, FILE, SOURCE, Record, State, States
from .words import Words

NAME = "citedesk"
TRIES = 5  # to read all in one state while others write

T = TypeVar("T")


class MilvusIndex:
    """One corpus in one Milvus. Safe to use from several threads."""

    def __init__(self, settings: Settings, *, address: str, embedder: Embedder, folder: Path | None = None) -> None:
        """Open the corpus, or make it. `address` is http://HOST:PORT, or a file FILE.db for Milvus Lite, then #NAME if need be.

        Raises:
            IndexFolderError: nothing answers there.
            IndexMismatchError: the corpus was made with another embedding model or passage size.
        """
        place, _, name = address.partition("#")
        self.dimension = embedder.dimension
        self._embedder = embedder.name
        self._identity = {"embedder": embedder.name, "passage_tokens": str(settings.passage_tokens)}
        self._identity["dimension"] = str(embedder.dimension)
        self._cluster = Cluster(place, name=name or NAME, dimension=embedder.dimension)
        self._states = States(self._cluster)
        self._words = Words()
        self._changing = threading.Lock()
        self._lease: Lease | None = None
        self._inside = threading.local()  # the state that a thread reads in
        self._rarity: tuple[int, dict[str, int]] = (-1, {})
        self._current()

    def close(self) -> None:
        self._words.close()
        self._cluster.close()

    # Reading

    def __len__(self) -> int:
        return len(self._states.all(ARTICLE, generation=self._current().generation))

    @property
    def state(self) -> tuple[int, int]:
        """Another one after every change."""
        return 0, self._current().generation

    @property
    def generation(self) -> int:
        """Grows by one with every change."""
        return self._current().generation

    def has(self, article_id: str) -> bool:
        return article_id in self._named(ARTICLE, [article_id])

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            UnknownArticleError: no article has this id.
        """

        def read() -> Article:
            record = self._named(ARTICLE, [article_id]).get(article_id)
            if record is None:
                raise UnknownArticleError(
                    f"no article has the id {article_id!r}, expected one of this corpus. It may have been removed or changed."
                )
            return self._articles([record])[article_id]

        return self.consistent(read)

    def articles(self) -> Iterator[Article]:
        """Iterate over all articles in order of id, one in memory at a time; one removed meanwhile is left out."""
        for article_id in sorted(self._states.all(ARTICLE, generation=self._current().generation)):
            try:
                yield self.article(article_id)
            except UnknownArticleError:
                continue

    def summaries(self) -> Iterator[ArticleSummary]:
        """Yield all articles without their text."""

        def read() -> list[ArticleSummary]:
            generation = self._current().generation
            by_article: dict[str, list[str]] = {}
            for name, record in self._states.all(SOURCE, generation=generation).items():
                by_article.setdefault(record.article, []).append(name)
            records = self._states.all(ARTICLE, generation=generation)
            return [summary_of(record, by_article.get(id_, [])) for id_, record in sorted(records.items())]

        yield from self.consistent(read)

    def passages(self, ids: Sequence[int]) -> dict[int, Located]:
        """Return the passages with these ids, each with its article."""
        wanted = [int(id_) for id_ in ids]
        rows = self._cluster.rows_named(self._cluster.passages, "id", wanted, self._visible(), PLACE)
        located = self._located(rows)
        if missing := [id_ for id_ in wanted if id_ not in located]:
            raise torn(f"there is no passage {missing[0]}")
        return {id_: located[id_] for id_ in wanted}

    def passages_of(self, article_id: str) -> list[Located]:
        """Return the passages of one article, in order; none where no article has this id."""
        where = f"{one_of('article', [article_id])} and {self._visible()}"
        located = self._located(self._cluster.rows(self._cluster.passages, where, PLACE))
        return [located[id_] for id_ in sorted(located)]

    def article_id_of(self, source: str) -> str | None:
        """Return the id of the article that this source gave when it was last read."""
        record = self._named(SOURCE, [source]).get(source)
        return None if record is None else record.article

    def sources(self) -> dict[str, str]:
        """Return every known source with the id of its article."""
        found = self._states.all(SOURCE, generation=self._current().generation)
        return {name: found[name].article for name in sorted(found)}

    def sources_of(self, file: str) -> list[str]:
        """Return the sources of the articles that came from a file."""
        return sorted(self._states.of_file(file, generation=self._current().generation))

    def files_at(self, path: str) -> list[str]:
        """Return the files that were read at a path: itself, and those below it if it is, or was, a folder."""
        generation = self._current().generation
        known = set(self._states.all(FILE, generation=generation))
        known |= {one.file for one in self._states.all(SOURCE, generation=generation).values() if one.file}
        below = path.rstrip(os.sep) + os.sep
        return sorted(file for file in known if file == path or file.startswith(below))

    def stamp_of(self, file: str) -> str:
        """Return the stamp of a file when it was last read; empty if there is none."""
        record = self._named(FILE, [file]).get(file)
        return "" if record is None or record.value is None else str(record.value["stamp"])

    def known_vectors(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Return the vectors of those texts that a passage of the corpus has already."""
        marks = {fingerprint(self._embedder, text).hex(): text for text in texts}
        rows = self._cluster.rows_named(
            self._cluster.passages, "fingerprint", marks, self._visible(), ("fingerprint", "dense")
        )
        return {marks[row["fingerprint"]]: np.array(row["dense"], dtype=np.float32) for row in rows}

    def copied(self, sources: Sequence[str]) -> tuple[str, ...]:
        """Return those of the sources whose text another one gave first, or an article of which theirs is a near copy."""
        mine = self._named(SOURCE, sources)
        ids = [record.article for record in mine.values()]
        records, copies = self._named(ARTICLE, ids), self._named(COPIES, ids)
        first = {id_: one.value["summary"]["sources"][0] for id_, one in records.items() if one.value}
        near = {id_ for id_, one in copies.items() if one.article != id_}
        return tuple(name for name, one in mine.items() if one.article in near or first.get(one.article, name) != name)

    def copies_among(self, ids: Sequence[int], shown: Collection[tuple[str, str]]) -> list[int]:
        """Return those of the passages whose article is a copy of one that is `shown`, a pair of its id and its original's."""
        rows = self._cluster.rows_named(self._cluster.passages, "id", ids, self._visible(), ("id", "article"))
        articles = {int(row["id"]): row["article"] for row in rows}
        originals = {name: one.article for name, one in self._named(COPIES, list(articles.values())).items()}
        pairs = [(id_, articles[id_]) for id_ in ids if id_ in articles]
        return [
            id_ for id_, mine in pairs if any(originals.get(mine) == one and mine != shown_ for shown_, one in shown)
        ]

    # Searching

    def consistent(self, search: Callable[[], T]) -> T:
        """Return what `search` finds, all of it in one state: it is begun again if another one was committed meanwhile.

        Raises:
            IndexBusyError: that happened again and again.
        """
        if getattr(self._inside, "state", None) is not None:
            return search()
        for _ in range(TRIES):
            self._inside.state = before = self._states.state(self._identity)
            try:
                found = search()
            except DamagedIndexError:
                if self._states.state(self._identity).generation == before.generation:
                    raise
                continue
            finally:
                self._inside.state = None
            if self._states.state(self._identity).generation == before.generation:
                return found
        raise IndexBusyError(
            f"the index in Milvus at {self._cluster.address} was changed {TRIES} times while it was searched, expected a pause. "
            "Ask again."
        )

    def search_dense(self, vector: Vectors, *, k: int, scope: Scope) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, cosine), best first."""
        if (where := inside(scope, self._current())) is None:
            return []
        row = np.asarray(vector, dtype=np.float32).tolist()
        return self._cluster.search(row, field="dense", metric="IP", k=k, where=where)

    def search_keywords(self, query: str, *, k: int, scope: Scope) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, BM25 score), best first, higher is better."""
        words, where = self._words.of_query(query), inside(scope, self._current())
        if not words or where is None:
            return []
        found = self._cluster.search(words, field="sparse", metric="BM25", k=k, where=where)
        return [(id_, score) for id_, score in found if score > 0.0]

    def rarity(self, terms: Sequence[str]) -> list[float]:
        """Return log((n + 1) / (passages with the word + 1)) of each word, over n passages; counted once a generation."""
        visible, generation = self._visible(), self._current().generation
        if self._rarity[0] != generation:
            self._rarity = generation, {}
        known = self._rarity[1]
        total = known.setdefault("", self._cluster.count(self._cluster.passages, visible) if "" not in known else 0)
        for term, stems in zip(terms, self._words.of_texts(list(terms)), strict=True):
            if term not in known:
                where = " and ".join([f"text_match(stems, '{stem}')" for stem in stems.split()] + [visible])
                known[term] = self._cluster.count(self._cluster.passages, where) if stems else 0
        return [float(np.log((total + 1) / (known[term] + 1))) for term in terms]

    # Writing

    @contextmanager
    def alone(self, *, wait: bool = False) -> Iterator[None]:
        """Keep other writers away, on this machine and on others, and delete first what a killed one left.

        Raises:
            IndexBusyError: another one is writing, and `wait` is False.
        """
        with self._changing:
            lease = Lease(self._cluster)
            with lease.held(wait=wait):
                self._lease = lease
                try:
                    clean(self._cluster, self._states, self._current())
                    yield
                finally:
                    self._lease = None

    def put(self, prepared: Sequence[Prepared], *, files: Sequence[FileRead] = ()) -> None:
        """Store articles and what is known of files, all or nothing. An article under a known source takes its place."""
        self._change(lambda change: change.put(prepared, files))

    def forget_files(self, files: Sequence[str]) -> list[str]:
        """Note that files are gone, and return their sources; an article goes with its last source."""
        return self._change(lambda change: change.forget_files(files))

    def remove(self, article_id: str) -> None:
        """Take an article out, with its passages, vectors and sources.

        Raises:
            UnknownArticleError: no article has this id.
        """
        self._change(lambda change: change.remove([article_id]))

    def remove_sources(self, sources: Sequence[str]) -> list[str]:
        """Take out the articles of these sources, all or none, and return every source that these articles had.

        Raises:
            UnknownArticleError: a source gave no article of the corpus.
        """
        known = self._named(SOURCE, sources)
        if unknown := [source for source in sources if source not in known]:
            raise UnknownArticleError(
                f"no article came from {', '.join(map(repr, unknown))}, expected sources as `citedesk list` prints them. "
                "Nothing was removed."
            )
        return self._change(lambda change: change.remove([known[source].article for source in sources]))

    def check(self) -> Checkup:
        """Return what is wrong: articles without their text or passages, and rows that belong to none."""
        start = time.perf_counter()
        findings, articles, passages = self.consistent(self._checked)
        state = self._current()
        place = f"{self._cluster.name} in Milvus at {self._cluster.address}"
        seconds = time.perf_counter() - start
        return Checkup(place, articles, passages, state.generation, seconds, tuple(findings))

    def _checked(self) -> tuple[list[Finding], int, int]:
        records = self._states.all(ARTICLE, generation=self._current().generation)
        findings = []
        for article_id, record in records.items():
            try:
                self._articles([record])
            except DamagedIndexError as error:
                findings.append(Finding("article", article_id, str(error)))
        editions = {record.value["passages"] for record in records.values() if record.value}
        rows = self._cluster.rows(self._cluster.passages, self._visible(), ("id", "edition"))
        if strange := sorted({row["edition"] for row in rows} - editions):
            findings.append(
                Finding("passages", strange[0], f"{len(strange)} editions of passages belong to no article")
            )
        sources = self._states.all(SOURCE, generation=self._current().generation)
        for name, one in sources.items():
            if one.article not in records:
                findings.append(Finding("sources", name, f"its article {one.article} is not there"))
        return findings, len(records), len(rows)

    def _change(self, work: Callable[[Change], T]) -> T:
        if self._lease is None:
            raise IndexFolderError(
                "the index in Milvus is changed outside `alone()`, expected inside. Use Corpus.add and the like."
            )
        change = Change(self._cluster, self._states, self._current(), self._words, embedder=self._embedder)
        found = work(change)
        change.commit(self._lease)
        return found

    # Rows

    def _current(self) -> State:
        inside: State | None = getattr(self._inside, "state", None)
        return inside or self._states.state(self._identity)

    def _named(self, kind: str, names: Sequence[str]) -> dict[str, Record]:
        return self._states.named(kind, names, generation=self._current().generation)

    def _visible(self) -> str:
        return visible(self._current())

    def _located(self, rows: Sequence[Row]) -> dict[int, Located]:
        return located(self._cluster, self._states, rows, self._current())

    def _articles(self, records: Sequence[Record]) -> dict[str, Article]:
        return articles_of(self._cluster, records, self._current())
