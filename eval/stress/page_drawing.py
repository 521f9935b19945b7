"""A PDF whose words are drawn at given places, as layout programs and text recognition do."""

from __future__ import annotations

import io
from collections.abc import Sequence

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from .files import FONT, escaped

WIDTHS = {" ": 278, ",": 278, ".": 278, "i": 222, "l": 222, "j": 222, "t": 278, "f": 278, "r": 333, "m": 833, "w": 722,
          "I": 278, "s": 500, "c": 500, "k": 500, "v": 500, "x": 500, "y": 500, "z": 500, "W": 944, "O": 778, "M": 833,
          "G": 778, "L": 556, "T": 611, "S": 667, "J": 500}  # fmt: skip
OTHERS = 556  # of letters of Helvetica, in thousandths of their size

Drawn = tuple[float, float, float, str]


def drawn_pdf(*pages: Sequence[Drawn], gap: float = 0.0) -> bytes:
    """Return a PDF with (x, y, size, words) on its pages, in Helvetica; with `gap`, word by word and so far apart."""
    writer = PdfWriter()
    for drawn in pages:
        page = writer.add_blank_page(width=595, height=842)
        font = DictionaryObject({NameObject(key): NameObject(value) for key, value in FONT.items()})
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        shown = "".join(_shown(*one, gap) for one in drawn)
        stream = DecodedStreamObject()
        stream.set_data(shown.encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _shown(x: float, y: float, size: float, words: str, gap: float) -> str:
    pieces = ""
    for word in words.split() if gap else [words]:
        pieces += f"BT /F1 {size} Tf {x:.2f} {y} Td ({escaped(word)}) Tj ET\n"
        x += sum(WIDTHS.get(letter, OTHERS) for letter in word) / 1000 * size + gap
    return pieces
