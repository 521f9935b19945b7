"""One index into another: articles with their passages and vectors as they are, a batch at a time; nothing is embedded."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..errors import DamagedIndexError, IndexMismatchError
from ..plugins import Index
from ..schema import Article
from .changes import FileRead
from .splitting import findable
from .tables import Prepared

BATCH_PASSAGES = 256  # in one transaction: what a kill costs
FILES_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Migrated:
    """What became of the articles: taken over now, or there already from a run that was cut off."""

    copied: int
    known: int
    passages: int


def migrate(source: Index, target: Index, *, wait: bool = False, told: Callable[[int], None] | None = None) -> Migrated:
    """Bring the articles of `source` into `target`, which may hold some of them already, and compare what it holds then.

    `told` is called with the number of articles done. A run that was cut off goes on where it was.

    Raises:
        IndexMismatchError: `target` holds articles that `source` lacks, or vectors of another length.
        IndexBusyError: another process writes to `target`, without `wait`.
        DamagedIndexError: `target` gives back something else than was put into it.
    """
    if source.dimension != target.dimension:
        raise IndexMismatchError(
            f"the vectors of one index have {source.dimension} dimensions, of the other {target.dimension}; expected the "
            "same. Both must be made with the same embedding model."
        )
    with target.alone(wait=wait):
        there = {one.article_id for one in target.summaries()}
        if strange := sorted(id_ for id_ in there if not source.has(id_)):
            raise IndexMismatchError(
                f"the index that is to be written holds {len(strange)} articles that the other one lacks, such as "
                f"{strange[0]}; expected an empty one, or one from a migration that was cut off. Name another one."
            )
        files = {name: file for file in source.files_at(os.sep) for name in source.sources_of(file)}
        copied = passages = done = 0
        for batch in _batches(source, there, files):
            target.put(batch)
            copied += sum(1 for one in batch if one.passages or one.article.id not in there)
            passages += sum(len(one.passages) for one in batch)
            done = copied + len(there)
            if told is not None:
                told(done)
        _put_files(source, target)
    _compare(source, target)
    return Migrated(copied, len(there), passages)


def _batches(source: Index, there: set[str], files: dict[str, str]) -> Iterator[list[Prepared]]:
    batch: list[Prepared] = []
    waiting = 0
    for article in source.articles():
        whole = article.id not in there
        batch += _prepared(source, article, files, whole=whole)
        waiting += len(batch[-1].passages) + 1
        if waiting >= BATCH_PASSAGES:
            yield batch
            batch, waiting = [], 0
    if batch:
        yield batch


def _prepared(source: Index, article: Article, files: dict[str, str], *, whole: bool) -> list[Prepared]:
    """The article with all that was made of it, then its other sources, which come without."""
    places = source.passages_of(article.id)
    sources = places[0].sources if places else (article.source,)
    nothing = np.zeros((0, source.dimension), dtype=np.float32)
    others = [
        Prepared(replace(article, source=other), (), nothing, files.get(other))
        for other in sources
        if other != article.source
    ]
    if not whole:
        return [Prepared(article, (), nothing, files.get(article.source)), *others]
    passages = tuple(place.passage for place in places)
    texts = [findable(article, passage) for passage in passages]
    known = source.known_vectors(texts)
    if missing := [text for text in texts if text not in known]:
        raise DamagedIndexError(
            f"the index lacks the vectors of {len(missing)} passages of {article.source!r}, expected all. "
            "Run: citedesk doctor --repair (with --index, if need be), then begin again."
        )
    vectors = np.array([known[text] for text in texts]) if texts else nothing
    return [Prepared(article, passages, vectors, files.get(article.source)), *others]


def _put_files(source: Index, target: Index) -> None:
    """Say of each file that it was read, so that a sync with its folder reads none of them again."""
    files = source.files_at(os.sep)
    for at in range(0, len(files), FILES_AT_ONCE):
        read = [
            FileRead(file, source.stamp_of(file), tuple(source.sources_of(file)))
            for file in files[at : at + FILES_AT_ONCE]
        ]
        target.put([], files=[one for one in read if one != _read(target, one.file)])


def _read(index: Index, file: str) -> FileRead:
    return FileRead(file, index.stamp_of(file), tuple(index.sources_of(file)))


def _compare(source: Index, target: Index) -> None:
    """Raise unless the target gives back what the source does."""
    if source.sources() != target.sources():
        raise _other("sources", [])
    for article in source.articles():
        if target.article(article.id) != article:
            raise _other("article", [article.source])
        mine, theirs = ([place.passage for place in index.passages_of(article.id)] for index in (source, target))
        if mine != theirs:
            raise _other("passages", [article.source])


def _other(what: str, where: Sequence[str]) -> DamagedIndexError:
    return DamagedIndexError(
        f"after the migration the new index has other {what} than the old one {' '.join(where)}, expected the same. "
        "The old index is as it was. Empty the new one and begin again."
    )
