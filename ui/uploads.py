"""Files that a visitor of the page hands in → articles of the corpus, one outcome a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rag.corpus import Corpus
from rag.errors import CitedeskError, UnknownArticleError
from rag.loading import Unread
from rag.loading.sandbox import ReadingProcess
from rag.schema import Article

from .render import Uploaded

MOST_REASONS = 3  # that are told of one file; the rest are counted


def add(corpus: Corpus, paths: Sequence[Path]) -> list[Uploaded]:
    """Add each file under its own name, not the path of the copy that the server made. One bad file costs only itself.

    The source tells two files of one name apart by what they say: the second one must not replace the first.
    """
    with ReadingProcess() as reading:
        return [_outcome(corpus, path, reading) for path in paths]


def _outcome(corpus: Corpus, path: Path, reading: ReadingProcess) -> Uploaded:
    try:
        return _add_one(corpus, path, reading)
    except CitedeskError as error:  # it cannot be read, or the index is busy
        return Uploaded(path.name, "failed", _named(str(error), path))


def _add_one(corpus: Corpus, path: Path, reading: ReadingProcess) -> Uploaded:
    found = reading.read(path)
    articles = [
        replace(one, source=f"{_named(one.source, path)} (uploaded {one.id[:6]})")
        for one in found
        if isinstance(one, Article) and not _known(corpus, one)
    ]
    reasons = [_named(one.reason, path) for one in found if isinstance(one, Unread) and not one.ignored]
    report = corpus.add(articles, wait=True)  # another visitor's upload is soon over
    reasons += [reason for _, reason in report.failed]
    if not reasons:
        return Uploaded(path.name, "added" if articles else "unchanged")
    more = [f"and {len(reasons) - MOST_REASONS:,} more"] if len(reasons) > MOST_REASONS else []
    why = "; ".join(reasons[:MOST_REASONS] + more)
    if not report.added:
        return Uploaded(path.name, "failed", why)
    return Uploaded(path.name, "added", f"{len(set(report.added)):,} added, {len(reasons):,} failed: {why}")


def _named(words: str, path: Path) -> str:
    return words.replace(str(path), path.name)


def _known(corpus: Corpus, article: Article) -> bool:
    try:
        corpus.article(article.id)
    except UnknownArticleError:
        return False
    return True
