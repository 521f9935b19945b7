"""Files to articles. A format is a function from a path to articles in a file of its own, and one line in FORMATS."""

from __future__ import annotations

import importlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from ..errors import ReadingError
from ..schema import Article
from . import openings
from .articles import article_from_text, article_id
from .fields import Fields, parse_fields
from .file_bytes import COLLECTION_MEGABYTES, MAIL_MEGABYTES, MAX_MEGABYTES, PRINT_MEGABYTES, first_bytes
from .no_articles import why_no_article
from .sources import MARK, Unread

__all__ = [
    "FORMATS",
    "MARK",
    "Fields",
    "Format",
    "Unread",
    "article_from_text",
    "article_id",
    "format_of",
    "parse_fields",
    "read_path",
]

OPENING_BYTES = 2_000


@dataclass(frozen=True, slots=True)
class Format:
    """The endings of its files, what reads one (`module:function`), and how its bytes begin, if that tells it apart.

    Files of a format that is `apart` are read in a process of their own (sandbox.py), as all should be that a library parses. A reader takes a path, and with `mapped` also the Fields of records; it returns articles, and Unread for the parts
    of a collection that are none. It may raise anything at bytes that are not as they should be: see `read_path`.
    A file of it that is larger than `megabytes` is not unpacked. An opening that others may have, too, tells it apart
    from files with the endings `among` alone.
    """

    name: str
    endings: tuple[str, ...]
    reader: str
    opening: bytes | None = None
    mapped: bool = False
    apart: bool = True
    megabytes: int = MAX_MEGABYTES
    among: tuple[str, ...] = ()


# Of several formats with one opening, the ending decides; without it, the last, which looks inside.
FORMATS = (
    Format("text", (".txt", ".text", ".md", ".markdown", ""), "rag.loading.formats.text:read_text_file", apart=False),
    Format("wikitext", (".wiki", ".wikitext", ".mediawiki"), "rag.loading.formats.mediawiki:read_wikitext_file", openings.WIKI, among=(".txt", ".text", "")),
    Format("HTML", (".html", ".htm", ".xhtml"), "rag.loading.formats.html_page:read_page_file", openings.PAGE),
    Format("PDF", (".pdf",), "rag.loading.formats.pdf:read_pdf_file", openings.PDF, megabytes=PRINT_MEGABYTES),
    Format("DOCX", (".docx", ".docm"), "rag.loading.formats.docx:read_word_file", openings.ZIP, megabytes=PRINT_MEGABYTES),
    Format("rich text", (".rtf",), "rag.loading.formats.rtf:read_rich_text_file", openings.RICH_TEXT, megabytes=PRINT_MEGABYTES),
    Format("ODT", (".odt", ".ott"), "rag.loading.formats.odt:read_open_text_file", openings.ZIP, megabytes=PRINT_MEGABYTES),
    Format("PPTX", (".pptx", ".pptm", ".ppsx"), "rag.loading.formats.slides:read_slides_file", openings.ZIP, megabytes=PRINT_MEGABYTES),
    Format("XLSX", (".xlsx", ".xlsm"), "rag.loading.formats.spreadsheet:read_workbook_file", openings.ZIP, mapped=True, megabytes=PRINT_MEGABYTES),
    Format("ODS", (".ods",), "rag.loading.formats.spreadsheet:read_open_sheet_file", openings.ZIP, mapped=True, megabytes=PRINT_MEGABYTES),
    Format("EPUB", (".epub",), "rag.loading.formats.epub:read_book_file", openings.ZIP, megabytes=PRINT_MEGABYTES),
    Format("e-mail", (".eml",), "rag.loading.formats.eml:read_mail_file", openings.MAIL, mapped=True, megabytes=MAIL_MEGABYTES),
    Format("MHTML", (".mhtml", ".mht"), "rag.loading.formats.mhtml:read_mhtml_file", openings.MHTML, mapped=True, megabytes=MAIL_MEGABYTES),
    Format("webarchive", (".webarchive",), "rag.loading.formats.mhtml:read_webarchive_file", megabytes=MAIL_MEGABYTES),
    Format("EMLX", (".emlx",), "rag.loading.formats.mbox:read_apple_letter_file", mapped=True, megabytes=MAIL_MEGABYTES),
    Format("mailbox", (".mbox", ".mbx"), "rag.loading.formats.mbox:read_mailbox_file", openings.MAILBOX, mapped=True, megabytes=COLLECTION_MEGABYTES),
    Format("Outlook", (".msg", ".oft", ".doc", ".dot", ".xls", ".ppt", ".pps"), "rag.loading.formats.outlook:read_outlook_file", openings.OLD_OFFICE, mapped=True, megabytes=MAIL_MEGABYTES),
    Format("feed", (".xml", ".rss", ".atom", ".rdf"), "rag.loading.formats.feeds:read_xml_file", openings.FEED, mapped=True, megabytes=COLLECTION_MEGABYTES),
    Format("subtitles", (".srt", ".vtt"), "rag.loading.formats.subtitles:read_subtitles_file", openings.SUBTITLES),
    Format("JSON", (".json", ".jsonfeed"), "rag.loading.formats.json_records:read_json_file", mapped=True, megabytes=COLLECTION_MEGABYTES),
    Format("JSON Lines", (".jsonl", ".ndjson"), "rag.loading.formats.json_records:read_json_lines_file", mapped=True, megabytes=COLLECTION_MEGABYTES),
    Format("CSV", (".csv", ".tsv"), "rag.loading.formats.csv_table:read_table_file", mapped=True, megabytes=COLLECTION_MEGABYTES),
    Format("WARC", (".warc",), "rag.loading.formats.warc:read_crawl_file", openings.WARC, mapped=True, megabytes=COLLECTION_MEGABYTES),
    Format("WACZ", (".wacz",), "rag.loading.formats.warc:read_packed_crawl_file", openings.ZIP, mapped=True, megabytes=COLLECTION_MEGABYTES),
    Format("ZIP", (".zip",), "rag.loading.formats.archive:read_archive_file", openings.ZIP, mapped=True, megabytes=COLLECTION_MEGABYTES),
    Format("gzip", (".gz",), "rag.loading.formats.gzipped:read_gzip_file", openings.GZIP, mapped=True, megabytes=COLLECTION_MEGABYTES),
)  # fmt: skip


