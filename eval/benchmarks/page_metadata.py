"""How well a web page's own words on title, author, outlet, date, language and address are found, on pages made for it.

`python -m eval.benchmarks.page_metadata` prints precision and recall of each. A page that does not tell has null in its label: to
find something there is an error of precision, to find nothing is right and is counted apart.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.loading.formats.html_page import read_page_file

LABELS = Path(__file__).resolve().parents[2] / "tests" / "articles" / "pages" / "labels.jsonl"
FIELDS = ("title", "author", "outlet", "published", "language", "address")


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of one page: what a person says and what was found, both None for "the page does not tell".

    `half` is "first" (the rules were corrected on it) or "second" (written when they held on the first, and met once).
    """

    page: str
    half: str
    field: str
    labelled: str | None
    found: str | None
    origin: str | None

    @property
    def right(self) -> bool:
        return self.labelled == self.found


@dataclass(frozen=True, slots=True)
class FieldScore:
    """Precision is over pages where something was found, recall over pages that tell; None where there are none."""

    field: str
    pages: int
    precision: float | None
    recall: float | None
    silent: int
    silent_right: int


def read_facts(labels: Path = LABELS) -> list[Fact]:
    """Return a fact for each field of each labelled page. A title made up for a page without one is none found."""
    facts = []
    for line in labels.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        [article] = read_page_file(labels.parent / row["file"])
        for field in FIELDS:
            value, origin = getattr(article, field), article.origins.get(field)
            found = None if value is None or origin in ("lead", "file name") else str(value)
            facts.append(Fact(row["file"], row["half"], field, row[field], found, origin))
    return facts


def score_facts(facts: Sequence[Fact]) -> list[FieldScore]:
    """Return one score a field."""
    scores = []
    for field in FIELDS:
        mine = [fact for fact in facts if fact.field == field]
        found = [fact for fact in mine if fact.found is not None]
        told = [fact for fact in mine if fact.labelled is not None]
        silent = [fact for fact in mine if fact.labelled is None]
        scores.append(
            FieldScore(
                field,
                len(mine),
                sum(fact.right for fact in found) / len(found) if found else None,
                sum(fact.right for fact in told) / len(told) if told else None,
                len(silent),
                sum(fact.right for fact in silent),
            )
        )
    return scores


def table(facts: Sequence[Fact]) -> str:
    """Return the scores of each half as a Markdown table, then what is wrong."""
    lines = [
        "| pages | field | n | precision | recall | none told, none found |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for half in dict.fromkeys(fact.half for fact in facts):
        for one in score_facts([fact for fact in facts if fact.half == half]):
            shares = " | ".join("–" if share is None else f"{share:.3f}" for share in (one.precision, one.recall))
            lines.append(f"| {half} | {one.field} | {one.pages} | {shares} | {one.silent_right} of {one.silent} |")
    wrong = [
        f"- {fact.page}: {fact.field} is {fact.found!r} ({fact.origin}), labelled {fact.labelled!r}"
        for fact in facts
        if not fact.right
    ]
    return "\n".join([*lines, "", *wrong]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table(read_facts()))
