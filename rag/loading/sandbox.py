"""Files read in a process of their own: what hangs, crashes or eats memory there costs one file, or one part of one.

The process is kept for many files, since starting it and importing its libraries takes longer than reading most of them.
The two talk in lines of JSON; see sandbox_worker.py for the other end.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

from ..errors import ReadingError
from ..schema import Article
from ..serialization import from_plain
from ..settings import without_keys
from . import format_of, read_path
from .fields import Fields
from .sources import Unread

# Of the processor: on a busy machine a sound file is not refused for taking its turn late.
SECONDS = 60.0  # for any file or part of one, and so many more for each megabyte of it:
SECONDS_A_MEGABYTE = 10.0
WAITING = 10.0  # times as long may pass, for what waits without end, and where a system does not count
TOTAL_SECONDS = 7_200.0  # may pass for all parts of a file
MEGABYTES = 1_000  # of memory for any file, and so many more for each megabyte of it:
MEGABYTES_A_MEGABYTE = 20
OUT_OF_MEMORY = 71  # how the process exits when it met the limit and could still say so
MAX_LOST_PARTS = 5  # after so many, the file is given up: it is read from its beginning after each


class _LostError(Exception):
    """The process ended over a file: why, in words that follow its name, and at which part of it, counted from 1."""

    def __init__(self, why: str, part: int, *, late: bool) -> None:
        super().__init__(why)
        self.why = why
        self.part = part
        self.late = late


class ReadingProcess:
    """Reads files, those of formats that are `apart` in one process, which starts with the first of them.

    Use it in `with`, or call `close`; it may be used again afterwards. One thread at a time. `seconds` of the processor
    and `megabytes` of memory are for the smallest file.
    """

    def __init__(self, *, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        self._child: subprocess.Popen[bytes] | None = None
        self._folder: TemporaryDirectory[str] | None = None

    def __enter__(self) -> ReadingProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, path: Path, fields: Fields | None = None) -> list[Article | Unread]:
        """Return what `read_path` does, within limits of time and memory.

        A part of an archive that hangs or crashes is Unread, and the others are read.

        Raises:
            ReadingError: nothing of it can be read, or not within the limits.
        """
        if not format_of(path).apart:
            return read_path(path, fields)
        skip: dict[int, str] = {}
        until = time.monotonic() + TOTAL_SECONDS
        while True:
            fresh = self._child is None or self._child.poll() is not None
            try:
                return self._ask(self._started(), path, fields or Fields(), skip, until)
            except _LostError as lost:
                self.close()
                if not fresh and not lost.late:
                    continue  # an earlier file may have spoiled the process
                if not lost.part or len(skip) == MAX_LOST_PARTS or time.monotonic() > until:
                    raise ReadingError(f"{path} {lost.why}") from lost
                skip[lost.part] = lost.why

    def draw(self, path: Path, number: int, *, text: str, start: int, end: int) -> Any:
        """Return a page of a PDF, a PagePicture as plain data, within limits of time and memory.

        Raises:
            ReadingError: it cannot be drawn, or holds other words than `text`.
        """
        child = self._started()
        wanted = {"page": number, "text": text, "start": start, "end": end}
        self._send(child, path, wanted)
        reply = _reply(child, WAITING * seconds_for(_size(path) / 1e6, self._seconds))
        if not reply or "picture" not in reply:
            self.close()
            why = (reply or {}).get("error", f"{path} cannot be drawn within the limits. Read its words instead.")
            raise ReadingError(why)
        return reply["picture"]

    def close(self) -> None:
        """End the process, if there is one, and remove what it left behind."""
        if self._child:
            self._child.kill()
            self._child.communicate()
        if self._folder:
            self._folder.cleanup()
        self._child = self._folder = None

    def _send(self, child: subprocess.Popen[bytes], path: Path, wanted: Mapping[str, Any]) -> int:
        """Ask for something of a file, and return the megabytes of memory that it may take."""
        megabytes = _size(path) / 1e6
        limit = self._megabytes + int(MEGABYTES_A_MEGABYTE * megabytes)
        limits = {"seconds": self._seconds, "size": megabytes, "megabytes": limit}
        assert child.stdin
        with suppress(OSError):  # it has ended: the missing reply tells
            child.stdin.write(to_line({"path": str(path), **wanted, **limits}))
            child.stdin.flush()
        return limit

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child and self._child.poll() is None:
            return self._child
        self.close()
        # A folder of ours for temporary files: a process that is killed does not remove its own.
        self._folder = TemporaryDirectory(prefix="citedesk-", ignore_cleanup_errors=True)
        homes = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._folder.name)
        modules = os.pathsep.join(one or os.getcwd() for one in sys.path)
        try:
            self._child = subprocess.Popen(
                # -P: what lies in the current folder is not imported unless it is here, too.
                [sys.executable, "-P", "-m", "rag.loading.sandbox_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=without_keys(os.environ) | homes | {"PYTHONPATH": modules},
            )
        except OSError as error:
            raise ReadingError(
                f"no process can be started for reading ({error}), expected {sys.executable} to run. "
                "Check how many processes may run, and begin again."
            ) from error
        return self._child

    def _ask(
        self, child: subprocess.Popen[bytes], path: Path, fields: Fields, skip: Mapping[int, str], until: float
    ) -> list[Article | Unread]:
        megabytes = _size(path) / 1e6
        limit = self._send(child, path, {"fields": dict(fields.given), "skip": skip})
        found: list[Article | Unread] = []
        part = 0
        while True:
            seconds = seconds_for(megabytes, self._seconds)
            reply = _reply(child, min(WAITING * seconds, max(until - time.monotonic(), 0.0)))
            if reply is None:
                raise _lost(child, seconds, limit, part)
            if "late" in reply:
                raise _LostError(_late(seconds), part, late=True)
            if "error" in reply:
                raise ReadingError(reply["error"])
            if "part" in reply:
                part, megabytes = reply["part"], reply["megabytes"]
            elif found_now := reply["found"]:
                found += (from_plain(Article, one) if "text" in one else from_plain(Unread, one) for one in found_now)
            else:
                return found


def seconds_for(megabytes: float, seconds: float) -> float:
    """Return the seconds of the processor for a file or part of that size, when the smallest has `seconds`."""
    return seconds + SECONDS_A_MEGABYTE * megabytes


def to_line(message: Any) -> bytes:
    """Return a message as one line. Half characters, as names of files may hold, are kept."""
    return json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def from_line(line: bytes) -> Any:
    return json.loads(line.decode("utf-8", "surrogatepass"))


def _reply(child: subprocess.Popen[bytes], seconds: float) -> dict[str, Any] | None:
    """Return the next reply; None when the process ended, {"late"} when it was ended for not giving one."""
    assert child.stdout
    expired = threading.Event()

    def end() -> None:
        expired.set()
        child.kill()

    timer = threading.Timer(seconds, end)  # works on every platform, whatever the child is stuck in
    timer.daemon = True
    timer.start()
    line = child.stdout.readline()
    timer.cancel()
    timer.join()
    if expired.is_set():
        return {"late": True}
    reply: dict[str, Any] | None = from_line(line) if line.endswith(b"\n") else None
    return reply


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _late(seconds: float) -> str:
    return (
        f"takes more than {seconds:,.0f} s to read, expected less. "
        "Open it in its own program and save it again, or split it."
    )


def _lost(child: subprocess.Popen[bytes], seconds: float, megabytes: int, part: int) -> _LostError:
    code = child.wait()
    if hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU:
        return _LostError(_late(seconds), part, late=True)
    if code == OUT_OF_MEMORY:
        why = f"needs more than {megabytes:,} MB of memory to be read, expected less. Split it, or save it smaller."
        return _LostError(why, part, late=False)
    ending = signal.Signals(-code).name if -code in set(signal.Signals) else f"code {code}"
    return _LostError(
        f"makes its reader crash ({ending}), or needs more than {megabytes:,} MB of memory, expected a whole file. "
        "Open it in its own program, and save it again.",
        part,
        late=False,
    )
