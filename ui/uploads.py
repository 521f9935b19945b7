"""Files that a visitor of the page hands in → articles of the corpus, one outcome a file."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path

from rag.corpus import Corpus
from rag.errors import CitedeskError, UnknownArticleError
from rag.loading import Unread
from rag.loading.no_articles import is_no_article
from rag.loading.sandbox import ReadingProcess
from rag.schema import Article

from .plain import counted
from .render_uploads import Uploaded

MOST_REASONS = 3  # that are told of one file; the rest are counted


def add(corpus: Corpus, paths: Sequence[Path]) -> Generator[Uploaded, None, None]:
    """Add each file under its own name, not the path of the copy that the server made. One bad file costs only itself.

    The source tells two files of one name apart by what they say: the second one must not replace the first. Whoever
    reads no further adds no further.
    """
    with ReadingProcess() as reading:
        for path in paths:
            yield _outcome(corpus, path, reading)


def _outcome(corpus: Corpus, path: Path, reading: ReadingProcess) -> Uploaded:
    try:
        return _add_one(corpus, path, reading)
    except CitedeskError as error:  # it cannot be read, or the index is busy
        why = _named(str(error), path)
        return Uploaded(path.name, "ignored" if is_no_article(path.name) else "failed", why)


def _add_one(corpus: Corpus, path: Path, reading: ReadingProcess) -> Uploaded:
    found = reading.read(path)
    articles = [
        replace(one, source=f"{_named(one.source, path)} (uploaded {one.id[:6]})")
        for one in found
        if isinstance(one, Article) and not _known(corpus, one)
    ]
    reasons = [_named(one.reason, path) for one in found if isinstance(one, Unread) and not one.ignored]
    ignored = sum(isinstance(one, Unread) and one.ignored for one in found)
    report = corpus.add(articles, wait=True)  # another visitor's upload is soon over
    reasons += [reason for _, reason in report.failed]
    beside = [
        *dict.fromkeys(_named(note, path) for _, note in report.notes),
        *(
            [f"ignored: {counted(ignored, 'part')} of it that {'is' if ignored == 1 else 'are'} no article"]
            if ignored
            else []
        ),
    ]
    if not reasons:
        return Uploaded(path.name, "added" if articles else "unchanged", _joined(beside))
    why = _joined(reasons)
    if not report.added:
        return Uploaded(path.name, "failed", why)
    head = f"{len(set(report.added)):,} added, {len(reasons):,} failed: {why}"
    return Uploaded(path.name, "added", _joined([head, *beside]))


def _joined(reasons: Sequence[str]) -> str | None:
    more = [f"and {len(reasons) - MOST_REASONS:,} more"] if len(reasons) > MOST_REASONS else []
    return "; ".join([*reasons[:MOST_REASONS], *more]) or None


def _named(words: str, path: Path) -> str:
    return words.replace(str(path), path.name)


def _known(corpus: Corpus, article: Article) -> bool:
    try:
        corpus.article(article.id)
    except UnknownArticleError:
        return False
    return True
