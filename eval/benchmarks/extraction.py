"""How well the text of an article is taken out of its web page: precision and recall over shingles of four words.

`python -m eval.benchmarks.extraction --data DATA` reads DATA/extraction (the public article-extraction-benchmark: 181 pages and the text
of the article on each) and prints its published measure: shingles are counted with repetition, precision and recall are
means over pages, F1 is of the two means. A row of a table, which is read with its heads, is measured as the page shows
it, and so is the mark of a note. The measure's own text of an article leaves out the words under pictures, which are
kept here below the article: "kept" counts them as too much, "kept, no captions" does not. Half of the pages, told by a
hash, were used to choose how pages are read.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Literal

import numpy as np
from trafilatura import load_html

from rag.errors import ReadingError
from rag.language.lines import is_row
from rag.loading.formats.captions import captions_of
from rag.loading.formats.html_page import article_from_page, decode_page
from rag.loading.metadata.dates import find_date
from rag.schema import Article, SectionKind

from ..intervals import Floats, Interval, bootstrap

SHINGLE_WORDS = 4
WORD = re.compile(r"\w+")
ADDRESS_DAY = re.compile(r"/(\d{4}([-/])\d{2}\2\d{2})/")
MARKS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
SEARCHED: tuple[SectionKind, ...] = ("body", "heading", "byline")
FIGURES = ("precision", "recall", "precision_bare", "recall_bare", "precision_searched", "recall_searched")
Half = Literal["chosen on", "held out"]


@dataclass(frozen=True, slots=True)
class PageScore:
    """One page. `precision` is None when no text was found; `searched` is without sidebars and furniture."""

    page: str
    half: Half
    address: str
    precision: float | None
    recall: float
    precision_bare: float | None  # without the words under pictures
    recall_bare: float
    precision_searched: float | None
    recall_searched: float
    published: date | None  # unless the page's address is all that tells it


@dataclass(frozen=True, slots=True)
class Summary:
    """Means over the pages that have a value, F1 of the two means, and its 95 % interval over pages."""

    pages: int
    precision: float
    recall: float
    f1: float
    interval: Interval


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return each run of four words with how often it occurs; of a shorter text its only run."""
    words = WORD.findall(text)
    runs = (tuple(words[start : start + SHINGLE_WORDS]) for start in range(max(1, len(words) - SHINGLE_WORDS + 1)))
    return Counter(run for run in runs if run)


def precision_and_recall(expected: str, found: str) -> tuple[float | None, float]:
    """Return the shares of found and of expected shingles that are in both; precision is None when nothing was found."""
    wanted, got = shingles(expected), shingles(found)
    both = (wanted & got).total()
    return (both / got.total() if got else None), both / wanted.total()


def as_shown(text: str) -> str:
    """Return the text with each row of a table as its cells, and the heads once above them."""
    shown: list[str] = []
    above: list[str] = []
    for line in text.split("\n"):
        pairs = [pair.partition(": ") for pair in line.removesuffix(".").split("; ")] if is_row(line) else []
        heads = [head for head, _, _ in pairs]
        shown += [" ".join(heads)] if heads != above and pairs else []
        shown.append(" ".join(cell or head for head, _, cell in pairs) if pairs else line.translate(MARKS))
        above = heads
    return "\n".join(shown)


