"""What the command line does before any command: version, logging, and what it says of packages that are absent."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import rag
from rag import Corpus, MissingExtraError
from rag.testing import HashEmbedder
from ui.cli import app
from ui.opening import default_folder, open_to_ask


@pytest.fixture(autouse=True)
def _loggers_as_before() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ("rag", "ui", "eval")]
    before = [(one.level, list(one.handlers)) for one in loggers]
    yield
    for one, (level, handlers) in zip(loggers, before, strict=True):
        one.setLevel(level)
        one.handlers[:] = handlers


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITEDESK_EMBEDDER", "rag.testing:HashEmbedder")
    Corpus.create(tmp_path / "ix", embedder=HashEmbedder()).close()
    return tmp_path / "ix"


def test_the_version_is_that_of_the_library() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"citedesk {rag.__version__}\n")


@pytest.mark.parametrize(
    ("flags", "level"), [([], logging.NOTSET), (["-v"], logging.INFO), (["-v", "--verbose"], logging.DEBUG)]
)
def test_only_the_command_line_sets_logging_up_and_only_when_asked(flags: list[str], level: int, index: Path) -> None:
    done = CliRunner().invoke(app, [*flags, "list", "--index", str(index)])
    assert done.exit_code == 0
    assert logging.getLogger("rag").level == logging.getLogger("ui").level == level
    assert ("INFO rag.plugins: embedder" in done.stderr) == bool(flags)


def test_the_page_without_gradio_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name, package=None: None)
    done = CliRunner().invoke(app, ["chat"])
    assert isinstance(done.exception, MissingExtraError)
    assert "pip install '.[ui]'" in str(done.exception)


def test_the_first_use_says_where_the_index_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CITEDESK_INDEX", str(tmp_path / "mine"))
    monkeypatch.setenv("CITEDESK_EMBEDDER", "rag.testing:HashEmbedder")
    for told in (True, False):
        with open_to_ask(None) as corpus:
            assert len(corpus) == 5
        out, err = capsys.readouterr()
        assert (f"The seed articles go into a new one in {tmp_path / 'mine'}\n" in err) is told
        assert out == ""


def test_an_index_in_the_folder_at_hand_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Corpus.create(".citedesk", embedder=HashEmbedder()).close()
    assert default_folder() == tmp_path / ".citedesk"
    assert f"an earlier version made in {tmp_path / '.citedesk'}" in capsys.readouterr().err
