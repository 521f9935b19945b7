"""What a command loads before it does its work, with the default embedding model."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag import Corpus, Settings
from rag.index.embedding import MiniLmEmbedder
from rag.testing import HashEmbedder

ROOT = Path(__file__).parents[2]


class NamesakeEmbedder(HashEmbedder):
    """Makes an index as the default model does, without its seconds."""

    name = MiniLmEmbedder(Settings()).name


def started(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `citedesk`; on standard error stands each module that was loaded."""
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "ui", *map(str, arguments)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("CITEDESK_")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    folder = tmp_path_factory.mktemp("started")
    (folder / "articles").mkdir()
    for file in seeds.glob("*.txt"):
        copy = folder / "articles" / file.name
        copy.write_bytes(file.read_bytes())
        os.utime(copy, (1, 1))
    with Corpus.create(folder / "index", embedder=NamesakeEmbedder(), reader=object()) as corpus:  # type: ignore[arg-type]
        assert len(corpus.add(folder / "articles").added) == 5
    return folder


def test_list_index_of_what_is_known_and_remove_load_no_model(folder: Path) -> None:
    listed = started("list", "--index", folder / "index")
    indexed = started("index", folder / "articles", "--index", folder / "index")
    removed = started("remove", listed.stdout.splitlines()[0].split(" · ")[-1], "--index", folder / "index")
    assert "5 unchanged, 0 changed, 0 failed" in indexed.stdout
    assert "holds 4 articles" in removed.stdout
    for done in (listed, indexed, removed):
        assert done.returncode == 0
        assert " numpy\n" in done.stderr
        assert " torch\n" not in done.stderr


def test_an_index_of_another_model_is_told_before_any_is_loaded(tmp_path: Path) -> None:
    with Corpus.create(tmp_path / "index", embedder=HashEmbedder(), reader=object()):  # type: ignore[arg-type]
        pass
    done = started("list", "--index", tmp_path / "index")
    assert done.returncode == 2
    assert "was made with embedder hash-1, the settings say all-MiniLM-L6-v2@" in done.stderr
    assert " torch\n" not in done.stderr
