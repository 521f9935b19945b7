"""Pages saved as one file (MHTML of Chrome and Edge, Safari's webarchive) to articles: the page, as it would be alone."""

from __future__ import annotations

import email
import email.policy
import plistlib
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from ...errors import ReadingError
from ...schema import Article
from ..fields import Fields
from ..file_bytes import MAIL_MEGABYTES, read_bytes
from ..metadata.findings import web_address
from ..sources import Unread
from .eml import read_mail_file
from .html_page import article_from_page, decode_page


def read_mhtml_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return the article of the page that the file was saved of. A letter under this ending is read as one.

    Raises:
        ReadingError: the file cannot be read, or holds no page.
    """
    message = email.message_from_bytes(read_bytes(path, megabytes=MAIL_MEGABYTES), policy=email.policy.default)
    page = _page(message)
    if page is None:
        return read_mail_file(path, fields)
    location = str(page.get("Content-Location") or message.get("Snapshot-Content-Location") or "")
    payload = page.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = page.get_content_charset()
    return [_article(data, charset, location, source=str(path))]


def read_webarchive_file(path: Path) -> list[Article]:
    """Return the article of the page that Safari saved.

    Raises:
        ReadingError: the file cannot be read, or holds no page.
    """
    try:
        saved = plistlib.loads(read_bytes(path, megabytes=MAIL_MEGABYTES))["WebMainResource"]
        data, kind = saved["WebResourceData"], saved.get("WebResourceMIMEType", "text/html")
    except (KeyError, TypeError, AttributeError) as error:
        raise ReadingError(f"{path} holds no page, expected one saved by Safari. Save it again.") from error
    if not isinstance(data, bytes) or "html" not in str(kind):
        raise ReadingError(f"{path} holds {kind}, expected a page of HTML. Save it by itself.")
    charset = str(saved.get("WebResourceTextEncodingName") or "") or None
    return [_article(data, charset, str(saved.get("WebResourceURL") or ""), source=str(path))]


def _page(message: EmailMessage) -> EmailMessage | None:
    """Return the part that is the page: the first of HTML in a message that a browser saved; None of a letter."""
    saved = message.get("Snapshot-Content-Location") or "Saved by" in str(message.get("From") or "")
    pages = [one for one in message.walk() if one.get_content_type() in ("text/html", "application/xhtml+xml")]
    located = [one for one in pages if one.get("Content-Location")]
    if not (saved or located):
        return None
    found = next(iter(located or pages), None)
    return found if isinstance(found, EmailMessage) else None


def _article(data: bytes, charset: str | None, location: str, *, source: str) -> Article:
    decoded = decode_page(data, name=source, charset=charset)
    article = article_from_page(decoded.text, source=source, encoding=decoded.encoding)
    address = web_address(location)
    if article.address or not address:
        return article
    return replace(article, address=address, origins=dict(article.origins) | {"address": "where it was saved"})
