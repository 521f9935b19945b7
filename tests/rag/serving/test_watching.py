"""A real folder, a real watcher and a corpus in memory; every wait is for a condition."""

from __future__ import annotations

import os
import queue
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from rag import AddReport, Corpus
from rag.errors import CitedeskError, ReadingError
from rag.index.database import alone
from rag.serving.watching import RESTLESS_SECONDS, _Unsettled, watch
from rag.testing import HashEmbedder

PATIENCE = 120.0  # seconds, for a busy machine
SETTLED = 0.3


class Watched:
    """`watch` in a thread. `reports` holds what it yields, then None, or the error that ended it."""

    def __init__(self, corpus: Corpus, folder: Path) -> None:
        self.corpus, self.folder = corpus, folder
        self.stop = threading.Event()
        self.reports: queue.Queue[AddReport | CitedeskError | None] = queue.Queue()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            for report in watch(self.corpus, self.folder, stop=self.stop):
                self.reports.put(report)
        except CitedeskError as error:
            self.reports.put(error)
        else:
            self.reports.put(None)

    def next(self) -> AddReport:
        report = self.reports.get(timeout=PATIENCE)
        assert isinstance(report, AddReport), report
        return report

    def until(self, holds: Callable[[AddReport], object]) -> AddReport:
        """Return what was reported, all of it together, once `holds` is true of it."""
        report = AddReport()
        while not holds(report):
            report += self.next()
        return report

    def end(self) -> None:
        self.stop.set()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()

    def texts(self) -> list[str]:
        return sorted(article.text for article in self.corpus.articles())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    write(tmp_path / "articles" / "seals.txt", "Twelve seals live in the dock.")
    return tmp_path / "articles"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.serving.watching.SETTLED_SECONDS", SETTLED)
    monkeypatch.setattr("rag.serving.watching.TICK_SECONDS", 0.05)


