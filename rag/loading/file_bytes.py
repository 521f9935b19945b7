"""The bytes of a file at rest, within limits of size."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import ReadingError

MAX_MEGABYTES = 20  # seven times War and Peace; more would take minutes to embed, and be found as one article

PRINT_MEGABYTES = 100  # of a PDF or DOCX: most of a large one is pictures

MAIL_MEGABYTES = 50

COLLECTION_MEGABYTES = 200  # of many articles, held in memory while it is read


def read_bytes(path: Path, *, megabytes: int | None = None) -> bytes:
    """Return the bytes of a regular file of at most `megabytes`; MAX_MEGABYTES unless told.

    Raises:
        ReadingError: it is too large, no regular file, or cannot be opened.
    """
    megabytes = megabytes or MAX_MEGABYTES
    data = first_bytes(path, megabytes * 1_000_000 + 1)
    if len(data) > megabytes * 1_000_000:
        raise ReadingError(f"{path} is larger than {megabytes} MB, expected at most that. Split it into several files.")
    return data


def first_bytes(path: Path, count: int) -> bytes:
    """Return up to `count` bytes of a regular file.

    Raises:
        ReadingError: it is no regular file, cannot be opened, or changes meanwhile.
    """
    try:
        if not path.is_file():  # a named pipe would be waited on for ever
            raise ReadingError(
                f"{path} is {'a folder' if path.is_dir() else 'absent or no regular file'}, expected a file. Name one."
            )
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            data = file.read(count)
            after = os.fstat(file.fileno())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ReadingError(f"{path} cannot be read: {reason}. Check the name and the permissions.") from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise ReadingError(
            f"{path} changed while it was read, expected a file at rest. Save it whole, and add it again."
        )
    return data
