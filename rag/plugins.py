"""What can be replaced, and how a name becomes an object."""

from __future__ import annotations

import difflib
import gc
import importlib
import inspect
import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, runtime_checkable

import numpy as np
import numpy.typing as npt

from .drafts import Claim, Cloze, Draft, NotSaid, Reply, Thresholds, Verdict
from .errors import MissingExtraError, UnknownPluginError
from .filters import Scope
from .language_model.deadline import Deadline
from .schema import Article, ArticleSummary, Hit, Reading
from .settings import NONE, Settings

if TYPE_CHECKING:
    from .index.changes import FileRead
    from .index.doctor import Checkup
    from .index.tables import Located, Prepared

logger = logging.getLogger(__name__)

Part = TypeVar("Part")
T = TypeVar("T")
Vectors = npt.NDArray[np.float32]


@runtime_checkable
class Embedder(Protocol):
    """Turns words into unit vectors, so that the dot product of two is their cosine."""

    name: str  # with the version of its weights: two embedders of one name give the same vectors
    dimension: int

    def embed_texts(self, texts: Sequence[str]) -> Vectors: ...
    def embed_query(self, text: str) -> Vectors: ...


@runtime_checkable
class Reader(Protocol):
    """Judges hits: one Reading for each hit, best first."""

    name: str

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]: ...


@runtime_checkable
class Answerer(Protocol):
    """Proposes statements, one after the other, from the readings alone. Each is checked before anyone sees it.

    It may also say, as `NotSaid`, that they do not answer, or not all that was asked. `verbatim` says that it only ever
    writes sentences of the articles, so that they need no proof but their place.
    """

    name: str
    verbatim: bool

    def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft | NotSaid]: ...


@runtime_checkable
class Verifier(Protocol):
    """Says whether quotes bear what is said with them: one verdict for each claim, in order.

    `whole` says that it wants all claims of an answer at once.
    """

    name: str
    whole: bool

    def judge(self, question: str, claims: Sequence[Claim], deadline: Deadline) -> list[Verdict]: ...


@runtime_checkable
class EntailmentModel(Protocol):
    """Says how likely each quote bears its statement, 0 to 1, in order.

    A statement passes from `thresholds.clear` on, and from `thresholds.reworded` where its words are not the quote's.
    """

    name: str
    thresholds: Thresholds

    def chances(self, pairs: Sequence[tuple[str, str]]) -> list[float]: ...


@runtime_checkable
class ConsistencyModel(Protocol):
    """Answers questions on a quote from that quote, one reply each, in order."""

    name: str

    def replies(self, asked: Sequence[Cloze], quote: str) -> list[Reply]: ...


@runtime_checkable
class Index(Protocol):
    """Keeps articles with their passages and vectors, finds passages by both searches, and is used by several threads.

    `put`, `forget_files`, `remove` and `remove_sources` happen wholly or not at all, inside `alone`; `state` is another
    one after each. What `consistent` is given sees one state. A search returns (passage id, score), best first.
    """

    dimension: int

    def __len__(self) -> int: ...
    @property
    def state(self) -> tuple[int, int]: ...
    def has(self, article_id: str) -> bool: ...
    def article(self, article_id: str) -> Article: ...
    def articles(self) -> Iterator[Article]: ...
    def summaries(self) -> Iterator[ArticleSummary]: ...
    def passages(self, ids: Sequence[int]) -> dict[int, Located]: ...
    def passages_of(self, article_id: str) -> list[Located]: ...
    def article_id_of(self, source: str) -> str | None: ...
    def sources(self) -> dict[str, str]: ...
    def sources_of(self, file: str) -> list[str]: ...
    def files_at(self, path: str) -> list[str]: ...
    def stamp_of(self, file: str) -> str: ...
    def known_vectors(self, texts: Sequence[str]) -> dict[str, Vectors]: ...
    def copied(self, sources: Sequence[str]) -> tuple[str, ...]: ...
    def copies_among(self, ids: Sequence[int], shown: Collection[tuple[str, str]]) -> list[int]: ...

    def consistent(self, search: Callable[[], T]) -> T: ...
    def search_dense(self, vector: Vectors, *, k: int, scope: Scope) -> list[tuple[int, float]]: ...
    def search_keywords(self, query: str, *, k: int, scope: Scope) -> list[tuple[int, float]]: ...
    def rarity(self, terms: Sequence[str]) -> list[float]: ...

    def alone(self, *, wait: bool = False) -> AbstractContextManager[None]: ...
    def put(self, prepared: Sequence[Prepared], *, files: Sequence[FileRead] = ()) -> None: ...
    def forget_files(self, files: Sequence[str]) -> list[str]: ...
    def remove(self, article_id: str) -> None: ...
    def remove_sources(self, sources: Sequence[str]) -> list[str]: ...
    def check(self) -> Checkup: ...
    def close(self) -> None: ...


