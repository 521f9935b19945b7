"""E-mail messages (EML) to articles: the letter, and each attached file that can be read."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path, PurePosixPath

from ..errors import ReadingError
from ..schema import Article
from .archive import read_parts
from .fields import Fields
from .metadata import Finding, language_code
from .sources import Unread
from .text import article_from_text, read_bytes
from .webpage import text_of_fragment

FILE_MEGABYTES = 50


def read_mail_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return the letter as an article, then the attached articles. Attachments that are no articles are left out.

    Raises:
        ReadingError: the file cannot be read, or holds neither a letter nor an attached article.
    """
    data = read_bytes(path, megabytes=FILE_MEGABYTES)
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not message.keys() or message.get("Subject", message.get("From", message.get("Date"))) is None:
        raise ReadingError(f"{path} is no e-mail, expected lines such as From: and Subject: on top. Save it as EML.")
    text = _letter(message)
    found: list[Article | Unread] = []
    if text.strip():
        found.append(article_from_text(text, source=str(path), findings=_findings(message)))
    return found + read_parts(str(path), _attached(message), fields)


def _letter(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    text = str(body.get_content())
    if body.get_content_type() == "text/html":
        return text_of_fragment(text)
    return text.replace("\0", "")


def _attached(message: EmailMessage) -> Iterator[tuple[str, bytes | str]]:
    """Yield the attached files of a format that is read, with distinct names."""
    from . import FORMATS

    endings = {ending for known in FORMATS for ending in known.endings if ending}
    names: set[str] = set()
    for number, attachment in enumerate(message.iter_attachments(), start=1):
        name = " ".join((attachment.get_filename() or "").split())
        content = attachment.get_content() if attachment.get_content_type() != "message/rfc822" else None
        if content is None:
            inner = attachment.get_content()
            name, content = name or f"message-{number}.eml", inner.as_bytes()
        elif isinstance(content, str):
            content = content.encode("utf-8", "replace")
        if PurePosixPath(name).suffix.lower() in endings:
            yield (name if name not in names else f"{number}-{name}"), content
            names.add(name)


def _findings(message: EmailMessage) -> Iterator[Finding]:
    subject = " ".join(str(message.get("Subject") or "").split())
    if subject:
        yield Finding("title", subject, "Subject header")
    sender = message.get("From")
    addresses = getattr(sender, "addresses", ())
    if addresses and addresses[0].display_name:
        yield Finding("author", addresses[0].display_name, "From header")
    sent = getattr(message.get("Date"), "datetime", None)
    if isinstance(sent, datetime):
        yield Finding("published", sent.date(), "Date header")
    if code := language_code(str(message.get("Content-Language") or "").split(",")[0]):
        yield Finding("language", code, "Content-Language header")
