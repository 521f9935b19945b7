"""The changes that are interrupted: each takes several transactions, and may end after any of them."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rag import Corpus
from rag.errors import CitedeskError
from rag.index.doctor import examine
from rag.index.store import Store

from .scene import FILES, Outcome, created, opened, state_of, write_articles

BATCH = 24  # passages a transaction, so that a small change takes several
CHANGES = ("add", "remove", "sync")


@dataclass(frozen=True)
class Scene:
    """A folder of articles, an index of them, and the change that comes next; all beside each other in one folder."""

    folder: Path

    @property
    def articles(self) -> Path:
        return self.folder / "articles"

    @property
    def index(self) -> Path:
        return self.folder / "index"


def built(folder: Path, draw: random.Random) -> Scene:
    """Return a scene with an index that is in step with its articles."""
    scene = Scene(folder)
    write_articles(scene.articles, range(FILES), version=draw.randrange(1000), sentences=24)
    with created(scene.index) as corpus:
        corpus.sync(scene.articles)
    return scene


def prepare(scene: Scene, change: str, draw: random.Random) -> None:
    """Change the files, so that `perform` has something to do."""
    version = draw.randrange(1, 10**6)
    if change == "add":
        write_articles(scene.articles, range(FILES, FILES + 6), version=version, sentences=24)
    if change == "sync":
        write_articles(scene.articles, draw.sample(range(FILES), 4), version=version, sentences=24)
        write_articles(scene.articles, range(FILES + 20, FILES + 23), version=version, sentences=24)
        for number in draw.sample(range(FILES), 3):
            (scene.articles / f"{number:06d}.txt").unlink(missing_ok=True)


def perform(corpus: Corpus, scene: Scene, change: str) -> None:
    """Make the change, in the same order every time."""
    if change in ("add", "sync"):
        with patch("rag.ingest.indexer.BATCH_PASSAGES", BATCH):  # many transactions in a small change
            corpus.add(scene.articles) if change == "add" else corpus.sync(scene.articles)
    else:
        for article_id in [article.id for article in corpus.articles()][::2]:
            if article_id in corpus.sources().values():
                corpus.remove(article_id)


def states(scene: Scene, change: str) -> list[str]:
    """Return the state before the change and after each of its transactions, tried on a copy of the index."""
    copy = Scene(scene.folder / "reference")
    shutil.rmtree(copy.folder, ignore_errors=True)
    shutil.copytree(scene.index, copy.index)
    found = [state_of(copy.index)]
    original: Callable[..., Any] = Store._change

    def noting(store: Store, work: Callable[[sqlite3.Connection], Any]) -> Any:
        result = original(store, work)
        if store.folder == copy.index:
            found.append(state_of(copy.index))
        return result

    with opened(copy.index) as corpus:
        Store._change = noting  # type: ignore[assignment, method-assign]
        try:
            perform(corpus, scene, change)
        finally:
            Store._change = original  # type: ignore[method-assign]
    return found


def check(scene: Scene, change: str, allowed: list[str], outcome: Outcome) -> int | None:
    """Note what is wrong after an interruption, and go on with the change; return which of the allowed states was found.

    The index must open, doctor must find nothing, and the change, begun again, must come to its end.
    """
    try:
        found = state_of(scene.index)
        findings = examine(scene.index).findings
        with opened(scene.index) as corpus:
            perform(corpus, scene, change)
        finished = state_of(scene.index)
    except CitedeskError as error:
        outcome.failures.append(f"{change}: the index cannot be used: {error}")
        return None
    if findings:
        outcome.failures.append(f"{change}: doctor finds {findings}")
    if change != "remove" and finished != allowed[-1]:
        outcome.failures.append(f"{change}: begun again, it came to another end")
    if found not in allowed:
        outcome.failures.append(f"{change}: the state is neither the old one nor one after a transaction")
        return None
    return allowed.index(found)
