"""One change of an index in Milvus: gathered, written as rows nobody sees, then committed by one row.

The order: rows of the next generation; a count that they are there; the state, from which on they hold; then what they
replace is deleted. A writer that is killed before the state leaves rows that the next one deletes; one that is killed
after it leaves old rows that nobody sees any more, and the next one deletes those.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from ...errors import IndexFolderError, UnknownArticleError
from ...plugins import Vectors
from ...schema import Article, ArticleSummary, Passage
from ...serialization import to_plain
from ..changes import FileRead
from ..codec import fingerprint, spans_text
from ..splitting import findable
from ..tables import Prepared
from .cluster import MOST_TEXT, Cluster, Row, hashed, pieces
from .copies import Touched, regrouped
from .lease import Lease
from .reading import articles_of
from .state import ARTICLE, COPIES, FILE, SOURCE, Record, State, States, gone
from .words import Words


class Change:
    """What is to become of the index; nothing is written before `commit`."""

    def __init__(self, cluster: Cluster, states: States, state: State, words: Words, *, embedder: str) -> None:
        self._cluster, self._states, self._before, self._words = cluster, states, state, words
        self._embedder = embedder
        self.version = state.generation + 1
        self._next_id = state.next_id
        self._records: dict[tuple[str, str], Record] = {}
        self._replaced: dict[str, Record] = {}  # by key
        self._passages: list[Row] = []
        self._texts: list[Row] = []
        self._gone: list[str] = []  # editions of passages
        self._old_texts: list[str] = []  # editions of texts
        self._fresh: dict[str, tuple[Article, int]] = {}  # what is put in, with its place in the order of coming
        self._deleted: set[str] = set()

    def put(self, prepared: Sequence[Prepared], files: Sequence[FileRead]) -> None:
        """As `Store.put`."""
        fresh: set[str] = set()
        left: dict[str, None] = {}
        known = self._known(ARTICLE, [one.article.id for one in prepared])
        known_sources = self._known(SOURCE, [one.article.source for one in prepared])
        for one in prepared:
            article = one.article
            if article.id not in known or (one.passages and article.id not in fresh):
                if article.id in known:
                    self._drop(known[article.id])
                known[article.id] = self._insert(one)
                fresh.add(article.id)
            before = known_sources.get(article.source)
            known_sources[article.source] = self._set_source(article.source, article.id, one.file or "", before)
            if before is not None and before.article != article.id:
                left[before.article] = None
        for file in files:
            left |= dict.fromkeys(self._set_file(file))
        self._delete_unsourced(left)

    def forget_files(self, files: Sequence[str]) -> list[str]:
        """As `Store.forget_files`."""
        forgotten: list[str] = []
        left: dict[str, None] = {}
        for file in files:
            forgotten += sorted(self._sources_from(file))
            left |= dict.fromkeys(self._set_file(FileRead(file, "", ())))
        self._delete_unsourced(left)
        return forgotten

    def remove(self, article_ids: Iterable[str]) -> list[str]:
        """Take articles out, with all their sources, and return those. Their files are to be read again the next time.

        Raises:
            UnknownArticleError: there is none with an id.
        """
        removed: list[str] = []
        for article_id in dict.fromkeys(article_ids):
            known = self._known(ARTICLE, [article_id])
            if article_id not in known:
                raise UnknownArticleError(
                    f"no article has the id {article_id!r}, expected one of this corpus. It may be removed already."
                )
            sources = self._sources_of(article_id)
            for record in sources.values():
                self._set(gone(record, version=self.version), record)
            stamped = self._known(FILE, [one.file for one in sources.values() if one.file])
            for record in stamped.values():
                self._set(gone(record, version=self.version), record)
            self._delete(known[article_id])
            removed += sorted(sources)
        return removed

    def commit(self, lease: Lease) -> State:
        """Write it, make it seen, and delete what it replaced. Returns the new state.

        Raises:
            IndexFolderError: the cluster is away, or holds other rows than were written. Nothing of the change is seen,
                unless the state was committed; then all of it is.
        """
        self._regroup()
        cluster, fresh = self._cluster, f"version == {self.version}"
        written = ((cluster.texts, self._texts), (cluster.passages, self._passages))
        rows = [record.row() for record in self._records.values()]
        for collection, new in (*written, (cluster.records, rows)):
            cluster.insert(collection, new)
        for collection, new in (*written, (cluster.records, rows)):
            if (held := cluster.count(collection, fresh)) != len(new):
                raise IndexFolderError(
                    f"Milvus at {cluster.address} holds {held} of {len(new)} rows just written to {collection}, expected all. "
                    "Nothing of the change is seen. Try it again."
                )
        lease.renew()
        state = State(self.version, self._next_id, (*self._before.gone, *self._gone), self._before.identity)
        self._states.commit(state)
        # Last the records that say that something is gone: without them, what they are about would be back.
        ends = [record.key for record in self._records.values() if record.value is None]
        state = clean(cluster, self._states, state, self._old_texts, list(self._replaced))
        cluster.delete_named(cluster.records, "key", ends)
        return state

    # Records, with those of this change before what is committed

    def _known(self, kind: str, names: Iterable[str]) -> dict[str, Record]:
        wanted = list(dict.fromkeys(names))
        found = self._states.named(kind, wanted, generation=self._before.generation)
        return self._overlaid(found, kind, lambda record: record.name in wanted)

    def _sources_of(self, article_id: str) -> dict[str, Record]:
        found = self._states.of_articles([article_id], generation=self._before.generation)
        return self._overlaid(found, SOURCE, lambda record: record.article == article_id)

    def _sources_from(self, file: str) -> dict[str, Record]:
        found = self._states.of_file(file, generation=self._before.generation)
        return self._overlaid(found, SOURCE, lambda record: record.file == file)

    def _overlaid(self, found: dict[str, Record], kind: str, holds: Any) -> dict[str, Record]:
        mine = {name: record for (its_kind, name), record in self._records.items() if its_kind == kind}
        left = {name: record for name, record in found.items() if name not in mine}
        return left | {name: record for name, record in mine.items() if record.value is not None and holds(record)}

    def _set(self, record: Record, before: Record | None) -> Record:
        if before is not None and before.version <= self._before.generation:
            self._replaced[before.key] = before
        self._records[record.kind, record.name] = record
        return record

    def _set_source(self, source: str, article_id: str, file: str, before: Record | None) -> Record:
        return self._set(Record(SOURCE, source, self.version, article_id, file, {}), before)

    def _set_file(self, file: FileRead) -> list[str]:
        """Note a file's stamp, forget the sources that no longer come from it, and return the ids of their articles."""
        before = self._known(FILE, [file.file]).get(file.file)
        value = {"stamp": file.stamp} if file.stamp else None
        if before is not None or value is not None:
            self._set(Record(FILE, file.file, self.version, value=value), before)
        kept = set(file.sources)
        for name, record in self._known(SOURCE, file.sources).items():
            if record.file != file.file:
                self._set_source(name, record.article, file.file, record)
        left = []
        for name, record in self._sources_from(file.file).items():
            if name not in kept:
                self._set(gone(record, version=self.version), record)
                left.append(record.article)
        return left

    # Articles

    def _insert(self, one: Prepared) -> Record:
        article = one.article
        edition = f"{article.id}@{self.version}"
        texts = [findable(article, passage) for passage in one.passages]
        stems = self._words.of_texts(texts)
        for passage, text, words, vector in zip(one.passages, texts, stems, one.vectors, strict=True):
            self._passages.append(self._passage_row(article, passage, edition, text, words, vector))
        before = self._known(ARTICLE, [article.id]).get(article.id)
        self._fresh[article.id] = article, self._next_id  # an id that no passage has
        self._next_id += 1
        self._write_text(article, edition)
        value = {"passages": edition, "text": edition, "summary": to_plain(_summary(article))}
        return self._set(Record(ARTICLE, article.id, self.version, value=value), before)

    def _passage_row(
        self, article: Article, passage: Passage, edition: str, text: str, words: str, vector: Vectors
    ) -> Row:
        row = {
            "id": self._next_id,
            "edition": edition,
            "article": article.id,
            "version": self.version,
            "start": passage.start,
            "end": passage.end,
            "kind": passage.kind,
            "outlet": hashed(article.outlet) if article.outlet is not None else "",
            "day": article.published.toordinal() if isinstance(article.published, date) else 0,
            "sentences": spans_text(passage.sentences),
            "fingerprint": fingerprint(self._embedder, text).hex(),
            "text": passage.text.encode()[:MOST_TEXT].decode(errors="ignore"),
            "stems": words,
            "dense": [float(value) for value in vector],
        }
        self._next_id += 1
        return row

    def _write_text(self, article: Article, edition: str) -> None:
        content = json.dumps(to_plain(article), ensure_ascii=False)
        for at, piece in enumerate(pieces(content)):
            row = {"key": f"{edition}/{at}", "edition": edition, "version": self.version, "piece": at, "content": piece}
            self._texts.append(row | {"nothing": [0.0, 0.0]})

    def _regroup(self) -> None:
        """Find the near copies among what is new, and group anew what is left where something went."""
        if not self._fresh and not self._deleted:
            return
        generation = self._before.generation
        known = self._states.named(COPIES, self._fresh, generation=generation)
        orders = {
            name: int((one.value or {})["order"]) for name, one in known.items()
        }  # one that is put again keeps it
        fresh = {name: (article, orders.get(name, order)) for name, (article, order) in self._fresh.items()}

        def articles(ids: Sequence[str]) -> dict[str, Article]:
            records = self._states.named(ARTICLE, ids, generation=generation)
            return articles_of(self._cluster, list(records.values()), self._before)

        touched = Touched(fresh, frozenset(self._deleted))
        now, before = regrouped(self._cluster, self._states, touched, articles=articles, generation=generation)
        for name, one in now.items():
            self._set(replace(one, version=self.version), before.get(name))
        for name in self._deleted & before.keys():
            self._set(gone(before[name], version=self.version), before[name])

    def _delete_unsourced(self, article_ids: Iterable[str]) -> None:
        """Delete the articles with their last source; one that has another is filed under that."""
        for article_id in article_ids:
            sources = self._sources_of(article_id)
            record = self._known(ARTICLE, [article_id]).get(article_id)
            if record is None:
                continue
            if not sources:
                self._delete(record)
            elif record.value is not None and record.value["summary"]["sources"][0] not in sources:
                self._refile(record, min(sources))

    def _refile(self, record: Record, source: str) -> None:
        """Give an article another source as its own: its text is written anew, its passages stay."""
        assert record.value is not None
        edition = record.value["text"]
        waiting = [row for row in self._texts if row["edition"] == edition]
        rows = waiting or self._cluster.rows(self._cluster.texts, f'edition == "{edition}"', ["piece", "content"])
        content = json.loads("".join(row["content"] for row in sorted(rows, key=lambda row: int(row["piece"]))))
        self._drop_text(edition)
        fresh = f"{record.name}@{self.version}s"
        for at, piece in enumerate(pieces(json.dumps(content | {"source": source}, ensure_ascii=False))):
            row = {"key": f"{fresh}/{at}", "edition": fresh, "version": self.version, "piece": at, "content": piece}
            self._texts.append(row | {"nothing": [0.0, 0.0]})
        summary = record.value["summary"] | {"sources": [source]}
        value = record.value | {"text": fresh, "summary": summary}
        self._set(replace(record, version=self.version, value=value), record)

    def _delete(self, record: Record) -> None:
        self._fresh.pop(record.name, None)
        self._deleted.add(record.name)
        self._drop(record)
        self._set(gone(record, version=self.version), record)

    def _drop(self, record: Record) -> None:
        """What an article's record leads to is gone."""
        assert record.value is not None
        edition = record.value["passages"]
        if record.version == self.version:
            self._passages = [row for row in self._passages if row["edition"] != edition]
        self._gone.append(edition)
        self._drop_text(record.value["text"])

    def _drop_text(self, edition: str) -> None:
        self._texts = [row for row in self._texts if row["edition"] != edition]
        self._old_texts.append(edition)


def clean(cluster: Cluster, states: States, state: State, texts: Sequence[str] = (), keys: Sequence[str] = ()) -> State:
    """Delete what nobody sees: editions that are gone, old texts and records, and what a writer left uncommitted."""
    cluster.delete_named(cluster.texts, "edition", [*texts, *state.gone])
    cluster.delete_named(cluster.records, "key", keys)
    cluster.delete_named(cluster.passages, "edition", state.gone)
    for collection in (cluster.texts, cluster.passages, cluster.records):
        uncommitted = f"version > {state.generation}"
        if cluster.count(collection, uncommitted):
            cluster.delete(collection, uncommitted)
    if state.gone:
        state = replace(state, gone=())
        states.commit(state)
    return state


def _summary(article: Article) -> ArticleSummary:
    return ArticleSummary(
        article.id, article.title, article.outlet, article.published, (article.source,), article.notes, article.author
    )
