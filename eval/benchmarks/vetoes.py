"""How often each difference that the words show is a real one: `python -m eval.benchmarks.vetoes FOLDER`.

FOLDER holds articles with true and false statements (`train-*.jsonl`, `more-*.jsonl`): a statement is `[kind, text,
[sentences it cites]]`, true where its kind begins with "t".
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.intervals import wilson
from rag.verification.vetoes import hints


def statements(folder: Path) -> Iterator[tuple[bool, str, list[str]]]:
    """Yield whether it is true, the statement, and the sentences it cites."""
    for path in sorted(folder.glob("train-*.jsonl")):
        articles = {one["title"]: one for one in _rows(path)}
        more = path.with_name(path.name.replace("train-", "more-"))
        rows = [*articles.values(), *(_rows(more) if more.exists() else ())]
        for row in rows:
            sentences = [one for paragraph in articles[row["title"]]["p"] for one in paragraph]
            for kind, text, cited in row["s"]:
                yield kind.startswith("t"), text, [sentences[at] for at in cited]


def struck(folder: Path) -> Counter[tuple[str, bool]]:
    """Count how many true and false statements show each kind of difference; of numbers and dates also as they end."""
    found: Counter[tuple[str, bool]] = Counter()
    for true, text, cited in statements(folder):
        for name in {form for one in hints(text, cited) for form in _forms(one)}:
            found[name, true] += 1
    return found


def _forms(difference: str) -> tuple[str, str]:
    kind, _, rest = difference.partition(": ")
    last = rest.rpartition("'")[2].strip() or rest
    return kind, f"{kind}: … {last}"


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def main() -> None:
    """Print each difference with how many of the statements that show it are false."""
    found = struck(Path(sys.argv[1]))
    for name in sorted({name for name, _ in found}):
        false, true = found[name, False], found[name, True]
        interval = wilson(false, false + true)
        share = false / (false + true)
        sys.stdout.write(
            f"{false:5} of {false + true:5} false  {share:.3f}  ({interval.low:.3f}–{interval.high:.3f})  {name}\n"
        )


if __name__ == "__main__":
    main()
