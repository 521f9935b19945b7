"""A page of a PDF as a picture, and where on it certain words stand. Only of a page whose words are those expected."""

from __future__ import annotations

import base64
import ctypes
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import ReadingError
from ..page_picture import PagePicture
from .pdf import open_pdf
from .pdf_page import MOST_CHARACTERS

PIXELS_WIDE = 1_200  # twice what a column of the page is wide, for screens that are as fine
MOST_PIXELS = 6_000_000
SHINGLE = 8  # letters that follow on one another, as the unit in which two texts are compared
LEAST_FOUND = 0.6  # of what is expected, on the page
LEAST_KNOWN = 0.5  # of what is on the page, expected: nobody is shown a file whose words they did not have
LEAST_MARKED = 20  # letters of words that run over the end of the page
PARTS = 10_000  # of the width and height of a page, in which a place on it is told


def draw_page(path: Path, number: int, *, text: str, start: int, end: int) -> PagePicture:
    """Return page `number`, counted from 1, if its words are those of `text`, with `text[start:end]` marked.

    What of those words runs over the end of the page is not marked.

    Raises:
        ReadingError: there is no such page, or it holds other words.
    """
    with open_pdf(path) as file:
        if not 1 <= number <= len(file):
            raise ReadingError(
                f"{path} has no page {number:,}, expected 1 to {len(file):,}. The file is another one by now: add it again."
            )
        page = file[number - 1]
        letters, places = _letters_on(page)
        if not _alike(letters_of(text), letters):
            raise ReadingError(
                f"page {number:,} of {path} holds other words than the article, or no text, expected those that were read "
                "from it. Read the words of the article instead, and if the file has changed since, add it again."
            )
        first, last = _found(letters, letters_of(text[start:end]), near=len(letters_of(text[:start])))
        spots = tuple(_boxes(page, places[first], places[last - 1] + 1)) if first < last else ()
        width, height = page.get_size()
        scale = min(PIXELS_WIDE / width, (MOST_PIXELS / (width * height)) ** 0.5)
        pixels = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False).to_numpy()
        return PagePicture(
            png=base64.b64encode(png_of(pixels)).decode(),
            width=pixels.shape[1],
            height=pixels.shape[0],
            pages=len(file),
            spots=spots,
        )


def letters_of(text: str) -> str:
    """Return letters and digits alone, as spaces, hyphens and ligatures differ from one reading of a page to another."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())


def png_of(pixels: Any) -> bytes:
    """Return a picture of shape (height, width, 1 to 3), uint8, as PNG; of three channels that are alike, one is kept."""
    if pixels.shape[2] == 3 and (pixels[..., :1] == pixels).all():
        pixels = pixels[..., :1]
    height, width, channels = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)  # each with the filter "none"
    head = struct.pack(">IIBBBBB", width, height, 8, 0 if channels == 1 else 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _letters_on(page: Any) -> tuple[str, list[int]]:
    """Return the letters on a page as PDFium orders them, and the place of each among its characters."""
    from pypdfium2 import raw

    text_page = page.get_textpage()
    letters: list[str] = []
    places: list[int] = []
    for at in range(min(text_page.count_chars(), MOST_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(text_page.raw, at)
        if code < 0x20 or 0xD800 <= code < 0xE000:
            continue
        for one in letters_of(chr(code)):
            letters.append(one)
            places.append(at)
    text_page.close()
    return "".join(letters), places


def _alike(expected: str, drawn: str) -> bool:
    wanted, there = _shingles(expected), _shingles(drawn)
    common = len(wanted & there)
    return common > 0 and common >= LEAST_FOUND * len(wanted) and common >= LEAST_KNOWN * len(there)


def _shingles(letters: str) -> set[str]:
    return {letters[at : at + SHINGLE] for at in range(max(1, len(letters) - SHINGLE + 1)) if letters}


def _found(letters: str, words: str, *, near: int) -> tuple[int, int]:
    """Return where the words stand, of several places the nearest to `near`; else as many of them as there are in a row."""
    if words and (begins := [found.start() for found in re.finditer(re.escape(words), letters)]):
        first = min(begins, key=lambda begin: abs(begin - near))
        return first, first + len(words)
    fewest, most = 0, len(words)  # letters of the beginning that stand there, and that may
    while fewest < most:
        middle = (fewest + most + 1) // 2
        fewest, most = (middle, most) if words[:middle] in letters else (fewest, middle - 1)
    first = letters.find(words[:fewest])
    return (first, first + fewest) if fewest >= LEAST_MARKED else (0, 0)


def _boxes(page: Any, first: int, last: int) -> Iterator[tuple[float, float, float, float]]:
    """Yield a box for each line of these characters, as shares of the page as it is drawn: turned and cropped."""
    text_page = page.get_textpage()
    for number in range(text_page.count_rects(first, last - first)):
        left, bottom, right, top = text_page.get_rect(number)
        corners = [_on_picture(page, *corner) for corner in ((left, top), (right, bottom))]
        (x0, x1), (y0, y1) = (sorted(values) for values in zip(*corners, strict=True))
        yield x0, y0, x1 - x0, y1 - y0
    text_page.close()


def _on_picture(page: Any, x: float, y: float) -> tuple[float, float]:
    from pypdfium2 import raw

    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page.raw, 0, 0, PARTS, PARTS, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value / PARTS, down.value / PARTS
