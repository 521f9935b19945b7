"""What a reader does to its process costs one file: it hangs, crashes, eats memory, prints, or waits for ever."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rag import Article, Corpus
from rag.errors import ReadingError
from rag.loading import Unread, parse_fields, read_path
from rag.loading import sandbox as reading_process
from rag.loading.sandbox import ReadingProcess

WORDS = "The ferry between the two islands will stop running in October."
PAGE = f"<html><body><article><p>{WORDS}</p></article></body></html>".encode()
unix = pytest.mark.skipif(sys.platform == "win32", reason="limits and signals are of Unix")

Spoil = Callable[[str], None]


@pytest.fixture
def process() -> Iterator[ReadingProcess]:
    with ReadingProcess(seconds=2.0) as process:
        yield process


@pytest.fixture
def spoil(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spoil:
    """`spoil(code)`: the library that reads Word documents does that instead; it is found before the real one."""
    (tmp_path / "modules").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "modules"))

    def write(code: str) -> None:
        body = "".join(f"    {line}\n" for line in code.splitlines())
        (tmp_path / "modules" / "docx.py").write_text(f"def Document(file):\n{body}")

    return write


@pytest.fixture
def files(tmp_path: Path, make_word: Any) -> dict[str, Path]:
    folder = tmp_path / "articles"
    folder.mkdir()
    data = {"a.html": PAGE, "b.docx": make_word(WORDS), "c.html": PAGE.replace(b"October", b"May"), "d.txt": b"Words."}
    for name, content in data.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in data}


def test_it_reads_what_is_read_without_it(files: dict[str, Path], process: ReadingProcess) -> None:
    for path in files.values():
        assert process.read(path) == read_path(path)


def test_fields_half_characters_and_errors_come_through(tmp_path: Path, process: ReadingProcess) -> None:
    path = tmp_path / "new\nline \u202e.json"
    path.write_text('[{"story": "A walrus \\u00e9 swims.", "title": "Half \\ud800"}, {"story": ""}]', encoding="utf-8")
    article, unread = process.read(path, parse_fields("text=story"))
    assert isinstance(article, Article)
    assert (article.text, article.title, article.source) == ("A walrus é swims.", "Half ?", f"{path}#1")
    assert isinstance(unread, Unread)
    path.write_text('{"tale": 5}', encoding="utf-8")
    with pytest.raises(ReadingError, match=r"holds no record with a text. Its fields: tale"):
        process.read(path)


@unix
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("while True: pass", r"takes more than 2 s to read, expected less\. Open it in its own program"),
        (
            "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
            "takes more than 2 s",
        ),  # the interpreter cannot be interrupted
        ("import os\nos.kill(os.getpid(), 11)", r"makes its reader crash \(SIGSEGV\).*expected a whole file"),
        ("import os\nos._exit(0)", r"makes its reader crash \(code 0\)"),
        (
            "return bytearray(3_000_000_000)",
            r"needs more than 1,\d{3} MB of memory to be read, expected less\. Split it",
        ),
        ("def again(): again()\nagain()", r"cannot be read as DOCX \(RecursionError"),
    ],
    ids=["hangs", "hangs in C", "crashes", "ends", "eats memory", "recursion"],
)
def test_a_reader_costs_its_file_alone(
    files: dict[str, Path], spoil: Spoil, process: ReadingProcess, code: str, said: str
) -> None:
    spoil(code)
    assert process.read(files["a.html"]) == read_path(files["a.html"])
    with pytest.raises(ReadingError, match=f"{files['b.docx']} {said}"):
        process.read(files["b.docx"])
    assert process.read(files["c.html"]) == read_path(files["c.html"])


def test_what_waits_for_ever_is_ended(
    files: dict[str, Path], spoil: Spoil, process: ReadingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_process, "WAITING", 0.5)
    spoil("import time\ntime.sleep(600)")
    begun = time.perf_counter()
    with pytest.raises(ReadingError, match="takes more than 2 s"):
        process.read(files["b.docx"])
    assert time.perf_counter() - begun < 60


def test_what_a_library_prints_does_no_harm(files: dict[str, Path], spoil: Spoil, process: ReadingProcess) -> None:
    spoil("import os\nprint('{\"found\": []}', flush=True)\nos.write(1, b'x' * 100_000)\nraise ValueError('odd')")
    with pytest.raises(ReadingError, match=r"cannot be read as DOCX \(ValueError: odd\)"):
        process.read(files["b.docx"])


@unix
def test_a_part_that_hangs_costs_itself_and_leaves_nothing_behind(
    tmp_path: Path, files: dict[str, Path], spoil: Spoil, make_zip: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    spoil("import os\nos.abort()")
    inner = {"b.docx": files["b.docx"].read_bytes(), "c.txt": b"Words of it."}
    path = tmp_path / "news.zip"
    path.write_bytes(make_zip({"a.txt": b"Words.", "inner.zip": make_zip(inner), "d.html": PAGE}))
    with ReadingProcess() as process:
        found = process.read(path)
    assert [one.source.removeprefix(str(path)) for one in found] == [
        "#a.txt",
        "#inner.zip#b.docx",
        "#inner.zip#c.txt",
        "#d.html",
    ]
    [lost] = [one for one in found if isinstance(one, Unread)]
    assert lost.reason.startswith(f"{path}#inner.zip#b.docx makes its reader crash (SIGABRT)")
    assert list((tmp_path / "temporary").iterdir()) == []


@unix
def test_an_archive_of_nothing_but_crashes_is_given_up(
    tmp_path: Path, files: dict[str, Path], spoil: Spoil, make_zip: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_process, "MAX_LOST_PARTS", 1)
    spoil("import os\nos.abort()")
    path = tmp_path / "news.zip"
    path.write_bytes(make_zip(dict.fromkeys(["1.docx", "2.docx"], files["b.docx"].read_bytes())))
    with ReadingProcess() as process, pytest.raises(ReadingError, match=r"news\.zip makes its reader crash"):
        process.read(path)


@unix
def test_what_an_earlier_file_broke_is_not_blamed_on_the_next(
    files: dict[str, Path], spoil: Spoil, process: ReadingProcess
) -> None:
    """The library breaks at its second document in a process, whichever that is."""
    spoil("import os\nglobal before\nif 'before' in globals(): os.abort()\nbefore = 1\nraise ValueError('odd')")
    for _ in range(2):
        with pytest.raises(ReadingError, match="ValueError: odd"):
            process.read(files["b.docx"])


@unix
def test_a_corpus_loses_one_file(empty_corpus: Corpus, files: dict[str, Path], spoil: Spoil) -> None:
    spoil("import os\nos.kill(os.getpid(), 9)")
    report = empty_corpus.add(files["a.html"].parent)
    assert [Path(source).name for source in report.added] == ["a.html", "c.html", "d.txt"]
    [(source, reason)] = report.failed
    assert source == str(files["b.docx"])
    assert "SIGKILL" in reason


def test_plain_text_starts_no_process(files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with ReadingProcess() as process:
        assert process.read(files["d.txt"]) == read_path(files["d.txt"])
        with pytest.raises(
            ReadingError, match=r"no process can be started .*, expected /nowhere/python to run\. Check"
        ):
            process.read(files["a.html"])


def test_it_imports_no_model_and_nothing_of_the_current_folder(
    tmp_path: Path, files: dict[str, Path], process: ReadingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "trafilatura.py").write_text("raise SystemExit('imported from the current folder')")
    monkeypatch.chdir(tmp_path)
    assert process.read(files["a.html"]) == read_path(files["a.html"])
    code = "import sys, rag.loading.sandbox_worker; print(sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    for heavy in ("torch", "numpy", "trafilatura", "lxml", "pypdf", "pickle", "multiprocessing"):
        assert f"'{heavy}'" not in loaded.stdout


@unix
def test_it_ends_with_its_parent(tmp_path: Path, files: dict[str, Path]) -> None:
    code = (
        "import os, sys; from pathlib import Path; from rag.loading.sandbox import ReadingProcess\n"
        "process = ReadingProcess(); process.read(Path(sys.argv[1])); print(process._child.pid, flush=True); os._exit(1)"
    )
    root = Path(__file__).parents[3]
    ended = subprocess.run([sys.executable, "-c", code, str(files["a.html"])], capture_output=True, text=True, cwd=root)
    child = int(ended.stdout)
    until = time.monotonic() + 30
    while time.monotonic() < until and Path(f"/proc/{child}").exists():
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
