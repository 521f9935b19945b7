"""Every compiled regular expression of `rag` and `ui` takes time in proportion to the line, up to 100 kB of it.

A pattern that is not so on its own is named below with the most characters that its caller gives it.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag
import ui
from rag.question.checking import MAX_QUESTION_CHARACTERS

pytestmark = pytest.mark.slow

SHORT = 2_000  # characters; what is quadratic takes far more than what is linear already here
LONGER = 8_000
LINEAR = 0.001  # seconds of the processor for SHORT: a linear pattern takes a twentieth of it
GROWTH = 8.0  # times as long for LONGER: 4 would be linear, 16 is quadratic
MOST_SECONDS = 0.5  # for a line of 100 kB of a pattern that is linear and slow
UNITS = (
    "a", "A", "1", " ", "\n", "\t", ".", ",", "-", "–", "=", "|", "'", '"', "“", "(", "[", "{", "<", "&", "#", "*", "_", ":", "/",
    "a ", "A ", "1 ", "1,", "1.", "a.", "A.", "A. ", "Aa ", "a: ", "a-", "A-a", "By A ", "By A B, ", "of the ", "and A ", "not ",
    "<a ", "</a", "&a", "[[", "{{", "[1]", "https://", "www.", "a@", "@a.", "1:1", "12 January ", "January 1, ", "$1 ", "£1 million ",
    " \n", "a\n", "\n\n", "- a\n", "# a\n", "x\n\n", "a, ", "A, ", "A, B and ", '"a" ', "'a", "”“", "é", "中", "\\a", "{\\a", "a=", 'a="',
)  # fmt: skip
# Patterns that are not linear, and the most characters that their callers give them.
BOUNDED: dict[str, int] = {
    "rag.answering.citation_parsing:_ABBREVIATION": 40,  # LONGEST_ABBREVIATION
    "rag.language.tokens:_OPENING": 63,  # WIDE_GAP, and three more
    "rag.loading.metadata.header_lines:_PART": 140,  # LONGEST
    "rag.retrieval.naming:_QUOTED": MAX_QUESTION_CHARACTERS,
}
# Patterns that a loop calls, by another name, and how: `label.fullmatch` over `LABELS`.
BY_ANOTHER_NAME = dict.fromkeys(("COMMENTS", "NAVIGATION", "ASKING", "TAGS", "ABOUT", "ASIDE"), "fullmatch")
METHODS = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")


def modules() -> Iterator[str]:
    for package in (rag, ui):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield found.name


def compiled() -> dict[str, tuple[re.Pattern[str], frozenset[str]]]:
    """Return each pattern by module and name or line, with the methods that are called on it; all when none is seen."""
    sources = {
        name: Path(str(importlib.import_module(name).__file__)).read_text(encoding="utf-8") for name in modules()
    }
    used: dict[str, set[str]] = {}
    for name, method in re.findall(rf"\b(\w+)\.({'|'.join(METHODS)})\(", "\n".join(sources.values())):
        used.setdefault(name, set()).add(method)
    for name, method in BY_ANOTHER_NAME.items():
        used.setdefault(name, set()).add(method)
    found: dict[str, tuple[re.Pattern[str], frozenset[str]]] = {}
    named = {
        id(value)
        for module in sources
        for value in vars(importlib.import_module(module)).values()
        if isinstance(value, re.Pattern)
    }
    for module, source in sources.items():
        for name, value in vars(importlib.import_module(module)).items():
            several = (
                value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
            )
            for number, one in enumerate(several):
                if (
                    isinstance(one, re.Pattern)
                    and isinstance(one.pattern, str)
                    and (one is value or id(one) not in named)
                ):
                    calls = frozenset(used.get(name, METHODS[:1]))
                    found.setdefault(f"{module}:{name}{f'[{number}]' if len(several) > 1 else ''}", (one, calls))
        for node in ast.walk(ast.parse(source)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr in METHODS
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                pattern = re.compile(node.args[0].value)
                found[f"{module}:{node.lineno}"] = (pattern, frozenset([node.func.attr]))
    return found


PATTERNS = compiled()


def seconds(pattern: re.Pattern[str], method: str, line: str) -> float:
    began = time.process_time()
    if method in ("sub", "subn"):
        pattern.sub("", line)
    elif method == "finditer":
        for _ in pattern.finditer(line):
            pass
    else:
        getattr(pattern, method)(line)
    return time.process_time() - began


def least(pattern: re.Pattern[str], method: str, line: str) -> float:
    return min(seconds(pattern, method, line) for _ in range(3))


def slowness(pattern: re.Pattern[str], method: str, unit: str, most: int) -> str:
    """Return what is wrong with the pattern on such a line; empty when nothing is."""
    for end in ("", "\x00"):  # so that what wants the end of the line fails
        line = (unit * most)[: min(SHORT, most)] + end
        taken = seconds(pattern, method, line)
        if taken < LINEAR or (taken := least(pattern, method, line)) < LINEAR:
            continue
        if most < LONGER:
            taken = seconds(pattern, method, (unit * most)[:most] + end)
            if taken > MOST_SECONDS:
                return f"{method} of {unit!r} × {most} takes {taken:.3f} s"
            continue
        longer = least(pattern, method, (unit * LONGER)[:LONGER] + end)
        if longer > GROWTH * taken or longer > MOST_SECONDS * LONGER / 100_000:
            return f"{method} of {unit!r}: {taken:.4f} s for {SHORT:,} characters, {longer:.4f} s for {LONGER:,}"
    return ""


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_time_grows_with_the_line_and_not_with_its_square(name: str) -> None:
    pattern, methods = PATTERNS[name]
    most = MAX_QUESTION_CHARACTERS if name.startswith("rag.question.") else BOUNDED.get(name, LONGER)
    tried = (slowness(pattern, method, unit, most) for method in sorted(methods) for unit in UNITS)
    assert next(filter(None, tried), "") == "", pattern.pattern[:300]


def test_the_patterns_are_found() -> None:
    assert len(PATTERNS) > 250
