"""Whether an answer tells that its articles do not say the same: found where they differ, and silent where they do not.

`python -m eval.benchmarks.disagreements [test]` puts the articles of all cases of a half into one index, asks each question, and prints
the share of each kind for which a disagreement was told, of those that were answered. One JSON object a line in
`cases/disagreements.jsonl`: the question, its articles, whether they differ, and what each answers. The bounds of
`rag.answering.disagreement` were chosen with a look at `dev`. With `--data DATA` it asks the public sets how often one is told wrongly.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from rag import Article, Corpus, Settings
from rag.language.words import words
from rag.question.question_type import asks_quantity, asks_when

from ..case import CaseError
from ..cli import told
from ..intervals import Share, share_of
from .speed import build, questions

app = typer.Typer(add_completion=False)
PASSAGES = 10_000

CASES = Path(__file__).parent.parent / "cases" / "disagreements.jsonl"


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a case that answer, and the source of the article that says so."""

    source: str
    words: str


@dataclass(frozen=True, slots=True)
class Differing:
    """A question, the articles that are about it, and what those answer where they `differ`; else no account."""

    id: str
    question: str
    articles: tuple[Article, ...]
    differ: bool
    accounts: tuple[Said, ...]
    kind: str
    split: Literal["dev", "test"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`told`: a disagreement was told; `right`: each of its accounts is one of the case's."""

    case: Differing
    answered: bool
    told: bool
    right: bool


def load_cases(path: Path = CASES) -> list[Differing]:
    """Return the cases in the order of the file."""
    return [_case(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def outcomes(cases: Sequence[Differing]) -> Iterator[Outcome]:
    """Yield what is told of each case, asked of one index with the articles of all."""
    with Corpus.in_memory() as corpus:
        corpus.add([article for case in cases for article in case.articles])
        for case in cases:
            answer = corpus.ask(case.question)
            found = [
                Said(account.citation.source, account.words)
                for disagreement in answer.disagreements
                for account in disagreement.accounts
            ]
            yield Outcome(case, answer.status == "answered", bool(found), right(case, found))


def right(case: Differing, found: Sequence[Said]) -> bool:
    """Whether each account is that of the case for its article: the words of the one are among those of the other."""
    known = {one.source: one.words for one in case.accounts}
    return bool(found) and all(one.source in known and _among(one.words, known[one.source]) for one in found)


def _among(one: str, other: str) -> bool:
    shorter, longer = sorted((f" {' '.join(words(each))} " for each in (one, other)), key=len)
    return shorter in longer


def _case(row: dict[str, Any]) -> Differing:
    articles = tuple(
        Article(
            "",
            one["title"],
            one["text"],
            f"{row['id']}-{number}.txt",
            outlet=one["outlet"],
            published=date.fromisoformat(one["published"]),
        )
        for number, one in enumerate(row["articles"])
    )
    accounts = tuple(Said(articles[one["article"]].source, one["words"]) for one in row["accounts"])
    return Differing(row["id"], row["question"], articles, row["differ"], accounts, row["kind"], row["split"])


def shares(found: Iterable[Outcome]) -> Iterator[Share]:
    """Yield the share told of each kind of case, and of all that differ and all that do not."""
    asked = list(found)
    yield share_of("answered", [one.answered for one in asked])
    for differ, name in ((True, "differ"), (False, "do not differ")):
        half = [one for one in asked if one.case.differ == differ and one.answered]
        for kind in dict.fromkeys(one.case.kind for one in half):
            yield share_of(f"{name}, told: {kind}", [one.told for one in half if one.case.kind == kind])
        if half:
            yield share_of(f"{name}, told: all", [one.told for one in half])
    if right := [one.right for one in asked if one.told and one.case.differ]:
        yield share_of("told where they differ: each account right", right)


@app.command()
def main(
    split: Annotated[str, typer.Argument(help="dev or test.")] = "dev",
    data: Annotated[
        Path | None,
        typer.Option(help="The folder of the public sets: ask these instead, of which one article each answers."),
    ] = None,
    index: Annotated[
        Path | None, typer.Option(help="Where `eval.benchmarks.speed` keeps the index of the public sets.")
    ] = None,
    asked: Annotated[int, typer.Option(min=1, help="Questions of the public sets, for a number or a date.")] = 150,
) -> None:
    """Print the share of questions for which a disagreement was told."""
    with told():
        if data is not None:
            with tempfile.TemporaryDirectory() as temporary:
                say(alarms(data, index or Path(temporary), asked=asked))
        elif split in ("dev", "test"):
            say(shares(outcomes([case for case in load_cases() if case.split == split])))
        else:
            raise CaseError(f"there is no half {split!r}. Known: dev, test.")


def say(found: Iterable[object]) -> None:
    for one in found:
        typer.echo(one)


def alarms(data: Path, folder: Path, *, asked: int) -> Iterator[Share | str]:
    """Yield how many of the public questions for a number or a date were answered, and told to have other answers.

    Their articles are on different subjects: what is told is as good as always wrong.
    """
    build(data, folder, PASSAGES, Settings.from_environment())
    drawn = [one for one in questions(data, at_most=sys.maxsize) if asks_when(one) or asks_quantity(one)][:asked]
    with Corpus.open(folder / "index") as corpus:
        answers = [corpus.ask(one) for one in drawn]
    yield share_of("public questions, answered", [bool(answer.statements) for answer in answers])
    if wrongly := [bool(answer.disagreements) for answer in answers if answer.statements]:
        yield share_of("one article answers, told", wrongly)
    for answer in answers:
        for one in answer.disagreements:
            yield f"  {answer.question} " + "; ".join(f"{each.words} ({each.citation.title})" for each in one.accounts)


if __name__ == "__main__":
    app()
