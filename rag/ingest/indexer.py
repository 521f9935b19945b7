"""Files and records into the store: read, split, embed, put, a batch at a time; what fails is reported, never lost."""

from __future__ import annotations

import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ReadingError
from ..index.changes import FileRead
from ..index.splitting import findable, split
from ..index.tables import Prepared
from ..loading import parse_fields
from ..loading.folders import files_below, is_empty, is_gone
from ..loading.sandbox import ReadingProcess
from ..loading.sources import MARK, Unread, whole_characters
from ..plugins import Embedder, Index, Vectors
from ..schema import Article, Passage
from ..settings import Settings
from .records import completed
from .report import AddReport, Progress, Step

BATCH_PASSAGES = 256  # bounds the memory while building, and what a kill can cost
READING = "4"  # another one whenever a reader makes other articles of the same file
EMPTY = "the folder holds no file, expected articles. Check the path."
SETTLED_SECONDS = 2.0  # a file changed later than this before it was read may change again under the same time stamp


@dataclass(slots=True)
class _Ledger:
    added: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def note(self, unread: Unread) -> None:
        if unread.ignored:
            self.ignored.append(unread.source)
        else:
            self.failed.append((unread.source, unread.reason))

    def report(self) -> AddReport:
        return AddReport(
            added=tuple(self.added),
            unchanged=tuple(self.unchanged),
            changed=tuple(self.changed),
            removed=tuple(self.removed),
            failed=tuple(self.failed),
            ignored=tuple(self.ignored),
            notes=tuple(self.notes),
        )


@dataclass(frozen=True, slots=True)
class _Taken:
    """An article that is to be stored. Without passages, its text is known."""

    article: Article
    passages: tuple[Passage, ...]
    file: str | None