PROTOCOLS: dict[str, type] = {
    "index": Index,
    "embedder": Embedder,
    "reader": Reader,
    "entailment": EntailmentModel,
    "consistency": ConsistencyModel,
    "answerer": Answerer,
    "verifier": Verifier,
}
BUILT_IN = {
    "index:local": "rag.index.local:LocalIndex",
    "index:milvus:ADDRESS": "rag.index.milvus.milvus_index:MilvusIndex",
    "embedder:minilm": "rag.index.embedding:MiniLmEmbedder",
    "reader:trained": "rag.reader.cascade:CascadeReader",
    "reader:fast": "rag.reader.trained:TrainedReader",
    "reader:qa:MODEL": "rag.reader.transformers_qa:QuestionAnsweringReader",
    "entailment:trained": "rag.verification.entailment_model:TrainedEntailment",
    "consistency:reader": "rag.verification.qa_consistency:ReaderConsistency",
    "answerer:extractive": "rag.answering.extractive:ExtractiveAnswerer",
    "answerer:chat-model": "rag.answering.chat_model:ChatModelAnswerer",
    "answerer:gguf:MODEL": "rag.answering.chat_model:GgufAnswerer",
    "verifier:local": "rag.verification.local_verifier:LocalVerifier",
    "verifier:chat-model": "rag.verification.chat_verifier:ChatVerifier",
    "verifier:both": "rag.verification.chat_verifier:BothVerifiers",
}


class _Lazy(Generic[Part]):
    """A part of `Models`, made from its settings at first use; assigning another one replaces it."""

    def __set_name__(self, owner: type[Models], name: str) -> None:
        self._role = name

    def __get__(self, models: Models, owner: type[Models]) -> Part:
        part: Part = models.part(self._role, getattr(models.settings, self._role))
        return part

    def __set__(self, models: Models, part: Part) -> None:
        models.made[self._role] = part


class Models:
    """The parts of one corpus that can be replaced. Nothing heavy is loaded before it is needed; safe in threads.

    `entailment` and `consistency` are None where the settings say "none".
    """

    embedder = _Lazy[Embedder]()
    reader = _Lazy[Reader]()
    entailment = _Lazy[EntailmentModel | None]()
    consistency = _Lazy[ConsistencyModel | None]()

    def __init__(self, settings: Settings, *, embedder: Embedder | None = None, reader: Reader | None = None) -> None:
        """`embedder` and `reader` stand in for those that the settings name.

        Raises:
            UnknownPluginError: a name in the settings leads nowhere.
        """
        self.settings = settings
        self.made: dict[str, Any] = {}
        self._making = threading.RLock()
        for role, part in (("embedder", embedder), ("reader", reader)):
            if part is not None:
                self.made[role] = part
        for role in ("embedder", "reader", "entailment", "consistency"):
            if role not in self.made and (name := getattr(settings, role)) != NONE:
                _target(role, name)

    def answerer(self, name: str) -> Answerer:
        """Return the answerer of that name, made once."""
        part: Answerer = self.part("answerer", name)
        return part

    @property
    def verifier(self) -> Verifier:
        """The one that the settings name; "auto" goes by how far they trust the language model."""
        name = self.settings.verifier
        if name == "auto":
            name = "chat-model" if self.settings.chat_trust == "strong" else "local"
        part: Verifier = self.part("verifier", name)
        return part

    def part(self, role: str, name: str) -> Any:
        """Return the part of that role and name, made once; None for the name "none"."""
        key = f"{role} {name}" if role == "answerer" else role
        with self._making:
            if key not in self.made:
                parts: dict[str, Any] = {"embedder": self.embedder} if role == "reader" else {}
                if role == "verifier":
                    parts = {"models": self}
                self.made[key] = None if name == NONE else load(role, name, self.settings, **parts)
            return self.made[key]


