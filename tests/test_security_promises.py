"""Each promise of SECURITY.md names a test that is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent.parent


def test_each_promise_names_tests_that_are_there() -> None:
    text = (HERE / "SECURITY.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(rows) > 20
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row)
        assert named, row
        for file, name in named:
            tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
            assert name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}, f"{file}::{name}"
