"""Rich Text (RTF) to articles: paragraphs, rows of tables and notes, and what its properties say."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ...errors import ReadingError
from ...schema import Article
from ..exports import articles_from_text
from ..file_bytes import PRINT_MEGABYTES, read_bytes
from ..metadata.bylines import NAMES
from ..metadata.findings import Finding
from ..sources import Unread
from ..tables import lines_of_rows
from .note_marks import raised, with_marks_apart

TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])|(?P<open>\{)"
    rb"|(?P<close>\})|(?P<plain>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
CELL = "\x1f"  # ends a cell of a table, until its rows are whole
AS_TEXT = {
    "par": "\n", "sect": "\n", "page": "\n", "row": "\n", "line": "\n", "cell": CELL, "nestcell": CELL, "tab": "\t",
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "emspace": " ", "enspace": " ", "zwnj": "\u200c", "zwj": "\u200d",
}  # fmt: skip
# Groups whose words are not of the text. What begins with \* is passed over as well, but for notes.
LEFT_OUT = frozenset(
    "fonttbl colortbl stylesheet info pict object themedata datastore latentstyles listtable listoverridetable rsidtbl "
    "generator xmlnstbl fldinst header headerl headerr headerf footer footerl footerr footerf bkmkstart bkmkend "
    "revtbl filetbl shppict nonshppict blipuid mmathPr pntext listtext xe tc".split()
)
SIGNS = {b"\\": "\\", b"{": "{", b"}": "}", b"~": " ", b"_": "-", b"\n": "\n", b"\r": "\n"}
NOTES = frozenset({"footnote", "annotation"})
CODEPAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}
CHARSETS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253", 162: "cp1254", 177: "cp1255",
            178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250"}  # fmt: skip
DEPTH = 1_000
INFO = re.compile(rb"\{\\(title|author|subject)\b ?((?:[^{}\\]|\\[^{}])*)\}")


@dataclass(frozen=True, slots=True)
class _State:
    """How the words of a group are taken: not at all, as a note, raised; in which encoding, how many stand for a \\u."""

    silent: bool = False
    note: bool = False
    up: bool = False
    deleted: bool = False
    encoding: str = "cp1252"
    skip: int = 1


@dataclass(slots=True)
class _Reading:
    """The words so far, those of the notes, and bytes that are not decoded yet."""

    body: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    marks: int = 0
    objects: int = 0

    def flush(self, state: _State) -> None:
        """Decode what is pending: an Asian letter is two bytes, each written by itself."""
        if self.pending:
            words = self.pending.decode(state.encoding, "replace")
            self.pending.clear()
            self.put(words, state)

    def put(self, words: str, state: _State) -> None:
        if not state.silent and not state.deleted:
            target = self.notes if state.note else self.body
            target.append(raised(words) if state.up else words)


def read_rich_text_file(path: Path) -> list[Article | Unread]:
    """Return the article of the file, or each of several; notes stand at its end.

    Raises:
        ReadingError: the file cannot be read, is no RTF, or holds no words.
    """
    data = read_bytes(path, megabytes=PRINT_MEGABYTES)
    text, left_out = words_of_rich_text(data, source=str(path))
    return articles_from_text(text, source=str(path), findings=_findings(data, text), notes=left_out)


def words_of_rich_text(data: bytes, *, source: str) -> tuple[str, tuple[str, ...]]:
    """Return the text of RTF given as bytes, and what of it was not read.

    Raises:
        ReadingError: it is no RTF.
    """
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ReadingError(
            f"{source} is no rich text, expected it to begin with {{\\rtf. Save it as RTF, DOCX or text."
        )
    reading = _read(data, source)
    notes = [words for note in "".join(reading.notes).split("\0") if (words := " ".join(note.split()))]
    text = with_marks_apart("\n".join([*_lines("".join(reading.body)), *notes]))
    # Two halves of a character are two control words.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
    return text, ((f"{reading.objects} embedded objects were not read.",) if reading.objects else ())


def _read(data: bytes, source: str) -> _Reading:
    reading = _Reading()
    state, outer = _State(), list[_State]()
    encodings: dict[int, str] = {}
    font, starred, skipping, position = 0, False, 0, 0
    while found := TOKEN.search(data, position):
        position = found.end()
        kind = found.lastgroup
        if kind in ("hex", "plain"):
            value = bytes([int(found["hex"], 16)]) if kind == "hex" else found["plain"]
            if not state.silent:
                reading.pending += value[skipping:]
            skipping = max(0, skipping - len(value))
            continue
        if kind is None:  # the end of a line
            continue
        reading.flush(state)
        skipping = 0
        if kind == "open":
            outer.append(state)
            if len(outer) > DEPTH:
                raise ReadingError(f"{source} nests {DEPTH} groups, expected fewer. Save it again.")
        elif kind == "close":
            state = outer.pop() if outer else state
        elif kind == "sign":
            starred = found["sign"] == b"*"
            reading.put(SIGNS.get(found["sign"], ""), state)
            continue
        else:
            word, number = found["word"].decode(), int(found["number"]) if found["number"] else None
            if word == "bin":
                position += max(0, number or 0)
            elif word == "u" and number is not None:
                reading.put(chr(number % 65_536), state)
                skipping = state.skip
            elif word == "f" and number is not None:
                font = number
                state = replace(state, encoding=encodings.get(font, state.encoding))
            elif word == "fcharset" and number in CHARSETS:
                encodings[font] = CHARSETS[number]
            elif word == "chftn":
                reading.marks += not state.note
                reading.put(raised(str(reading.marks)), replace(state, up=False))
            else:
                reading.objects += word == "object"
                if word in NOTES:
                    reading.notes.append("\0")
                state = _state_after(state, word, number, starred=starred)
                reading.put(AS_TEXT.get(word, ""), state)
        starred = False
    reading.flush(state)
    return reading


def _state_after(state: _State, word: str, number: int | None, *, starred: bool) -> _State:
    """Return how words are taken after a control word."""
    if word in NOTES:
        return replace(state, note=True, silent=state.silent and not starred, up=False)
    if word in LEFT_OUT or (starred and word not in ("shptxt", "shpinst", "fldrslt")):
        return replace(state, silent=True)
    if word == "shptxt":
        return replace(state, silent=False)
    if word == "super" or (word == "up" and number):
        return replace(state, up=number != 0)
    if word in ("nosupersub", "plain", "up", "pard"):
        return replace(state, up=state.up and word == "pard", deleted=state.deleted and word != "plain")
    if word in ("deleted", "v"):
        return replace(state, deleted=number != 0)
    if word == "uc":
        return replace(state, skip=max(0, min(number or 0, 8)))
    if word in CODEPAGES:
        return replace(state, encoding=CODEPAGES[word])
    if word == "ansicpg" and number:
        return replace(state, encoding=_codepage(number) or state.encoding)
    return state


def _codepage(number: int) -> str | None:
    name = {10000: "mac_roman", 65001: "utf-8"}.get(number, f"cp{number}")
    try:
        "".encode(name)
    except LookupError:
        return None
    return name


def _lines(body: str) -> Iterator[str]:
    """Yield the lines of the text, rows of a table as such."""
    for in_table, lines in itertools.groupby(body.split("\n"), key=lambda line: CELL in line):
        if in_table:
            yield from lines_of_rows([line.removesuffix(CELL).split(CELL) for line in lines])
        else:
            yield from (re.sub(r"[ \t]+", " ", line).strip(" |") for line in lines)


def _findings(data: bytes, text: str) -> Iterator[Finding]:
    """Yield what the properties say, where the top of the text says it as well: they often name a template or an account."""
    top = " ".join(text[:5_000].split()).casefold()
    info = data[data.find(b"{\\info") :][:5_000] if b"{\\info" in data else b""
    for name, value in INFO.findall(info):
        words = " ".join(value.decode("cp1252", "replace").split())
        known = len(words) > 3 and words.casefold() in top
        if known and name == b"title":
            yield Finding("title", words, "document properties")
        if known and name == b"author" and re.fullmatch(NAMES, words):
            yield Finding("author", words, "document properties")
