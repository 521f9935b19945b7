"""Models that keep on disk what they said, so that what is made of it can be measured again in seconds."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag.language_model.deadline import Deadline
from rag.language_model.failures import OutOfTokensError
from rag.language_model.model import LanguageModel
from rag.plugins import Embedder, EntailmentModel, Reader, Vectors
from rag.schema import Hit, Reading, SentenceScore


class Memory:
    """What was said, by name of the model and what it was asked; one file."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("CREATE TABLE IF NOT EXISTS said (key TEXT PRIMARY KEY, value TEXT)")

    def recall(self, asked: Sequence[object], make: Callable[[], Any]) -> Any:
        """Return what was said to `asked`, plain data; made and kept where nothing was."""
        key = hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()
        row = self._database.execute("SELECT value FROM said WHERE key = ?", (key,)).fetchone()
        if row is not None:
            return json.loads(row[0])
        value = make()
        self._database.execute("INSERT OR REPLACE INTO said VALUES (?, ?)", (key, json.dumps(value)))
        return value


class RememberedReader:
    """A reader that reads a passage for a question once."""

    def __init__(self, reader: Reader, memory: Memory) -> None:
        self._reader, self._memory = reader, memory
        self.name = reader.name

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        shown = [(hit.title, hit.passage.start, hit.passage.text) for hit in hits]
        said = self._memory.recall([self.name, question, shown], lambda: self._read(question, hits))
        return [
            Reading(
                hits[at],
                score,
                tuple(SentenceScore(*one) for one in sentences),
                None if short is None else tuple(short),
            )
            for at, score, sentences, short in said
        ]

    def _read(self, question: str, hits: Sequence[Hit]) -> list[Any]:
        place = {id(hit): at for at, hit in enumerate(hits)}
        return [
            (
                place[id(one.hit)],
                one.score,
                [(each.start, each.end, each.score) for each in one.sentences],
                one.short,
            )
            for one in self._reader.read(question, hits)
        ]


class RememberedEntailment:
    """An entailment model that judges a pair once."""

    def __init__(self, model: EntailmentModel, memory: Memory) -> None:
        self._model, self._memory = model, memory
        self.name, self.thresholds = model.name, model.thresholds

    def chances(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [self._chance(pair) for pair in pairs]

    def _chance(self, pair: tuple[str, str]) -> float:
        return float(self._memory.recall([self.name, *pair], lambda: self._model.chances([pair])[0]))


class RememberedEmbedder:
    """An embedder that embeds a text or a query once."""

    def __init__(self, embedder: Embedder, memory: Memory) -> None:
        self._embedder, self._memory = embedder, memory
        self.name, self.dimension = embedder.name, embedder.dimension

    def embed_query(self, text: str) -> Vectors:
        said = self._memory.recall([self.name, "query", text], lambda: self._embedder.embed_query(text).tolist())
        return np.asarray(said, dtype=np.float32)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        said = self._memory.recall([self.name, list(texts)], lambda: self._embedder.embed_texts(texts).tolist())
        return np.asarray(said, dtype=np.float32).reshape(len(texts), self.dimension)


class RememberedLanguageModel:
    """A language model that is asked the same once. Its seconds are kept with what it said."""

    def __init__(self, model: LanguageModel, memory: Memory) -> None:
        self._model, self._memory = model, memory
        self.name = model.name
        self.seconds = 0.0  # that it took for all it was asked, when it was first asked that

    def write(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        deadline: Deadline,
        tokens: int,
        schema: Mapping[str, Any] | None = None,
    ) -> Iterator[str]:
        asked = [self.name, list(messages), tokens, schema]
        said = self._memory.recall(asked, lambda: self._heard(messages, deadline, tokens, schema))
        self.seconds += said["seconds"]
        yield from said["pieces"]
        if said["cut"]:
            raise OutOfTokensError(f"{self.name} was cut after its limit of tokens")

    def _heard(
        self, messages: Sequence[Mapping[str, str]], deadline: Deadline, tokens: int, schema: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        started, pieces, cut = time.perf_counter(), [], False
        try:
            for piece in self._model.write(messages, deadline=deadline, tokens=tokens, schema=schema):
                pieces.append(piece)
        except OutOfTokensError:
            cut = True
        return {"pieces": pieces, "cut": cut, "seconds": time.perf_counter() - started}
