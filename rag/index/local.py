"""The index that lies in a folder, as `rag.plugins.Index` wants it: the store, and what its searches may find."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from ..filters import Scope
from ..plugins import Embedder, Vectors
from ..schema import ArticleSummary
from ..settings import Settings
from . import near_duplicates
from .doctor import Checkup, examine
from .store import Store
from .summaries import Summaries


class LocalIndex(Store):
    """One index folder, or a database in memory when `folder` is None."""

    def __init__(self, settings: Settings, *, folder: Path | None, embedder: Embedder) -> None:
        """Raises as `Store` does."""
        super().__init__(
            folder,
            dimension=embedder.dimension,
            identity={"embedder": embedder.name, "passage_tokens": str(settings.passage_tokens)},
            embed=embedder.embed_texts,
        )
        self._summaries = Summaries(self.snapshot)

    def summaries(self) -> Iterator[ArticleSummary]:
        """Yield all articles without their text, in the order in which they came; changes meanwhile may show."""
        yield from self._summaries.all(self.state[0])

    def copied(self, sources: Sequence[str]) -> tuple[str, ...]:
        """Return those of the sources whose text another one gave first, or an article of which theirs is a near copy."""
        with self.snapshot() as connection:
            return tuple(near_duplicates.copied(connection, sources))

    def copies_among(self, ids: Sequence[int], shown: Collection[tuple[str, str]]) -> list[int]:
        """Return those of the passages whose article is a copy of one that is `shown`, a pair of its id and its original's."""
        with self.snapshot() as connection:
            return near_duplicates.passages_of_copies(connection, ids, shown)

    def search_dense(self, vector: Vectors, *, k: int, scope: Scope) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, cosine), best first."""
        among = self.ids_in(scope)
        if not len(among):
            return []
        index = self.dense()
        # Of 100,000 passages the search took 21 ms with a list of them all, 11 without.
        return index.search(vector, k=k, among=None if len(among) == len(index) else among)

    def search_keywords(self, query: str, *, k: int, scope: Scope) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, BM25 score), best first, higher is better."""
        among = self.ids_in(scope)
        return self.keyword_search(query, k=k, among=among) if len(among) else []

    def check(self) -> Checkup:
        """Return what is wrong with the index. One in memory is copied into a folder for it."""
        if self.folder is not None:
            return examine(self.folder)
        with tempfile.TemporaryDirectory() as folder:
            self.copy_to(Path(folder))
            return examine(folder)
