"""What is asked and what a right answer is: cases, read from JSON Lines and checked field by field."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.conversations.judging import case_line
from rag.conversations.storage import History
from rag.errors import CitedeskError

SPLITS = ("dev", "test")
_REQUIRED = ("id", "question", "answerable")
_OPTIONAL = ("history", "expected", "expected_all", "evidence", "tags", "split", "wrong", "why")


class CaseError(CitedeskError):
    """A file of cases cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that prove an answer. `article` is the id, the source or the file name of the article they stand in."""

    article: str
    quote: str


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what a right answer must say.

    `expected` holds the parts of a right answer, each a group of alternatives of which one must occur; it is empty for
    an unanswerable case, as is `evidence`. An answerable case without evidence is judged by its words only. `history`
    are the questions asked before, oldest first. `wrong` are answers that a person called wrong: with them, an
    answerable case may have nothing `expected`, for what is right may not be known. `why` is what that person wrote.
    """

    id: str
    question: str
    answerable: bool
    expected: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    history: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    split: str = "test"
    wrong: tuple[str, ...] = ()
    why: str = ""


def load_cases(path: Path) -> list[Case]:
    """Return the cases of a JSON Lines file, in its order; empty lines are passed over. Of an index folder, those that
    were made on its page of answers that were judged.

    Raises:
        CaseError: the file cannot be read, has no case, or a line or field is wrong; the message names both.
    """
    if path.is_dir():
        return parse_cases(judged_lines(path), path.name)
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path} cannot be read ({error}), expected a UTF-8 file of cases. Correct --cases.") from error
    return parse_cases(lines, path.name)


def judged_lines(folder: Path) -> list[str]:
    """Return the cases of an index folder as lines of a file of cases, oldest first.

    Raises:
        CaseError: none was made.
        ConversationsError: the file of conversations cannot be read.
    """
    with History.open(folder) as history:
        lines = [json.dumps(case_line(case), ensure_ascii=False) for case in history.cases()]
    if not lines:
        raise CaseError(
            f"no answer was judged on the page of the index {folder}, expected one at least. Press Yes or No under an "
            "answer, or name another folder."
        )
    return lines


def case_bytes(path: Path) -> bytes:
    """Return what a hash of the cases is made of: the file, or the lines of an index folder."""
    return "\n".join(judged_lines(path)).encode() if path.is_dir() else path.read_bytes()


def parse_cases(lines: Sequence[str], name: str) -> list[Case]:
    """Return the cases of these lines; `name` is what an error calls them.

    Raises:
        CaseError: there is no case, or a line or field is wrong.
    """
    cases: list[Case] = []
    line_of: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        case = _parse(line, f"{name} line {number}")
        if case.id in line_of:
            raise CaseError(
                f"{name} line {number}: id {case.id!r} stands on line {line_of[case.id]} already, expected an "
                "id of its own for each case. Rename one."
            )
        line_of[case.id] = number
        cases.append(case)
    if not cases:
        raise CaseError(f"{name} has no cases, expected one JSON object a line. Add one.")
    return cases


def select(cases: Sequence[Case], split: str) -> list[Case]:
    """Return the cases of a split, or all of them for `all`.

    Raises:
        CaseError: no split is called so, or none of the cases belongs to it.
    """
    if split not in (*SPLITS, "all"):
        raise CaseError(f"there is no split {split!r}. Known: {', '.join(SPLITS)}, all.")
    chosen = [case for case in cases if split in ("all", case.split)]
    if not chosen:
        raise CaseError(
            f"none of the {len(cases)} cases is in split {split!r}, expected one at least. Ask for --split all."
        )
    return chosen


def _parse(line: str, where: str) -> Case:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise CaseError(f"{where} is not JSON ({error}), expected one object a line. Correct it.") from error
    if not isinstance(data, dict):
        raise CaseError(f"{where} is {type(data).__name__}, expected a JSON object. Correct it.")
    _check_names(data, where)
    case = Case(
        id=_string(data["id"], "id", where),
        question=_string(data["question"], "question", where),
        answerable=_boolean(data["answerable"], "answerable", where),
        expected=_expected(data, where),
        evidence=tuple(_evidence(entry, where) for entry in _list(data.get("evidence", []), "evidence", where)),
        history=_strings(data.get("history", []), "history", where),
        tags=_strings(data.get("tags", []), "tags", where),
        split=_string(data.get("split", "test"), "split", where),
        wrong=_strings(data.get("wrong", []), "wrong", where),
        why=_string(data["why"], "why", where) if "why" in data else "",
    )
    _check_meaning(case, where)
    return case


def _check_names(data: dict[str, Any], where: str) -> None:
    missing = [name for name in _REQUIRED if name not in data]
    if missing:
        raise CaseError(f"{where} has no field {missing[0]!r}, expected {', '.join(_REQUIRED)} at least. Add it.")
    unknown = sorted(set(data) - set(_REQUIRED) - set(_OPTIONAL))
    if unknown:
        raise CaseError(
            f"{where} has a field {unknown[0]!r}, expected {', '.join(_REQUIRED + _OPTIONAL)}. Rename or remove it."
        )


def _check_meaning(case: Case, where: str) -> None:
    if case.split not in SPLITS:
        raise CaseError(f"{where}: split is {case.split!r}, expected {' or '.join(SPLITS)}. Correct it.")
    if case.answerable and not (case.expected or case.wrong):
        raise CaseError(
            f"{where}: expected is empty, an answerable case needs the words of a right answer, or of a wrong one. Add them."
        )
    if not case.answerable and (case.expected or case.evidence):
        raise CaseError(f"{where}: answerable is false, then expected and evidence must be empty. Correct one of them.")


def _expected(data: dict[str, Any], where: str) -> tuple[tuple[str, ...], ...]:
    if data.get("expected") and data.get("expected_all"):
        raise CaseError(f"{where} has both expected and expected_all, one says what is right. Remove the other.")
    if data.get("expected_all"):
        groups = _list(data["expected_all"], "expected_all", where)
        return tuple(_filled(_strings(group, "expected_all", where), where) for group in groups)
    alternatives = _strings(data.get("expected") or [], "expected", where)
    return (alternatives,) if alternatives else ()


def _filled(group: tuple[str, ...], where: str) -> tuple[str, ...]:
    if not group:
        raise CaseError(
            f"{where}: expected_all holds an empty group, expected one alternative at least. Add or remove it."
        )
    return group


def _evidence(entry: Any, where: str) -> Evidence:
    if not isinstance(entry, dict) or set(entry) != {"article", "quote"}:
        raise CaseError(f"{where}: evidence is {entry!r}, expected objects with article and quote. Correct it.")
    return Evidence(
        article=_string(entry["article"], "evidence.article", where),
        quote=_string(entry["quote"], "evidence.quote", where),
    )


def _string(value: Any, name: str, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise CaseError(f"{where}: {name} is {value!r}, expected a string that is not empty. Correct it.")
    return value


def _boolean(value: Any, name: str, where: str) -> bool:
    if not isinstance(value, bool):
        raise CaseError(f"{where}: {name} is {value!r}, expected true or false. Correct it.")
    return value


def _list(value: Any, name: str, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise CaseError(f"{where}: {name} is {value!r}, expected a list. Correct it.")
    return value


def _strings(value: Any, name: str, where: str) -> tuple[str, ...]:
    return tuple(_string(entry, name, where) for entry in _list(value, name, where))