class Adder:
    """One run of adding or syncing, alone on the index."""

    def __init__(self, index: Index, embedder: Embedder, settings: Settings, *, progress: Progress | None) -> None:
        self._index = index
        self._embedder = embedder
        self._settings = settings
        self._fields = parse_fields(settings.field_map)
        self._reading = ReadingProcess()
        self._progress = progress or (lambda step: None)
        self._step = Step()
        self._ledger = _Ledger()
        self._waiting: list[_Taken] = []
        self._waiting_passages = 0
        self._files: list[FileRead] = []
        self._taken: dict[str, str] = {}  # source → article id, of this run

    def add(self, things: Sequence[Path | Article]) -> AddReport:
        """Add each file, each file below each folder, and each record."""
        work: list[Path | Article] = []
        for thing in things:
            work.extend([thing] if isinstance(thing, Article) else self._below(thing))
        work = list({id(item) if isinstance(item, Article) else item: item for item in work}.values())
        with self._reading:
            for done, item in enumerate(work):
                source = _name_of(item, number=done + 1)
                self._tell(done=done, total=len(work), at=source)
                try:
                    self._add_record(item) if isinstance(item, Article) else self._add_file(item)
                except ReadingError as error:
                    self._ledger.failed.append((source, str(error)))
        self._flush()
        if work:
            self._tell(done=len(work), at="")
        return self._report()

    def sync(self, folder: Path, *, only: Sequence[Path] = ()) -> AddReport:
        """Add what is in the folder, and remove the articles of files that are gone from it. With `only`, of these
        paths in it, and of what is or was below them."""
        if not folder.is_dir():
            raise ReadingError(f"{folder} is not a folder, expected the folder of articles to keep in step with.")
        self.add(self._found(folder, only) if only else [folder])
        # A path of a file that is gone is as its folder is, for the index knows files by their real paths.
        places = [path.parent.resolve() / path.name for path in only] or [folder.resolve()]
        known = [file for path in places for file in self._index.files_at(str(path))]
        gone = [file for file in dict.fromkeys(known) if is_gone(file)]
        if gone and is_empty(folder):  # rather a drive that is not there than articles that are gone
            self._ledger.failed += [(str(folder), EMPTY)] if only else []
            return self._report()
        for at in range(0, len(gone), BATCH_PASSAGES):
            self._ledger.removed.extend(self._index.forget_files(gone[at : at + BATCH_PASSAGES]))
        return self._report()

    def _report(self) -> AddReport:
        report = self._ledger.report()
        copied = self._index.copied((*report.added, *report.changed))
        return replace(report, copies=copied, passages=self._step.passages)

    def _tell(self, **changes: Any) -> None:
        self._step = replace(self._step, **changes)
        self._progress(self._step)

    def _below(self, path: Path) -> list[Path]:
        if not path.is_dir():
            return [path]
        files = self._found(path)
        if is_empty(path):
            self._ledger.failed.append((str(path), EMPTY))
        return files

    def _found(self, folder: Path, only: Sequence[Path] = ()) -> list[Path]:
        files, refused = files_below(folder, only)
        for one in refused:
            self._ledger.note(one)
        return files

    def _add_record(self, article: Article) -> None:
        self._take(completed(article), file=None)

    def _add_file(self, path: Path) -> None:
        """Read a file, unless it is as it was when its articles were stored."""
        path = _resolved(path)
        stamp = _stamp(path, field_map=self._settings.field_map)
        if stamp and stamp == self._index.stamp_of(str(path)):
            self._ledger.unchanged.extend(self._index.sources_of(str(path)))
            return
        found = self._reading.read(path, self._fields)
        kept = []
        for one in found:
            if isinstance(one, Article):
                self._take(one, file=str(path))
                kept.append(one.source)
                continue
            self._ledger.note(one)
            if not one.ignored:  # what came from this part before stays, and the file is read again the next time
                stamp = ""
                known = self._index.sources_of(str(path))
                kept.extend(old for old in known if f"{old}{MARK}".startswith(f"{one.source}{MARK}"))
        self._files.append(FileRead(str(path), stamp, tuple(kept)))
        if len(self._files) >= BATCH_PASSAGES:
            self._flush()

    def _take(self, article: Article, *, file: str | None) -> None:
        if self._taken.setdefault(article.source, article.id) != article.id:
            reason = (
                f"another article came from the source {article.source!r}, expected one each. Give it its own source."
            )
            self._ledger.failed.append((article.source, reason))
            return
        before = self._index.article_id_of(article.source)
        known = self._index.has(article.id)
        if before == article.id and not self._corrects(article):
            self._ledger.unchanged.append(article.source)
            return
        (self._ledger.added if before is None else self._ledger.changed).append(article.source)
        self._ledger.notes.extend((article.source, note) for note in article.notes)
        fresh = not known or before == article.id
        passages = tuple(split(article, passage_tokens=self._settings.passage_tokens)) if fresh else ()
        self._waiting.append(_Taken(article, passages, file))
        self._waiting_passages += len(passages)
        if max(self._waiting_passages, len(self._waiting)) >= BATCH_PASSAGES:
            self._flush()

    def _corrects(self, article: Article) -> bool:
        """Whether a known text comes from its source with another title, date or outlet, or other sections."""
        stored = self._index.article(article.id)
        return stored.source == article.source and stored != article

    def _flush(self) -> None:
        """Store what waits, in one transaction. Only passages that no article had before are embedded."""
        texts = [[findable(taken.article, one) for one in taken.passages] for taken in self._waiting]
        vectors = self._vectors([text for mine in texts for text in mine])
        prepared = [
            Prepared(taken.article, taken.passages, np.array([vectors[text] for text in mine]), taken.file)
            for taken, mine in zip(self._waiting, texts, strict=True)
        ]
        if prepared or self._files:
            self._index.put(prepared, files=self._files)
            self._tell(
                articles=self._step.articles + len(prepared), passages=self._step.passages + self._waiting_passages
            )
        self._waiting.clear()
        self._waiting_passages = 0
        self._files.clear()

    def _vectors(self, texts: Sequence[str]) -> dict[str, Vectors]:
        known = self._index.known_vectors(texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        return known | dict(zip(new, self._embedder.embed_texts(new), strict=True))


def _name_of(item: Path | Article, *, number: int) -> str:
    """Return what a file or record is called in a report, before it is read."""
    if isinstance(item, Path):
        return str(item)
    return whole_characters(str(item.source)) if item.source else f"record {number} of those given"


def _stamp(path: Path, *, field_map: str) -> str:
    """Return what tells a file from a later version of it; empty where nothing does."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return ""
    if not stat.S_ISREG(found.st_mode) or time.time() - max(found.st_mtime, found.st_ctime) < SETTLED_SECONDS:
        return ""
    return f"{READING} {field_map} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


def _resolved(path: Path) -> Path:
    try:
        found = path.resolve()
        str(found).encode()  # as the index keeps it
        return found
    except (OSError, RuntimeError, ValueError) as error:  # links in a circle, a NUL in the name, one in no encoding
        raise ReadingError(
            f"{str(path)!r} cannot be found ({error}), expected a file. Correct the name or the link."
        ) from error
