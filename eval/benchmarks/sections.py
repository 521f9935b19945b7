"""How well the sections of articles are told apart: precision and recall per kind, by characters, on labelled articles.

`python -m eval.benchmarks.sections` prints a table for each set of articles. Labels: one JSON object a line, `file`, `half`, and `sections` as a list of
[first words, kind]; each section reaches to where the next begins, found by exact search in order.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import get_args

from rag.loading.articles import article_from_text
from rag.schema import Article, SectionKind

ROOT = Path(__file__).resolve().parents[2]
LABELS = ROOT / "tests" / "articles" / "labels.jsonl"
KINDS: tuple[SectionKind, ...] = get_args(SectionKind)


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article as read, and what a person says of it: a kind for each character, None for white space.

    `half` is "seeds", "first" (written before the rules), "second" (written when the rules held on the first, then tuned on)
    or "third" (written when they held on the second; the figures closest to those on articles never seen).
    """

    name: str
    half: str
    article: Article
    kinds: tuple[SectionKind | None, ...]
    title: str
    outlet: str | None
    author: str | None
    published: date | None


@dataclass(frozen=True, slots=True)
class KindScore:
    """Characters of one kind: labelled so, found so, and both. Precision and recall are None where they do not apply."""

    kind: SectionKind
    labelled: int
    found: int
    both: int

    @property
    def precision(self) -> float | None:
        return self.both / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        return self.both / self.labelled if self.labelled else None


def load_labelled(path: Path = LABELS) -> list[LabelledArticle]:
    """Return the labelled articles in the order of the file.

    Raises:
        ValueError: a label's words are not in the article after the label before.
    """
    return [labelled_article(json.loads(line), path.parent) for line in path.read_text(encoding="utf-8").splitlines()]


def score_sections(articles: Iterable[LabelledArticle]) -> list[KindScore]:
    """Return one score a kind, over all characters that are not white space."""
    labelled: Counter[SectionKind] = Counter()
    found: Counter[SectionKind] = Counter()
    both: Counter[SectionKind] = Counter()
    for article in articles:
        for wanted, got in zip(article.kinds, found_kinds(article.article), strict=True):
            if wanted is None:
                continue
            labelled[wanted] += 1
            if got is not None:
                found[got] += 1
            if got == wanted:
                both[wanted] += 1
    return [KindScore(kind, labelled[kind], found[kind], both[kind]) for kind in KINDS]


def found_kinds(article: Article) -> list[SectionKind | None]:
    """Return the kind that reading gave each character; None outside of sections."""
    kinds: list[SectionKind | None] = [None] * len(article.text)
    for section in article.sections:
        kinds[section.start : section.end] = [section.kind] * (section.end - section.start)
    return kinds


def labelled_article(row: dict[str, object], folder: Path) -> LabelledArticle:
    name = str(row["file"])
    path = ROOT / name if "/" in name else folder / name
    article = article_from_text(path.read_text(encoding="utf-8"), source=name)
    kinds: list[SectionKind | None] = [None] * len(article.text)
    sections = row["sections"]
    assert isinstance(sections, list)
    position = 0
    for words, kind in sections:
        position = article.text.find(words, position)
        if position < 0:
            raise ValueError(f"{name}: {words!r} is not in the article after the label before. Correct the label.")
        kinds[position:] = [kind] * (len(article.text) - position)
        position += 1
    for index, character in enumerate(article.text):
        if character.isspace():
            kinds[index] = None
        elif kinds[index] is None:
            raise ValueError(f"{name}: the first label begins after {character!r} at {index}. Label the beginning too.")
    published = row["published"]
    return LabelledArticle(
        name=name,
        half=str(row["half"]),
        article=article,
        kinds=tuple(kinds),
        title=str(row["title"]),
        outlet=_text(row["outlet"]),
        author=_text(row["author"]),
        published=date.fromisoformat(str(published)) if published else None,
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _row(name: str, scores: Sequence[KindScore]) -> str:
    cells = [f"{_share(score.precision)} {_share(score.recall)} {score.labelled:6d}" for score in scores]
    return f"{name:34s} | " + " | ".join(cells) + "\n"


def _share(value: float | None) -> str:
    return "    –" if value is None else f"{value:5.3f}"


def main() -> None:
    """Print a row for each article and each half, no mean over halves: precision, recall, characters of each kind."""
    articles = load_labelled()
    write = sys.stdout.write
    write(f"{'precision, recall, characters':34s} | " + " | ".join(f"{kind:18s}" for kind in KINDS) + "\n")
    for article in articles:
        write(_row(Path(article.name).name, score_sections([article])))
    for half in dict.fromkeys(article.half for article in articles):
        write(_row(f"ALL {half}", score_sections(article for article in articles if article.half == half)))
    write('The rules met "third" only after they were written: expect its figures on other articles.\n')
    for article in articles:
        for field in ("title", "outlet", "author", "published"):
            wanted, got = getattr(article, field), getattr(article.article, field)
            if wanted != got:
                write(f"{article.name}: {field} is {got!r}, labelled {wanted!r}\n")


if __name__ == "__main__":
    main()