def score_pages(folder: Path) -> list[PageScore]:
    """Return one score a page, in the order of their names. A page that cannot be read has found nothing."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    scores = []
    for name in sorted(truth):
        data = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        expected = truth[name]["articleBody"]
        page = decode_page(data, name=name).text
        try:
            article = article_from_page(page, source=name)
        except ReadingError:
            article = Article(name, "", "", name)
        scores.append(
            PageScore(
                name,
                half_of(name),
                truth[name]["url"],
                *precision_and_recall(expected, as_shown(article.text)),
                *precision_and_recall(expected, as_shown(_bare(article, page))),
                *precision_and_recall(expected, as_shown(_searched(article))),
                None if article.origins.get("published") == "address" else article.published,
            )
        )
    return scores


def half_of(name: str) -> Half:
    """Return whether the page was one to choose on: the SHA-256 of its name is even."""
    return "held out" if int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2 else "chosen on"


def summarise(pairs: Sequence[tuple[float | None, float]]) -> Summary:
    """Return the means of (precision, recall) pairs, at least one of them with a precision."""
    rows = np.array([(np.nan if precision is None else precision, recall) for precision, recall in pairs])
    precision, recall = float(_precisions(rows[None])[0]), float(rows[:, 1].mean())
    return Summary(len(rows), precision, recall, float(_f1(rows[None])[0]), bootstrap(rows, _f1))


def _f1(stacks: Floats) -> Floats:
    precision, recall = _precisions(stacks), stacks[:, :, 1].mean(axis=1)
    f1: Floats = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    return f1


def _precisions(stacks: Floats) -> Floats:
    """Return the mean precision of each resample over its pages that have one; 0 where none has."""
    counts = np.maximum((~np.isnan(stacks[:, :, 0])).sum(axis=1), 1)
    means: Floats = np.nansum(stacks[:, :, 0], axis=1) / counts
    return means


def _searched(article: Article) -> str:
    return "\n".join(article.text[one.start : one.end] for one in article.sections if one.kind in SEARCHED)


def _bare(article: Article, page: str) -> str:
    captions = set(captions_of(load_html(page)))
    kept = (article.text[one.start : one.end] for one in article.sections)
    return "\n".join(words for words in kept if words not in captions)


def table(scores: Sequence[PageScore]) -> str:
    """Return the summaries as a Markdown table."""
    lines = [
        "| pages | text | n | precision | recall | F1 (95 % interval over pages) |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    groups = [("all", list(scores))]
    groups += [(half, [one for one in scores if one.half == half]) for half in ("chosen on", "held out")]
    for name, group in filter(itemgetter(1), groups):
        whole = summarise([(one.precision, one.recall) for one in group])
        bare = summarise([(one.precision_bare, one.recall_bare) for one in group])
        searched = summarise([(one.precision_searched, one.recall_searched) for one in group])
        for what, one in (("kept", whole), ("kept, no captions", bare), ("searched", searched)):
            interval = f"{one.interval.low:.3f} to {one.interval.high:.3f}"
            lines.append(
                f"| {name} | {what} | {one.pages} | {one.precision:.4f} | {one.recall:.4f} | {one.f1:.4f} ({interval}) |"
            )
    return "\n".join(lines) + "\n"


def dates_line(scores: Sequence[PageScore]) -> str:
    """Return how the dates found in pages agree with those in the addresses of the pages, where these tell a day."""
    told = [(day, one.published) for one in scores if (day := _day_in(one.address))]
    apart = Counter(abs((day - found).days) for day, found in told if found)
    return (
        f"Of {len(told)} pages with a day in their address, {apart.total()} tell a day elsewhere: {apart[0]} the same, "
        f"{apart[1]} the day before or after, {apart.total() - apart[0] - apart[1]} another.\n"
    )


def _day_in(address: str) -> date | None:
    found = ADDRESS_DAY.search(address)
    return find_date(found[1]) if found else None


def save(scores: Sequence[PageScore], folder: Path) -> None:
    """Write `summary.md` and `pages.csv`, a line a page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "summary.md").write_text(table(scores) + "\n" + dates_line(scores), encoding="utf-8")
    with (folder / "pages.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("page", "half", *FIGURES, "address"))
        for one in scores:
            shown = ("" if figure is None else f"{figure:.4f}" for figure in (getattr(one, name) for name in FIGURES))
            writer.writerow((one.page[:12], one.half, *shown, one.address))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the summaries; with --out, write them and the table by page."""
    parser = ArgumentParser(prog="python -m eval.benchmarks.extraction", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of public data, with extraction/ in it")
    parser.add_argument("--out", type=Path, help="a folder to write the tables to")
    given = parser.parse_args(arguments)
    scores = score_pages(given.data / "extraction")
    sys.stdout.write(table(scores) + "\n" + dates_line(scores))
    if given.out:
        save(scores, given.out)


if __name__ == "__main__":
    main()
