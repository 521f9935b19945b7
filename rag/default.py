"""The default corpus: the index that CITEDESK_INDEX names, or that of the user; built from the seed articles when absent."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from .corpus import Corpus
from .errors import IndexBusyError, IndexFolderError, IndexMismatchError
from .index.database import LOG, LOG_INDEX, holds_index, is_read_only, sources_in
from .index.inverted_file import LISTS_FILE, META_FILE
from .ingest.report import Progress
from .loading.folders import files_below
from .schema import Answer, Turn
from .settings import DATABASE, LOCAL, LOCK, Settings, names_folder

_HERE = Path(__file__).parent
SEEDS = _HERE / "seeds" if (_HERE / "seeds").is_dir() else _HERE.parent / "seeds"  # in a wheel; in the source tree
EARLIER = Path(".citedesk")  # where earlier versions kept it: in the folder at hand
KNOWN = ".seeds"  # in the index folder, hidden from reading: the seed articles that it holds or held, one a line

logger = logging.getLogger(__name__)

_opened: dict[Path, Corpus] = {}
_opening = threading.Lock()


def default_index() -> Path:
    """Return the folder of the default index: what CITEDESK_INDEX names, else `./.citedesk` where an earlier version
    made one, else a folder of the user's own."""
    if (named := os.environ.get("CITEDESK_INDEX")) and names_folder(named):
        return Path(named).resolve()
    if holds_index(EARLIER):
        logger.info("the default index is %s, made by an earlier version in the folder at hand", EARLIER.resolve())
        return EARLIER.resolve()
    return _user_data() / "citedesk" / "index"


def _user_data() -> Path:
    """Return the folder in which programs keep a user's data."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def open_default(settings: Settings | None = None, *, progress: Progress | None = None) -> Corpus:
    """Open the default index. It is built from the seed articles when absent, or when an earlier version built it from
    them alone, and follows them when they change. One that was removed from it stays away.

    An index that the user built from other articles, or may only read, is opened as it is.

    Raises:
        IndexFolderError: there is neither an index nor a folder of seed articles.
    """
    settings = settings or Settings.from_environment()
    if settings.index != LOCAL:
        return Corpus.connect(settings)
    folder = default_index()
    if not holds_index(folder):
        if not SEEDS.is_dir():
            raise IndexFolderError(f"there is no index in {folder}, expected one. Run: citedesk index ARTICLES")
        logger.info("there is no index yet; the seed articles are put into a new one in %s", folder)
        return _built(folder, settings, removed=set(), progress=progress)
    follows = SEEDS.is_dir() and not is_read_only(folder)
    known = _known(folder)  # before the sources, which another process may be adding
    try:
        corpus = Corpus.open(folder, settings)
    except IndexMismatchError:
        sources = sources_in(folder)
        if not follows or not all(_of_seeds(one) or one in (known or ()) for one in sources):
            raise
        # Made by an earlier version from the seed articles alone: nothing is lost by making it again.
        for name in (DATABASE, LOG, LOG_INDEX, LOCK, LISTS_FILE, META_FILE, "dense.faiss"):
            (folder / name).unlink(missing_ok=True)
        return _built(folder, settings, removed=_removed(known, sources), progress=progress)
    sources = list(corpus.sources())  # none: all were removed, or the first building was cut off before it stored any
    moved = [one for one in sources if one in (known or ()) and not _of_seeds(one)]
    if follows and (not sources or moved or any(map(_of_seeds, sources))):
        removed = _removed(known, sources)
        with suppress(IndexBusyError):  # what is there can be asked; the next opening follows the seeds
            if moved:  # the program was installed elsewhere when it put them in
                _note(folder, removed)
                corpus.remove_sources(moved)
            _follow(corpus, folder, removed, progress=progress, wait=not sources)
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
    """The seed articles known to an index that are not among its sources; those that it lacks if it has no list.

    Their names count, not their folder: the program may have been installed elsewhere since.
    """
    if known is None:
        known = _seeds() if sources else set()
    return {str(SEEDS.resolve() / Path(one).name) for one in known.difference(sources)}


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
