"""Questions of every kind over a collection: key points, what comes first, headlines, refusals; and conversations.

`python -m eval.benchmarks.documents [test]` puts the 470 articles of `cases/written_articles.jsonl` into one index, asks the cases of
`cases/documents.jsonl` of a half and the conversations of `cases/conversations.jsonl`, and prints shares per kind with 95 % intervals.
A key point is made when one of the first eight statements has its words, whole, and cites an article that proves it.
"""

from __future__ import annotations

import json
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from rag import Answer, Article, Corpus, Settings
from rag.index.database import holds_index
from rag.language.words import words
from rag.schema import Citation, Statement

from ..case import CaseError
from ..cli import told
from ..intervals import mean_interval
from ..matching import contains
from .remembered import Memory, RememberedEmbedder, RememberedEntailment, RememberedReader

app = typer.Typer(add_completion=False)
FOLDER = Path(__file__).parent.parent / "cases"
MOST_STATEMENTS = 8  # that a reader is asked to take in
NAMED = re.compile(r"not in the nearest passages: (.*?)\.(?:\s|$)")  # in the reason of a refusal


@dataclass(frozen=True, slots=True)
class Point:
    """What a right answer says: one of `words`, from one of the articles of these titles; from any, without titles."""

    words: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a kind with the points of a right answer, what comes first, and what must not be said.

    Not `answerable` and with points: part can be said. `full` is the same question as it stands by itself, in a conversation.
    """

    id: str
    kind: str
    question: str
    full: str
    answerable: bool
    points: tuple[Point, ...]
    forbidden: tuple[str, ...]
    first: tuple[str, ...]
    headline: tuple[str, ...]
    small_talk: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one answer is worth. `points` is a share; None is what does not apply."""

    asked: Asked
    answer: Answer
    points: float | None
    first: bool | None
    shown: bool | None
    headline: bool | None
    clean: bool
    status: bool | None
    seconds: float

    @property
    def worth(self) -> float:
        """One figure of it: the status where a refusal is right, else the points, with what must come first."""
        if self.points is None:
            return float(bool(self.status))
        return self.points * (self.first is not False)


def load_documents(split: str, path: Path = FOLDER / "documents.jsonl") -> list[Asked]:
    return [_asked(data, data["id"]) for data in _lines(path) if data["split"] == split]


def load_conversations(split: str, path: Path = FOLDER / "conversations.jsonl") -> list[list[Asked]]:
    return [
        [_asked(turn, f"{data['id']}.{at}") for at, turn in enumerate(data["turns"], start=1)]
        for data in _lines(path)
        if data["split"] == split
    ]


def load_articles(path: Path = FOLDER / "written_articles.jsonl") -> list[Article]:
    return [
        Article(
            id="",
            title=data["title"],
            text="\n\n".join(" ".join(paragraph) for paragraph in data["p"]),
            source=f"written-{number:03}",
            outlet=data["outlet"],
            published=date.fromisoformat(data["date"]),
        )
        for number, data in enumerate(_lines(path), start=1)
    ]


def judged(asked: Asked, answer: Answer, seconds: float = 0.0) -> Outcome:
    """Return what an answer is worth."""
    shown = answer.statements[:MOST_STATEMENTS]
    refused = answer.status == "not_found"
    opening = f"{answer.short or ''}. {shown[0].marked if shown else ''}"
    said = " ".join([answer.short or "", *(_said(one) for one in shown)])
    points = [made(one, shown) for one in asked.points]
    if asked.small_talk:
        status: bool | None = not refused and not shown
    elif asked.answerable:
        status = not refused
    else:
        status = answer.status != "answered"
    return Outcome(
        asked,
        answer,
        points=sum(points) / len(points) if points else None,
        first=any(contains(opening, one) for one in asked.first) if asked.first else None,
        shown=answer.short is not None if asked.headline and not refused else None,
        headline=any(contains(answer.short, one) for one in asked.headline)
        if asked.headline and answer.short
        else None,
        clean=not any(contains(said, one) for one in asked.forbidden),
        status=status,
        seconds=seconds,
    )


def made(point: Point, statements: Sequence[Statement]) -> bool:
    """Whether a statement makes the point: it has the words, and cites one of its articles if it has any."""
    return any(
        any(contains(_said(statement), one) for one in point.words)
        and (not point.titles or any(citation.title in point.titles for citation in statement.citations))
        for statement in statements
    )


def _said(statement: Statement) -> str:
    return " ".join([statement.text, *(f"{one.quote} {_known(one)}" for one in statement.citations)])


def _known(citation: Citation) -> str:
    """What the footnote itself shows of the article."""
    day = citation.published
    return f"{citation.title} {citation.outlet} {f'{day.day} {day:%B %Y}' if day else ''}"