def read_path(path: Path, fields: Fields | None = None) -> list[Article | Unread]:
    """Return the articles of a file, and what of it could not be read. `fields` names the fields of records.

    This is the one place where what a library raises at bad bytes becomes an error of ours.

    Raises:
        ReadingError: nothing of it can be read, or its format is not known.
    """
    return _read(path, format_of(path), fields)


def read_as(path: Path, ending: str, fields: Fields) -> list[Article | Unread]:
    """Return what `read_path` would if the file had that ending.

    Raises:
        ReadingError: nothing of it can be read.
    """
    return _read(path, next(known for known in FORMATS if ending in known.endings), fields)


def _read(path: Path, chosen: Format, fields: Fields | None) -> list[Article | Unread]:
    module_name, _, function_name = chosen.reader.partition(":")
    read: Any = getattr(importlib.import_module(module_name), function_name)
    try:
        found: Sequence[Article | Unread] = read(path, fields or Fields()) if chosen.mapped else read(path)
    except ReadingError:
        raise
    except MemoryError as error:
        raise ReadingError(
            f"{path} needs more memory to be read than there is for it, expected less. Split it, or save it smaller."
        ) from error
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise ReadingError(
            f"{path} cannot be read as {chosen.name} ({reason}), expected a whole file without protection. "
            "Open it in its own program, and save it again."
        ) from error
    if not found:
        raise ReadingError(f"{path} holds no article, expected at least one. Leave it out, or fill it.")
    return list(found)


def format_of(path: Path) -> Format:
    """Return the format of a file: as its first bytes say, else as its ending says.

    Raises:
        ReadingError: it cannot be opened, or neither is known.
    """
    opening = first_bytes(path, OPENING_BYTES)
    ending = path.suffix.lower()
    alike = [known for known in FORMATS if _opens(known, opening, ending)]
    by_ending = [known for known in FORMATS if ending in known.endings]
    both = [known for known in alike if known in by_ending]
    if chosen := both or alike[-1:] or by_ending:
        return chosen[0]
    if reason := why_no_article(path, opening):
        raise ReadingError(reason)
    raise ReadingError(
        f"{path} ends in {ending!r}, expected text, a web page, a PDF, a document or table of an office program, e-mail, "
        "a feed, an e-book, subtitles, or an export as JSON, CSV or XML. Save it in its own program as one of these "
        "(`citedesk index --help` names all), or leave it out."
    )


def _opens(known: Format, opening: bytes, ending: str) -> bool:
    if not known.opening or (known.among and ending not in (*known.among, *known.endings)):
        return False
    return re.match(known.opening, opening, re.IGNORECASE | re.DOTALL) is not None


def megabytes_of(name: str) -> int:
    """Return how large a packed file of that name may be: as its ending says."""
    ending = PurePath(name).suffix.lower()
    return max((known.megabytes for known in FORMATS if ending in known.endings), default=MAX_MEGABYTES)
