"""SIGKILL from another process at random moments during add, remove and sync.

After each kill the index must open, hold exactly the state before the change or after one of its transactions (an
article is wholly old or wholly new), and `doctor` must find nothing; the change, begun again, must come to its end.
"""

from __future__ import annotations

import multiprocessing
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from math import inf
from multiprocessing.connection import Connection
from pathlib import Path

from rag.index.splitting import split
from rag.loading.articles import article_from_text

from .changes import CHANGES, Scene, built, check, perform, prepare, states
from .scene import Outcome, many_from, opened


def run(
    *,
    kills: int,
    seed: int = 1,
    few: int | None = None,
    minutes: float = inf,
    told: Callable[[str], None] = print,
) -> Outcome:
    """Kill until `kills` of them fell while a change was under way, as many of each kind, or until `minutes` are over.

    With `few`, dense search reads its file from so many passages on.
    """
    with many_from(few):
        return _run(kills=kills, seed=seed, few=few, minutes=minutes, told=told)


def _run(*, kills: int, seed: int, few: int | None, minutes: float, told: Callable[[str], None]) -> Outcome:
    outcome, until = Outcome("kills"), time.monotonic() + 60 * minutes
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    draw = random.Random(seed)
    landed = dict.fromkeys(CHANGES, 0)
    states_met = {"before": 0, "between": 0, "after": 0}
    seconds = dict.fromkeys(CHANGES, 0.2)  # how long the change takes when nobody kills it
    attempts = 0
    with tempfile.TemporaryDirectory() as beginning:
        first = built(Path(beginning) / "first", draw)
        while sum(landed.values()) < kills and attempts < 10 * kills and time.monotonic() < until:
            change = min(CHANGES, key=lambda name: landed[name])
            attempts += 1
            scene = Scene(Path(beginning) / str(attempts))
            shutil.copytree(first.folder, scene.folder)
            prepare(scene, change, draw)
            allowed = states(scene, change)
            killed, took = _killed(context, scene, change, few, after=draw.uniform(0.0, 1.2 * seconds[change]))
            if not killed:
                seconds[change] = 0.5 * seconds[change] + 0.5 * took
                continue
            landed[change] += 1
            found = _check(scene, change, allowed, outcome)
            if found is not None:
                name = "before" if found == 0 else "after" if found == len(allowed) - 1 else "between"
                states_met[name] += 1
            if sum(landed.values()) % 50 == 0:
                told(f"kills: {sum(landed.values())} of {kills}, {len(outcome.failures)} failures")
    outcome.figures |= {"kills": sum(landed.values()), "seed": seed} | {
        f"during {name}": count for name, count in landed.items()
    }
    outcome.figures |= {f"found {name} the change": count for name, count in states_met.items()}
    if sum(landed.values()) < kills and time.monotonic() < until:
        outcome.failures.append(f"only {sum(landed.values())} of {kills} kills fell during a change")
    return outcome


def _work(scene: Scene, change: str, few: int | None, pipe: Connection) -> None:
    split(article_from_text("A first one loads what splitting needs.", source=""), passage_tokens=160)
    with many_from(few), opened(scene.index) as corpus:
        pipe.send("begun")
        perform(corpus, scene, change)
        pipe.send("done")


def _killed(
    context: multiprocessing.context.ForkServerContext, scene: Scene, change: str, few: int | None, *, after: float
) -> tuple[bool, float]:
    """Return whether the process was killed before its change was done, and the seconds until then."""
    mine, theirs = context.Pipe()
    process = context.Process(target=_work, args=(scene, change, few, theirs))
    process.start()
    theirs.close()
    mine.recv()
    start = time.perf_counter()
    mine.poll(after)
    process.kill()
    took = time.perf_counter() - start
    process.join()
    try:
        done = mine.poll() and mine.recv() == "done"
    except (EOFError, ConnectionResetError):  # it died before it could say so
        done = False
    mine.close()
    return not done, took


def _check(scene: Scene, change: str, allowed: list[str], outcome: Outcome) -> int | None:
    """Return which of the allowed states was found, or None after noting a failure."""
    found = check(scene, change, allowed, outcome)
    if leftovers := [file.name for file in scene.index.iterdir() if file.name.startswith("repair")]:
        outcome.failures.append(f"{change}: {leftovers} were left behind")
    shutil.rmtree(scene.folder / "reference", ignore_errors=True)
    return found
