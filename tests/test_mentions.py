"""What documents and docstrings call a file of ours is there, and the help of `citedesk index` names every format."""

from __future__ import annotations

import re
from pathlib import Path

from rag.loading import FORMATS
from ui.indexing import index

ROOT = Path(__file__).parent.parent
NAMED = re.compile(r"[`(\s]((?:[a-z_]+/)*[a-z_0-9]+\.py)\b")
LIBRARIES = {"tiktoken_ext/openai_public.py"}


def test_every_python_file_that_is_named_exists() -> None:
    ours = {
        path.relative_to(ROOT).as_posix()
        for room in ("rag", "ui", "eval", "tests")
        for path in (ROOT / room).rglob("*.py")
    }
    told = [
        *(ROOT / "rag").rglob("*.py"),
        *(ROOT / "ui").rglob("*.py"),
        *(ROOT / "eval").rglob("*.py"),
        *(ROOT / "rag" / "design").rglob("*.md"),
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "SECURITY.md",
    ]
    lost = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in told
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
        if name not in LIBRARIES and not any(one == name or one.endswith(f"/{name}") for one in ours)
    ]
    assert lost == []


def test_the_help_of_index_names_every_format() -> None:
    told = " ".join((index.__doc__ or "").split())
    assert [one.name for one in FORMATS if one.name not in told] == []
