"""The parts of a file that is a ZIP archive inside (EPUB, XLSX, ODT, PPTX, WACZ), unpacked within limits."""

from __future__ import annotations

import io
import posixpath
import zipfile
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from ...errors import ReadingError
from ..file_bytes import PRINT_MEGABYTES, read_bytes

UNPACKED_MEGABYTES = 100  # of what is read of it; pictures are not unpacked


class Packed:
    """The parts by name. Each is unpacked when it is asked for, all together to UNPACKED_MEGABYTES."""

    def __init__(self, path: Path, *, megabytes: int = PRINT_MEGABYTES) -> None:
        self._path = path
        self.file = io.BytesIO(read_bytes(path, megabytes=megabytes))
        self._archive = zipfile.ZipFile(self.file)
        self._left = UNPACKED_MEGABYTES * 1_000_000
        self.names = frozenset(self._archive.namelist())

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            ReadingError: it is encrypted, or there is more of the file than is allowed.
        """
        member = self._archive.getinfo(name)
        if member.flag_bits & 1:
            raise ReadingError(f"{self._path} is encrypted, expected a file without a password. Save it without one.")
        self._left -= member.file_size
        if self._left < 0:
            raise ReadingError(
                f"{self._path} unpacks to more than {UNPACKED_MEGABYTES} MB of text, expected at most that. Split it."
            )
        return self._archive.read(member)

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Return what a part of an office document refers to: id → (kind, name of the part)."""
        from .xml_tree import attribute, tag, xml_tree

        folder, file = posixpath.split(name)
        listed = posixpath.join(folder, "_rels", f"{file}.rels")
        if listed not in self.names:
            return {}
        return {
            attribute(one, "Id"): (
                attribute(one, "Type").rpartition("/")[2],
                inside(folder, attribute(one, "Target")),
            )
            for one in xml_tree(self.read(listed))
            if tag(one) == "Relationship" and attribute(one, "TargetMode") != "External"
        }


def inside(folder: str, target: str) -> str:
    """Return the name of the part that `target` names, as seen from a folder in the archive."""
    target = unquote(target.partition("#")[0])
    if target.startswith("/"):
        return posixpath.normpath(target.lstrip("/"))
    return posixpath.normpath(posixpath.join(folder, target))


def ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
