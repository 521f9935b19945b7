"""Mailboxes (mbox, with or without an ending, and Apple's EMLX) to articles: each letter as it would be in a file of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ...errors import ReadingError
from ...schema import Article
from ..fields import Fields
from ..file_bytes import COLLECTION_MEGABYTES, MAIL_MEGABYTES, read_bytes
from ..sources import Unread
from .archive import read_parts, renamed, within_limits

BORDER = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n)|(?<=\n))From [^\r\n]{0,300}?\d{1,2}:\d{2}[^\r\n]{0,40}\r?\n")
QUOTED_BORDER = re.compile(rb"^>(>*From )", re.MULTILINE)
HEADER = re.compile(rb"[!-9;-~]{1,80}:")
STATUS = re.compile(rb"^(?:X-Mozilla-Status: (?P<mozilla>[0-9a-fA-F]{4})|X-Status: [^\r\n]*D)", re.MULTILINE)
EXPUNGED = 0x0008  # Thunderbird keeps a letter that was deleted until the mailbox is compacted


def read_mailbox_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return the articles of each letter, numbered in the order of the file. Deleted letters are passed over.

    Raises:
        ReadingError: the file cannot be read, or holds no letter.
    """
    data = read_bytes(path, megabytes=COLLECTION_MEGABYTES)
    letters = [(str(number), letter) for number, letter in enumerate(_letters(data), start=1) if not _deleted(letter)]
    if not letters:
        raise ReadingError(f"{path} holds no letter, expected lines that begin with From. Export the mailbox again.")
    with within_limits(path, [len(letter) for _, letter in letters]):
        return read_parts(str(path), letters, fields, file_name="letter.eml")


def read_apple_letter_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return the letter of an EMLX file as an article, then the attached articles.

    Raises:
        ReadingError: it does not begin with the number of its bytes, or holds no letter.
    """
    data = read_bytes(path, megabytes=MAIL_MEGABYTES)
    first, _, rest = data.partition(b"\n")
    if not first.strip().isdigit() or len(first.strip()) > 10:
        raise ReadingError(f"{path} does not tell its length, expected a letter of Apple Mail. Save it as EML.")
    letter = rest[: int(first)]
    found = read_parts(str(path), [("letter", letter)], fields, file_name="letter.eml")
    return [renamed(one, f"{path}#letter", str(path)) for one in found]


def _letters(data: bytes) -> Iterator[bytes]:
    """Yield each letter without the line that parts it from the one before."""
    borders = [found for found in BORDER.finditer(data) if HEADER.match(data, found.end())]
    for at, border in enumerate(borders):
        end = borders[at + 1].start() if at + 1 < len(borders) else len(data)
        yield QUOTED_BORDER.sub(rb"\1", data[border.end() : end].rstrip(b"\r\n") + b"\n")


def _deleted(letter: bytes) -> bool:
    status = STATUS.search(letter.partition(b"\n\n")[0][:20_000])
    if not status:
        return False
    return status["mozilla"] is None or bool(int(status["mozilla"], 16) & EXPUNGED)
