"""E-mail messages (EML) to articles: the letter, and each attached file that can be read."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from pathlib import Path, PurePosixPath
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..articles import article_from_text, plain_lines
from ..decoding import decode
from ..exports import articles_of_part
from ..fields import Fields
from ..file_bytes import MAIL_MEGABYTES, read_bytes
from ..metadata.findings import Finding, language_code
from ..sources import Unread, part
from .archive import read_parts
from .html_fragment import text_of_fragment
from .quoted_mail import parted

QUOTED_IN = "line above a quoted letter"


def read_mail_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return the letter as an article, those it quotes or brings in its text, then the attached ones that can be read.

    Raises:
        ReadingError: the file cannot be read, or holds neither a letter nor an attached article.
    """
    data = read_bytes(path, megabytes=MAIL_MEGABYTES)
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not message.keys() or message.get("Subject", message.get("From", message.get("Date"))) is None:
        raise ReadingError(f"{path} is no e-mail, expected lines such as From: and Subject: on top. Save it as EML.")
    body = message.get_body(("plain", "html"))
    text = _letter(body, name=str(path)) if body else ""
    found: list[Article | Unread] = []
    if text.strip():
        found += letters_of(text, source=str(path), findings=list(_findings(message)))
    return found + read_parts(str(path), _attached(message, body), fields)


def letters_of(
    text: str, *, source: str, findings: Sequence[Finding], notes: Sequence[str] = ()
) -> list[Article | Unread]:
    """Return a letter as an article, then what it brings and the letters that it quotes, each with its own author and day.

    Raises:
        ReadingError: the text holds characters that no text has.
    """
    own, quoted = parted(plain_lines(text))
    found = articles_of_part(own, source=source, findings=findings, notes=notes) if own else []
    subject = [one for one in findings if one.field == "title"]
    for number, one in enumerate(quoted, start=1):
        told = [*subject]
        told += [Finding("author", one.author, QUOTED_IN)] if one.author else []
        told += [Finding("published", one.day, QUOTED_IN)] if one.day else []
        found.append(article_from_text(one.text, source=part(source, f"quoted-{number}"), findings=told))
    return found


def _letter(body: MIMEPart, *, name: str) -> str:
    data = _content(body)
    text = data if isinstance(data, str) else decode(data, name=name).text
    if body.get_content_type() == "text/html":
        return text_of_fragment(text)
    text = text.replace("\0", "").replace("\r\n", "\n")
    return _unflowed(text) if str(body.get_param("format")).lower() == "flowed" else text


def _unflowed(text: str) -> str:
    """Return the letter without the breaks that its program made in paragraphs, each after a space (RFC 3676)."""
    lines: list[str] = []
    for line in text.split("\n"):
        before = lines[-1] if lines else ""
        signature = "-- " in (before, line)
        if before.endswith(" ") and line and not signature and ">" not in (before[:1], line[:1]):
            lines[-1] = before + line.removeprefix(" ")
        else:
            lines.append(line)
    return "\n".join(lines)


def _attached(message: EmailMessage, body: MIMEPart | None) -> Iterator[tuple[str, bytes | str]]:
    """Yield the attached files of a format that is read, with distinct names."""
    from .. import FORMATS

    endings = {ending for known in FORMATS for ending in known.endings if ending}
    names: set[str] = set()
    attachments = (one for one in _leaves(message) if one is not body and (one.get_filename() or _is_message(one)))
    for number, attachment in enumerate(attachments, start=1):
        name = " ".join((attachment.get_filename() or f"message-{number}.eml").split())
        if PurePosixPath(name).suffix.lower() in endings:
            content = _content(attachment)
            data = content.encode("utf-8", "replace") if isinstance(content, str) else content
            yield (name if name not in names else f"{number}-{name}"), data
            names.add(name)


def _leaves(part: MIMEPart) -> Iterator[MIMEPart]:
    """Yield the parts that hold no others, messages whole, without the versions of the letter beside the one that is read."""
    if part.get_content_maintype() != "multipart":
        yield part
        return
    for inner in part.iter_parts():
        if part.get_content_subtype() != "alternative" or inner.get_content_maintype() != "text":
            yield from _leaves(inner)


def _is_message(part: MIMEPart) -> bool:
    return part.get_content_type() == "message/rfc822"


def _content(part: MIMEPart) -> bytes | str:
    """Return what a part holds: text decoded, unless its charset is not known; a message as it would be in a file."""
    if part.is_multipart():
        message: Any = part.get_payload(0)
        return bytes(message)
    if part.get_content_maintype() == "text":
        with suppress(LookupError, ValueError):
            return str(part.get_content())
    return bytes(part.get_payload(decode=True))


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
