"""Which files of a folder are to be read: all below it but hidden and temporary ones, and none that a link leads to outside."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..settings import DATABASE, LOCK
from .no_articles import is_beside_page, is_no_article
from .sources import Unread

# Of editors, of offices while a file is open in them, and of what is being downloaded.
_TEMPORARY = re.compile(r"\.|~\$|#.*#$|.*(?:~|\.(?:tmp|swp|swx|part|partial|crdownload|download))$", re.IGNORECASE)


BESIDE = "It is a picture, a script or the like, and no article."


def files_below(folder: Path, only: Iterable[Path] = ()) -> tuple[list[Path], list[Unread]]:
    """Return the files below a folder in order of their paths, and what of it is not read, with the reason.

    Not only regular files: a broken link or a pipe is told of by its reader, not passed over in silence. A link to a
    folder or a file that is read where it is, is passed over. With `only`, just these paths in the folder are looked
    at, and what is below them.
    """
    found = list(_walk(folder, only))
    files = sorted(one for one in found if isinstance(one, Path))
    return files, sorted((one for one in found if isinstance(one, Unread)), key=lambda one: one.source)


def is_empty(folder: Path) -> bool:
    """Tell whether there is nothing below a folder that is to be read."""
    return next(_walk(folder), None) is None


def is_left_alone(path: Path, folder: Path) -> bool:
    """Tell whether what lies at a path in a folder is hidden or temporary, or lies in something that is."""
    return any(_passed_over(name) for name in path.relative_to(folder).parts)


def is_gone(file: str) -> bool:
    """Tell whether a file is surely no longer there, be it for a folder. One that only cannot be looked at is not gone."""
    try:
        return stat.S_ISDIR(os.stat(file).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False


def _walk(folder: Path, only: Iterable[Path] = ()) -> Iterator[Path | Unread]:
    home = os.path.realpath(folder)
    waiting = [(str(path), path.is_symlink(), path.is_dir()) for path in only] or [(str(folder), False, True)]
    while waiting:  # no recursion: folders may lie a thousand deep
        path, is_link, is_folder = waiting.pop()
        target = os.path.realpath(path) if is_link else ""
        if target and os.path.exists(target):
            if not f"{target}{os.sep}".startswith(home.rstrip(os.sep) + os.sep):
                yield Unread(path, _outside(path, target, folder))
            elif not os.path.isdir(target) and is_left_alone(Path(target), Path(home)):
                yield Path(path)
        elif is_folder and not is_link and is_beside_page(path):
            yield from _beside(path)
        elif is_folder and not is_link:
            try:
                waiting.extend(_entries(path))
            except OSError as error:
                reason = f"{path} cannot be listed ({error.strerror}), expected a folder. Check its permissions."
                yield Unread(path, reason)
        elif os.path.lexists(path):
            yield Unread(path, BESIDE, ignored=True) if is_no_article(path) else Path(path)


def _beside(folder: str) -> Iterator[Unread]:
    """Yield every file of a folder that a browser saved beside its page, frames and advertisements as well."""
    for place, _, names in os.walk(folder):
        yield from (Unread(os.path.join(place, name), BESIDE, ignored=True) for name in names if not _passed_over(name))


def _entries(folder: str) -> list[tuple[str, bool, bool]]:
    with os.scandir(folder) as entries:
        return [
            (entry.path, entry.is_symlink(), entry.is_dir(follow_symlinks=False))
            for entry in entries
            if not _passed_over(entry.name)
        ]


def _passed_over(name: str) -> bool:
    return bool(_TEMPORARY.match(name)) or name.startswith(DATABASE) or name == LOCK  # an index may lie in the folder


def _outside(link: str, target: str, folder: Path) -> str:
    return (
        f"{link} is a link to {target}, expected files of {folder} itself. Name {target} as well if it is to be read."
    )
