"""Dense search with FAISS: passage ids and unit vectors in, nearest ids and cosines out. Knows nothing of articles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..plugins import Vectors

Ids = npt.NDArray[np.int64]


class DenseIndex:
    """An exact inner-product index over unit vectors, in memory. The store fills it and keeps it in step."""

    def __init__(self, dimension: int) -> None:
        import faiss

        self._faiss = faiss
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    changed = False  # by another process: nothing of it is on disk

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def ids(self) -> Ids:
        """The ids held, shape (len(self),), in no particular order."""
        return np.array(self._faiss.vector_to_array(self._index.id_map), dtype=np.int64)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add rows: `ids` shape (n,), `vectors` shape (n, dimension)."""
        self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), ids)

    def remove(self, ids: Ids) -> None:
        self._index.remove_ids(self._faiss.IDSelectorBatch(ids))

    def search(self, query: Vectors, *, k: int, among: Ids | None) -> list[tuple[int, float]]:
        """Return up to `k` (id, cosine), best first; only ids in `among`, unless it is None. Ties go by id."""
        k = min(k, len(self))  # FAISS makes room for k
        if not k:
            return []
        parameters = self._faiss.SearchParameters()
        if among is not None:
            parameters.sel = self._faiss.IDSelectorBatch(among)
        scores, ids = self._index.search(query.reshape(1, -1), k, params=parameters)
        found = [(int(id_), float(score)) for id_, score in zip(ids[0], scores[0], strict=True) if id_ >= 0]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def as_ids(ids: Sequence[int]) -> Ids:
    return np.array(ids, dtype=np.int64)
