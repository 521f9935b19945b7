"""What can be replaced, and how a name becomes an object."""

from __future__ import annotations

import difflib
import gc
import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from .errors import MissingExtraError, UnknownPluginError
from .schema import Draft, Hit, Reading
from .settings import Settings

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
    """Proposes statements, one after the other, from the readings alone. Each is checked before anyone sees it."""

    name: str

    def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft]: ...


BUILT_IN = {
    "embedder:minilm": "rag.embedding:MiniLmEmbedder",
    "reader:trained": "rag.reader:CascadeReader",
    "reader:fast": "rag.reader:TrainedReader",
    "reader:qa:MODEL": "rag.reader.question_answering:QuestionAnsweringReader",
    "answerer:extractive": "rag.answering.extractive:ExtractiveAnswerer",
    "answerer:chat-model": "rag.answering.chat_model:ChatModelAnswerer",
}


def load(role: str, name: str, settings: Settings, **parts: Any) -> Any:
    """Return the plug-in of `role` ("embedder", "reader", "answerer") called `name`, made with the settings and `parts`.

    A name such as `qa:MODEL` makes it with `model="MODEL"`.

    Raises:
        UnknownPluginError: nothing has that name, or `package.module:Class` does not lead to a class.
        MissingExtraError: a package or model it needs is not installed.
    """
    family, _, model = name.partition(":")
    target = BUILT_IN.get(f"{role}:{name}", name)
    if model and f"{role}:{family}:MODEL" in BUILT_IN:
        target = BUILT_IN[f"{role}:{family}:MODEL"]
        parts["model"] = model
    if ":" not in target:
        raise UnknownPluginError(_unknown(role, name))
    module_name, _, class_name = target.partition(":")
    if not all(part.isidentifier() for part in [*module_name.split("."), class_name]):
        raise UnknownPluginError(_unknown(role, name))
    with collection_paused():
        return _class(role, name, module_name, class_name)(settings, **parts)


@contextmanager
def collection_paused() -> Iterator[None]:
    """Torch and what stands on it make millions of objects that stay: to search them for garbage takes a fifth of loading."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _class(role: str, name: str, module_name: str, class_name: str) -> Any:
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and not f"{module_name}.".startswith(f"{error.name}."):
            raise MissingExtraError(
                f"{role} {name!r} needs the package {error.name!r}, which is not installed. Run: pip install {error.name}"
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
