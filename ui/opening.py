"""The index that a command works on: opened to be asked, as it is, or to be changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import CitedeskError

from .printing import say

if TYPE_CHECKING:
    from rag.conversations.storage import History
    from rag.corpus import Corpus


@contextmanager
def open_to_ask(index: Path | None) -> Iterator[Corpus]:
    """Open the index; without one named, the default index, which is built from the seed articles when absent."""
    from rag import Corpus, open_default
    from rag.settings import LOCAL, Settings

    settings = Settings.from_environment()
    if index:
        corpus = Corpus.open(index, replace(settings, index=LOCAL))
    elif settings.index != LOCAL:
        corpus = Corpus.connect(settings)
    else:
        from rag.index.database import holds_index

        from .progress import shown_progress

        if not holds_index(folder := default_folder()):
            say([(f"There is no index yet. The seed articles go into a new one in {folder}", "dim")], error=True)
        with shown_progress() as progress:
            corpus = open_default(settings, progress=progress)
    with corpus:
        yield corpus


@contextmanager
def open_history(corpus: Corpus, *, keep: bool) -> Iterator[History | None]:
    """Open the conversations of an index, rid of those that quote what it no longer has; None without `keep`.

    Beside an index that may only be read they are kept while the program runs, and the person is told.
    """
    from rag.conversations.storage import History, forget_missing
    from rag.errors import UnknownArticleError
    from rag.index.database import is_read_only

    if not keep:
        yield None
        return
    if corpus.folder is None or is_read_only(corpus.folder):
        say([("The index may only be read: conversations are kept until the program ends.", "dim")], error=True)
        with History.in_memory() as history:
            yield history
        return

    def has(article_id: str) -> bool:
        try:
            corpus.article(article_id)
        except UnknownArticleError:
            return False
        return True

    forget_missing(corpus.folder, has)
    with History.open(corpus.folder) as history:
        yield history


def default_folder() -> Path:
    """Return the folder of the default index; one that an earlier version made in the folder at hand is told of."""
    from rag.default import EARLIER, default_index

    folder = default_index()
    if folder == EARLIER.resolve() and not os.environ.get("CITEDESK_INDEX"):
        say([(f"Using the index that an earlier version made in {folder}", "dim")], error=True)
    return folder


def check_outlets(corpus: Corpus, outlets: Sequence[str]) -> None:
    """Raise unless there are articles of each outlet: a slip of the pen would find none of them."""
    if not outlets:
        return
    known = sorted({one.outlet for one in corpus.list_articles() if one.outlet})
    for name in outlets:
        if name not in known:
            alike = get_close_matches(name, known, n=1)
            hint = f" Did you mean {alike[0]!r}?" if alike else ""
            raise CitedeskError(
                f"no article is from the outlet {name!r}, expected one of the {len(known):,} outlets of the index.{hint} `citedesk list` names them."
            )


def open_as_it_is(index: Path | None) -> tuple[Path, Corpus]:
    """Return the folder of an index that is there already, or its address, and the corpus."""
    from rag import Corpus

    if index is None and (place := elsewhere()):
        return Path(place), open_place(place)
    folder = index or default_folder()
    return folder, Corpus.open(folder)


def open_or_create(index: Path | None, field_map: list[str] | None) -> tuple[Path, Corpus]:
    """Return the folder of an index, which is made when absent, and the corpus."""
    from rag import Corpus
    from rag.index.database import holds_index
    from rag.loading import parse_fields
    from rag.settings import LOCAL, Settings

    settings = Settings.from_environment()
    if field_map:
        settings = replace(settings, field_map=",".join(field_map))
    parse_fields(settings.field_map)  # before a folder is made for nothing
    if index is None and settings.index != LOCAL:
        return Path(settings.index), Corpus.connect(settings)
    settings = replace(settings, index=LOCAL)
    folder = index or default_folder()
    make = Corpus.open if holds_index(folder) else Corpus.create
    return folder, make(folder, settings)


def open_place(place: str) -> Corpus:
    """Open an index by its folder or by its address, "milvus:…"; it is made when absent."""
    from rag import Corpus
    from rag.index.database import holds_index
    from rag.settings import LOCAL, Settings, names_folder

    settings = Settings.from_environment()
    if not names_folder(place):
        return Corpus.connect(replace(settings, index=place))
    make = Corpus.open if holds_index(Path(place)) else Corpus.create
    return make(place, replace(settings, index=LOCAL))


def elsewhere() -> str:
    """Return the address of an index that lies in no folder, if CITEDESK_INDEX names one; else nothing."""
    from rag.settings import LOCAL, Settings

    index = Settings.from_environment().index
    return "" if index == LOCAL else index