def borrowed(typed: str, answer: Answer) -> list[str]:
    """Return the words that a refusal says are not mentioned and that nobody typed."""
    found = NAMED.search(answer.reason or "")
    return [one for one in (found[1].split(", ") if found else []) if not set(words(one)) <= set(words(typed))]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of the outcomes of a kind, one line."""

    kind: str
    outcomes: tuple[Outcome, ...]

    def __str__(self) -> str:
        columns = [
            _share("points", [one.points for one in self.outcomes]),
            _share("first", [one.first for one in self.outcomes]),
            _share("headline shown", [one.shown for one in self.outcomes]),
            _share("right", [one.headline for one in self.outcomes]),
            _share("status", [one.status for one in self.outcomes]),
        ]
        unclean = sum(not one.clean for one in self.outcomes)
        return (
            f"{self.kind:22} n={len(self.outcomes):3}  "
            + "  ".join(filter(None, columns))
            + (f"  forbidden {unclean}" if unclean else "")
        )


def _share(name: str, values: Sequence[float | None]) -> str:
    known = [float(value) for value in values if value is not None]
    if not known:
        return ""
    interval = mean_interval(known)
    return f"{name} {statistics.mean(known):.2f} [{interval.low:.2f}, {interval.high:.2f}]" + (
        f" of {len(known)}" if len(known) < len(values) else ""
    )


def by_kind(outcomes: Sequence[Outcome]) -> Iterator[Figures]:
    for kind in dict.fromkeys(one.asked.kind for one in outcomes):
        yield Figures(kind, tuple(one for one in outcomes if one.asked.kind == kind))
    yield Figures("all", tuple(outcomes))


def opened(folder: Path) -> Corpus:
    """Return the corpus of all articles, built where it is not there yet, with models that remember what they said."""
    index = folder / "index"
    settings = Settings.from_environment()
    corpus = Corpus.open(index, settings) if holds_index(index) else Corpus.create(index, settings)
    if not len(corpus):
        corpus.add(load_articles())
    memory, models = Memory(folder / "said.sqlite"), corpus.models
    models.embedder = RememberedEmbedder(models.embedder, memory)
    models.reader = RememberedReader(models.reader, memory)
    models.entailment = RememberedEntailment(models.entailment, memory) if models.entailment else None
    return corpus


def ask(corpus: Corpus, asked: Asked, history: Sequence[tuple[str, Answer]] = ()) -> Outcome:
    started = time.perf_counter()
    answer = corpus.ask(asked.question, history)
    return judged(asked, answer, time.perf_counter() - started)


def converse(corpus: Corpus, turns: Sequence[Asked]) -> Iterator[tuple[Outcome, Outcome]]:
    """Yield for each turn what it got in its conversation, and what the same question gets typed in full."""
    history: list[tuple[str, Answer]] = []
    for turn in turns:
        outcome = ask(corpus, turn, history)
        yield outcome, ask(corpus, replace(turn, question=turn.full))
        history.append((turn.question, outcome.answer))


@app.command()
def main(
    split: Annotated[str, typer.Argument(help="dev or test.")] = "dev",
    cache: Annotated[Path | None, typer.Option(help="Where index and what models said are kept.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file for what was answered, one line a question.")] = None,
    only: Annotated[Literal["documents", "conversations", "both"], typer.Option()] = "both",
    kind: Annotated[str, typer.Option(help="Ask the cases of this kind alone.")] = "",
) -> None:
    """Print the figures of a half."""
    with told():
        if split not in ("dev", "test"):
            raise CaseError(f"there is no half {split!r}. Known: dev, test.")
        with tempfile.TemporaryDirectory() as temporary:
            folder = cache or Path(temporary)
            folder.mkdir(parents=True, exist_ok=True)
            rows: list[str] = []
            with opened(folder) as corpus:
                if only != "conversations":
                    found = [ask(corpus, one) for one in load_documents(split) if kind in ("", one.kind)]
                    for line in by_kind(found):
                        typer.echo(line)
                    typer.echo(f"seconds, median {statistics.median(one.seconds for one in found):.2f}")
                    rows += map(_row, found)
                if only != "documents" and not kind:
                    pairs = [pair for turns in load_conversations(split) for pair in converse(corpus, turns)]
                    typer.echo("\n".join(_conversations(pairs)))
                    rows += [_row(one) for pair in pairs for one in pair]
            if out:
                out.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _conversations(pairs: Sequence[tuple[Outcome, Outcome]]) -> Iterator[str]:
    for kind in dict.fromkeys(typed.asked.kind for typed, _ in pairs):
        chosen = [(typed.worth, full.worth) for typed, full in pairs if typed.asked.kind == kind]
        yield (
            f"turn: {kind:20} n={len(chosen):3}  "
            + _share("typed", [one for one, _ in chosen])
            + "  "
            + _share("in full", [other for _, other in chosen])
        )
    leaning = [(typed.worth, full.worth) for typed, full in pairs if typed.asked.question != typed.asked.full]
    typed, full = (sum(column) for column in zip(*leaning, strict=True))
    yield f"follow-ups {len(leaning)}: {typed:.1f} of {full:.1f} in full ({typed / max(full, 1e-9):.2f})"
    named = [one for typed, _ in pairs if (one := borrowed(typed.asked.question, typed.answer))]
    yield f"refusals that name a word nobody typed: {len(named)} of {len(pairs)}"


def _row(one: Outcome) -> str:
    answer = one.answer
    return json.dumps(
        {
            "id": one.asked.id,
            "kind": one.asked.kind,
            "question": one.asked.question,
            "asked": answer.asked,
            "status": answer.status,
            "points": one.points,
            "first": one.first,
            "headline": one.headline,
            "worth": one.worth,
            "missed": [
                point.words for point in one.asked.points if not made(point, answer.statements[:MOST_STATEMENTS])
            ],
            "short": answer.short,
            "statements": [statement.marked for statement in answer.statements],
            "titles": list(dict.fromkeys(citation.title for citation in answer.citations)),
            "reason": answer.reason,
            "confidence": answer.confidence,
            "seconds": round(one.seconds, 2),
        },
        ensure_ascii=False,
    )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _asked(data: dict[str, Any], id_: str) -> Asked:
    points = tuple(
        Point(tuple(one["words"]), tuple(entry["title"] for entry in one["evidence"])) for one in data["points"]
    )
    lists = {name: tuple(data.get(name) or ()) for name in ("forbidden", "first", "headline")}
    return Asked(
        id=id_,
        kind=data["kind"],
        question=data["question"],
        full=data.get("full", data["question"]),
        answerable=data["answerable"],
        points=points,
        small_talk="small talk" in data.get("note", ""),
        **lists,
    )


if __name__ == "__main__":
    app()
