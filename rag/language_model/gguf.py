"""A language model in a GGUF file, run in this process by llama.cpp; its JSON is held to the schema by a grammar.

llama.cpp comes as a server. It listens where nobody else can ask it: at a socket in a folder of our user's alone, or,
where there are no such sockets, on this machine's own address with a key that is drawn anew each time.
"""

from __future__ import annotations

import os
import queue
import secrets
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import AnswererError, MissingExtraError
from .deadline import Deadline
from .failures import OutOfTokensError

CONTEXT_TOKENS = 8192
STEP_TOKENS = 128  # of a prompt, read before it is looked whether to stop
_ENDED = object()


class GgufModel:
    """Loaded at first use; answers that are asked for at once wait for each other. Safe in threads."""

    def __init__(self, path: str) -> None:
        self.name = Path(path).name
        self._path = str(Path(path).expanduser())
        self._server: Any = None
        self._loading = threading.Lock()

    def write(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        deadline: Deadline,
        tokens: int,
        schema: Mapping[str, Any] | None = None,
    ) -> Iterator[str]:
        """Yield the words as they come; what a model that reasons first thinks is not among them.

        Raises:
            OutOfTokensError: the reply was cut after `tokens`.
            AnswererError: the file cannot be run, or was too slow.
            MissingExtraError: the package that runs it is not installed.
        """
        server = self._loaded()
        request: dict[str, Any] = {"messages": list(messages), "max_tokens": tokens, "temperature": 0.0, "seed": 0}
        request |= {"stream": True, "return_progress": True}  # of a long question too, so that it can be stopped there
        if schema is not None:
            request["grammar"] = _grammar(schema)
        arrived: queue.Queue[Any] = queue.Queue()
        stopped = threading.Event()

        def take(chunk: Mapping[str, Any]) -> bool:
            """Keep what came; True ends it."""
            arrived.put(chunk)
            return stopped.is_set() or not threading.main_thread().is_alive()

        def run() -> None:
            try:
                server.handle_chat_completions(request, take)
                arrived.put(_ENDED)
            except Exception as error:  # whatever it is, it must reach the waiting side
                arrived.put(error)

        # Not a daemon: llama.cpp ends the process with an abort where Python ends under it.
        threading.Thread(target=run, name="citedesk-gguf", daemon=False).start()
        try:
            yield from self._until_finished(arrived, deadline)
        finally:
            stopped.set()

    def _until_finished(self, arrived: queue.Queue[Any], deadline: Deadline) -> Iterator[str]:
        reason = None
        while True:
            try:
                event = arrived.get(timeout=deadline.left)
            except queue.Empty:
                raise self._late(deadline) from None
            if event is _ENDED:
                break
            if isinstance(event, Exception):
                raise self._failed(str(event)) from event
            if error := event.get("error"):
                raise self._failed(str(error.get("message") if isinstance(error, Mapping) else error))
            for choice in event.get("choices") or ():
                reason = choice.get("finish_reason") or reason
                if words := choice["delta"].get("content"):
                    yield words
            if deadline.passed:
                raise self._late(deadline)
        if reason == "length":
            raise OutOfTokensError(f"{self.name} was cut after its limit of tokens")

    def _late(self, deadline: Deadline) -> AnswererError:
        return AnswererError(
            f"{self.name} had not finished after {deadline.seconds:g} seconds, expected the whole answer by then. "
            "Raise CITEDESK_CHAT_SECONDS, or use a smaller model."
        )

    def _failed(self, why: str) -> AnswererError:
        if "context size" in why:
            return AnswererError(
                f"{self.name} cannot answer ({why}), expected a shorter question. Lower k or chat_passages."
            )
        return AnswererError(f"{self.name} cannot answer ({why}), expected an answer. Try another file.")

    def _loaded(self) -> Any:
        with self._loading:
            if self._server is None:
                try:
                    import xllamacpp
                except ImportError as error:
                    raise MissingExtraError(
                        "a GGUF file needs the package 'xllamacpp', which is not installed. "
                        "Run: pip install citedesk[gguf]"
                    ) from error
                if not Path(self._path).is_file():
                    raise AnswererError(
                        f"there is no file {self._path}, expected a language model in GGUF. "
                        "Correct the path after 'gguf:'."
                    )
                try:
                    self._server = xllamacpp.Server(self._parameters(xllamacpp.CommonParams()))
                except (ValueError, RuntimeError, OSError) as error:
                    raise AnswererError(
                        f"{self._path} cannot be run ({error}), expected a language model in GGUF. Try another file."
                    ) from error
            return self._server

    def _parameters(self, given: Any) -> Any:
        given.model.path = self._path
        given.n_ctx, given.n_parallel = CONTEXT_TOKENS, 1
        given.n_batch = STEP_TOKENS
        given.verbosity = -1  # it writes to the terminal
        given.warmup = False
        given.offline = True
        given.api_keys = [secrets.token_urlsafe(32)]
        given.ui = given.endpoint_slots = given.endpoint_props = False
        given.n_threads_http = 1
        # One core stays free: llama.cpp's threads wait for the slowest, and with one for each core a busy machine of two
        # wrote fifteen times slower than with one.
        threads = max(1, (os.cpu_count() or 2) - 1)
        given.cpuparams.n_threads = given.cpuparams_batch.n_threads = threads
        if os.name == "posix":
            folder = tempfile.mkdtemp(prefix="citedesk-")
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            given.hostnames = [str(Path(folder, "llama.sock"))]
        return given


def _grammar(schema: Mapping[str, Any]) -> str:
    """Return the grammar of JSON of that form without spaces between its parts: a small model writes them without end."""
    import xllamacpp

    grammar: str = xllamacpp.json_schema_to_grammar({**schema, "x-guidance": {"whitespace_flexible": False}})
    return grammar
