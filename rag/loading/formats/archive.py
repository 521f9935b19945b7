"""ZIP files to articles: each file inside is read as it would be in a folder."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from ...errors import ReadingError
from ...schema import Article
from ..fields import Fields
from ..no_articles import is_no_article
from ..sources import Unread, begin_part, part

MAX_MEMBERS = 20_000
MAX_TOTAL_MEGABYTES = 400  # of all files unpacked, those of archives inside counted again
MAX_NESTING = 3
DOCUMENTS = {
    "word/document.xml": ".docx",
    "xl/workbook.xml": ".xlsx",
    "ppt/presentation.xml": ".pptx",
    "datapackage.json": ".wacz",
}
MIMES = {"epub": ".epub", "opendocument.text": ".odt", "opendocument.spreadsheet": ".ods"}
OFFICE = ("[Content_Types].xml", "mimetype")


@dataclass(slots=True)
class _Unpacking:
    """What was unpacked so far of the outermost archive, and how deep the one at hand lies."""

    files: int = 0
    bytes: int = 0
    depth: int = 0


_unpacking: ContextVar[_Unpacking | None] = ContextVar("unpacking", default=None)


def read_archive_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return the articles of every file in the archive, and which could not be read. Hidden files are passed over.

    Raises:
        ReadingError: it is no archive, is encrypted, is of an office program, or unpacks to more than is allowed.
    """
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if named := _known_inside(names, archive):  # a document under another name
            from .. import read_as

            return read_as(path, named, fields)
        if not names.isdisjoint(OFFICE):
            raise ReadingError(
                f"{path} is an office document of another kind, expected DOCX, ODT, XLSX, ODS, PPTX, EPUB, or a ZIP "
                "archive of articles. Save it as one of these, PDF or text."
            )
        members = [one for one in archive.infolist() if not one.is_dir() and not _hidden(one.filename)]
        with within_limits(path, [member.file_size for member in members]):
            return read_parts(str(path), _unpacked(archive, members), fields)


def _known_inside(names: set[str], archive: zipfile.ZipFile) -> str:
    """Return the ending of the document that an archive is; empty for an archive of files."""
    for name, ending in DOCUMENTS.items():
        if name in names:
            return ending
    if "mimetype" not in names or archive.getinfo("mimetype").file_size > 200:
        return ""
    kind = archive.read("mimetype").decode("ascii", "replace").strip()
    return next((ending for words, ending in MIMES.items() if words in kind), "")


def read_parts(
    source: str, parts: Iterable[tuple[str, bytes | str]], fields: Fields, *, file_name: str = ""
) -> list[Article | Unread]:
    """Return the articles of files inside a file. A part is its name with its bytes, or with the reason it has none.

    With `file_name`, each is read as if it were called so: its own name has no ending that tells.
    """
    from .. import read_path

    found: list[Article | Unread] = []
    with TemporaryDirectory(prefix="citedesk-") as folder:
        for name, data in parts:
            inside = part(source, name)
            if not file_name and is_no_article(name):
                found.append(Unread(inside, "It is a picture, a script or the like.", ignored=True))
                continue
            if isinstance(data, str):
                found.append(Unread(inside, data))
                continue
            if why_not := begin_part(len(data)):
                found.append(Unread(inside, f"{inside} {why_not}"))
                continue
            # Only the last part of the name: another could lead out of the folder.
            file = Path(folder) / (file_name or PurePosixPath(name).name.replace("\0", "") or "part")
            try:
                file.write_bytes(data)
                found += [renamed(one, str(file), inside) for one in read_path(file, fields)]
                file.unlink()
            except OSError as error:
                found.append(Unread(inside, f"{inside} cannot be unpacked: {error.strerror}. Unpack it yourself."))
            except ReadingError as error:
                found.append(Unread(inside, str(error).replace(str(file), inside)))
    return found


def renamed(one: Article | Unread, file: str, source: str) -> Article | Unread:
    """Return the same under another source, with what follows it: `a.zip#b.csv` and `#3`."""
    moved = one.source.replace(file, source, 1)
    if isinstance(one, Unread):
        return replace(one, source=moved, reason=one.reason.replace(file, source))
    return replace(one, source=moved)


def _unpacked(archive: zipfile.ZipFile, members: Iterable[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes | str]]:
    from .. import megabytes_of

    for member in members:
        name = member.filename
        megabytes = megabytes_of(name)
        if member.flag_bits & 1:
            yield name, f"{name} is encrypted, expected a file without a password. Unpack it yourself."
        elif member.file_size > megabytes * 1_000_000:
            yield name, f"{name} is larger than {megabytes} MB, expected at most that. Unpack and split it."
        else:
            try:
                with archive.open(member) as file:
                    yield name, file.read()
            except Exception as error:  # whatever zlib, bz2, lzma and zipfile raise at damaged bytes
                yield name, f"{name} is damaged in the archive ({error}), expected a whole file. Pack it again."


@contextmanager
def within_limits(path: Path, sizes: Sequence[int]) -> Iterator[None]:
    """Refuse a bomb. Each file inside is counted with its size, before it is unpacked where the archive tells it.

    zipfile gives no more of a file than the size it declares.
    """
    outer = _unpacking.get() or _Unpacking()
    outer.files += len(sizes)
    outer.bytes += sum(sizes)
    if outer.files > MAX_MEMBERS or outer.bytes > MAX_TOTAL_MEGABYTES * 1_000_000:
        raise ReadingError(
            f"{path} unpacks to {outer.files:,} files of {outer.bytes // 1_000_000:,} MB, expected at most "
            f"{MAX_MEMBERS:,} files of {MAX_TOTAL_MEGABYTES} MB. Unpack it yourself, and give the folder."
        )
    if outer.depth >= MAX_NESTING:
        raise ReadingError(
            f"{path} lies in {outer.depth} archives, expected at most {MAX_NESTING}. Unpack them yourself."
        )
    outer.depth += 1
    token = _unpacking.set(outer)
    try:
        yield
    finally:
        outer.depth -= 1
        _unpacking.reset(token)


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(one == "__MACOSX" or (one.startswith(".") and one != "..") for one in parts)
