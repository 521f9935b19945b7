"""The collections in Milvus: how they are made, read, written, and what it means when the cluster is away.

    NAME_passages   a row a passage: its place, text, vector, and stems for BM25
    NAME_texts      the articles as JSON, in pieces, for a field holds 65,535 bytes
    NAME_records    what is known by name: articles, sources, files; the state of the whole

Rows are never changed, but the one of the state. A row says from which generation on it holds; the state says which
generation is committed. So what a writer has not committed, nobody sees.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any, TypeVar

from ...errors import IndexFolderError, MissingExtraError

SECONDS = 30.0  # for one call
AT_ONCE = 500  # rows in one insert: a message holds 64 MB
MOST_NAMED = 1000  # names in one filter
MOST_FOUND = 16_384  # rows that Milvus gives in one reply
K1, B = 1.2, 0.75  # as in rag.index.bm25
MOST_TEXT = 65_535  # bytes of a field
MOST_BANDS = 64  # of an article; see rag.index.near_duplicates
BLANK: dict[str, Any] = {"nothing": [0.0, 0.0], "bands": []}  # of a record that has no bands

Row = dict[str, Any]
T = TypeVar("T")


class Cluster:
    """One corpus in one Milvus. Safe to use from several threads."""

    def __init__(self, address: str, *, name: str, dimension: int) -> None:
        """Connect, and make the collections if they are not there. An address that ends in .db is a file, for Milvus Lite.

        Raises:
            MissingExtraError: pymilvus is not installed.
            IndexFolderError: nothing answers at the address.
        """
        try:
            self._milvus = import_module("pymilvus")
        except ModuleNotFoundError as error:
            raise MissingExtraError(
                "an index in Milvus needs the package pymilvus, which is not installed. Run: pip install 'citedesk[milvus]'"
            ) from error
        self._uri = address
        self.address = re.sub(r"//[^/@]*@", "//", address)  # as messages tell it, without a password
        self.name, self.dimension = name, dimension
        self.passages, self.texts, self.records = (f"{name}_{part}" for part in ("passages", "texts", "records"))
        self._connecting = threading.Lock()
        self._client: Any = None
        for collection, make in (
            (self.texts, self._texts_schema),
            (self.passages, self._passages_schema),
            (self.records, self._records_schema),
        ):
            if not self._call("has_collection", collection):
                self._make(collection, *make())

    def close(self) -> None:
        with self._connecting:
            if self._client is not None:
                self._client.close()
            self._client = None

    # Reading

    def rows(self, collection: str, where: str, fields: Sequence[str]) -> list[Row]:
        """Return all rows for which a filter holds."""
        found: list[Row] = self._call(
            "query", collection, filter=where, output_fields=list(fields), limit=MOST_FOUND, consistency_level="Strong"
        )
        return list(found) if len(found) < MOST_FOUND else list(self._all_rows(collection, where, fields))

    def rows_named(
        self, collection: str, field: str, values: Iterable[Any], where: str, fields: Sequence[str]
    ) -> list[Row]:
        """Return all rows that have one of the values in a field, and for which a filter holds."""
        wanted, found = list(dict.fromkeys(values)), list[Row]()
        for at in range(0, len(wanted), MOST_NAMED):
            found += self.rows(collection, f"{one_of(field, wanted[at : at + MOST_NAMED])} and {where}", fields)
        return found

    def count(self, collection: str, where: str) -> int:
        """Return how many rows there are for which a filter holds."""
        found = self._call("query", collection, filter=where, output_fields=["count(*)"], consistency_level="Strong")
        return int(found[0]["count(*)"])

    def search(self, data: Any, *, field: str, metric: str, k: int, where: str) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, score), best first."""
        found = self._call(
            "search",
            self.passages,
            data=[data],
            anns_field=field,
            limit=min(k, MOST_FOUND),
            filter=where,
            output_fields=["id"],
            search_params={"metric_type": metric, "params": {}},
            consistency_level="Strong",
        )
        # Milvus gives a BM25 score as it is, Milvus Lite as a distance: below zero.
        sign = abs if metric == "BM25" else float
        pairs = [(int(hit["id"]), float(sign(hit["distance"]))) for hit in found[0]]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    # Writing

    def insert(self, collection: str, rows: Sequence[Row]) -> None:
        for at in range(0, len(rows), AT_ONCE):
            self._call("insert", collection, data=list(rows[at : at + AT_ONCE]))

    def upsert(self, collection: str, row: Row) -> None:
        self._call("upsert", collection, data=[row])

    def delete(self, collection: str, where: str) -> None:
        """Delete the rows for which a filter holds, and see that they are gone.

        Raises:
            IndexFolderError: they are still there.
        """
        self._call("delete", collection, filter=where)
        if left := self.count(collection, where):
            raise IndexFolderError(
                f"Milvus at {self.address} still holds {left} rows of {collection} that were deleted, expected none. "
                "Nobody sees them; the next change deletes them again."
            )

    def delete_named(self, collection: str, field: str, values: Iterable[Any]) -> None:
        """Delete the rows that have one of the values in a field. Raises as `delete` does."""
        gone = list(dict.fromkeys(values))
        for at in range(0, len(gone), MOST_NAMED):
            self.delete(collection, one_of(field, gone[at : at + MOST_NAMED]))

    # Collections

    def _make(self, collection: str, schema: Any, indices: Any) -> None:
        self._call("create_collection", collection, schema=schema, index_params=indices, consistency_level="Strong")
        self._call("load_collection", collection)

    def _schema(self, key: str, **fields: Any) -> Any:
        """A schema with a key, its fields, and, as Milvus wants one, a vector."""
        types = self._milvus.DataType
        schema = self._milvus.MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(key, types.INT64 if key == "id" else types.VARCHAR, is_primary=True, **_length(key, 256))
        for name, size in fields.items():
            kind = types.VARCHAR if size else types.INT64
            schema.add_field(name, kind, **({"max_length": size} if size else {}))
        return schema

    def _with_no_vector(self, schema: Any) -> tuple[Any, Any]:
        schema.add_field("nothing", self._milvus.DataType.FLOAT_VECTOR, dim=2)
        indices = self._milvus.MilvusClient.prepare_index_params()
        indices.add_index(field_name="nothing", index_type="FLAT", metric_type="L2")
        return schema, indices

    def _texts_schema(self) -> tuple[Any, Any]:
        return self._with_no_vector(self._schema("key", edition=128, version=0, piece=0, content=MOST_TEXT))

    def _records_schema(self) -> tuple[Any, Any]:
        fields = {"kind": 16, "named": 64, "version": 0, "article": 64, "file": 64, "value": MOST_TEXT}
        schema, types = self._schema("key", **fields), self._milvus.DataType
        schema.add_field("bands", types.ARRAY, element_type=types.INT64, max_capacity=MOST_BANDS)
        return self._with_no_vector(schema)

    def _passages_schema(self) -> tuple[Any, Any]:
        types, functions = self._milvus.DataType, self._milvus.FunctionType
        place = {"edition": 128, "article": 64, "version": 0, "start": 0, "end": 0, "kind": 16, "outlet": 64, "day": 0}
        schema = self._schema("id", **place, sentences=MOST_TEXT, fingerprint=64, text=MOST_TEXT)
        analyzer = {"tokenizer": "standard"}
        schema.add_field(
            "stems",
            types.VARCHAR,
            max_length=MOST_TEXT,
            enable_analyzer=True,
            analyzer_params=analyzer,
            enable_match=True,
        )
        schema.add_field("dense", types.FLOAT_VECTOR, dim=self.dimension)
        schema.add_field("sparse", types.SPARSE_FLOAT_VECTOR)
        bm25 = self._milvus.Function(
            name="bm25", function_type=functions.BM25, input_field_names=["stems"], output_field_names=["sparse"]
        )
        schema.add_function(bm25)
        indices = self._milvus.MilvusClient.prepare_index_params()
        exact = self.address.endswith(".db")
        indices.add_index(field_name="dense", index_type="FLAT" if exact else "AUTOINDEX", metric_type="IP")
        indices.add_index(
            field_name="sparse",
            index_type="SPARSE_INVERTED_INDEX",
            metric_type="BM25",
            params={"bm25_k1": K1, "bm25_b": B},
        )
        return schema, indices

    def _all_rows(self, collection: str, where: str, fields: Sequence[str]) -> Iterator[Row]:
        rows = self._call("query_iterator", collection, filter=where, output_fields=list(fields), batch_size=1000)
        while batch := rows.next():
            yield from batch
        rows.close()

    def _call(self, name: str, collection: str, **named: Any) -> Any:
        return self._tried(lambda client: getattr(client, name)(collection, timeout=SECONDS, **named), name, collection)

    def _tried(self, work: Callable[[Any], T], name: str, collection: str) -> T:
        """What work gives; after one failure of the connection, on a new one."""
        try:
            with self._connecting:
                if self._client is None:
                    self._client = self._milvus.MilvusClient(self._uri, timeout=SECONDS)
                client = self._client
            return work(client)
        except self._milvus.MilvusException as error:
            self._forget_client()
            raise IndexFolderError(
                f"Milvus at {self.address} could not {name.replace('_', ' ')} in {collection} ({_first_line(error)}), "
                "expected a running cluster of version 2.5 or later. Nothing half-written is seen. See that it runs and can "
                "be reached, then ask again."
            ) from error

    def _forget_client(self) -> None:
        """The next call connects anew: a cluster that was away may be back."""
        if not self.address.endswith(".db"):
            self.close()


def one_of(field: str, values: Sequence[Any]) -> str:
    """Return a filter: the field has one of the values, strings of ASCII or numbers."""
    return f"{field} in {json.dumps(list(values))}"


def hashed(name: str) -> str:
    """Return what stands for a name in keys and filters, 32 letters and digits: a name may hold anything."""
    return hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def pieces(text: str) -> list[str]:
    """Return a text in pieces that fit into a field; one for an empty text."""
    most = MOST_TEXT // 4  # characters, of four bytes at most
    return [text[at : at + most] for at in range(0, len(text), most)] or [""]


def _length(key: str, most: int) -> dict[str, int]:
    return {} if key == "id" else {"max_length": most}


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
