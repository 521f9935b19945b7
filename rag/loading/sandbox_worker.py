"""The process that sandbox.py starts: reads one file after the other, or draws a page of one, and ends when nobody listens any more."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import ReadingError
from ..schema import Article
from ..serialization import to_plain
from . import read_path
from .fields import Fields
from .sandbox import OUT_OF_MEMORY, from_line, seconds_for, to_line
from .sources import watch_parts

try:
    import resource
except ImportError:  # Windows has no limits: the parent's clock is the only one
    resource = None  # type: ignore[assignment]

LINE_CHARACTERS = 1_000_000  # about, of the texts in one line of the reply


def main() -> None:
    """Answer the requests of standard input: `part` replies while reading, then `found` ones, an empty one last."""
    with contextlib.suppress(ValueError, AttributeError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no reply
    for line in sys.stdin.buffer:
        for reply in _replies(from_line(line), replies):
            _send(replies, reply)


def _replies(request: Mapping[str, Any], replies: BinaryIO) -> Iterator[dict[str, Any]]:
    _limit_memory(request["megabytes"])
    _limit_seconds(seconds_for(request["size"], request["seconds"]))
    if "page" in request:
        yield _drawn(request)
        return
    skip: Mapping[str, str] = request["skip"]
    count = 0

    def begin(size: int) -> str | None:
        nonlocal count
        count += 1
        _limit_seconds(seconds_for(size / 1e6, request["seconds"]))
        _send(replies, {"part": count, "megabytes": size / 1e6})
        return skip.get(str(count))

    try:
        with watch_parts(begin):
            found = read_path(Path(request["path"]), Fields(request["fields"]))
    except ReadingError as error:
        if isinstance(error.__cause__, MemoryError):
            sys.exit(OUT_OF_MEMORY)
        yield {"error": str(error)}
        return
    batch: list[Any] = []
    characters = 0
    for one in found:
        batch.append(to_plain(one))
        characters += len(one.text) if isinstance(one, Article) else 0
        if characters > LINE_CHARACTERS:
            yield {"found": batch}
            batch, characters = [], 0
    if batch:
        yield {"found": batch}
    yield {"found": []}


def _drawn(request: Mapping[str, Any]) -> dict[str, Any]:
    from .formats.pdf_drawing import draw_page

    path = Path(request["path"])
    try:
        picture = draw_page(path, request["page"], text=request["text"], start=request["start"], end=request["end"])
    except ReadingError as error:
        return {"error": str(error)}
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    except Exception as error:
        return {
            "error": f"{path} cannot be drawn ({type(error).__name__}: {error}), expected a whole PDF. Read its words."
        }
    return {"picture": to_plain(picture)}


def _send(replies: BinaryIO, reply: Any) -> None:
    replies.write(to_line(reply))
    replies.flush()


def _limit_memory(megabytes: int) -> None:
    """Let memory beyond that be refused."""
    if resource:
        _limit(resource.RLIMIT_AS, megabytes * 1_000_000)
        _limit(resource.RLIMIT_CORE, 0)


def _limit_seconds(seconds: float) -> None:
    """End this process, whatever it is stuck in, after so many more seconds of the processor. So it outlives no parent long."""
    if resource:
        _limit(resource.RLIMIT_CPU, math.ceil(time.process_time() + seconds))


def _limit(what: int, wanted: int) -> None:
    assert resource
    _, most = resource.getrlimit(what)
    with contextlib.suppress(ValueError, OSError):  # macOS limits no memory
        resource.setrlimit(what, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


if __name__ == "__main__":
    main()
