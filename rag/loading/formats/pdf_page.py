"""What PDFium tells of a page: its characters with their places, and what stands on it beside its text."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from typing import Any

from .pdf_words import Character

MOST_CHARACTERS = 300_000  # of one page
COMMENTS = (1, 3, 20)  # text, free text, widget of a form: FPDF_ANNOT_…


def page_characters(page: Any) -> list[Character]:
    """Return the characters that are drawn on a page, turned upright as most of them stand."""
    from pypdfium2 import raw

    text_page = page.get_textpage()
    handle = text_page.raw
    count = min(raw.FPDFText_CountChars(handle), MOST_CHARACTERS)
    x, y = ctypes.c_double(), ctypes.c_double()
    box = raw.FS_RECTF()
    found: list[tuple[str, float, float, float, float, float, int]] = []
    surrogate = 0
    for at in range(count):
        if raw.FPDFText_IsGenerated(handle, at) == 1:
            continue
        code = raw.FPDFText_GetUnicode(handle, at)
        if 0xD800 <= code < 0xDC00:
            surrogate = code
            continue
        if 0xDC00 <= code < 0xE000 and surrogate:
            code = 0x10000 + ((surrogate - 0xD800) << 10) + (code - 0xDC00)
        surrogate = 0
        # A hyphen at the end of a line is told as one of two signs that are none.
        text = "-" if code in (0x2, 0xFFFE, 0xAD) else _plain(code)
        if not text or not raw.FPDFText_GetCharOrigin(handle, at, ctypes.byref(x), ctypes.byref(y)):
            continue
        if not raw.FPDFText_GetLooseCharBox(handle, at, ctypes.byref(box)):
            continue
        angle = raw.FPDFText_GetCharAngle(handle, at)
        turned = round(angle / (math.pi / 2)) % 4 if angle > 0.1 else 0
        found.append((text, x.value, y.value, box.left, box.right, box.bottom, turned))
        found[-1] = (text, x.value, y.value, *_sides(box, turned), turned)
    text_page.close()
    usual = Counter(one[-1] for one in found if one[0].strip()).most_common(1)
    if not usual:
        return []
    turned = usual[0][0]
    return [_upright(one, turned) for one in found if one[-1] == turned and one[5] > 0.2]


def _sides(box: Any, turned: int) -> tuple[float, float, float]:
    """Return where a character begins and ends along its line, and how tall it is."""
    if turned % 2:
        return box.bottom, box.top, abs(box.right - box.left)
    return box.left, box.right, abs(box.top - box.bottom)


def _upright(one: tuple[str, float, float, float, float, float, int], turned: int) -> Character:
    text, x, y, begin, end, size, _ = one
    if turned == 0:
        return Character(text, begin, end, y, size)
    if turned == 2:
        return Character(text, -end, -begin, -y, size)
    return Character(text, begin, end, -x, size) if turned == 3 else Character(text, -end, -begin, x, size)


def _plain(code: int) -> str:
    """Return a character as it is written: Arabic letters without their form; nothing for what is no character."""
    if (
        code in (0, 0xFEFF)
        or (code < 0x20 and code not in (0x9, 0xA, 0xD))
        or 0xD800 <= code < 0xE000
        or code > 0x10FFFF
    ):
        return ""
    text = chr(code)
    if 0xFB1D <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFC:
        return unicodedata.normalize("NFKC", text)
    return "" if 0xE000 <= code < 0xE020 else " " if text.isspace() else text


def comments_on(page: Any) -> int:
    """Return how many comments and filled fields of forms lie on a page."""
    from pypdfium2 import raw

    number = 0
    for at in range(min(raw.FPDFPage_GetAnnotCount(page.raw), 1_000)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, at)
        if not annotation:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        key = b"V" if kind == COMMENTS[-1] else b"Contents"
        if kind in COMMENTS and raw.FPDFAnnot_GetStringValue(annotation, key, None, 0) > 2:
            number += 1
        raw.FPDFPage_CloseAnnot(annotation)
    return number


def attachments_of(file: Any) -> int:
    from pypdfium2 import raw

    return max(0, int(raw.FPDFDoc_GetAttachmentCount(file.raw)))


def language_of(file: Any) -> str:
    """Return the language that the file says it is in; empty if it does not."""
    from pypdfium2 import raw

    ask = getattr(raw, "FPDFCatalog_GetLanguage", None)
    if ask is None:
        return ""
    length = ask(file.raw, None, 0)
    if not 2 < length < 200:
        return ""
    buffer = ctypes.create_string_buffer(length)
    ask(file.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
