"""Chooses the thresholds of the entailment model: the most true statements kept while few false ones pass.

`python -m eval.training.thresholds FOLDER --data DATA` reads the statements of the written set's dev articles as the support
check does, prints what each pair of thresholds lets pass, and writes the chosen one into FOLDER.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.drafts import Premise, Thresholds
from rag.language.facts import facts_of
from rag.language.headings import heading
from rag.plugins import EntailmentModel
from rag.settings import Settings
from rag.verification.contradiction.differences import differences, is_certain
from rag.verification.entailment_model import TrainedEntailment, save_thresholds
from rag.verification.normalization import in_form_of
from rag.verification.premises import premise

from .written import Statement, Written, read_written

MOST_FALSE = 0.10  # of the false statements, that may pass
STEPS = np.round(np.concatenate([np.arange(0.05, 0.95, 0.05), np.arange(0.95, 0.999, 0.01)]), 3)


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement as the support check sees it: its probability, 0 where it contradicts for certain, and whether words differ."""

    true: bool
    chance: float
    differs: bool


def cited(article: Written, statement: Statement) -> Premise:
    """Return what a statement cites, as the gate hands it to the verifier."""
    first = min(statement.cited)
    record = article.article
    return Premise(
        tuple(article.sentence(number) for number in sorted(statement.cited)),
        heading(record.title, record.outlet, record.published),
        article.sentence(first - 1) if first else "",
    )


def judged(dev: Sequence[Written], entailment: EntailmentModel) -> list[Judged]:
    """Return every statement of the articles as it is judged, in order."""
    told = [(statement, cited(one, statement)) for one in dev for statement in one.statements]
    quotes = [" ".join(held.quotes) for _, held in told]
    chances = entailment.chances(
        [
            (in_form_of(quote, statement.text), premise(held.heading, held.before, held.quotes))
            for (statement, held), quote in zip(told, quotes, strict=True)
        ]
    )
    rows = []
    for (statement, _), quote, chance in zip(told, quotes, chances, strict=True):
        said, there = facts_of(statement.text), facts_of(quote)
        certain = is_certain(said, there)
        rows.append(Judged(statement.true, 0.0 if certain else chance, bool(differences(said, there))))
    return rows


def choose(rows: Sequence[Judged], *, most_false: float = MOST_FALSE) -> Thresholds:
    """Return the thresholds that keep the most true statements while at most that share of the false ones passes."""
    chances = np.array([one.chance for one in rows])
    differs = np.array([one.differs for one in rows])
    true = np.array([one.true for one in rows])

    def goodness(pair: tuple[float, float]) -> tuple[bool, float, float]:
        passes = chances >= np.where(differs, pair[1], pair[0])
        kept, passed = float(passes[true].mean()), float(passes[~true].mean())
        return passed <= most_false, kept if passed <= most_false else -passed, -passed

    pairs = [(float(clear), float(reworded)) for clear in STEPS for reworded in STEPS if reworded >= clear]
    clear, reworded = max(pairs, key=goodness)
    return Thresholds(clear=clear, reworded=reworded)


def main() -> None:
    """Choose, print and write them."""
    parser = argparse.ArgumentParser(prog="python -m eval.training.thresholds", description=__doc__)
    parser.add_argument("folder", type=Path, help="the entailment model; its thresholds are replaced")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the public and the written sets")
    chosen = parser.parse_args()
    entailment = TrainedEntailment(Settings(), folder=chosen.folder)
    rows = judged([one for one in read_written(chosen.data / "written") if one.dev], entailment)
    found = choose(rows)
    save_thresholds(chosen.folder, found)
    for true in (True, False):
        mine = [one for one in rows if one.true == true]
        passed = [one.chance >= (found.reworded if one.differs else found.clear) for one in mine]
        sys.stdout.write(f"{'true' if true else 'false'} passed {np.mean(passed):.3f} of {len(mine)}\n")
    sys.stdout.write(f"{found}\n")


if __name__ == "__main__":
    main()
