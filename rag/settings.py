"""The settings of a corpus: one frozen record, checked when made, passed in, never global."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, get_type_hints

from .errors import SettingsError

PREFIX = "CITEDESK_"
NONE = "none"  # the name of a part that is left out
LOCAL = "local"  # the index that lies in a folder
MILVUS = "milvus:"  # before the address of one that does not
DATABASE = "corpus.sqlite"  # in an index folder
LOCK = "writer.lock"


@dataclass(frozen=True, slots=True)
class Settings:
    """How articles are indexed and questions answered.

    `embedder`, `reader` and `answerer` are names from `rag.plugins` or `package.module:Class`. `embedder` and
    `passage_tokens` shape the index: changing one needs a new index. The rest may change from question to question.
    Keys are stored without the space around them.
    """

    embedder: str = "minilm"
    passage_tokens: int = 160
    index: str = LOCAL  # where articles are kept: in a folder, or "milvus:ADDRESS"; see rag/design/scaling.md
    field_map: str = ""  # how fields of records in JSON and CSV are called, where unusual: "text=story,title=heading"

    reader: str = "trained"  # or "fast": the small one alone
    entailment: str = "trained"  # whether a quote bears a statement; "none" to go by the words alone
    consistency: str = "reader"  # what a quote answers when it is asked about a statement; "none" to leave it out
    answerer: str = "extractive"
    candidates: int = 50  # hits taken from each of the two searches before they are fused
    k: int = 10  # hits shown to the reader and the answerer
    max_error: float = 0.31  # share of wrong answers accepted among those given; what is less sure is `not_found`

    chat_address: str = "http://127.0.0.1:11434/v1"
    chat_model: str = ""
    chat_key: str = field(default="", repr=False)  # repr=False: a key never reaches a log
    chat_seconds: float = 120.0  # for the whole answer, whatever is asked of the model for it
    # How far the language model is trusted to read. "small", for models up to some 8 billion weights (SmolLM2, Llama 3.2
    # 3B, Qwen 7B): it is asked only what the passages surely answer. "strong", for those that read 30 passages with care
    # (GPT-4.1, Claude, Gemini, Qwen 72B, Llama 3.3 70B): it is always asked, writes queries, and decides what is said.
    chat_trust: str = "small"
    chat_passages: int = 24  # shown to a strong model

    verifier: str = (
        "auto"  # "local", "chat-model" or "both"; "auto" is chat-model for a strong language model, else local
    )
    verifier_address: str = ""  # of another endpoint than the answerer's
    verifier_model: str = ""  # another model than the answerer's
    verifier_key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for name in ("chat_key", "verifier_key"):
            object.__setattr__(self, name, _key(name, getattr(self, name)))
        self._check("chat_trust", self.chat_trust in ("small", "strong"), "small or strong")
        self._check("chat_passages", 1 <= self.chat_passages <= 100, "from 1 to 100")
        self._check("passage_tokens", 16 <= self.passage_tokens <= 256, "from 16 to 256")
        self._check("k", 1 <= self.k <= 100, "from 1 to 100")
        self._check("candidates", self.k <= self.candidates <= 1000, "from k to 1000")
        self._check("max_error", 0.0 <= self.max_error <= 1.0, "from 0 to 1")
        self._check("chat_seconds", 0.0 < self.chat_seconds <= 3600.0, "more than 0 and at most 3600")

    def _check(self, name: str, holds: bool, expected: str) -> None:
        if not holds:
            raise SettingsError(f"{name} is {getattr(self, name)}, expected {expected}. Set it to what is expected.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        """Return the settings that `CITEDESK_CHAT_MODEL` and the like give; `overrides` win over the environment.

        Raises:
            SettingsError: a value cannot be read, or lies outside its range.
        """
        environment = os.environ if environment is None else environment
        hints = get_type_hints(cls)
        values: dict[str, Any] = {}
        for known in fields(cls):
            name = PREFIX + known.name.upper()
            if name in environment and (known.name != "index" or not names_folder(environment[name])):
                values[known.name] = _parse(name, environment[name], hints[known.name])
        unknown = sorted(set(overrides) - set(hints))
        if unknown:
            raise SettingsError(f"there is no setting {unknown[0]!r}. Known: {', '.join(sorted(hints))}.")
        return replace(cls(), **(values | overrides))


def names_folder(place: str) -> bool:
    """Whether what CITEDESK_INDEX says is a folder, not the address of an index elsewhere."""
    return not place.startswith(MILVUS)


def without_keys(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for another process, which needs no key of ours."""
    ours = {PREFIX + name for name in ("CHAT_KEY", "VERIFIER_KEY", "TOKEN")}
    return {name: value for name, value in environment.items() if name.upper() not in ours}


def _key(name: str, text: str) -> str:
    """Return a key without the space around it, which a file or a terminal adds. A message never holds it."""
    key = text.strip()
    if not all("!" <= character <= "~" for character in key):
        raise SettingsError(
            f"{name} holds spaces or characters that no key has, expected one line of letters, digits and signs. "
            "Copy it anew."
        )
    return key


def _parse(name: str, text: str, kind: type) -> Any:
    try:
        return kind(text)
    except ValueError as error:
        raise SettingsError(
            f"{name} is {text!r}, expected a value of type {kind.__name__}. Correct or unset it."
        ) from error
