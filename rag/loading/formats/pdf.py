"""PDF files to articles: the words of each page as lines, the lines as paragraphs, and where each page begins."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..exports import articles_from_text
from ..file_bytes import MAX_MEGABYTES, PRINT_MEGABYTES, read_bytes
from ..metadata.bylines import NAMES
from ..metadata.findings import Finding, language_code
from ..metadata.header_lines import tells_of_itself
from ..sources import Unread

MAX_PAGES = 5_000
RUNNING_PAGES = 3  # on so many pages, the same first or last line is a running title
RUNNING_LINES = 2  # so many lines at either end of a page may run
FULL_LINE = 0.75  # of the width of a page: a line as long goes on in the next
PAGE_NUMBER = re.compile(r"(?:page |p\. ?|[-–—] ?)?\d{1,4}(?: ?(?:/|of) ?\d{1,4})?(?: ?[-–—])?", re.IGNORECASE)
BROKEN_WORD = re.compile(r"(\w+)-$")
# What a font draws as one glyph is letters to who searches for them.
GLYPHS = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\0": "", "\xad": ""}
)
TOP_CHARACTERS = 5_000
TITLE_WORDS = 4
ITEM = re.compile(r"(?:[-*•‣–—▪·]|\d{1,3}[.)]|\d{1,2}(?:\.\d{1,2})+\.?)\s")  # of a list, or a numbered heading


def read_pdf_file(path: Path) -> list[Article | Unread]:
    """Return the article that the file holds, or each of several, with its pages.

    Raises:
        ReadingError: the file cannot be read, needs a password, has too many pages, or holds pictures of text only.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

    data = io.BytesIO(read_bytes(path, megabytes=PRINT_MEGABYTES))
    try:
        file = PdfReader(data)
        if file.is_encrypted and not file.decrypt(""):
            raise WrongPasswordError
        count = len(file.pages)
    except (
        DependencyError,
        FileNotDecryptedError,
        WrongPasswordError,
    ) as error:  # the first: AES needs another package
        raise ReadingError(f"{path} is encrypted, expected a PDF without a password. Save it without one.") from error
    if count > MAX_PAGES:
        raise ReadingError(f"{path} has {count:,} pages, expected at most {MAX_PAGES:,}. Split it.")
    pages: list[list[str]] = []
    characters = 0
    for page in file.pages:
        words = page.extract_text()
        characters += len(words)
        if characters > MAX_MEGABYTES * 1_000_000:
            raise ReadingError(f"{path} holds more than {MAX_MEGABYTES} million characters, expected fewer. Split it.")
        pages.append([line for line in map(_clean, words.split("\n")) if line])
    if not any(pages):
        raise ReadingError(
            f"{path} holds no text, only pictures, expected text. Run text recognition (OCR) on it first."
        )
    text, begins = flowing_text(pages)
    return articles_from_text(text, source=str(path), pages=begins, findings=_findings(file, text))


def flowing_text(pages: Sequence[Sequence[str]]) -> tuple[str, tuple[int, ...]]:
    """Return the text of pages given as lines, a line for each paragraph, and the offset at which each page begins.

    Running titles stay once and page numbers go, so that a sentence can run over the end of a page. A word broken at the
    end of a line is joined, with its hyphen where the whole text also has it with one inside a line.
    """
    pages = _without_running_lines(pages)
    hyphenated = {word.casefold() for page in pages for line in page for word in re.findall(r"\w+-\w+", line)}
    pieces: list[str] = []
    begins: list[int] = []
    length, last, width = 0, "", 0
    empty = 0  # pages with nothing left on them: they begin where the next does
    for page in pages:
        widths = sorted(map(len, page))
        begin: int | None = None
        for line in page:
            between = _between(last, line, width, new_page=begin is None) if last else ""
            if between == " " and (broken := BROKEN_WORD.search(last)) and line[0].islower():
                between = ""
                first = re.match(r"\w+", line)
                if f"{broken[1]}-{first.group() if first else ''}".casefold() not in hyphenated:
                    pieces[-1] = pieces[-1][:-1]
                    length -= 1
                    begins = [min(known, length) for known in begins]
            begin = length + len(between) if begin is None else begin
            pieces += [between, line]
            length += len(between) + len(line)
            last = line
            width = widths[int(0.9 * (len(widths) - 1))]
        empty += 1
        if begin is not None:
            begins += [begin] * empty
            empty = 0
    return "".join(pieces), (*begins, *[length] * empty)


def _between(last: str, line: str, width: int, *, new_page: bool) -> str:
    """Return what joins two lines: a space within a paragraph, a line break after it."""
    ended = last.rstrip("\"'”’»)")[-1:] in ".!?:…"
    if ITEM.match(line) or (ended and new_page) or tells_of_itself(line) or tells_of_itself(last):
        return "\n"
    if line[:1].islower() and not ended:
        return " "
    full = len(last) >= FULL_LINE * width and len(last) >= 30
    return " " if full and not (ended and len(last) < 0.9 * width) else "\n"


def _without_running_lines(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    seen = Counter(key for page in pages for key in {_running_key(page[at]) for at in _edges(page)})
    shown: set[str] = set()
    kept: list[list[str]] = []
    for page in pages:
        edges = set(_edges(page))
        lines = []
        for at, line in enumerate(page):
            key = _running_key(line)
            if at in edges and PAGE_NUMBER.fullmatch(line):
                continue
            if at in edges and seen[key] >= RUNNING_PAGES:
                if key in shown:
                    continue
                shown.add(key)
            lines.append(line)
        kept.append(lines)
    return kept


def _edges(page: Sequence[str]) -> Iterator[int]:
    yield from (at for at in range(len(page)) if at < RUNNING_LINES or at >= len(page) - RUNNING_LINES)


def _running_key(line: str) -> str:
    return re.sub(r"\d+", "0", line.casefold())


def _clean(line: str) -> str:
    return " ".join(line.translate(GLYPHS).encode("utf-8", "replace").decode("utf-8").split())


def _findings(file: Any, text: str) -> Iterator[Finding]:
    """Yield what the properties say. A title or a name counts if it stands at the beginning of the text as well:

    the properties often name a template, a program or a user account. The day of making is not that of publication.
    """
    properties = file.metadata or {}
    title = " ".join(str(properties.get("/Title") or "").split())
    if len(title) > 3 and _has_title(text[:TOP_CHARACTERS], title):
        yield Finding("title", title, "document properties")
    top = " ".join(text[:TOP_CHARACTERS].split()).casefold()
    author = " ".join(str(properties.get("/Author") or "").split())
    if re.fullmatch(NAMES, author) and author.casefold() in top:
        yield Finding("author", author, "document properties")
    language = file.root_object.get("/Lang") if hasattr(file, "root_object") else None
    if code := language_code(str(language or "")):
        yield Finding("language", code, "document properties")


def _has_title(text: str, title: str) -> bool:
    """Tell whether the title fills lines of the text, or begins one if it is long: "report" stands in many a sentence."""
    words = title.split()
    pattern = r"\s".join(map(re.escape, words)) + (r"(?!\w)" if len(words) >= TITLE_WORDS else "$")
    return re.search(rf"^{pattern}", text, re.IGNORECASE | re.MULTILINE) is not None
