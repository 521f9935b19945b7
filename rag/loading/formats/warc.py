"""Crawls (WARC, packed or not, and WACZ) to articles: each page that a server sent, as it would be in a file of its own."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..fields import Fields
from ..file_bytes import COLLECTION_MEGABYTES, MAX_MEGABYTES, read_bytes
from ..metadata.findings import web_address
from ..sources import Unread
from .archive import read_parts, within_limits
from .packed import Packed

KINDS = {
    "text/html": "page.html",
    "application/xhtml+xml": "page.html",
    "application/pdf": "page.pdf",
    "text/plain": "page.txt",
}
RECORDS = ("response", "resource", "conversion")


def read_crawl_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return the article of each page, under its address. Pictures, scripts, errors and redirections are ignored.

    Raises:
        ReadingError: the file cannot be read, or holds no page with a text.
    """
    return _articles([(str(path), read_bytes(path, megabytes=COLLECTION_MEGABYTES))], path, fields)


def read_packed_crawl_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return the articles of the crawls in a WACZ file.

    Raises:
        ReadingError: the file cannot be read, or holds no page with a text.
    """
    packed = Packed(path, megabytes=COLLECTION_MEGABYTES)
    names = sorted(name for name in packed.names if name.startswith("archive/") and ".warc" in name)
    return _articles(((name, packed.read(name)) for name in names), path, fields)


def _articles(crawls: Any, path: Path, fields: Fields) -> list[Article | Unread]:
    found: list[Article | Unread] = []
    ignored: list[Article | Unread] = []
    seen: set[str] = set()
    for name, data in crawls:
        for address, kind, content in _pages(data, str(path) if name == str(path) else f"{path}#{name}"):
            file_name = KINDS.get(kind)
            if file_name is None or not content:
                ignored.append(Unread(f"{path}#{address}", "It is no page.", ignored=True))
                continue
            if address in seen:  # the first of several captures stays
                continue
            seen.add(address)
            with within_limits(path, [len(content)]):
                parts = read_parts(str(path), [(address, content)], fields, file_name=file_name)
            found += [_located(one, address) for one in parts]
    if not any(isinstance(one, Article) for one in found):
        why = next((one.reason for one in found if isinstance(one, Unread)), "It holds pictures or scripts.")
        raise ReadingError(f"{path} holds no page with a text, expected pages of HTML. {why}")
    return found + ignored


def _pages(data: bytes, name: str) -> Iterator[tuple[str, str, bytes]]:
    """Yield (address, kind, content) of each record that a server sent in whole."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    records = iter(ArchiveIterator(io.BytesIO(data)))
    while True:
        try:
            record = next(records, None)
        except (ArchiveLoadFailed, EOFError, OSError, zlib.error) as error:
            why = " ".join(str(error).encode("ascii", "replace").decode().split())[:60]
            raise ReadingError(
                f"{name} is damaged or cut off ({why}), expected a whole WARC. Fetch it again."
            ) from error
        if record is None:
            return
        if record.rec_type not in RECORDS:
            continue
        address = record.rec_headers.get_header("WARC-Target-URI") or ""
        headers = record.http_headers
        status = headers.get_statuscode() if headers else "200"
        if not status.startswith("2") or not address.startswith(("http://", "https://")):
            continue
        kind = (headers or record.rec_headers).get_header("Content-Type") or ""
        kind = kind.partition(";")[0].strip().lower()
        content = record.content_stream().read(MAX_MEGABYTES * 1_000_000) if kind in KINDS else b""
        yield address, kind, content


def _located(one: Article | Unread, address: str) -> Article | Unread:
    if isinstance(one, Unread) or one.address or not web_address(address):
        return one
    return replace(one, address=address, origins=dict(one.origins) | {"address": "crawl"})