def load(role: str, name: str, settings: Settings, **parts: Any) -> Any:
    """Return the plug-in of `role` ("embedder", "reader", "answerer" and the like) called `name`, made with the settings and `parts`.

    A name such as `qa:MODEL` makes it with `model="MODEL"`.

    Raises:
        UnknownPluginError: nothing has that name, or `package.module:Class` does not lead to a class.
        MissingExtraError: a package or model it needs is not installed.
    """
    module_name, class_name, given = _target(role, name)
    parts |= given
    start = time.perf_counter()
    with loading_torch():
        part = _made(_class(role, name, module_name, class_name), role, name, settings, parts)
    logger.info("%s %r is ready after %.1f s", role, name, time.perf_counter() - start)
    if missing := sorted(one for one in _members(PROTOCOLS[role]) if not hasattr(part, one)):
        raise UnknownPluginError(
            f"{role} {name!r} has no {missing[0]!r}, expected {', '.join(sorted(_members(PROTOCOLS[role])))}. "
            f"Add it; rag.testing.check_{role} checks the rest."
        )
    return part


def _made(made_by: type, role: str, name: str, settings: Settings, parts: Mapping[str, Any]) -> Any:
    try:
        inspect.signature(made_by).bind(settings, **parts)
    except TypeError as error:
        raise UnknownPluginError(
            f"{role} {name!r} cannot be made from the settings: {error}; expected a class with "
            "`def __init__(self, settings, **parts)`. Add it."
        ) from error
    return made_by(settings, **parts)


def _target(role: str, name: str) -> tuple[str, str, dict[str, str]]:
    """Return the module and the class that a name stands for, and what of it is given to the class, as MODEL is."""
    family, _, rest = name.partition(":")
    target, given = BUILT_IN.get(f"{role}:{name}", name), dict[str, str]()
    for wanted in ("MODEL", "ADDRESS"):
        if rest and f"{role}:{family}:{wanted}" in BUILT_IN:
            target, given = BUILT_IN[f"{role}:{family}:{wanted}"], {wanted.lower(): rest}
    module_name, _, class_name = target.partition(":")
    if not all(part.isidentifier() for part in [*module_name.split("."), class_name]):
        raise UnknownPluginError(_unknown(role, name))
    return module_name, class_name, given


def _members(protocol: type) -> set[str]:
    """Return the names that a protocol asks for."""
    return {*getattr(protocol, "__annotations__", {}), *(one for one in vars(protocol) if not one.startswith("_"))}


@contextmanager
def loading_torch() -> Iterator[None]:
    """Let torch, if it is imported in here, take less time and memory.

    It and what stands on it make millions of objects that stay: to search them for garbage takes a fifth of loading, and
    later half a second in the midst of an answer; so they are no longer searched. And it keeps the kernels of 1,024 shapes of a batch unless told: hundreds of megabytes, for no time saved.
    """
    os.environ.setdefault("LRU_CACHE_CAPACITY", "128")  # torch asks when it is first imported
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.freeze()
            gc.enable()


def _class(role: str, name: str, module_name: str, class_name: str) -> Any:
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and not f"{module_name}.".startswith(f"{error.name}."):
            raise MissingExtraError(
                f"{role} {name!r} needs the package {error.name!r}, which is not installed. Install the package that provides it."
            ) from error
        raise UnknownPluginError(_unknown(role, name)) from error
    if not hasattr(module, class_name):
        raise UnknownPluginError(
            f"{module_name} has no {class_name!r}, expected the class of {role} {name!r}. Correct the name."
        )
    return getattr(module, class_name)


def _unknown(role: str, name: str) -> str:
    known = sorted(key.partition(":")[2] for key in BUILT_IN if key.startswith(role + ":"))
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    return f"no {role} is called {name!r}.{hint} Known: {', '.join(known)}, or package.module:Class."
