"""A language model in a GGUF file, run in this process; its JSON is held to the schema by a grammar."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import AnswererError, MissingExtraError
from .deadline import Deadline
from .failures import OutOfTokensError

CONTEXT_TOKENS = 8192


class GgufModel:
    """Loaded at first use; one answer at a time."""

    def __init__(self, path: str) -> None:
        self.name = Path(path).name
        self._path = path
        self._llama: Any = None
        self._alone = threading.Lock()

    def write(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        deadline: Deadline,
        tokens: int,
        schema: Mapping[str, Any] | None = None,
    ) -> Iterator[str]:
        """Yield the words as they come.

        Raises:
            OutOfTokensError: the reply was cut after `tokens`.
            AnswererError: the file cannot be run, or was too slow.
            MissingExtraError: the package that runs it is not installed.
        """
        with self._alone:
            llama = self._loaded()
            form = {"type": "json_object", "schema": dict(schema)} if schema is not None else None
            reason = None
            try:
                chunks = llama.create_chat_completion(
                    list(messages), max_tokens=tokens, temperature=0.0, seed=0, stream=True, response_format=form
                )
                for chunk in chunks:
                    choice = chunk["choices"][0]
                    reason = choice.get("finish_reason") or reason
                    if words := choice["delta"].get("content"):
                        yield words
                    if deadline.passed:
                        raise AnswererError(
                            f"{self.name} had not finished after {deadline.seconds:g} seconds, expected the whole answer "
                            "by then. Raise CITEDESK_CHAT_SECONDS, or use a smaller model."
                        )
            except ValueError as error:  # of a question that is longer than the model reads
                raise AnswererError(
                    f"{self.name} cannot answer ({error}), expected a shorter question. Lower k or chat_passages."
                ) from error
            if reason == "length":
                raise OutOfTokensError(f"{self.name} was cut after its limit of tokens")

    def _loaded(self) -> Any:
        if self._llama is None:
            try:
                from llama_cpp import Llama
            except ImportError as error:
                raise MissingExtraError(
                    "a GGUF file needs the package 'llama-cpp-python', which is not installed. "
                    "Run: pip install citedesk[gguf]"
                ) from error
            if not Path(self._path).is_file():
                raise AnswererError(
                    f"there is no file {self._path}, expected a language model in GGUF. Correct the path after 'gguf:'."
                )
            try:
                self._llama = Llama(self._path, n_ctx=CONTEXT_TOKENS, verbose=False, seed=0)
            except (ValueError, RuntimeError, OSError) as error:
                raise AnswererError(
                    f"{self._path} cannot be run ({error}), expected a language model in GGUF. Try another file."
                ) from error
        return self._llama
