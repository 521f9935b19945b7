"""Files packed with gzip to articles: the one inside is read as it would be alone."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from ...errors import ReadingError
from ...schema import Article
from ..fields import Fields
from ..file_bytes import read_bytes
from ..sources import Unread
from .archive import read_parts, within_limits

TAR = slice(257, 262)  # where an archive of tar says "ustar"


def read_gzip_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return the articles of the file inside, which has the same name without `.gz`.

    Raises:
        ReadingError: it is damaged, holds an archive of many files, or unpacks to more than is allowed.
    """
    name = path.stem if path.suffix.lower() == ".gz" else path.name
    tar = ReadingError(f"{path} packs a tar archive, expected one file. Unpack it, and give the folder.")
    if name.lower().endswith((".tar", ".tgz")):
        raise tar
    data = _unpacked(path, name)
    if not data:
        raise ReadingError(f"{path} packs nothing, expected one file. Leave it out, or pack it again.")
    if data[TAR] == b"ustar":
        raise tar
    with within_limits(path, [len(data)]):
        return read_parts(str(path), [(name, data)], fields)


def _unpacked(path: Path, name: str) -> bytes:
    from .. import megabytes_of

    megabytes = megabytes_of(name)
    packed = read_bytes(path, megabytes=megabytes)
    try:
        data = gzip.GzipFile(fileobj=io.BytesIO(packed)).read(megabytes * 1_000_000 + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise ReadingError(
            f"{path} is damaged or cut off ({error}), expected a whole file of gzip. Fetch it again, or pack it again."
        ) from error
    if len(data) > megabytes * 1_000_000:
        raise ReadingError(
            f"{path} unpacks to more than {megabytes} MB, expected at most that. Unpack it yourself, and split it."
        )
    return data
