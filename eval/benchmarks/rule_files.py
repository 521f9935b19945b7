"""The files on which `rule_worth` tries the rules of reading: labelled pages and articles, made files of each format, public pages."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rag.loading import read_path
from rag.loading.formats import html_page
from rag.schema import Article

from . import page_metadata, sections
from .extraction import as_shown, precision_and_recall
from .formats import make, score_one, stories

Outcome = Callable[[], tuple[str, float | None]]
FILES = 54  # made, two of each format


def files(data: Path | None) -> Iterator[tuple[str, Outcome]]:
    """Yield the name of each file or page, and what reads it."""
    for line in page_metadata.LABELS.read_text(encoding="utf-8").splitlines():
        yield _page(json.loads(line))
    for line in sections.LABELS.read_text(encoding="utf-8").splitlines():
        yield _labelled(json.loads(line))
    for path in sorted(sections.LABELS.parent.glob("*.*")):
        if path.suffix in (".txt", ".md"):
            yield _file(path)
    folder = Path(tempfile.mkdtemp())
    known = {one.title: one for one in stories(None)}
    for name, held in make(folder, list(known.values()), files=FILES).items():
        yield _made(folder / name, held)
    if data:
        truth = json.loads((data / "extraction/ground-truth.json").read_text(encoding="utf-8"))
        for name in sorted(truth):
            yield _public_page(data / "extraction" / "html" / f"{name}.html.gz", truth[name]["articleBody"])


def _page(row: dict[str, Any]) -> tuple[str, Outcome]:
    path = page_metadata.LABELS.parent / row["file"]

    def outcome() -> tuple[str, float | None]:
        [article] = html_page.read_page_file(path)
        right = 0
        for field in page_metadata.FIELDS:
            value = getattr(article, field)
            found = None if value is None or article.origins.get(field) in ("lead", "file name") else str(value)
            right += found == row[field]
        return _told(article), right / len(page_metadata.FIELDS)

    return (path.name, outcome)


def _labelled(row: dict[str, Any]) -> tuple[str, Outcome]:
    def outcome() -> tuple[str, float | None]:
        one = sections.labelled_article(row, sections.LABELS.parent)
        pairs = [pair for pair in zip(one.kinds, sections.found_kinds(one.article), strict=True) if pair[0]]
        right = sum(wanted == got for wanted, got in pairs) / len(pairs)
        fields = ("title", "outlet", "author", "published")
        named = sum(getattr(one, name) == getattr(one.article, name) for name in fields)
        return _told(one.article), (right + named / len(fields)) / 2

    return (row["file"], outcome)


def _file(path: Path) -> tuple[str, Outcome]:
    return (path.name, lambda: ("".join(_told(one) for one in read_path(path) if isinstance(one, Article)), None))


def _made(path: Path, held: list[Any]) -> tuple[str, Outcome]:
    def outcome() -> tuple[str, float | None]:
        found = [one for one in read_path(path) if isinstance(one, Article)]
        scores = [score_one(path.name.partition(".")[2], one, found) for one in held]
        right = [(one.f1 + sum(one.fields.values()) / max(1, len(one.fields))) / 2 for one in scores]
        return "".join(map(_told, found)), sum(right) / len(right)

    return (path.name, outcome)


def _public_page(path: Path, expected: str) -> tuple[str, Outcome]:
    text = html_page.decode_page(gzip.decompress(path.read_bytes()), name=path.stem).text

    def outcome() -> tuple[str, float | None]:
        article = html_page.article_from_page(text, source=path.stem)
        precision, recall = precision_and_recall(expected, as_shown(article.text))
        return _told(article), 2 * (precision or 0) * recall / ((precision or 0) + recall or 1)

    return (path.stem, outcome)


def _told(article: Article) -> str:
    return repr(
        (
            article.title,
            article.outlet,
            article.author,
            article.published,
            article.language,
            article.text,
            article.sections,
        )
    )
