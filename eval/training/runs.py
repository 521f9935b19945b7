"""The queue of training runs: `python -m eval.training.runs --folder FOLDER --data DATA` goes on where it stopped.

A run that has ended leaves the file `done` in its folder. Told to end (SIGTERM), a run writes its checkpoint first.
"""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Callable
from pathlib import Path

MODELS = Path(__file__).resolve().parents[2] / "rag" / "models"
SMALL, LARGE = MODELS / "reader", MODELS / "reader-large"
DONE = "done"

log = logging.getLogger(__name__)


def search(folder: Path, data: Path, start: Path) -> bool:
    """Fine-tune the embedding model."""
    from .embedder import Plan, train

    train(Plan(rounds=5), data=data, folder=folder)
    return True


def small(folder: Path, data: Path, start: Path) -> bool:
    """Train reading and entailment in the small reader: an eighth of the time of the larger, and a first point to compare."""
    from .joint import Plan, train

    return train(
        Plan(statements=32, questions=6, early=150, rounds=3, peak=1e-4), data=data, folder=folder, start=SMALL
    )


def first(folder: Path, data: Path, start: Path) -> bool:
    """Train reading and entailment from the reader that ships, its lowest third left as it is."""
    from .joint import Plan, train

    return train(Plan(frozen=4, early=400), data=data, folder=folder, start=start)


def second(folder: Path, data: Path, start: Path) -> bool:
    """Go on from the best network of the first run with all layers free and a lower rate."""
    from .joint import Plan, train

    return train(Plan(seed=2, peak=2e-5), data=data, folder=folder, start=folder.parent / "joint-1" / "best")


def statements(folder: Path, data: Path, start: Path) -> bool:
    """Train entailment alone, its lowest third left as it is: the change of the upper layers ships beside the reader."""
    from .joint import Plan, train

    plan = Plan(statements=32, questions=0, frozen=4, rounds=3, warm_up=40, minutes_between_figures=12.0)
    return train(plan, data=data, folder=folder, start=start)


def finish(folder: Path, data: Path, start: Path) -> bool:
    """Go on from the last weights of that run with a rate that falls to 0, written statements first."""
    from .joint import Plan, current, train

    before = folder.parent / "entailment-1"
    plan = Plan(seed=2, statements=32, questions=0, frozen=4, warm_up=5, steps=110, minutes_between_figures=60.0)
    return train(plan, data=data, folder=folder, start=current(before, start=start, frozen=4))


def real(folder: Path, data: Path, start: Path) -> bool:
    """Go on from the second run with statements made of real articles, with a rate that falls to 0 again."""
    from .joint import Plan, train

    plan = Plan(
        seed=3, statements=32, questions=0, frozen=4, warm_up=5, steps=115, made=6000, minutes_between_figures=60.0
    )
    return train(plan, data=data, folder=folder, start=folder.parent / "entailment-2" / "best")


def whole(folder: Path, data: Path, start: Path) -> bool:
    """Go on from the third run with all layers free, once through the written statements, the rate falling to 0."""
    from .joint import Plan, train

    plan = Plan(seed=4, statements=32, questions=0, warm_up=20, steps=520, made=3000, minutes_between_figures=25.0)
    return train(plan, data=data, folder=folder, start=folder.parent / "entailment-3" / "best")


def fresh(folder: Path, data: Path, start: Path) -> bool:
    """Train new heads and all layers of the encoder that no reader has changed, on the written statements alone."""
    from .joint import Plan, train

    plan = Plan(seed=5, statements=32, questions=0, warm_up=20, steps=330, most={"statements": 12000})
    return train(plan, data=data, folder=folder, start=folder.parent / "all-mpnet-base-v2")


def answers(folder: Path, data: Path, start: Path) -> bool:
    """Go on from the fourth run with what the small reader answers to the training questions, and with yes and no."""
    from .joint import Plan, train

    plan = Plan(
        seed=6,
        statements=32,
        questions=0,
        peak=3e-5,
        warm_up=10,
        steps=200,
        minutes_between_figures=20.0,
        most={"read": 3600, "yesno": 1800, "statements": 1000},
    )
    before = folder.parent / "entailment-4" / "best"
    return train(plan, data=data, folder=folder, start=before, read=folder.parent / "reader_answers.jsonl")


def whether(folder: Path, data: Path, start: Path) -> bool:
    """Go on from the sixth run with yes and no above all."""
    from .joint import Plan, train

    plan = Plan(
        seed=7,
        statements=32,
        questions=0,
        peak=3e-5,
        warm_up=10,
        steps=150,
        minutes_between_figures=60.0,
        most={"yesno": 3000, "read": 900, "statements": 900},
    )
    before = folder.parent / "entailment-6" / "best"
    return train(plan, data=data, folder=folder, start=before, read=folder.parent / "reader_answers.jsonl")


QUEUE: dict[str, Callable[[Path, Path, Path], bool]] = {
    "embedder-1": search,
    "small-1": small,
    "entailment-1": statements,
    "entailment-2": finish,
    "entailment-3": real,
    "entailment-4": whole,
    "entailment-5": fresh,
    "entailment-6": answers,
    "entailment-7": whether,
    "joint-1": first,
    "joint-2": second,
}


def main() -> None:
    """Run what is left of the queue."""
    parser = argparse.ArgumentParser(prog="python -m eval.training.runs", description=__doc__)
    parser.add_argument(
        "--folder", type=Path, required=True, help="for checkpoints, logs and networks; outside the work tree"
    )
    parser.add_argument("--only", choices=QUEUE, help="run this one alone")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the public and the written sets")
    parser.add_argument("--start", type=Path, default=LARGE, help="the reader that the first run begins with")
    chosen = parser.parse_args()
    os.environ.setdefault("LRU_CACHE_CAPACITY", "128")  # of compiled kernels; before torch is imported
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for noisy in ("bm25s", "httpx", "sentence_transformers", "transformers"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for name, run in QUEUE.items():
        folder = chosen.folder / name
        if (folder / DONE).exists() or chosen.only not in (None, name):
            continue
        log.info("%s", name)
        if not run(folder, chosen.data, chosen.start):
            return
        (folder / DONE).touch()


if __name__ == "__main__":
    main()
