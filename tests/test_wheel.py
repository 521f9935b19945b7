"""What is released works where only it is installed: in a fresh environment, from another folder."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import rag

ROOT = Path(__file__).parent.parent
LARGEST = 100_000_000
TOKEN = "a-token-for-tests"
ARTICLE = "Harbour town swaps ferries for seals\n\nThe island sent 12 grey seals, which now live in the old dock.\n"


def wheels() -> Any:
    """The script that builds them."""
    spec = importlib.util.spec_from_file_location("wheels", ROOT / ".ci" / "wheels.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_a_wheel_that_is_too_large_needs_another_one_with_its_largest_weights(tmp_path: Path) -> None:
    whole = tmp_path / "citedesk-1.2.3-py3-none-any.whl"
    weights = {"rag/models/reader/w": 3_000, "rag/models/reader-large/w": 9_000, "rag/models/entailment/w": 2_000}
    with zipfile.ZipFile(whole, "w") as archive:
        for name, size in weights.items():
            archive.writestr(name, os.urandom(size))
        archive.writestr("rag/models/confidence.json", "{}")
        archive.writestr("citedesk-1.2.3.dist-info/METADATA", "Name: citedesk\nVersion: 1.2.3\n\n# Readme\n")
        archive.writestr("citedesk-1.2.3.dist-info/RECORD", "")
    main, models = wheels().split(whole, largest=8_000)
    assert names(models) >= {"citedesk_models/reader-large/w", "citedesk_models/__init__.py"}
    assert {name for name in names(main) if name.startswith("rag/")} == {
        "rag/models/reader/w",
        "rag/models/entailment/w",
        "rag/models/confidence.json",
    }
    with zipfile.ZipFile(main) as archive:
        needs = archive.read("citedesk-1.2.3.dist-info/METADATA").decode()
        record = archive.read("citedesk-1.2.3.dist-info/RECORD").decode()
    assert needs == "Name: citedesk\nVersion: 1.2.3\nRequires-Dist: citedesk-models==1.2.3\n\n# Readme\n"
    assert {line.split(",")[0] for line in record.splitlines()} == names(main)


def test_weights_are_found_here_or_in_the_package_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.models import weights_folder

    (tmp_path / "citedesk_models" / "reader-huge").mkdir(parents=True)
    assert (
        weights_folder("reader-huge") == ROOT / "rag" / "models" / "reader-huge"
    )  # which the loader says is not there
    monkeypatch.syspath_prepend(tmp_path)
    assert weights_folder("reader-huge") == tmp_path / "citedesk_models" / "reader-huge"
    assert weights_folder("reader") == ROOT / "rag" / "models" / "reader"


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment with nothing of this repository but its wheels, and a folder elsewhere to work in."""

    wheels: tuple[Path, ...]
    bin: Path
    folder: Path

    def environment(self) -> dict[str, str]:
        """As of someone else: no settings, no module path, a home of their own."""
        known = {name: value for name, value in os.environ.items() if not name.startswith(("CITEDESK_", "PYTHON"))}
        return known | {"HOME": str(self.folder / "home"), "XDG_DATA_HOME": str(self.folder / "data"), "COLUMNS": "200"}

    def run(self, program: str, *arguments: str, exits: int = 0) -> str:
        done = subprocess.run(
            [self.bin / program, *arguments],
            cwd=self.folder / "work",
            env=self.environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=600,
        )
        assert done.returncode == exits, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    pytest.importorskip("hatchling", reason="hatchling builds the wheel; it comes with the extra `test`")
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "work").mkdir()
    built = wheels().build(folder / "dist")
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    scripts = environment / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", str(scripts / "python"), "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--no-index", *map(str, built)], check=True)
    [packages] = environment.rglob("site-packages")
    # What it depends on is that of the tests. What is named in a file of paths brings no editable install along.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return Installed(tuple(built), scripts, folder)


@pytest.mark.slow
def test_the_wheels_hold_what_is_needed_and_stay_small(installed: Installed) -> None:
    assert all(wheel.stat().st_size < LARGEST for wheel in installed.wheels)
    held = set().union(*map(names, installed.wheels))
    assert {"rag/py.typed", "eval/cases/seeds.jsonl", "ui/page.js", "rag/data/cl100k_base.tiktoken"} <= held
    assert len([name for name in held if name.startswith("rag/seeds/")]) == len(list((ROOT / "seeds").iterdir()))
    assert not [name for name in held if re.match(r"tests/|eval/(training|stress|results|runs)/", name)]


@pytest.mark.slow
def test_it_runs_from_the_wheel_and_says_its_version(installed: Installed) -> None:
    assert installed.run("citedesk", "--version") == f"citedesk {rag.__version__}\n"
    place = installed.run("python", "-c", "import rag; print(rag.__file__)")
    assert Path(place.strip()).is_relative_to(installed.folder)


@pytest.mark.slow
def test_the_first_example_of_the_readme_works_and_leaves_the_working_folder_alone(installed: Installed) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [example, *_] = re.findall(r"^```python\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    before = set((installed.folder / "work").iterdir())
    shown = installed.run("python", "-c", example)
    assert all(f"    {line}\n" in readme for line in shown.splitlines()), shown
    assert set((installed.folder / "work").iterdir()) == before
    assert (installed.folder / "data" / "citedesk" / "index" / "corpus.sqlite").is_file()


@pytest.mark.slow
def test_ask_answers_from_a_folder_of_articles(installed: Installed) -> None:
    (installed.folder / "work" / "articles").mkdir()
    (installed.folder / "work" / "articles" / "harbour.txt").write_text(ARTICLE, encoding="utf-8")
    assert "1 added" in installed.run("citedesk", "index", "articles", "--index", "ix")
    shown = installed.run("citedesk", "ask", "How many grey seals did the island send?", "--index", "ix")
    assert "The island sent 12 grey seals, which now live in the old dock. [1]" in shown


@pytest.mark.slow
def test_eval_run_measures(installed: Installed) -> None:
    cases = (ROOT / "eval" / "cases" / "seeds.jsonl").read_text(encoding="utf-8").splitlines()[:2]
    (installed.folder / "work" / "two.jsonl").write_text("\n".join(cases), encoding="utf-8")
    installed.run("citedesk", "eval", "run", "--cases", "two.jsonl", "--out", "measured")
    summary = json.loads((installed.folder / "work" / "measured" / "summary.json").read_text(encoding="utf-8"))
    assert (summary["cases"], summary["failed"]) == (2, 0)
    rows = (installed.folder / "work" / "measured" / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(row)["id"] for row in rows] == [json.loads(case)["id"] for case in cases]


@pytest.mark.slow
def test_chat_serves_the_page(installed: Installed) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serving = subprocess.Popen(
        [installed.bin / "citedesk", "chat", "--port", str(port)],
        cwd=installed.folder / "work",
        env={**installed.environment(), "CITEDESK_TOKEN": TOKEN},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert "Citedesk" in page_at(f"http://127.0.0.1:{port}/?token={TOKEN}", serving)
    finally:
        serving.terminate()
        serving.wait(60)


def page_at(address: str, serving: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + 300
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor()
    )  # the page turns the token into a cookie
    while True:
        try:
            with browser.open(address, timeout=60) as page:
                return str(page.read().decode())
        except OSError:
            assert serving.poll() is None, "it ended"
            assert time.monotonic() < end, "nobody answers"
            time.sleep(0.5)
