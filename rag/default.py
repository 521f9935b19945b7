"""The default corpus: the index named by CITEDESK_INDEX, or ./.citedesk; built from the seed articles when absent."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from .adding import Progress
from .conversation import Turn
from .corpus import Corpus
from .database import DATABASE, LOCK, sources_in
from .errors import IndexBusyError, IndexFolderError, IndexMismatchError
from .schema import Answer
from .settings import Settings

SEEDS = Path(__file__).parent.parent / "seeds"

_opened: dict[Path, Corpus] = {}
_opening = threading.Lock()


def default_index() -> Path:
    """Return the folder of the default index."""
    return Path(os.environ.get("CITEDESK_INDEX") or ".citedesk").resolve()


def open_default(settings: Settings | None = None, *, progress: Progress | None = None) -> Corpus:
    """Open the default index. It is built from the seed articles when absent, or when an earlier version built it from
    them alone, and follows them when they change.

    An index that the user built from other articles is opened as it is.

    Raises:
        IndexFolderError: there is neither an index nor a folder of seed articles.
    """
    folder = default_index()
    if not (folder / DATABASE).exists():
        if not SEEDS.is_dir():
            raise IndexFolderError(f"there is no index in {folder}, expected one. Run: citedesk index ARTICLES")
        corpus = Corpus.create(folder, settings)
        corpus.sync(SEEDS, progress=progress, wait=True)
        return corpus
    try:
        corpus = Corpus.open(folder, settings)
    except IndexMismatchError:
        if not SEEDS.is_dir() or not all(map(_of_seeds, sources_in(folder))):
            raise
        # Made by an earlier version from the seed articles alone: nothing is lost by making it again.
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", LOCK, "dense.faiss"):
            (folder / name).unlink(missing_ok=True)
        return open_default(settings, progress=progress)
    sources = corpus.sources()  # none: the first building was cut off before it stored anything
    if SEEDS.is_dir() and (not sources or any(map(_of_seeds, sources))):
        with suppress(IndexBusyError):  # what is there can be asked; the next opening follows the seeds
            corpus.sync(SEEDS, progress=progress, wait=not sources)
    return corpus


def _of_seeds(source: str) -> bool:
    return source.startswith(f"{SEEDS.resolve()}{os.sep}")


def answer(question: str, history: Sequence[Turn] = ()) -> Answer:
    """Return the default corpus's answer. The corpus is opened at the first call and kept open."""
    with _opening:
        folder = default_index()
        if folder not in _opened:
            _opened[folder] = open_default()
    return _opened[folder].ask(question, history)
