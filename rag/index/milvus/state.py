"""The state of the whole in one row, and what is known by name: of each, the newest record that is committed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from ...errors import IndexMismatchError
from .cluster import BLANK, Cluster, Row, hashed, one_of

FORMAT = "1"
STATE = "state"
ARTICLE, SOURCE, FILE, COPIES = "article", "source", "file", "copies"
FIELDS = ("key", "kind", "named", "version", "article", "file", "value")


@dataclass(frozen=True, slots=True)
class State:
    """What is committed: rows of a version up to `generation`, but for passages of the editions that are `gone`.

    `next_id` is the id of the next passage. `identity` says what the index is made with.
    """

    generation: int
    next_id: int
    gone: tuple[str, ...]
    identity: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of an article, source or file by its name; `value` is None where it is gone.

    `article` is the id of the article that a source gave, or of which another one is a near copy; `file` the file that a
    source came from.
    """

    kind: str
    name: str
    version: int
    article: str = ""
    file: str = ""
    value: dict[str, Any] | None = None

    @property
    def key(self) -> str:
        return f"{self.kind}:{hashed(self.name)}@{self.version}"

    def row(self) -> Row:
        value = json.dumps({"name": self.name, "value": self.value, "file": self.file}, ensure_ascii=False)
        file = hashed(self.file) if self.file else ""
        fields = {"kind": self.kind, "named": hashed(self.name), "version": self.version}
        return {
            "key": self.key,
            **fields,
            "article": self.article,
            "file": file,
            "value": value,
            **BLANK,
            "bands": (self.value or {}).get("bands", []),
        }


class States:
    """Reads and writes the state and the records."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def state(self, identity: dict[str, str]) -> State:
        """Return what is committed; of an index that holds nothing yet, generation 0.

        Raises:
            IndexMismatchError: it was made with another `identity`.
        """
        rows = self._cluster.rows(self._cluster.records, one_of("key", [STATE]), ["value"])
        wanted = tuple(sorted((identity | {"format": FORMAT}).items()))
        if not rows:
            return State(0, 1, (), wanted)
        found = json.loads(rows[0]["value"])
        state = State(
            found["generation"], found["next_id"], tuple(found["gone"]), tuple((a, b) for a, b in found["identity"])
        )
        for (name, is_), (_, expected) in zip(state.identity, wanted, strict=True):
            if is_ != expected:
                raise IndexMismatchError(
                    f"the index {self._cluster.name} in Milvus at {self._cluster.address} was made with {name} {is_}, the "
                    f"settings say {expected}. Go back to those settings, or name another corpus: milvus:ADDRESS#NAME."
                )
        return state

    def commit(self, state: State) -> None:
        """Make a state the one that all see, in one row."""
        row = {"key": STATE, "kind": STATE, "named": "", "version": 0, "article": "", "file": ""}
        self._cluster.upsert(self._cluster.records, row | {"value": json.dumps(asdict(state)), **BLANK})

    def named(self, kind: str, names: Iterable[str], *, generation: int) -> dict[str, Record]:
        """Return the records of these names that are there."""
        keys = [hashed(name) for name in names]
        where = f"{one_of('kind', [kind])} and version <= {generation}"
        return newest(self._cluster.rows_named(self._cluster.records, "named", keys, where, FIELDS))

    def of_articles(self, ids: Iterable[str], *, generation: int) -> dict[str, Record]:
        """Return the sources that gave these articles, by name."""
        return self._by("article", ids, generation)

    def of_file(self, file: str, *, generation: int) -> dict[str, Record]:
        """Return the sources that came from a file, by name."""
        return self._by("file", [hashed(file)], generation)

    def all(self, kind: str, *, generation: int) -> dict[str, Record]:
        """Return all records of a kind, by name."""
        where = f"{one_of('kind', [kind])} and version <= {generation}"
        return newest(self._cluster.rows(self._cluster.records, where, FIELDS))

    def _by(self, field: str, values: Iterable[str], generation: int) -> dict[str, Record]:
        """The sources with a value now: a newer record of the same name may have another one."""
        wanted = list(values)
        where = f"{one_of('kind', [SOURCE])} and version <= {generation}"
        found = newest(self._cluster.rows_named(self._cluster.records, field, wanted, where, FIELDS))
        now = self.named(SOURCE, found, generation=generation)
        return {
            name: one
            for name, one in now.items()
            if (one.article if field == "article" else hashed(one.file)) in wanted
        }


def newest(rows: Iterable[Row]) -> dict[str, Record]:
    """Return of the records of each name the one of the highest version, if it does not say that it is gone."""
    best: dict[str, Record] = {}
    for row in rows:
        told = json.loads(row["value"])
        one = Record(row["kind"], told["name"], row["version"], row["article"], told["file"], told["value"])
        if one.name not in best or best[one.name].version < one.version:
            best[one.name] = one
    return {name: one for name, one in best.items() if one.value is not None}


def gone(record: Record, *, version: int) -> Record:
    """Return the record that says that this one is gone."""
    return replace(record, version=version, value=None)
