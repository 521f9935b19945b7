"""What must hold for the project as a whole: who imports whom, how fast, and that the README's code is true."""

from __future__ import annotations

import ast
import os
import re
import shutil
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
IMPORT_SECONDS = 0.1
HEAVY = {"faiss", "gradio", "numpy", "openai", "sentence_transformers", "tiktoken", "torch", "transformers"}


def sources(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found, f"{folder} holds no Python"
    return found


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> set[str]:
    """The absolute names of what a file imports; of `from rag import x` only `rag`."""
    names: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module)
    return names


def plain_imports(path: Path) -> set[str]:
    return {alias.name for node in ast.walk(parsed(path)) if isinstance(node, ast.Import) for alias in node.names}


def packages(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


def fresh_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_nobody_replaces_the_built_in_eval() -> None:
    for path in [path for folder in ("rag", "ui", "eval", "tests") for path in sources(folder)]:
        replaced = {name for name in plain_imports(path) if name.partition(".")[0] == "eval"}
        assert not replaced, f"{path} says `import {replaced}`; write `from eval.… import …`"


def test_there_is_no_init_under_tests() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_the_library_knows_neither_page_nor_evaluation() -> None:
    for path in sources("rag"):
        assert not packages(path) & {"ui", "eval"}, path


def test_page_and_evaluation_do_not_know_each_other() -> None:
    for path in sources("eval"):
        assert "ui" not in packages(path), path
    for path in sources("ui"):
        assert "eval" not in packages(path) or path.name == "cli.py", path


def test_gradio_is_imported_by_the_page_alone() -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for folder in ("rag", "ui", "eval")
        for path in sources(folder)
        if "gradio" in packages(path)
    }
    assert users <= {"ui/app.py", "ui/events.py"}


def test_importing_rag_takes_less_than_a_tenth_of_a_second() -> None:
    clock = "import time; t = time.process_time(); import rag; print(time.process_time() - t)"
    fastest = min(float(fresh_python(clock)) for _ in range(3))  # the least disturbed by what else runs here
    assert fastest < IMPORT_SECONDS


def test_importing_rag_loads_nothing_heavy() -> None:
    loaded = set(fresh_python("import rag; print(*sys.modules)").split())
    assert not loaded & HEAVY


def test_every_public_name_of_rag_can_be_imported() -> None:
    fresh_python("import rag\nfor name in rag.__all__: assert getattr(rag, name) is not None, name")


def test_no_public_name_hides_a_module() -> None:
    modules = {path.stem for path in (ROOT / "rag").glob("*.py")} | {path.name for path in (ROOT / "rag").iterdir()}
    assert not set(fresh_python("import rag; print(*rag.__all__)").split()) & modules


def test_the_network_is_blocked_in_tests(network_attempts: list[str]) -> None:
    with pytest.raises(OSError, match="the tests are offline"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    assert network_attempts == ["192.0.2.1"]
    network_attempts.clear()


def test_loopback_is_open_in_tests() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        socket.create_connection(server.getsockname(), timeout=5).close()


@pytest.mark.slow
@pytest.mark.core
def test_the_python_of_the_readme_and_of_contributing_runs(tmp_path: Path) -> None:
    told = README.read_text(encoding="utf-8") + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", told, re.MULTILINE | re.DOTALL)
    assert blocks
    shutil.copytree(ROOT / "seeds", tmp_path / "articles")
    program = tmp_path / "readme.py"
    program.write_text("\n\n".join(blocks), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, program],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "CITEDESK_INDEX": str(tmp_path / "index")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    shown = README.read_text(encoding="utf-8")
    assert all(f"    {line}\n" in shown for line in done.stdout.splitlines()[:2]), done.stdout


def test_importing_rag_changes_no_environment() -> None:
    code = "import os; before = dict(os.environ); import rag, rag.corpus; print(dict(os.environ) == before)"
    assert fresh_python(code) == "True"


def test_the_door_says_that_its_types_are_checked_and_which_version_it_is() -> None:
    assert (ROOT / "rag" / "py.typed").is_file()
    assert re.fullmatch(r"\d+\.\d+\.\d+", fresh_python("import rag; print(rag.__version__)"))
    assert 'path = "rag/__init__.py"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_what_opens_a_corpus_loads_no_torch() -> None:
    assert fresh_python("import rag.corpus; print('torch' in sys.modules)") == "False"
