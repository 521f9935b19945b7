"""What each pattern of `rag` is worth: what changes when it is taken out, on questions, files and statements. No model.

`python -m eval.benchmarks.rule_worth [--data DATA] [--set questions|files|statements] [NAME …]`: a NAME is how the name
of a rule begins (`rag.question`, `rag.loading.metadata.dates._BY`). A first pass notes on which items each rule matches
something; then each rule is made to match nothing, and those items are done again. `--unmet` prints words of a pattern
that began nothing of what it matched. Patterns that stand in a call, and lists of words, are not taken out.
"""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
import re
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from rag.language.facts import facts_of

from .rule_sets import Item, items_of

MOST_TRIED = 40  # items for a rule; of a rule that matches on more, these are taken evenly
ROOMS = {
    "questions": ("rag.language", "rag.question"),
    "files": ("rag.language", "rag.loading"),
    "statements": ("rag.language", "rag.verification.contradiction"),
}
LITERAL = re.compile(r"(?<![\\\w])[a-zA-Z]{3,}(?!\w|=|>)")


@dataclass(slots=True)
class Rule:
    """A pattern under its name, with the items where it matched something, and what it matched there.

    `silent` makes it match nothing. It stands in the place of the pattern in every module.
    """

    name: str
    pattern: re.Pattern[Any]
    items: set[int] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    silent: bool = False
    now: int = -1

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        there = getattr(self.pattern, name)
        return (lambda *given, **named: self._call(name, *given, **named)) if callable(there) else there

    def _call(self, name: str, *given: Any, **named: Any) -> Any:
        text = given[1] if name in ("sub", "subn") else given[0]
        if self.silent:
            nothing: Mapping[str, Any] = {
                "finditer": iter(()),
                "findall": [],
                "split": [text],
                "sub": text,
                "subn": (text, 0),
            }
            return nothing.get(name)
        found = getattr(self.pattern, name)(*given, **named)
        if name in ("search", "match", "fullmatch"):
            self._note([found.group()] if found else [])
            return found
        self._note([each.group() for each in self.pattern.finditer(text)])
        return found

    def _note(self, matched: Iterable[str | bytes]) -> None:
        for each in matched:
            self.items.add(self.now)
            if isinstance(each, str) and len(self.words) < 20_000:
                self.words.update(word.lower() for word in re.findall(r"[a-zA-Z]{3,}", each))

    def unmet(self) -> list[str]:
        """Return the words written in the pattern that began nothing of what it matched."""
        written = dict.fromkeys(word.lower() for word in LITERAL.findall(str(self.pattern.pattern)))
        return [word for word in written if not any(met.startswith(word) for met in self.words)]


@dataclass(frozen=True, slots=True)
class Worth:
    """What changes without a rule: on how many of the items tried, and what is then right of what was right with it."""

    rule: str
    matched: int
    tried: int
    changed: int
    right_with: float
    right_without: float
    labelled: int

    def __str__(self) -> str:
        lost = self.right_with - self.right_without
        return f"{self.matched:6} matched {self.tried:4} tried {self.changed:4} changed {lost:+8.2f} of {self.labelled:4} labels  {self.rule}"


def rules(rooms: Sequence[str]) -> list[Rule]:
    """Put a rule in the place of each compiled pattern of the modules of these rooms and return them all."""
    found: dict[int, Rule] = {}
    for module in [module for room in rooms for module in _modules(room)]:
        for name, value in list(vars(module).items()):
            if not name.startswith("__"):
                setattr(module, name, _replaced(value, f"{module.__name__}.{name}", found))
    return list(found.values())


def _modules(room: str) -> Iterator[ModuleType]:
    package = importlib.import_module(room)
    yield package
    for one in pkgutil.walk_packages(package.__path__, f"{room}."):
        if not one.name.endswith("_worker"):
            yield importlib.import_module(one.name)


def _replaced(value: Any, name: str, found: dict[int, Rule]) -> Any:
    """Return the value with a rule for each pattern in it; patterns are told apart by identity, so an import keeps its rule."""
    if isinstance(value, re.Pattern):
        return found.setdefault(id(value), Rule(name, value))
    if type(value) is tuple and value:
        return tuple(_replaced(one, f"{name}[{at}]", found) for at, one in enumerate(value))
    if type(value) is dict and value:
        for key in list(value):
            value[key] = _replaced(value[key], f"{name}[{key!r}]", found)
    return value


def worths(items: list[Item], known: list[Rule], chosen: Callable[[str], bool], most: int) -> Iterator[Worth]:
    """Yield the worth of each chosen rule, each tried on at most so many of the items where it matches."""
    outcomes: list[tuple[str, float | None]] = []
    for at, item in enumerate(items):
        for rule in known:
            rule.now = at
        facts_of.cache_clear()
        outcomes.append(_outcome(item))
    for rule in known:
        matched = sorted(rule.items)
        if not chosen(rule.name):
            continue
        tried = matched[:: max(1, len(matched) // most)]
        rule.silent = True
        facts_of.cache_clear()
        without = {at: _outcome(items[at]) for at in tried}
        rule.silent = False
        labelled = [at for at in tried if outcomes[at][1] is not None]
        yield Worth(
            rule.name,
            len(matched),
            len(tried),
            sum(without[at][0] != outcomes[at][0] for at in tried),
            sum(outcomes[at][1] or 0.0 for at in labelled),
            sum(without[at][1] or 0.0 for at in labelled),
            len(labelled),
        )


def _outcome(item: Item) -> tuple[str, float | None]:
    with contextlib.suppress(RecursionError):
        try:
            return item.outcome()
        except Exception as error:  # a rule that is gone may break what leans on it
            return f"{type(error).__name__}: {error}", None
    return "too deep", None


def main() -> None:
    parser = ArgumentParser(prog="python -m eval.benchmarks.rule_worth", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, help="the folder of public data")
    parser.add_argument("--set", choices=tuple(ROOMS), default="questions")
    parser.add_argument("--most", type=int, default=100_000, help="of the items, at most so many, taken evenly")
    parser.add_argument("--tried", type=int, default=MOST_TRIED, help="for each rule, at most so many of the items")
    parser.add_argument("--unmet", action="store_true", help="print the words of each pattern that were never met")
    parser.add_argument("names", nargs="*", help="beginnings of the names of rules")
    given = parser.parse_args()
    started = time.monotonic()
    known = rules(ROOMS[given.set])
    items = list(items_of(given.set, given.data))
    items = items[:: max(1, len(items) // given.most)]
    names = tuple(given.names) or ("rag",)
    for one in worths(items, known, lambda name: name.startswith(names), given.tried):
        sys.stdout.write(f"{one}\n")
        sys.stdout.flush()
    if given.unmet:
        for rule in known:
            if rule.name.startswith(names) and rule.items and rule.unmet():
                sys.stdout.write(f"{rule.name} never met: {' '.join(rule.unmet())}\n")
    sys.stdout.write(f"{len(items)} items, {time.monotonic() - started:.0f} seconds\n")


if __name__ == "__main__":
    main()
