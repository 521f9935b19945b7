"""What each check of contradiction is worth: how often it is right where it strikes, and what only it finds. No model.

`python -m eval.benchmarks.ablation [--written DATA] [--all]` takes out each check in turn, on the `dev` half of
`cases/statements.jsonl` and on the articles of DATA: `train-*.jsonl` with `more-*.jsonl`, of each the last eight, or all.
Patterns elsewhere: `rule_worth`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.language.facts import facts_of
from rag.verification.contradiction.differences import CHECKS, CONTRADICTIONS, LEAST_COPIED, Check, copied_share

from ..intervals import share_of
from .statements import Written, load_statements

DEV_ARTICLES = 8  # of each file, the last ones


@dataclass(frozen=True, slots=True)
class Worth:
    """Of the statements that a check strikes, how many are false and true; and of those that no other check strikes."""

    check: str
    false: int
    true: int
    only_false: int
    only_true: int

    def __str__(self) -> str:
        found = f"{self.false:5} false {self.true:5} true, only it {self.only_false:4} {self.only_true:4}"
        right = (
            share_of(self.check, [True] * self.false + [False] * self.true) if self.false + self.true else self.check
        )
        return f"{found}  {right}"


def worths(statements: Iterable[Written], checks: Mapping[str, Check] = CHECKS) -> Iterator[Worth]:
    """Yield the worth of each check, then of all together: "only" counts what passes when the check is taken out."""
    struck = [(one.supported, struck_by(one, checks)) for one in statements]
    for name in checks:
        mine = [(supported, found) for supported, found in struck if name in found]
        alone = [supported for supported, found in mine if found == {name}]
        true = sum(supported for supported, _ in mine)
        yield Worth(name, len(mine) - true, true, alone.count(False), alone.count(True))
    found_any = [supported for supported, found in struck if found]
    yield Worth("all", found_any.count(False), found_any.count(True), found_any.count(False), found_any.count(True))


def struck_by(one: Written, checks: Mapping[str, Check]) -> set[str]:
    """Return the names of the checks that find a difference between a statement and its quote."""
    statement, quote = facts_of(one.statement), facts_of(one.quote)
    return {name for name, check in checks.items() if next(iter(check(statement, quote)), None)}


def is_copied(one: Written) -> bool:
    """Return whether a difference in the statement is one for certain, if it is a contradiction."""
    return copied_share(facts_of(one.statement), facts_of(one.quote)) >= LEAST_COPIED


def load_written(folder: Path, *, whole: bool = False) -> Iterator[Written]:
    """Yield the statements about the last articles of each file, or about all; the quote is the cited sentences."""
    for path in sorted(folder.glob("train-*.jsonl")):
        articles = _rows(path)
        further = {row["title"]: row["s"] for row in _rows(path.with_name(path.name.replace("train-", "more-")))}
        for article in articles if whole else articles[-DEV_ARTICLES:]:
            sentences = [sentence for paragraph in article["p"] for sentence in paragraph]
            for kind, statement, cited in article["s"] + further.get(article["title"], []):
                quote = " ".join(sentences[number] for number in cited)
                yield Written(statement, quote, kind.partition(":")[0] == "t", kind, "dev")


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.ablation", description=__doc__)
    parser.add_argument("--written", type=Path, help="the folder of the written articles")
    parser.add_argument("--all", action="store_true", help="all written articles, not only the last of each file")
    given = parser.parse_args()
    sets = {"statements, dev": [one for one in load_statements() if one.split == "dev"]}
    if given.written:
        sets["written"] = list(load_written(given.written, whole=given.all))
    for name, statements in sets.items():
        true = sum(one.supported for one in statements)
        sys.stdout.write(f"{name}: {len(statements) - true} false, {true} true\n")
        _print(worths(statements))
        copied = [one for one in statements if is_copied(one)]
        sys.stdout.write(f"  for certain, in the {len(copied)} that are otherwise copied\n")
        _print(worths(copied, CONTRADICTIONS))


def _print(rows: Iterable[Worth]) -> None:
    for row in rows:
        sys.stdout.write(f"  {row}\n")


if __name__ == "__main__":
    main()