@pytest.fixture
def watched(folder: Path, empty_corpus: Corpus) -> Iterator[Watched]:
    running = Watched(empty_corpus, folder)
    assert [Path(source).name for source in running.next().added] == ["seals.txt"]
    yield running
    running.end()


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_new_a_changed_and_a_deleted_file(watched: Watched, folder: Path) -> None:
    walrus = write(folder / "walrus.txt", "A walrus swims.")
    assert watched.next() == AddReport(added=(str(walrus),), passages=1)
    write(walrus, "A walrus sings.")
    assert watched.next() == AddReport(changed=(str(walrus),), passages=1)
    assert watched.corpus.search("walrus")[0].passage.text == "A walrus sings."
    walrus.unlink()
    assert watched.next() == AddReport(removed=(str(walrus),))
    assert watched.texts() == ["Twelve seals live in the dock."]


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The paths that were brought in step, one after the other."""
    paths: list[Path] = []
    sync = Corpus.sync

    def noting(corpus: Corpus, folder: Path, *, only: Sequence[Path], **named: Any) -> AddReport:
        paths.extend(only)
        return sync(corpus, folder, only=only, **named)

    monkeypatch.setattr(Corpus, "sync", noting)
    return paths


def test_only_what_changed_is_looked_at(watched: Watched, folder: Path, looked_at: list[Path]) -> None:
    walrus = write(folder / "walrus.txt", "A walrus swims.")
    watched.next()
    assert set(looked_at) == {walrus}


def test_a_renamed_file_is_not_embedded_again(watched: Watched, folder: Path) -> None:
    old, new = folder / "seals.txt", folder / "renamed.txt"
    old.rename(new)
    report = watched.until(lambda report: report.added and report.removed)
    assert report == AddReport(added=(str(new),), removed=(str(old),), passages=0)
    assert [article.source for article in watched.corpus.articles()] == [str(new)]


def test_folders_come_move_and_go(watched: Watched, folder: Path, tmp_path: Path) -> None:
    deep = tmp_path / "outside" / "deep"
    deep.mkdir(parents=True)
    for number in range(3):
        write(deep / f"{number}.txt", f"Walrus {number} swims.")
    (tmp_path / "outside").rename(folder / "inside")
    watched.until(lambda report: len(report.added) == 3)
    write(folder / "inside" / "deep" / "late.txt", "A late walrus swims.")
    assert watched.next().added == (str(folder / "inside" / "deep" / "late.txt"),)
    (folder / "inside").rename(folder / "elsewhere")
    report = watched.until(lambda report: len(report.removed) == 4)
    assert (len(report.added), report.passages) == (4, 0)
    shutil.rmtree(folder / "elsewhere")
    watched.until(lambda report: len(report.removed) == 4)
    assert watched.texts() == ["Twelve seals live in the dock."]


def test_many_files_at_once(watched: Watched, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.serving.watching.MANY", 100)
    for number in range(300):
        write(folder / f"{number}.txt", f"Walrus {number} swims.")
    watched.until(lambda report: len(report.added) == 300)
    assert len(watched.corpus) == 301


def test_a_half_written_file_is_tried_again(
    watched: Watched, folder: Path, looked_at: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.serving.watching.FRESH_SECONDS", 600.0)
    whole = '[{"text": "A walrus swims."}, {"text": "Grain is dear."}]'
    file = write(folder / "export.json", whole[:20])
    wait_until(lambda: looked_at.count(file) >= 2)
    assert watched.reports.empty()
    write(file, whole)
    report = watched.next()
    assert (len(report.added), report.failed) == (2, ())


def test_a_file_that_stays_bad_is_reported(watched: Watched, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.serving.watching.FRESH_SECONDS", 1.5)
    start = time.monotonic()
    bad = write(folder / "export.json", '[{"text": "A walr')
    report = watched.next()
    assert [source for source, _ in report.failed] == [str(bad)]
    assert time.monotonic() - start >= 1.4


def test_hidden_and_temporary_files_are_left_alone(watched: Watched, folder: Path) -> None:
    (folder / ".git").mkdir()
    for name in (".git/a.txt", ".b.txt", "c.txt~", "#d.txt#", "~$e.docx", ".~lock.f.odt#", "g.txt.swp", "h.txt.part"):
        write(folder / name, "A walrus swims.")
    os.replace(write(folder / "4913.tmp", "Ten seals live in the dock."), folder / "seals.txt")  # as editors save
    assert watched.next() == AddReport(changed=(str(folder / "seals.txt"),), passages=1)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, names of files are always in an encoding")
def test_a_name_in_no_encoding_stops_nothing(watched: Watched, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.serving.watching.FRESH_SECONDS", 0.0)
    Path(os.fsdecode(bytes(folder) + b"/\xff.txt")).write_text("A walrus swims.", encoding="utf-8")
    watched.until(lambda report: report.failed)
    gull = write(folder / "gull.txt", "A gull flies.")
    assert watched.until(lambda report: report.added).added == (str(gull),)


def test_a_link_inside_is_followed_to_what_is_not_read_where_it_is(watched: Watched, folder: Path) -> None:
    (folder / ".drafts").mkdir()
    draft = write(folder / ".drafts" / "walrus.txt", "A walrus swims.")
    (folder / "link.txt").symlink_to(draft)
    (folder / "again.txt").symlink_to(folder / "seals.txt")
    assert watched.next() == AddReport(added=(str(draft),), passages=1)


def test_while_another_process_writes_it_waits(folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Corpus.create(tmp_path / "ix", embedder=HashEmbedder()) as corpus:
        with alone(tmp_path / "ix", wait=False):
            watched = Watched(corpus, folder)
            wait_until(lambda: "another process writes" in caplog.text)
            assert len(corpus) == 0
        assert len(watched.next().added) == 1
        watched.end()


def test_a_folder_that_goes_away_costs_no_article(watched: Watched, folder: Path) -> None:
    folder.rename(folder.with_name("unplugged"))
    error = watched.reports.get(timeout=PATIENCE)
    assert isinstance(error, ReadingError)
    assert "is not there" in str(error)
    assert len(watched.corpus) == 1


def test_an_empty_folder_in_its_place_costs_no_article(watched: Watched, folder: Path) -> None:
    """As when a drive is taken off its mount point."""
    folder.rename(folder.with_name("unplugged"))
    folder.mkdir()
    assert isinstance(watched.reports.get(timeout=PATIENCE), ReadingError)
    assert len(watched.corpus) == 1


def test_an_emptied_folder_costs_no_article(watched: Watched, folder: Path) -> None:
    (folder / "seals.txt").unlink()
    ((source, reason),) = watched.next().failed
    assert (source, "holds no file" in reason) == (str(folder), True)
    assert len(watched.corpus) == 1


def test_a_folder_that_is_not_there_cannot_be_watched(empty_corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="is not there"):
        next(watch(empty_corpus, tmp_path / "absent"))


def test_the_index_may_lie_in_the_folder(folder: Path) -> None:
    with Corpus.create(folder / "ix", embedder=HashEmbedder()) as corpus:
        watched = Watched(corpus, folder)
        assert len(watched.next().added) == 1
        walrus = write(folder / "walrus.txt", "A walrus swims.")
        assert watched.next() == AddReport(added=(str(walrus),), passages=1)
        watched.end()
        assert watched.reports.get(timeout=PATIENCE) is None


def test_a_file_settles_when_it_has_not_changed_for_a_while(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    unsettled = _Unsettled(tmp_path, clock=lambda: now)
    file = write(tmp_path / "a.txt", "A")
    unsettled.note([file])
    rounds = 0
    while now < RESTLESS_SECONDS:
        now += 0.9 * SETTLED
        rounds += 1
        write(file, "A" * rounds)
        assert unsettled.settled() == []
    assert "still being written" in caplog.text
    now += 1.0
    assert unsettled.settled() == [file]
    assert unsettled.settled() == []
