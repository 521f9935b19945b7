"""Letters of Outlook (MSG) to articles; other old office files say what to do with them."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..decoding import decode
from ..fields import Fields
from ..file_bytes import MAIL_MEGABYTES, read_bytes
from ..metadata.findings import Finding
from ..sources import Unread
from .archive import read_parts
from .eml import letters_of
from .html_fragment import text_of_fragment
from .html_page import decode_page

# Of [MS-OXPROPS], as they name the streams of a letter.
SUBJECT, SENDER, BODY, HTML, RICH = "0037", "0C1A", "1000", "1013", "1009"
LONG_NAME, NAME, DATA = "3707", "3704", "3701"
SENT, DELIVERED = 0x0039, 0x0E06
PROPERTIES = "__properties_version1.0"
WORDS = {"WordDocument": ("Word", "DOCX"), "Workbook": ("Excel", "XLSX or CSV"), "Book": ("Excel", "XLSX or CSV"),
         "PowerPoint Document": ("PowerPoint", "PPTX")}  # fmt: skip
ENDINGS = {"DOCX": (".doc", ".dot"), "XLSX or CSV": (".xls",), "PPTX": (".ppt", ".pps")}
LZFU = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans "
    b"SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def read_outlook_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return the letter as an article, then the attached articles.

    Raises:
        ReadingError: the file cannot be read, is an old document of another program, or holds no letter.
    """
    import olefile

    data = read_bytes(path, megabytes=MAIL_MEGABYTES)
    try:
        opened = olefile.OleFileIO(io.BytesIO(data))
    except (OSError, ValueError, IndexError) as error:
        raise _old(path, {next((one for one, (_, to) in WORDS.items() if path.suffix in ENDINGS[to]), "")}) from error
    with opened as file:
        names = {"/".join(one) for one in file.listdir()}
        if PROPERTIES not in names:
            raise _old(path, names)
        text = _body(file, names, str(path))
        parts = list(_attached(file, names))
        findings = list(_findings(file, names))
    read, left_out = _readable(parts)
    notes = [f"Attached and not read: {', '.join(left_out[:5])}."] if left_out else []
    found: list[Article | Unread] = []
    if text.strip():
        found += letters_of(text, source=str(path), findings=findings, notes=notes)
    return found + read_parts(str(path), read, fields)


def _old(path: Path, names: set[str]) -> ReadingError:
    """Return what to tell of a file that is no letter."""
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        return ReadingError(
            f"{path} is encrypted, expected a document, such as DOCX, without a password. Save it without one."
        )
    if path.suffix.lower() in (".docx", ".docm"):
        return ReadingError(
            f"{path} is an old or an encrypted Word document, expected DOCX without a password. Save it as that."
        )
    program, format_ = next((WORDS[one] for one in WORDS if one in names), ("an office program", "DOCX, XLSX or PDF"))
    into = format_.split()[0].rstrip(",").lower()
    return ReadingError(
        f"{path} is an old document of {program}, expected {format_}. Open it in {program} or LibreOffice, and save it "
        f"as {format_}; many at once: soffice --headless --convert-to {into} FILES."
    )


def _body(file: Any, names: set[str], name: str) -> str:
    if words := _words(file, names, "", BODY).strip():
        return words.replace("\r\n", "\n")
    if f"__substg1.0_{HTML}0102" in names:
        return text_of_fragment(decode_page(_stream(file, f"__substg1.0_{HTML}0102"), name=name).text)
    if markup := _words(file, names, "", HTML):
        return text_of_fragment(markup)
    if f"__substg1.0_{RICH}0102" in names:
        from .rtf import words_of_rich_text

        return words_of_rich_text(_uncompressed(_stream(file, f"__substg1.0_{RICH}0102")), source=name)[0]
    return ""


def _findings(file: Any, names: set[str]) -> Iterator[Finding]:
    if subject := " ".join(_words(file, names, "", SUBJECT).split()):
        yield Finding("title", subject, "Subject header")
    sender = " ".join(_words(file, names, "", SENDER).split())
    if sender and "@" not in sender:
        yield Finding("author", sender, "From header")
    if day := _day(_stream(file, PROPERTIES)):
        yield Finding("published", day, "Date header")


def _day(properties: bytes) -> date | None:
    """Return the day on which it was sent: entries of 16 bytes after 32 of a head, each tag, flags and value."""
    stamps = {}
    for at in range(32, len(properties) - 15, 16):
        kind, number, _, value = struct.unpack_from("<HHIQ", properties, at)
        if kind == 0x0040:
            stamps[number] = value
    stamp = stamps.get(SENT) or stamps.get(DELIVERED)
    if not stamp:
        return None
    try:
        return (datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=stamp // 10)).date()
    except OverflowError:
        return None


def _attached(file: Any, names: set[str]) -> Iterator[tuple[str, bytes]]:
    folders = sorted({name.partition("/")[0] for name in names if name.startswith("__attach_version1.0_")})
    for number, folder in enumerate(folders, start=1):
        name = _words(file, names, f"{folder}/", LONG_NAME) or _words(file, names, f"{folder}/", NAME)
        stream = f"{folder}/__substg1.0_{DATA}0102"
        yield " ".join(name.split()) or f"attachment-{number}", _stream(file, stream) if stream in names else b""


def _readable(parts: list[tuple[str, bytes]]) -> tuple[list[tuple[str, bytes | str]], list[str]]:
    from .. import FORMATS

    endings = {ending for known in FORMATS for ending in known.endings if ending}
    read: list[tuple[str, bytes | str]] = []
    left_out: list[str] = []
    for name, data in parts:
        if data and PurePosixPath(name).suffix.lower() in endings and name not in [one for one, _ in read]:
            read.append((name, data))
        else:
            left_out.append(name)
    return read, left_out


def _words(file: Any, names: set[str], folder: str, number: str) -> str:
    if (name := f"{folder}__substg1.0_{number}001F") in names:
        return _stream(file, name).decode("utf-16-le", "replace").rstrip("\0")
    if (name := f"{folder}__substg1.0_{number}001E") in names:
        data = _stream(file, name).rstrip(b"\0")
        return decode(data, name=name).text if data else ""
    return ""


def _stream(file: Any, name: str) -> bytes:
    data: bytes = file.openstream(name).read(MAIL_MEGABYTES * 1_000_000)
    return data


def _uncompressed(data: bytes) -> bytes:
    """Return RTF as [MS-OXRTFCP] packs it: runs that were seen before are told by place and length."""
    _, raw, kind, _ = struct.unpack_from("<IIII", data)
    if kind == 0x414C454D:  # "MELA": not packed
        return data[16 : 16 + raw]
    raw = min(raw, MAIL_MEGABYTES * 1_000_000)
    window = bytearray(LZFU.ljust(4096, b"\0"))
    write, at, out = len(LZFU), 16, bytearray()

    def put(byte: int) -> None:
        nonlocal write
        window[write] = byte
        write = (write + 1) % 4096
        out.append(byte)

    while at < len(data) and len(out) < raw:
        control = data[at]
        at += 1
        for bit in range(8):
            told = data[at : at + 2]
            if not told:
                return bytes(out)
            if not control >> bit & 1:
                put(told[0])
                at += 1
                continue
            at += 2
            place, length = divmod(int.from_bytes(told), 16)
            if place == write:
                return bytes(out)
            for step in range(length + 2):
                put(window[(place + step) % 4096])
    return bytes(out)
