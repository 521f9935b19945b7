"""Counts what decides by hand-made rules: `python -m eval.benchmarks.rules`, a row for each room of `rag`.

Regular expressions are calls of `re.compile` and of `re`'s other functions with a pattern written there; words are those
of the lists in `language/data` and of strings that are split where they stand; constants are numbers with a name.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rag.language.word_lists import LISTS

from .house import ROOT, room_of

FUNCTIONS = frozenset("compile search match fullmatch findall finditer split sub subn".split())
KINDS = ("regular expressions", "listed words", "constants")


def counts(root: Path = ROOT) -> dict[str, Counter[str]]:
    """Return, for each room of `rag`, how many of each kind stand in its code; the lists of words belong to `rag.language`."""
    found: dict[str, Counter[str]] = {}
    for path in sorted((root / "rag").rglob("*.py")):
        module = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        rules = Counter(dict(_rules(ast.parse(path.read_text(encoding="utf-8")))))
        found.setdefault(room_of(module), Counter()).update(rules)
    words = sum(len(path.read_text(encoding="utf-8").split("\n", 1)[1].split()) for path in LISTS.glob("*.txt"))
    found["rag.language"]["listed words"] += words
    return found


def _rules(tree: ast.Module) -> Iterator[tuple[str, int]]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    yield "regular expressions", sum(_is_pattern(call) for call in calls)
    yield "listed words", sum(len(_split(call).split()) for call in calls)
    named = [node for node in tree.body if isinstance(node, (ast.Assign, ast.AnnAssign))]
    yield "constants", sum(isinstance(node.value, ast.Constant) and _is_number(node.value.value) for node in named)


def _is_pattern(call: ast.Call) -> bool:
    function = call.func
    assert isinstance(function, ast.Attribute)
    of_re = isinstance(function.value, ast.Name) and function.value.id == "re"
    return of_re and function.attr in FUNCTIONS and bool(call.args) and not isinstance(call.args[0], ast.Name)


def _split(call: ast.Call) -> str:
    """Return the words of `"…".split()`; empty for any other call."""
    function = call.func
    assert isinstance(function, ast.Attribute)
    there = function.value.value if isinstance(function.value, ast.Constant) else ""
    return there if function.attr == "split" and not call.args and isinstance(there, str) else ""


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def main() -> None:
    found = counts()
    whole: Counter[str] = Counter()
    for room, rules in sorted(found.items()):
        whole.update(rules)
        if sum(rules.values()):
            sys.stdout.write(f"{room:24}{''.join(f'{rules[kind]:8} {kind}' for kind in KINDS)}\n")
    sys.stdout.write(f"{'all':24}{''.join(f'{whole[kind]:8} {kind}' for kind in KINDS)}\n")


if __name__ == "__main__":
    main()
