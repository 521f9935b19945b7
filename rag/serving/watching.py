"""An index kept in step with a folder: first all of it, then each change of it that has come to rest."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..corpus import Corpus
from ..errors import IndexBusyError, ReadingError
from ..ingest.report import AddReport, Progress
from ..loading.folders import is_left_alone
from ..loading.sources import MARK

TICK_SECONDS = 0.25
SETTLED_SECONDS = 1.0  # what has looked the same for so long is taken to be written
FRESH_SECONDS = 10.0  # a file that changed later than this before it failed may be half-written
RESTLESS_SECONDS = 60.0  # after so long, one is told of a file that is still being written
MANY = 1000  # where so much changes at once, the system may have passed over some of it: all is looked at

logger = logging.getLogger(__name__)


def watch(
    corpus: Corpus, folder: str | Path, *, stop: threading.Event | None = None, progress: Progress | None = None
) -> Iterator[AddReport]:
    """Yield what became of all articles in a folder, then of those that change, until `stop` is set.

    Files that fail within ten seconds of their last change are tried again before they are reported. While another
    process writes to the index, this one waits. Folders of other machines may tell of no changes; with
    WATCHFILES_FORCE_POLLING=1 in the environment, they are asked.

    Raises:
        ReadingError: the folder cannot be watched, or is there no longer; no article is removed for that.
    """
    folder = Path(folder).resolve()
    place = _place(folder)
    stop = stop or threading.Event()
    unsettled = _Unsettled(folder)
    begun, whole = False, True
    for changed in _changed(folder, stop):  # the first one comes when the system has begun to note changes
        if place is None or _place(folder) != place:
            raise ReadingError(
                f"{folder} is not there, expected the folder that is watched. Its articles stay in the index. Put the "
                "folder back or plug its drive in, and start again."
            )
        unsettled.note(changed or ())
        settled = unsettled.settled()
        if changed is None:
            whole = True
        elif whole or settled:
            only = [] if whole or len(settled) >= MANY else settled
            report = unsettled.without_half_written(_sync(corpus, folder, only, stop, progress))
            if not begun or report != AddReport(unchanged=report.unchanged):
                yield report
            begun, whole = True, False


def _changed(folder: Path, stop: threading.Event) -> Iterator[list[Path] | None]:
    """Yield the paths that changed since the last time, at least once a tick; None when that is not known."""
    import watchfiles

    while True:
        begun = False
        try:
            for found in watchfiles.watch(
                folder,
                watch_filter=None,  # with one, there is no tick when all that changes is filtered out
                stop_event=stop,
                rust_timeout=int(1000 * TICK_SECONDS),
                yield_on_timeout=True,
                ignore_permission_denied=True,
            ):
                begun = True
                yield [Path(path) for _, path in found]
            return
        except (OSError, RuntimeError) as error:
            if not begun:
                raise ReadingError(
                    f"{folder} cannot be watched ({error}), expected a folder whose changes the system tells of. Check its "
                    "permissions; with WATCHFILES_FORCE_POLLING=1 in the environment, it is looked at again and again."
                ) from error
            logger.warning("changes of %s were missed (%s), so all of it is looked at", folder, error)
        yield None  # it ends at a name in no encoding


def _sync(
    corpus: Corpus, folder: Path, only: Sequence[Path], stop: threading.Event, progress: Progress | None
) -> AddReport:
    told = False
    while not stop.is_set():
        try:
            return corpus.sync(folder, only=only, progress=progress)
        except IndexBusyError:
            if not told:
                logger.warning("another process writes to the index; the changes of %s wait for it", folder)
            told = True
            stop.wait(TICK_SECONDS)
    return AddReport()


@dataclass(slots=True)
class _Change:
    """How a path looks, since when, and since when it has been changing."""

    look: tuple[int, ...]
    since: float
    began: float


class _Unsettled:
    """The paths that have changed and have not come to rest."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._changes: dict[Path, _Change] = {}

    def note(self, paths: Iterable[Path]) -> None:
        now = self._clock()
        for path in paths:
            # By way of a link to a folder inside, a file is told of under another name than its own.
            real = Path(os.path.realpath(path.parent), path.name)
            if self._folder in real.parents and not is_left_alone(real, self._folder):
                began = self._changes[real].began if real in self._changes else now
                self._changes[real] = _Change(_look(real), now, began)

    def settled(self) -> list[Path]:
        """Return the paths that have come to rest, and forget them."""
        now = self._clock()
        for path, change in self._changes.items():
            if (look := _look(path)) != change.look:
                change.look, change.since = look, now
            if now - change.began >= RESTLESS_SECONDS:
                logger.warning("%s is still being written; it is read when it has come to rest", path)
                change.began = float("inf")
        found = [path for path, change in self._changes.items() if now - change.since >= SETTLED_SECONDS]
        for path in found:
            del self._changes[path]
        return found

    def without_half_written(self, report: AddReport) -> AddReport:
        """Return the report without the failures of files that changed just now, and note those to be tried again."""
        failed = []
        for source, reason in report.failed:
            file = _file_of(source)
            if file and _is_fresh(file):
                self.note([file])
            else:
                failed.append((source, reason))
        return replace(report, failed=tuple(failed))


def _place(folder: Path) -> tuple[int, int] | None:
    """Return what tells the folder from another one of its name, as an empty one where a drive was; None without one."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _look(path: Path) -> tuple[int, ...]:
    """Return what changes while a file is written; empty when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ino


def _file_of(source: str) -> Path | None:
    """Return the file that a source is, or is a part of."""
    names = source.split(MARK)
    candidates = (Path(MARK.join(names[:count])) for count in range(len(names), 0, -1))
    return next((path for path in candidates if path.is_file()), None)


def _is_fresh(file: Path) -> bool:
    try:
        found = file.stat()
    except OSError:
        return False
    return abs(time.time() - max(found.st_mtime, found.st_ctime)) < FRESH_SECONDS
