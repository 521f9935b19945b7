"""The written set: invented articles with questions and statements, split into what is trained on and what is measured.

Its README tells the fields. Of every `train-X.jsonl` the last eight articles are dev, with their rows in `more-X.jsonl`
and `solo-X.jsonl`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rag.index.splitting import split
from rag.loading import article_from_text
from rag.schema import Article, Passage

FURTHER = Path(__file__).parent / "further"  # yes/no questions and pairs of statements on the training articles
HELD_OUT = 8  # articles at the end of each file
PASSAGE_TOKENS = 160  # as the index has them
UNANSWERABLE = ("near", "premise", "absent", "solo-near", "solo-premise")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Question:
    """A question put to one article; `alone` if it can be asked of a whole collection.

    `answers` are words of the article ("yes" or "no" for the kind `yesno`), empty where the article does not answer.
    `proof` are the numbers of the sentences that prove it.
    """

    kind: str
    text: str
    answers: tuple[str, ...]
    proof: tuple[int, ...]

    @property
    def alone(self) -> bool:
        return self.kind.startswith("solo")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with the numbers of the sentences it cites. Its kind begins with "t" if they support it, else "f:".

    `fellow` is the like statement of the other truth value that cites the same sentences; empty where there is none.
    """

    kind: str
    text: str
    cited: tuple[int, ...]
    fellow: str = ""

    @property
    def true(self) -> bool:
        return self.kind.startswith("t")


@dataclass(frozen=True, slots=True)
class Written:
    """An article with all that was written for it. `sentences` are the offsets of its sentences in `article.text`."""

    article: Article
    passages: tuple[Passage, ...]
    sentences: tuple[Span, ...]
    paragraphs: tuple[tuple[int, ...], ...]
    questions: tuple[Question, ...]
    statements: tuple[Statement, ...]
    dev: bool

    def sentence(self, number: int) -> str:
        """Return the words of a sentence."""
        start, end = self.sentences[number]
        return self.article.text[start:end]


def read_written(folder: Path) -> list[Written]:
    """Return the articles of all `train-*.jsonl` in `folder`, in order."""
    return [one for path in sorted(folder.glob("train-*.jsonl")) for one in _file(path)]


def _file(path: Path) -> Iterator[Written]:
    rows = _rows(path)
    more = {row["title"]: row["s"] for row in _rows(path.with_name(path.name.replace("train-", "more-")))}
    alone = {row["title"]: row["q"] for row in _rows(path.with_name(path.name.replace("train-", "solo-")))}
    further = {row["title"]: row["q"] for row in _rows(FURTHER / path.name.replace("train-", "yesno-"))}
    pairs = {row["title"]: row["s"] for row in _rows(FURTHER / path.name.replace("train-", "pairs-"))}
    for number, row in enumerate(rows):
        questions = [*row["q"], *alone.get(row["title"], []), *further.get(row["title"], [])]
        statements = [*row["s"], *more.get(row["title"], []), *pairs.get(row["title"], [])]
        yield written(row, questions, statements, dev=number >= len(rows) - HELD_OUT)


def written(row: dict[str, Any], questions: Sequence[Any], statements: Sequence[Any], *, dev: bool) -> Written:
    """Return the record of an article's row with the rows of its questions and statements."""
    text = "\n\n".join(" ".join(paragraph) for paragraph in row["p"])
    sentences: list[Span] = []
    paragraphs: list[tuple[int, ...]] = []
    at = 0
    for paragraph in row["p"]:
        numbers = []
        for sentence in paragraph:
            start = text.index(sentence, at)
            at = start + len(sentence)
            numbers.append(len(sentences))
            sentences.append((start, at))
        paragraphs.append(tuple(numbers))
    article = article_from_text(
        text,
        source=row["title"],
        title=row["title"],
        outlet=row["outlet"],
        published=date.fromisoformat(row["date"]),
        language="en",
    )
    return Written(
        article,
        tuple(split(article, passage_tokens=PASSAGE_TOKENS)),
        tuple(sentences),
        tuple(paragraphs),
        tuple(_question(*one) for one in questions),
        tuple(_statements(statements)),
        dev,
    )


def _question(kind: str, text: str, answer: str | list[str] | None, proof: Sequence[int]) -> Question:
    answers = (answer,) if isinstance(answer, str) else tuple(answer or ())
    return Question(kind, text, answers, tuple(proof))


def _statements(rows: Sequence[Any]) -> Iterator[Statement]:
    """Yield the statements, each knowing the one beside it that cites the same sentences and is its counterpart."""
    for place, (kind, text, cited) in enumerate(rows):
        beside = [rows[near] for near in (place + 1, place - 1) if 0 <= near < len(rows)]
        fellows = [one for one in beside if one[2] == cited and (one[0][0] == "t") != (kind[0] == "t")]
        yield Statement(kind, text, tuple(cited), fellows[0][1] if fellows else "")


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
