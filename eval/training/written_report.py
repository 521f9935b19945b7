"""Every figure of a network on the dev half of the written set, by kind, with 95 % intervals.

`python -m eval.training.written_report NETWORK --data DATA`; with `--before`, of the reader and the judge that ship today.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from eval.intervals import bootstrap, mean_interval
from rag.verification.premises import answered

from .entailment_data import cite, salad, stated
from .measure_written import FALSE_PASSED, Answered, Judged, auroc, chances, kept, read_questions, supported
from .understanding import UnderstandingNetwork, load_understanding
from .written import Written, read_written

SALADS = 100
REFUSED = 0.15  # of the answerable questions at most, where refusal is measured
GROUPS = {
    "plain": ("plain",),
    "para": ("para",),
    "desc": ("desc",),
    "why, how": ("why", "how"),
    "multi": ("multi",),
    "yes or no": ("yesno",),
}

Supported = Callable[[Sequence[tuple[str, str]]], list[float]]  # (hypothesis, premise) to chance


@dataclass(frozen=True, slots=True)
class Read:
    """A question as it was read, and the chance that its answer is borne by the sentence it was found in.

    `said_yes` tells what a yes-or-no question was answered.
    """

    found: Answered
    verified: float
    said_yes: bool | None = None

    @property
    def right(self) -> bool:
        """Whether the sentence proves the answer; of a yes-or-no question whether the answer is right, too."""
        asked = self.found.question
        return self.found.proved and (self.said_yes is None or self.said_yes == (asked.answers[0] == "yes"))

    @property
    def both(self) -> float:
        """The reader's log-odds and the judge's, on one scale."""
        return self.found.odds / 2 + _log_odds(self.verified)


def statements(dev: Sequence[Written], judge: Supported) -> Iterator[str]:
    """Yield the figures of the statements."""
    told = [(one, statement) for one in dev for statement in one.statements]
    pairs = [(one.hypothesis, one.premise) for one in (stated(article, statement) for article, statement in told)]
    judged = [Judged(statement, chance) for (_, statement), chance in zip(told, judge(pairs), strict=True)]
    true, false = chances(judged)
    bound = float(np.quantile(false, 1 - FALSE_PASSED))
    labelled = np.array([(one.chance, one.statement.true) for one in judged], dtype=np.float64)
    interval = bootstrap(labelled, _aurocs)
    yield f"statements: AUROC {auroc(true, false):.3f} [{interval.low:.3f}, {interval.high:.3f}] n={len(judged)}"
    yield f"true kept where {FALSE_PASSED:.0%} of the false pass (above {bound:.3f}): {kept(true, false):.3f}"
    for kind in sorted({one.statement.kind for one in judged}, reverse=True):
        passed = [float(one.chance > bound) for one in judged if one.statement.kind == kind]
        apart = (
            ""
            if kind.startswith("t")
            else f"  AUROC {auroc(true, [one.chance for one in judged if one.statement.kind == kind]):.3f}"
        )
        yield f"  passed {kind:<12} {_share(passed)}{apart}"
    random = Random("salads")
    chosen = random.sample(told, min(SALADS, len(told)))
    salads = [
        (salad(" ".join(one.sentence(number) for number in statement.cited), random), cite(one, statement.cited))
        for one, statement in chosen
    ]
    yield f"word salads passed: {sum(chance > bound for chance in judge(salads))} of {len(salads)}"


def readings(found: Sequence[Answered], judge: Supported) -> list[Read]:
    """Return the questions with what the judge says of their answers; yes-or-no questions answered by it."""
    pairs = []
    for one in found:
        quote = cite(one.article, [one.sentence])
        said = ("yes", "no") if one.question.kind == "yesno" else (one.said, one.said)
        pairs += [(answered(one.question.text, words), quote) for words in said]
    told = judge(pairs)
    rows = []
    for place, one in enumerate(found):
        yes, no = told[2 * place], told[2 * place + 1]
        rows.append(Read(one, max(yes, no), yes >= no if one.question.kind == "yesno" else None))
    return rows


def questions(rows: Sequence[Read]) -> Iterator[str]:
    """Yield the figures of the questions put to their article alone."""
    for name, kinds in GROUPS.items():
        mine = [row for row in rows if row.found.question.kind in kinds]
        words = (
            "" if name in ("yes or no", "why, how") else f"  words {_share([float(row.found.words) for row in mine])}"
        )
        yield f"right sentence, {name:<10} {_share([float(row.right) for row in mine])}{words}"
    scores: dict[str, Callable[[Read], float]] = {
        "reader": lambda row: row.found.odds,
        "judge": lambda row: _log_odds(row.verified),
        "both": lambda row: row.both,
    }
    for name, score in scores.items():
        yield from _refusals(name, rows, score)


def _refusals(name: str, rows: Sequence[Read], score: Callable[[Read], float]) -> Iterator[str]:
    """Yield what is refused at the point at which `REFUSED` of the answerable are, chosen in the other half of the articles."""
    halves: list[list[Read]] = [[], []]
    for place, title in enumerate(dict.fromkeys(row.found.article.article.title for row in rows)):
        halves[place % 2] += [row for row in rows if row.found.article.article.title == title]
    refused: dict[str, list[float]] = {}
    right: dict[str, list[float]] = {}
    for mine, other in (halves, halves[::-1]):
        bound = np.quantile([score(row) for row in other if row.found.question.answers], REFUSED)
        for row in mine:
            kind = row.found.question.kind
            below = score(row) < bound
            refused.setdefault(kind if not row.found.question.answers else "answerable", []).append(float(below))
            if row.found.question.answers:
                group = next(group for group, kinds in GROUPS.items() if kind in kinds)
                right.setdefault(group, []).append(float(row.right and not below))
    answerable = [score(row) for row in rows if row.found.question.answers]
    for kind in ("near", "premise"):
        apart = auroc(answerable, [score(row) for row in rows if row.found.question.kind == kind])
        yield f"{name}: AUROC of answerable against {kind} {apart:.3f}"
    for kind, shares in sorted(refused.items()):
        yield f"{name}: refused {kind:<10} {_share(shares)}"
    for group, shares in right.items():
        yield f"{name}: right and not refused, {group:<10} {_share(shares)}"


def _share(values: Sequence[float]) -> str:
    if not values:
        return "no cases"
    interval = mean_interval(values)
    return f"{np.mean(values):.3f} [{interval.low:.3f}, {interval.high:.3f}] n={len(values)}"


def _aurocs(draws: Any) -> Any:
    return np.array([auroc(draw[draw[:, 1] > 0.5, 0], draw[draw[:, 1] < 0.5, 0]) for draw in draws])


def _log_odds(chance: float) -> float:
    bounded = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


def shipped() -> tuple[UnderstandingNetwork, Any, Supported]:
    """Return the larger reader that ships today, its tokeniser, and the judge that ships today."""
    from transformers import AutoTokenizer

    from rag.reader.trained import LARGE
    from rag.settings import Settings
    from rag.verification.entailment_model import TrainedEntailment as Judge

    judge = Judge(Settings())
    return UnderstandingNetwork.from_reader(LARGE), AutoTokenizer.from_pretrained(LARGE), judge.chances


def main() -> None:
    """Print all figures."""
    from rag.index.embedding import fastest_dtype

    parser = argparse.ArgumentParser(prog="python -m eval.training.written_report", description=__doc__)
    parser.add_argument("network", type=Path, nargs="?", help="a folder of a network that reads and judges")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the public and the written sets")
    parser.add_argument("--before", action="store_true", help="measure what ships today")
    parser.add_argument("--questions", type=int, default=1_000_000, help="how many, drawn at random; by default all")
    chosen = parser.parse_args()
    if chosen.before:
        network, tokeniser, judge = shipped()
        network.encoder.to(fastest_dtype())
    else:
        network, tokeniser = load_understanding(chosen.network, dtype=fastest_dtype())

        def judge(pairs: Sequence[tuple[str, str]]) -> list[float]:
            return supported(pairs, network=network, tokeniser=tokeniser)

    network.eval()
    dev = [one for one in read_written(chosen.data / "written") if one.dev]
    asked = [(one, question) for one in dev for question in one.questions if not question.alone]
    asked = Random("report").sample(asked, min(chosen.questions, len(asked)))
    for line in statements(dev, judge):
        _tell(line)
    for line in questions(readings(read_questions(asked, network=network, tokeniser=tokeniser), judge)):
        _tell(line)


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
