"""Text and Markdown files to articles."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from ..errors import ReadingError
from ..schema import Article
from .blocks import edges, split_blocks
from .decoding import decode
from .metadata import Finding, find_metadata
from .sections import sections_of

MAX_MEGABYTES = 20  # seven times War and Peace; more would take minutes to embed, and be found as one article
PRINT_MEGABYTES = 100  # of a PDF or DOCX: most of a large one is pictures
MAIL_MEGABYTES = 50
COLLECTION_MEGABYTES = 200  # of many articles, held in memory while it is read
GIVEN = "given"


def read_text_file(path: Path) -> list[Article]:
    """Return the one article that the file holds.

    Raises:
        ReadingError: the file cannot be read, is too large, is empty or is not text.
    """
    decoded = decode(read_bytes(path), name=str(path))
    article = article_from_text(decoded.text, source=str(path), encoding=decoded.encoding)
    return [article]


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


def article_from_text(
    text: str,
    *,
    source: str,
    title: str | None = None,
    outlet: str | None = None,
    author: str | None = None,
    published: date | None = None,
    language: str | None = None,
    address: str | None = None,
    encoding: str | None = None,
    findings: Iterable[Finding] = (),
) -> Article:
    """Return the article with its sections, and with what the text says of itself where nothing is given.

    What is given wins and has the origin "given"; after it come `findings`, what the file says beside the text.
    `encoding` is noted among the origins.

    Raises:
        ReadingError: the text is blank, or holds characters that no text has.
    """
    # A soft hyphen is seen at the end of a line only, and would keep its word from being found.
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\xad", "")
    if not text.strip():
        raise ReadingError(f"{source} is empty, expected an article. Leave it out, or fill it.")
    if "\0" in text:
        raise ReadingError(f"{source} holds NUL characters, expected text. Save it as text and read that.")
    blocks = split_blocks(text)
    found = find_metadata(text, edges(blocks), source=source, findings=findings)
    given = {
        "title": title,
        "outlet": outlet,
        "author": author,
        "published": published,
        "language": language,
        "address": address,
    }
    origins = dict(found.origins) | {name: GIVEN for name, value in given.items() if value}
    if encoding:
        origins["encoding"] = encoding
    article = Article(
        id="",
        title=title or found.title,
        text=text,
        source=source,
        outlet=outlet or found.outlet,
        author=author or found.author,
        published=published or found.published,
        sections=sections_of(text, blocks, title=title or found.title),
        origins=origins,
        language=language or found.language,
        address=address or found.address,
    )
    return replace(article, id=article_id(article))


def article_id(article: Article) -> str:
    """Return 16 hex digits of the SHA-256 of the text, and of outlet and day where one is known.

    So the same article has the same id everywhere, and one text in two papers is two articles, copies of each other.

    Raises:
        ReadingError: the text holds half of a character (a lone surrogate).
    """
    told = article.text
    if article.outlet or article.published:
        told = "\0".join((told, article.outlet or "", article.published.isoformat() if article.published else ""))
    try:
        return hashlib.sha256(told.encode()).hexdigest()[:16]
    except UnicodeEncodeError as error:
        raise ReadingError(
            f"{article.source} holds half a character at {error.start}, expected whole Unicode characters. Repair or remove it."
        ) from error
