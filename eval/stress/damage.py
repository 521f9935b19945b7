"""Bits that turn round, pages that are lost, files that are cut: in the vectors, the keyword rows, and anywhere.

What was damaged must be mended and said, or refused with a message, or have no effect; nothing may be shown that was
not written. `doctor --repair` must leave an index that is whole, and name what it could not save.
"""

from __future__ import annotations

import logging
import random
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from math import inf
from pathlib import Path

from rag.errors import IndexFolderError
from rag.index.codec import PADDING
from rag.index.doctor import examine, repair
from rag.index.inverted_file import LISTS_FILE, META_FILE
from rag.schema import Hit
from rag.settings import DATABASE

from .changes import Scene, built
from .scene import SETTINGS, Outcome, many_from, opened, vocabulary

PAGE = 4096
KINDS = ("bit in the vectors", "bit in the keyword rows", "bit anywhere", "page of zeros", "file cut")

Shown = tuple[dict[str, str], list[list[Hit]]]


FILE_KINDS = ("bits in the lists on disk", "bit beside the lists", "lists cut", "lists of another index")


def run(
    *,
    trials: int,
    seed: int = 1,
    few: int | None = None,
    minutes: float = inf,
    told: Callable[[str], None] = print,
) -> Outcome:
    """Damage a copy of an index `trials` times, each kind as often, and see what it says; fewer when `minutes` are over.

    With `few`, dense search reads its file from so many passages on, and that file is damaged.
    """
    with many_from(few):
        return _run(trials=trials, seed=seed, kinds=KINDS if few is None else FILE_KINDS, minutes=minutes, told=told)


def _run(*, trials: int, seed: int, kinds: Sequence[str], minutes: float, told: Callable[[str], None]) -> Outcome:
    outcome, until, done = Outcome("damage"), time.monotonic() + 60 * minutes, 0
    draw = random.Random(seed)
    counts: Counter[str] = Counter()
    logging.getLogger("rag").addHandler(heard := _Heard())
    with tempfile.TemporaryDirectory() as folder:
        scene = built(Path(folder), draw)
        whole = _shown(scene.index)
        for trial in range(trials):
            if time.monotonic() > until:
                break
            kind = kinds[trial % len(kinds)]
            damaged = Scene(Path(folder) / "damaged")
            shutil.rmtree(damaged.folder, ignore_errors=True)
            shutil.copytree(scene.index, damaged.index)
            _damage(damaged.index, kind, draw)
            heard.messages.clear()
            counts[f"{kind}: {_reading(damaged.index, whole, heard, outcome, kind)}"] += 1
            counts[f"{kind}: {_repairing(damaged.index, scene, whole, outcome, kind)}"] += 1
            done += 1
    logging.getLogger("rag").removeHandler(heard)
    told(f"damage: {dict(counts)}, {len(outcome.failures)} failures")
    outcome.figures |= {"trials": done, "seed": seed} | dict(sorted(counts.items()))
    return outcome


class _Heard(logging.Handler):
    """Collects warnings."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def _shown(index: Path) -> Shown:
    """All that the index shows: its articles by source, and what some searches find."""
    words, _ = vocabulary()
    with opened(index) as corpus:
        hits = [corpus.search(" ".join(words[at : at + 3]), k=30) for at in range(5, 400, 20)]
        texts = {article.source: f"{article.title}\0{article.text}" for article in corpus.articles()}
    return texts, hits


def _damage(index: Path, kind: str, draw: random.Random) -> None:
    if kind in FILE_KINDS:
        _damage_file(index, kind, draw)
        return
    if kind == "bit in the vectors":
        _turn(index, "SELECT number, content FROM vectors", "UPDATE vectors SET content = ? WHERE number = ?", 1, draw)
        return
    if kind == "bit in the keyword rows":  # in enough of them that the searches meet one
        select, update = "SELECT term, postings FROM keywords", "UPDATE keywords SET postings = ? WHERE term = ?"
        _turn(index, select, update, 500, draw)
        return
    data = bytearray((index / DATABASE).read_bytes())
    if kind == "bit anywhere":
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    elif kind == "page of zeros":
        at = PAGE * draw.randrange(1, len(data) // PAGE)
        data[at : at + PAGE] = bytes(PAGE)
    else:
        del data[draw.randrange(len(data)) :]
    (index / DATABASE).write_bytes(data)


def _damage_file(index: Path, kind: str, draw: random.Random) -> None:
    """Damage what dense search has on disk, in enough places that the searches meet one."""
    file = index / (META_FILE if kind == "bit beside the lists" else LISTS_FILE)
    data = bytearray(file.read_bytes())
    if kind == "lists cut":
        del data[draw.randrange(len(data)) :]
    elif kind == "lists of another index":
        data = bytearray(draw.randbytes(len(data)))
    else:
        for _ in range(1 if file.name == META_FILE else 200):
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    file.write_bytes(data)


def _turn(index: Path, select: str, update: str, rows: int, draw: random.Random) -> None:
    """Turn one bit round in each of some rows."""
    with closing(sqlite3.connect(index / DATABASE)) as connection, connection:
        for key, value in draw.sample(connection.execute(select).fetchall(), rows):
            changed = bytearray(value)
            at = draw.randrange(len(PADDING) if "vectors" in select else 0, len(changed))
            changed[at] ^= 1 << draw.randrange(8)
            connection.execute(update, (bytes(changed), key))


def _reading(index: Path, whole: Shown, heard: _Heard, outcome: Outcome, kind: str) -> str:
    try:
        shown = _shown(index)
    except IndexFolderError as error:
        if (
            "Run: citedesk doctor" not in str(error)
            and "Move the folder" not in str(error)
            and "empty" not in str(error)
        ):
            outcome.failures.append(f"{kind}: the message does not say what to do: {error}")
        return "refused"
    except Exception as error:
        outcome.failures.append(f"{kind}: {type(error).__name__}: {error}")
        return "crashed"
    if shown == whole:
        return "mended and said" if heard.messages else "without effect"
    if examine(index).healthy:
        outcome.failures.append(f"{kind}: other things are shown, and nobody says so")
        return "silent"
    if not shown[0].items() <= whole[0].items():
        outcome.failures.append(f"{kind}: a text is shown that was not written")
    return "less is found, doctor tells"


def _repairing(index: Path, scene: Scene, whole: Shown, outcome: Outcome, kind: str) -> str:
    try:
        checkup = repair(index, settings=SETTINGS)
        if checkup.findings:
            outcome.failures.append(f"{kind}: not repaired: {checkup.findings}")
        with opened(index) as corpus:
            kept = {article.source: f"{article.title}\0{article.text}" for article in corpus.articles()}
            corpus.add(scene.articles)
        texts, _ = _shown(index)
    except IndexFolderError:
        return "nothing left to repair"
    except Exception as error:
        outcome.failures.append(f"{kind}: while repairing {type(error).__name__}: {error}")
        return "crashed"
    if not kept.items() <= whole[0].items():
        outcome.failures.append(f"{kind}: repaired, it shows a text that was not written")
    if len(kept) < len(whole[0]) and not checkup.lost:
        outcome.failures.append(f"{kind}: an article was lost, and nobody says so")
    if texts != whole[0]:
        outcome.failures.append(f"{kind}: what was lost could not be added again")
    return "repaired, all kept" if len(kept) == len(whole[0]) else "repaired, losses named"
