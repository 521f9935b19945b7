"""Bytes of a text file to characters. What is not text is refused, never guessed at."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from ..errors import ReadingError

# UTF-32 first: its little-endian mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The legacy encodings that browsers know, likeliest first: of two that explain the bytes equally well the first is taken.
LEGACY = ("cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r")
LEGACY_ASIAN = ("cp932", "gb18030", "cp949", "big5", "euc_jp")
OPENINGS = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x1f\x8b", "a gzip archive"),
)
SAMPLE_BYTES = 100_000
ASCII = bytes(range(128))
CONTROLS = frozenset(map(chr, range(32))) - frozenset("\t\n\v\f\r\x1a\x1b")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of a file; `encoding` is its name, with what had to be replaced."""

    text: str
    encoding: str


def decode(data: bytes, *, name: str) -> Decoded:
    """Return the text with its mark removed and every line end as a line feed. `name` stands in the messages.

    Bytes that are UTF-8 but for a few are read as UTF-8, the wrong ones replaced by U+FFFD and counted in `encoding`.

    Raises:
        ReadingError: the bytes are those of another format, hold NUL or control characters, or fit no encoding.
    """
    for opening, what in OPENINGS:
        if data.startswith(opening):
            raise ReadingError(f"{name} is {what}, expected plain text. Save it as text and read that.")
    decoded = _decode(data, name)
    controls = CONTROLS.intersection(decoded.text[:SAMPLE_BYTES]) | CONTROLS.intersection(
        "\0" if "\0" in decoded.text else ""
    )
    if controls:
        found = ", ".join(f"U+{ord(control):04X}" for control in sorted(controls)[:3])
        raise ReadingError(f"{name} is binary (it holds {found}), expected plain text. Save it as text and read that.")
    return Decoded(decoded.text.replace("\r\n", "\n").replace("\r", "\n"), decoded.encoding)


def _decode(data: bytes, name: str) -> Decoded:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data.decode(encoding), encoding.removesuffix("-sig"))
            except UnicodeDecodeError as error:
                raise ReadingError(
                    f"{name} says that it is {encoding} but is not at byte {error.start}, expected one encoding. Save it as UTF-8."
                ) from error
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    if b"\0" in data:
        raise ReadingError(
            f"{name} is binary (it holds NUL bytes), expected plain text. Save it as text and read that."
        )
    return _damaged_utf8(data) or _guessed(data, name)


def _damaged_utf8(data: bytes) -> Decoded | None:
    # The sample first: replacing most of the letters of a long legacy file takes many seconds.
    if not _mostly_sound(_sample(data)):
        return None
    text = data.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    return Decoded(text, f"utf-8 ({wrong} wrong bytes replaced)") if _mostly_sound(data) else None


def _mostly_sound(data: bytes) -> bool:
    """Tell whether hardly any byte beyond ASCII is wrong: legacy text forms valid sequences of UTF-8 only by rare chance."""
    beyond = len(data.translate(None, ASCII))
    return beyond >= 20 * data.decode("utf-8", errors="replace").count("\ufffd")


def _sample(data: bytes) -> bytes:
    """Return whole lines from where the first byte beyond ASCII is, for a long file may well open with a page of ASCII."""
    first = len(data) - len(data.lstrip(ASCII))
    begin = max(data.rfind(b"\n", 0, first) + 1, first - SAMPLE_BYTES // 2)
    if len(data) <= begin + SAMPLE_BYTES:
        return data[begin:]
    end = data.rfind(b"\n", begin, begin + SAMPLE_BYTES)
    return data[begin : end if end > first else begin + SAMPLE_BYTES]


def _guessed(data: bytes, name: str) -> Decoded:
    from charset_normalizer import from_bytes

    candidates = LEGACY + LEGACY_ASIAN
    matches = from_bytes(_sample(data), cp_isolation=list(candidates))
    ranked = sorted(
        (match.chaos, -match.coherence, candidates.index(encoding), encoding)
        for match in matches
        for encoding in match.could_be_from_charset
        if encoding in candidates
    )
    for *_, encoding in ranked:
        try:
            return Decoded(data.decode(encoding), f"{encoding} (guessed)")
        except UnicodeDecodeError:
            continue
    raise ReadingError(f"{name} is in no encoding that is known, expected UTF-8 text. Save it again as UTF-8.")
