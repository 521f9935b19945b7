"""PDF files to articles: the words of each page as lines, the lines as paragraphs, and where each page begins."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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
from .pdf_layout import lines_of_page
from .pdf_page import attachments_of, comments_on, language_of, page_characters

MAX_PAGES = 5_000
RECOGNITION = "ocrmypdf"
RUNNING_PAGES = 3  # on so many pages, the same first or last line is a running title
RUNNING_LINES = 2  # so many lines at either end of a page may run
FULL_LINE = 0.75  # of the width of a page: a line as long goes on in the next
PAGE_NUMBER = re.compile(r"(?:page |p\. ?|[-–—] ?)?\d{1,4}(?: ?(?:/|of) ?\d{1,4})?(?: ?[-–—])?", re.IGNORECASE)
BROKEN_WORD = re.compile(r"\b(\w+)-$")
# What a font draws as one glyph is letters to who searches for them.
GLYPHS = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "‐": "-",
        "‑": "-",
        "\0": "",
        "\xad": "",
    }
)
TOP_CHARACTERS = 5_000
TITLE_WORDS = 4
ITEM = re.compile(r"(?:[-*•‣–—▪·]|\d{1,3}[.)]|\d{1,2}(?:\.\d{1,2})+\.?)\s")  # of a list, or a numbered heading


def read_pdf_file(path: Path) -> list[Article | Unread]:
    """Return the article that the file holds, or each of several, with its pages. Pages that are pictures are noted.

    Raises:
        ReadingError: the file cannot be read, needs a password, has too many pages, or holds pictures of text only.
    """
    with open_pdf(path) as file:
        count = len(file)
        if count > MAX_PAGES:
            raise ReadingError(f"{path} has {count:,} pages, expected at most {MAX_PAGES:,}. Split it.")
        pages: list[list[str]] = []
        beside = 0
        characters = 0
        for number in range(count):
            page = file[number]
            lines = [_clean(line) + " " * line.endswith(" ") for line in lines_of_page(page_characters(page))]
            beside += comments_on(page)
            page.close()
            characters += sum(map(len, lines))
            if characters > MAX_MEGABYTES * 1_000_000:
                raise ReadingError(
                    f"{path} holds more than {MAX_MEGABYTES} million characters, expected fewer. Split it."
                )
            pages.append(lines)
        properties = file.get_metadata_dict()
        language = language_of(file)
        attached = attachments_of(file)
    if not any(map(any, pages)):
        raise ReadingError(f"{path} holds no text, only pictures, expected text. {_recognise(path)}")
    text, begins = flowing_text(pages)
    notes = (*_unread_pages(pages), *_beside(beside, attached))
    found = _findings(properties, language, text)
    return articles_from_text(text, source=str(path), pages=begins, findings=found, notes=notes)


def open_pdf(path: Path) -> Any:
    """Return the file as PDFium has it, to be used in `with`.

    Raises:
        ReadingError: it needs a password.
    """
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(read_bytes(path, megabytes=PRINT_MEGABYTES))
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ReadingError(
                f"{path} is encrypted, expected a PDF without a password. Save it without one."
            ) from error
        raise


def _recognise(path: Path) -> str:
    """Return what to do with a scan: the command, when its program is installed."""
    if shutil.which(RECOGNITION):
        return f"Make one with text recognition, and add that: {RECOGNITION} {path.name} {path.stem}-text.pdf"
    return f"Run text recognition (OCR) on it first, such as {RECOGNITION} (apt install {RECOGNITION})."


def _unread_pages(pages: Sequence[Sequence[str]]) -> Iterator[str]:
    silent = [number for number, lines in enumerate(pages, start=1) if not any(lines)]
    if silent:
        listed = ", ".join(map(str, silent[:20])) + (", …" if len(silent) > 20 else "")
        some = f"Page {listed} of {len(pages)} holds" if len(silent) == 1 else f"Pages {listed} of {len(pages)} hold"
        yield f"{some} no text and could not be read: a scan needs text recognition ({RECOGNITION})."


def _beside(comments: int, attached: int) -> Iterator[str]:
    if comments:
        yield f"Comments and form fields on its pages were not read: {comments}."
    if attached:
        yield f"Files attached to it were not read: {attached}."


def flowing_text(pages: Sequence[Sequence[str]]) -> tuple[str, tuple[int, ...]]:
    """Return the text of pages given as lines, a line for each paragraph, and the offset at which each page begins.

    An empty line says that a paragraph ends there, a space at the end of a line that it goes on.

    Running titles stay once and page numbers go, so that a sentence can run over the end of a page. A word broken at the
    end of a line is joined, with its hyphen where the whole text also has it with one inside a line.
    """
    pages = _without_running_lines(pages)
    hyphenated = {word.casefold() for page in pages for line in page for word in re.findall(r"\b\w+-\w+", line)}
    pieces: list[str] = []
    begins: list[int] = []
    length, last, width = 0, "", 0
    surely = False  # the line before goes on
    empty = 0  # pages with nothing left on them: they begin where the next does
    for page in pages:
        widths = sorted(len(line) for line in page if line)
        begin: int | None = None
        ends = False
        for line in page:
            if not line:
                ends = True
                continue
            goes_on = line[0].islower() and last[-1:] not in (*".!?:", "")
            between = _between(last, line, width, new_page=begin is None) if last else ""
            between = " " if between and surely and not (ITEM.match(line) or tells_of_itself(line)) else between
            between = "\n" if ends and between and not goes_on else between
            ends = False
            surely, line = line.endswith(" "), line.rstrip(" ")
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
            if at in edges and PAGE_NUMBER.fullmatch(line.rstrip()):
                continue
            if at in edges and seen[key] >= RUNNING_PAGES:
                if key in shown:
                    continue
                shown.add(key)
            lines.append(line)
        while lines and not lines[0]:
            del lines[0]
        kept.append(lines)
    return kept


def _edges(page: Sequence[str]) -> Iterator[int]:
    filled = [at for at, line in enumerate(page) if line]
    yield from dict.fromkeys([*filled[:RUNNING_LINES], *filled[-RUNNING_LINES:]])


def _running_key(line: str) -> str:
    return re.sub(r"\d+", "0", line.casefold().rstrip())


def _clean(line: str) -> str:
    return " ".join(line.translate(GLYPHS).encode("utf-8", "replace").decode("utf-8").split())


def _findings(properties: Mapping[str, str], language: str, text: str) -> Iterator[Finding]:
    """Yield what the properties say. A title or a name counts if it stands at the beginning of the text as well:

    the properties often name a template, a program or a user account. The day of making is not that of publication.
    """
    title = " ".join(_clean(properties.get("Title") or "").split())
    if len(title) > 3 and _has_title(text[:TOP_CHARACTERS], title):
        yield Finding("title", title, "document properties")
    top = " ".join(text[:TOP_CHARACTERS].split()).casefold()
    author = " ".join(_clean(properties.get("Author") or "").split())
    if re.fullmatch(NAMES, author) and author.casefold() in top:
        yield Finding("author", author, "document properties")
    if code := language_code(language):
        yield Finding("language", code, "document properties")


def _has_title(text: str, title: str) -> bool:
    """Tell whether the title fills lines of the text, or begins one if it is long: "report" stands in many a sentence."""
    words = title.split()
    pattern = r"\s".join(map(re.escape, words)) + (r"(?!\w)" if len(words) >= TITLE_WORDS else "$")
    return re.search(rf"^{pattern}", text, re.IGNORECASE | re.MULTILINE) is not None
