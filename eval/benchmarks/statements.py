"""How many statements written by hand pass the check of support: true ones, and false ones as a chat model errs.

`python -m eval.benchmarks.statements [test]` prints the share accepted of each kind with its 95 % interval. One JSON object a line in
`cases/statements.jsonl`: the statement, the quote it cites, whether that supports it, in what way it is true or false,
and its half. Rules were made with a look at `dev`; `test` was written, and run, after them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.plugins import Models
from rag.settings import Settings
from rag.verification.entailment import check_support

from ..intervals import Share, share_of

CASES = Path(__file__).parent.parent / "cases" / "statements.jsonl"


@dataclass(frozen=True, slots=True)
class Written:
    """A statement that a person wrote about a quote, and whether the quote supports it."""

    statement: str
    quote: str
    supported: bool
    kind: str
    split: Literal["dev", "test"]


def load_statements(path: Path = CASES) -> list[Written]:
    """Return the statements in the order of the file."""
    return [Written(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def accepted(statements: Iterable[Written]) -> Iterator[Share]:
    """Yield the share that passes of each kind of false and of true statement, each followed by all of them."""
    models = Models(Settings.from_environment())
    passed: dict[bool, dict[str, list[bool]]] = {False: {}, True: {}}
    for one in statements:
        passes = not check_support(
            one.statement, [one.quote], entailment=models.entailment, consistency=models.consistency
        ).differences
        passed[one.supported].setdefault(one.kind, []).append(passes)
    for true, kinds in passed.items():
        name = "true" if true else "false"
        for kind, outcomes in [*sorted(kinds.items()), ("all", [one for of_kind in kinds.values() for one in of_kind])]:
            if outcomes:
                yield share_of(f"{name}: {kind}", outcomes)


def main() -> None:
    split = sys.argv[1] if len(sys.argv) > 1 else "dev"
    if split not in ("dev", "test"):
        sys.exit(f"there is no half {split!r}. Known: dev, test.")
    for row in accepted(one for one in load_statements() if one.split == split):
        sys.stdout.write(f"{row}\n")


if __name__ == "__main__":
    main()
