"""The command line and the page on an index that may only be read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.stress.scene import AnyReader
from rag import Corpus
from rag.testing import HashEmbedder
from ui import uploads

ROOT = Path(__file__).parents[2]
ReadingOnly = Callable[[Path], Path]


def citedesk(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("CITEDESK_")}
    parts = {"EMBEDDER": "HashEmbedder", "READER": "WordReader", "ENTAILMENT": "WordEntailment"}
    fakes = {f"CITEDESK_{role}": f"rag.testing:{name}" for role, name in parts.items()}
    return subprocess.run(
        [sys.executable, "-m", "ui", *map(str, arguments)],
        cwd=ROOT,
        env=known | fakes | {"CITEDESK_CONSISTENCY": "none"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture
def index(tmp_path: Path, seeds: Path) -> Path:
    with Corpus.create(tmp_path / "index", embedder=HashEmbedder(), reader=AnyReader()) as corpus:
        corpus.add(seeds)
    return tmp_path / "index"


def test_it_is_asked_and_each_command_that_writes_says_why_it_does_not(
    index: Path, reading_only: ReadingOnly, seeds: Path
) -> None:
    place = reading_only(index)
    listed = citedesk("list", "--index", place)
    assert (listed.returncode, len(listed.stdout.splitlines())) == (0, 5)
    assert "treaty" in citedesk("search", "mutual defence treaty", "--index", place).stdout
    asked = citedesk("ask", "Which treaty did they sign?", "--index", place)
    assert asked.returncode in (0, 3), asked.stderr
    source = listed.stdout.splitlines()[0].split(" · ")[-1]
    for command in (["remove", source], ["index", seeds], ["index", seeds, "--wait"], ["watch", seeds]):
        done = citedesk(*command, "--index", place)
        assert (done.returncode, done.stdout) == (2, "")
        assert "may only be read, expected" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_a_file_handed_in_on_the_page_fails_with_the_reason(
    index: Path, reading_only: ReadingOnly, tmp_path: Path
) -> None:
    file = tmp_path / "harbour.txt"
    file.write_text("A walrus swims in the harbour of Lomvik.", encoding="utf-8")
    with Corpus.open(reading_only(index), embedder=HashEmbedder(), reader=AnyReader()) as corpus:
        (outcome,) = uploads.add(corpus, [file])
        assert len(corpus) == 5
    assert outcome.outcome == "failed"
    assert "may only be read, expected" in outcome.reason
