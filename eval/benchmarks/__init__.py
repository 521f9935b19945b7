"""Every measure beside the cases, each a module that can be run: `citedesk eval NAME`."""

from __future__ import annotations

import ast
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path


def benchmarks() -> dict[str, str]:
    """Return the name of each measure with the first sentence of what it says of itself, in order of name."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if '__name__ == "__main__"' in text:
            docstring = ast.get_docstring(ast.parse(text)) or ""
            found[path.stem] = docstring.split("\n")[0]
    return found


def run(name: str, arguments: Sequence[str]) -> None:
    """Run a measure with its own arguments, as `python -m` does."""
    sys.argv = [f"citedesk eval {name}", *arguments]
    sys.modules.pop(f"{__name__}.{name}", None)  # it is run anew, not found
    runpy.run_module(f"{__name__}.{name}", run_name="__main__")
