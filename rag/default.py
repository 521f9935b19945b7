"""The default corpus: the index named by CITEDESK_INDEX, or ./.citedesk; built from the seed articles when absent."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from .corpus import Corpus
from .errors import IndexBusyError, IndexFolderError, IndexMismatchError
from .index.database import LOG, LOG_INDEX, holds_index, is_read_only, sources_in
from .ingest.report import Progress
from .loading.folders import files_below
from .schema import Answer, Turn
from .settings import DATABASE, LOCK, Settings

SEEDS = Path(__file__).parent.parent / "seeds"
KNOWN = ".seeds"  # in the index folder, hidden from reading: the seed articles that it holds or held, one a line

_opened: dict[Path, Corpus] = {}
_opening = threading.Lock()


def default_index() -> Path:
    """Return the folder of the default index."""
    return Path(os.environ.get("CITEDESK_INDEX") or ".citedesk").resolve()


def open_default(settings: Settings | None = None, *, progress: Progress | None = None) -> Corpus:
    """Open the default index. It is built from the seed articles when absent, or when an earlier version built it from
    them alone, and follows them when they change. One that was removed from it stays away.

    An index that the user built from other articles, or may only read, is opened as it is.

    Raises:
        IndexFolderError: there is neither an index nor a folder of seed articles.
    """
    folder = default_index()
    if not holds_index(folder):
        if not SEEDS.is_dir():
            raise IndexFolderError(f"there is no index in {folder}, expected one. Run: citedesk index ARTICLES")
        return _built(folder, settings, removed=set(), progress=progress)
    follows = SEEDS.is_dir() and not is_read_only(folder)
    known = _known(folder)  # before the sources, which another process may be adding
    try:
        corpus = Corpus.open(folder, settings)
    except IndexMismatchError:
        sources = sources_in(folder)
        if not follows or not all(map(_of_seeds, sources)):
            raise
        # Made by an earlier version from the seed articles alone: nothing is lost by making it again.
        for name in (DATABASE, LOG, LOG_INDEX, LOCK, "dense.faiss"):
            (folder / name).unlink(missing_ok=True)
        return _built(folder, settings, removed=_removed(known, sources), progress=progress)
    sources = list(corpus.sources())  # none: all were removed, or the first building was cut off before it stored any
    if follows and (not sources or any(map(_of_seeds, sources))):
        with suppress(IndexBusyError):  # what is there can be asked; the next opening follows the seeds
            _follow(corpus, folder, _removed(known, sources), progress=progress, wait=not sources)
    return corpus


def _built(folder: Path, settings: Settings | None, *, removed: set[str], progress: Progress | None) -> Corpus:
    corpus = Corpus.create(folder, settings)
    _note(folder, removed)  # at once: all that this index lacks if the building is cut off
    _follow(corpus, folder, removed, progress=progress, wait=True)
    return corpus


def _follow(corpus: Corpus, folder: Path, removed: set[str], *, progress: Progress | None, wait: bool) -> None:
    """Bring it in step with the seed articles but for those that were removed from it."""
    wanted = (_seeds() | set(filter(_of_seeds, corpus.sources()))) - removed
    if wanted:
        corpus.sync(SEEDS, only=[Path(file) for file in sorted(wanted)], progress=progress, wait=wait)
    _note(folder, removed | set(filter(_of_seeds, corpus.sources())))


def _removed(known: set[str] | None, sources: Sequence[str]) -> set[str]:
    """The seed articles known to an index that are not among its sources; those that it lacks if it has no list."""
    if known is None:
        known = _seeds() if sources else set()
    return known.difference(sources)


def _known(folder: Path) -> set[str] | None:
    file = folder / KNOWN
    return set(file.read_text(encoding="utf-8").splitlines()) if file.exists() else None


def _note(folder: Path, known: set[str]) -> None:
    if known != _known(folder):
        (folder / KNOWN).write_text("\n".join(sorted(known)), encoding="utf-8")


def _seeds() -> set[str]:
    return {str(file) for file in files_below(SEEDS.resolve())[0]}


def _of_seeds(source: str) -> bool:
    return source.startswith(f"{SEEDS.resolve()}{os.sep}")


def answer(question: str, history: Sequence[Turn] = ()) -> Answer:
    """Return the default corpus's answer. The corpus is opened at the first call and kept open."""
    with _opening:
        folder = default_index()
        if folder not in _opened:
            _opened[folder] = open_default()
    return _opened[folder].ask(question, history)
