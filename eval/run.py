"""Asks a corpus every case and judges what it says: one row a case, kept; times apart, for they differ every time."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any, Protocol

from rag.errors import CitedeskError
from rag.schema import Answer, Article, Citation
from rag.serialization import from_plain, to_plain

from .case import Case
from .evidence import Articles
from .scorers import Score, is_right, score, words_of

log = logging.getLogger(__name__)

DIGITS = 6  # what is kept of a number; the rest is noise of the machine


class RunError(CitedeskError):
    """A saved run, or what is asked of one, cannot be used."""


class Askable(Protocol):
    """What a run needs of a corpus."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer: ...
    def article(self, article_id: str) -> Article: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One case's outcome. With `error` set the case crashed: it has no scores, and what the answer gave is None.

    `right` says whether the best sentence, shown or withheld, is right (see `scorers.is_right`); None is unknown.
    """

    id: str
    question: str
    answerable: bool
    tags: tuple[str, ...]
    split: str
    asked: str | None = None
    status: str | None = None
    reason: str | None = None
    text: str | None = None
    short: str | None = None
    citations: tuple[Citation, ...] = ()
    confidence: float | None = None
    right: bool | None = None
    scores: Mapping[str, Score] = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that one answer took, whole and by stage."""

    id: str
    seconds: float
    stages: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """All rows, their times, and the names of every part that made an answer."""

    rows: tuple[Row, ...]
    timings: tuple[Timing, ...]
    made_by: Mapping[str, tuple[str, ...]]


def run_cases(cases: Iterable[Case], corpus: Askable, named: Mapping[str, Article]) -> Run:
    """Ask and judge every case. `named` are the articles behind the evidence (`evidence.name_articles`).

    A case that raises becomes a row with `error`, and the run goes on.
    """
    articles = Articles(named, corpus.article)
    rows: list[Row] = []
    timings: list[Timing] = []
    made_by: dict[str, set[str]] = {}
    for case in cases:
        row = Row(case.id, case.question, case.answerable, case.tags, case.split)
        try:
            started = time.perf_counter()
            answer = corpus.ask(case.question, history=case.history)
            timings.append(Timing(case.id, time.perf_counter() - started, dict(answer.trace.seconds)))
            rows.append(_judged(row, case, answer, articles))
        except Exception as error:  # whatever breaks in one case must not cost the others
            log.exception("case %s crashed", case.id)
            rows.append(replace(row, error=f"{type(error).__name__}: {error}"))
            continue
        for part, name in answer.made_by.items():
            made_by.setdefault(part, set()).add(name)
    return Run(tuple(rows), tuple(timings), {part: tuple(sorted(names)) for part, names in sorted(made_by.items())})


def _judged(row: Row, case: Case, answer: Answer, articles: Articles) -> Row:
    scores = score(case, answer, articles)
    return replace(
        row,
        asked=answer.asked,
        status=answer.status,
        reason=answer.reason,
        text=words_of(answer),
        short=answer.short,
        citations=tuple(replace(citation, source=_portable(citation.source)) for citation in answer.citations),
        confidence=_rounded(answer.confidence),
        right=is_right(case, answer),
        scores={name: Score(_rounded(judged.value), judged.why) for name, judged in scores.items()},
    )


def _portable(source: str) -> str:
    """Return an address as it is, and a path without its folders: where the articles lie must not change a row."""
    return source if "://" in source else PurePath(source).name


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def save_rows(rows: Sequence[Row], folder: Path) -> None:
    """Write `rows.jsonl`, one line a case."""
    lines = [json.dumps(to_plain(row), ensure_ascii=False) + "\n" for row in rows]
    (folder / "rows.jsonl").write_text("".join(lines), encoding="utf-8", newline="\n")


def load_rows(folder: Path) -> list[Row]:
    """Return the rows of a saved run.

    Raises:
        RunError: the folder has no run, or its rows are damaged.
    """
    path = folder / "rows.jsonl"
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(
            f"{path} cannot be read ({error}), expected the folder of a saved run. Correct the name."
        ) from error
    return [_row(line, f"{path} line {number}") for number, line in enumerate(lines, start=1) if line.strip()]


def _row(line: str, where: str) -> Row:
    try:
        data: dict[str, Any] = json.loads(line)
        scores = {name: Score(**judged) for name, judged in data["scores"].items()}
        return replace(from_plain(Row, data), scores=scores)
    except (ValueError, TypeError, KeyError, AttributeError, CitedeskError) as error:
        raise RunError(f"{where} is not a row ({error}), expected what `eval run` wrote. Run it again.") from error
