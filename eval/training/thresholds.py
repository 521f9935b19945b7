"""Chooses the thresholds of the entailment model: the most true statements kept while few false ones pass.

`python -m eval.training.thresholds FOLDER --data DATA` judges the statements of the written set's dev articles and the dev half
of those written by hand as the support check does, writes the thresholds into FOLDER and prints what passes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from rag.drafts import Premise, Thresholds
from rag.language.facts import facts_of
from rag.language.headings import heading
from rag.plugins import Models
from rag.settings import Settings
from rag.verification.contradiction.differences import differences
from rag.verification.entailment import OPEN, check_support
from rag.verification.entailment_model import TrainedEntailment, save_thresholds

from ..benchmarks.statements import load_statements
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


def judged(told: Sequence[tuple[str, Premise, bool]], models: Models) -> list[Judged]:
    """Return each (statement, what it cites, whether it is true) as the support check judges it, in order."""
    assert models.entailment is not None
    models.entailment.thresholds = OPEN
    rows = []
    for text, held, true in told:
        support = check_support(text, [held], entailment=models.entailment, consistency=models.consistency)
        differs = bool(differences(facts_of(text), facts_of(" ".join(held.quotes))))
        rows.append(Judged(true, 0.0 if support.differences else support.score, differs))
    return rows


def choose(sets: Sequence[Sequence[Judged]], *, most_false: float = MOST_FALSE) -> Thresholds:
    """Return the thresholds that keep the most true statements while at most that share of the false ones passes.

    Each of the sets counts as much as the others.
    """
    columns = [
        (
            np.array([one.chance for one in rows]),
            np.array([one.differs for one in rows]),
            np.array([one.true for one in rows]),
        )
        for rows in sets
    ]

    def goodness(pair: tuple[float, float]) -> tuple[bool, float, float]:
        shares = []
        for chances, differs, true in columns:
            passes = chances >= np.where(differs, pair[1], pair[0])
            shares.append((float(passes[true].mean()), float(passes[~true].mean())))
        kept, passed = (float(np.mean(part)) for part in zip(*shares, strict=True))
        return passed <= most_false, kept if passed <= most_false else -passed, -passed

    pairs = [(float(clear), float(reworded)) for clear in STEPS for reworded in STEPS if reworded >= clear]
    clear, reworded = max(pairs, key=goodness)
    return Thresholds(clear=clear, reworded=reworded)


def main() -> None:
    """Choose, print and write them."""
    parser = argparse.ArgumentParser(prog="python -m eval.training.thresholds", description=__doc__)
    parser.add_argument("folder", type=Path, help="the entailment model; its thresholds are replaced")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the public and the written sets")
    parser.add_argument("--at-most", type=int, default=500, help="statements of each set, drawn at random")
    chosen = parser.parse_args()
    models = Models(Settings())
    models.entailment = TrainedEntailment(Settings(), folder=chosen.folder)
    dev = [one for one in read_written(chosen.data / "written") if one.dev]
    written = [(one.text, cited(article, one), one.true) for article in dev for one in article.statements]
    by_hand = [(one.statement, Premise((one.quote,)), one.supported) for one in load_statements() if one.split == "dev"]
    sets = {}
    for name, told in (("written", written), ("by hand", by_hand)):
        sets[name] = judged(Random(name).sample(told, min(len(told), chosen.at_most)), models)
    found = choose(list(sets.values()))
    save_thresholds(chosen.folder, found)
    for name, rows in sets.items():
        for true in (True, False):
            mine = [one for one in rows if one.true == true]
            passed = [one.chance >= (found.reworded if one.differs else found.clear) for one in mine]
            sys.stdout.write(f"{name}: {'true' if true else 'false'} passed {np.mean(passed):.3f} of {len(mine)}\n")
    sys.stdout.write(f"{found}\n")


if __name__ == "__main__":
    main()
