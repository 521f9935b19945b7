"""A disk that is full at random moments during add, remove and sync.

On a small tmpfs where one can be mounted (as root), else under a limit on the size of files (RLIMIT_FSIZE), which makes
the same writes fail. The change must succeed or fail with a message; the index must be readable while the disk is full,
hold an allowed state (see changes.py), and come to its end when there is room again.
"""

from __future__ import annotations

import contextlib
import os
import random
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from rag.errors import IndexFolderError

from .changes import CHANGES, Scene, built, check, perform, prepare, states
from .scene import Outcome, opened

MEGABYTE = 2**20
TMPFS_MEGABYTES = 24


def run(*, trials: int, seed: int = 1, told: Callable[[str], None] = print, mount: bool = True) -> Outcome:
    """Let the disk fill up `trials` times, at another point each time."""
    outcome = Outcome("full disk")
    draw = random.Random(seed)
    counts = {"failed with a message": 0, "fitted": 0, "read while full": 0}
    with tempfile.TemporaryDirectory() as beginning:
        first = built(Path(beginning) / "first", draw)
        with _small_disk(Path(beginning) / "disk", mount=mount) as disk:
            outcome.figures["stand-in"] = f"tmpfs of {TMPFS_MEGABYTES} MB" if disk else "RLIMIT_FSIZE"
            for trial in range(trials):
                scene = Scene((disk or Path(beginning)) / str(trial))
                shutil.copytree(first.folder, scene.folder)
                change = CHANGES[trial % len(CHANGES)]
                prepare(scene, change, draw)
                allowed = states(scene, change)
                shutil.rmtree(scene.folder / "reference")
                room = draw.choice([0, draw.randrange(64 * 1024), draw.randrange(MEGABYTE)])
                full = _filled(disk, room) if disk else _limited(scene.index, room)
                with full:
                    counts[_change(scene, change, outcome)] += 1
                    counts["read while full"] += _readable(scene, outcome)
                check(scene, change, allowed, outcome)
                shutil.rmtree(scene.folder)
    told(f"full disk: {counts}, {len(outcome.failures)} failures")
    outcome.figures |= {"trials": trials} | counts
    if not counts["failed with a message"]:
        outcome.failures.append("the disk was never full")
    return outcome


def _change(scene: Scene, change: str, outcome: Outcome) -> str:
    try:
        with opened(scene.index) as corpus:
            perform(corpus, scene, change)
    except IndexFolderError as error:
        if not any(word in str(error) for word in ("disk", "full", "I/O", "locked for writing")):
            outcome.failures.append(f"{change}: the message does not tell of the disk: {error}")
        return "failed with a message"
    except Exception as error:
        outcome.failures.append(f"{change}: {type(error).__name__}: {error}")
    return "fitted"


def _readable(scene: Scene, outcome: Outcome) -> bool:
    """Whether the index can be searched. One whose first opening needs room for its log may refuse, with a message."""
    try:
        with opened(scene.index) as corpus:
            return bool(corpus.search("report"))
    except IndexFolderError:
        return False
    except Exception as error:
        outcome.failures.append(f"reading: {type(error).__name__}: {error}")
    return False


@contextlib.contextmanager
def _small_disk(where: Path, *, mount: bool) -> Iterator[Path | None]:
    where.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_MEGABYTES}m", "tmpfs", str(where)]
    try:
        mounted = mount and subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        mounted = False
    try:
        yield where if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(where)], check=True)  # noqa: S603, S607


@contextlib.contextmanager
def _filled(disk: Path, room: int) -> Iterator[None]:
    filler = disk / "filler"
    size = max(shutil.disk_usage(disk).free - room, 0)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size) if size else None
    try:
        yield
    finally:
        filler.unlink()


@contextlib.contextmanager
def _limited(index: Path, room: int) -> Iterator[None]:
    """No file may grow more than `room` beyond the largest of the index."""
    largest = max(file.stat().st_size for file in index.iterdir())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
