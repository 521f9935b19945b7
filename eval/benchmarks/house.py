"""Counts the arrows between the modules of the house and checks its rules: `citedesk eval house`.

An arrow is an import of one module of ours by another; what is imported for its types alone never runs, and is none. Rooms stand in an order; a module may import its own room and
rooms before it, so there is no circle between rooms and no arrow upward.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# From the ground up; rooms on one line do not import each other.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("rag.language",),
    ("rag.errors", "rag.models"),
    ("rag.serialization", "rag.rendering", "rag.settings", "rag.filters"),
    ("rag.schema",),
    ("rag.drafts",),
    ("rag.language_model",),
    ("rag.plugins",),
    ("rag.loading",),
    ("rag.index",),
    ("rag.reader",),
    ("rag.verification",),
    ("rag.ingest", "rag.retrieval", "rag.question", "rag.conversations"),
    ("rag.answering",),
    ("rag.pipeline",),
    ("rag.corpus",),
    ("rag.default", "rag.serving", "rag.testing", "rag.integrations"),
    ("rag",),
    ("eval",),
    ("ui",),
)


@dataclass(frozen=True, slots=True)
class Arrow:
    """`importer` imports `names` of `imported`; both are module names. `late` ones stand inside a function."""

    importer: str
    imported: str
    names: tuple[str, ...]
    late: bool


def arrows(root: Path = ROOT, packages: tuple[str, ...] = ("rag", "ui", "eval")) -> list[Arrow]:
    """Return every import of a module of ours by another one, in order of the importer."""
    files = {_module(path, root): path for package in packages for path in sorted((root / package).rglob("*.py"))}
    return [arrow for module, path in sorted(files.items()) for arrow in _imports(module, path, files)]


def upward(found: list[Arrow]) -> list[Arrow]:
    """Return the arrows that lead to a higher floor, or to another room of the same one."""
    floor = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
    bad = []
    for arrow in found:
        here, there = room_of(arrow.importer), room_of(arrow.imported)
        if here != there and floor[there] >= floor[here]:
            bad.append(arrow)
    return bad


def borrowed(found: list[Arrow]) -> list[Arrow]:
    """Return the arrows that take a private name from another module."""
    return [arrow for arrow in found if any(name.startswith("_") and name != "__version__" for name in arrow.names)]


def circles(found: list[Arrow]) -> list[tuple[str, ...]]:
    """Return the groups of modules that import each other in a circle, however long; late imports count."""
    graph: dict[str, set[str]] = defaultdict(set)
    for arrow in found:
        graph[arrow.importer].add(arrow.imported)
    return [tuple(sorted(group)) for group in _strongly_connected(graph) if len(group) > 1]


def room_of(module: str) -> str:
    """Return the room, or the module of the ground floor, that a module belongs to."""
    rooms = [room for floor in FLOORS for room in floor]
    return max((room for room in rooms if module == room or module.startswith(f"{room}.")), key=len)


def _module(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _imports(module: str, path: Path, files: Mapping[str, Path]) -> Iterator[Arrow]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    at_once = {id(node) for node in tree.body}
    for_types = {id(node) for one in ast.walk(tree) if _is_for_types(one) for node in ast.walk(one)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or id(node) in for_types:
            continue
        base = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package if node.level else ""
        source = ".".join(filter(None, (base, node.module)))
        names: dict[str, list[str]] = defaultdict(list)
        for alias in node.names:
            inner = f"{source}.{alias.name}"
            names[inner if inner in files else source].append("" if inner in files else alias.name)
        for imported, taken in names.items():
            if imported in files and imported != module:
                yield Arrow(module, imported, tuple(filter(None, taken)), id(node) not in at_once)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _strongly_connected(graph: Mapping[str, set[str]]) -> list[set[str]]:
    """Tarjan's algorithm (1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[set[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == index[node]:
            group: set[str] = set()
            while node not in group:
                group.add(stack.pop())
            groups.append(group)

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return groups


def main() -> None:
    found = arrows()
    modules = {arrow.importer for arrow in found} | {arrow.imported for arrow in found}
    rows = [
        ("modules", len(modules)),
        ("modules directly in rag/", len(list((ROOT / "rag").glob("*.py")))),
        ("arrows", len({(arrow.importer, arrow.imported) for arrow in found})),
        ("arrows between rooms", len({(room_of(one.importer), room_of(one.imported)) for one in found})),
        ("circles", len(circles(found))),
        ("arrows upward", len(upward(found))),
        ("private names borrowed", len(borrowed(found))),
    ]
    for name, count in rows:
        sys.stdout.write(f"{name:28}{count:5}\n")
    for arrow in (*upward(found), *borrowed(found)):
        sys.stdout.write(f"{arrow.importer} -> {arrow.imported} {', '.join(arrow.names)}\n")
    for group in circles(found):
        sys.stdout.write(f"circle: {' '.join(group)}\n")


if __name__ == "__main__":
    main()
