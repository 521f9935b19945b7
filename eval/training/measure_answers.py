"""Measures whole answers on dev of the written set: questions put to their article, and standalone ones to all dev articles.

`python -m eval.training.measure_answers --data DATA [--at-most N]`. An answer is right if a footnote lies in a sentence that
proves it, and, of yes or no, if it begins with the right word; an unanswerable question is to be refused.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from eval.intervals import share_of
from rag import Answer, Corpus, Filters
from rag.rendering.words import confidence_words
from rag.settings import Settings

from .written import UNANSWERABLE, Question, Written, read_written


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question."""

    question: Question
    refused: bool
    right: bool
    confidence: float | None


def outcome_of(article: Written, question: Question, answer: Answer) -> Outcome:
    """Return what an answer is worth."""
    proof = [article.sentences[number] for number in question.proof]
    proved = any(
        one.article_id == article.article.id and any(one.start < end and start < one.end for start, end in proof)
        for one in answer.citations
    )
    if question.kind == "yesno":
        proved = proved and (answer.short or answer.text).lower().startswith(question.answers[0])
    return Outcome(question, answer.status == "not_found", bool(question.answers) and proved, answer.confidence)


def outcomes(data: Path, settings: Settings, *, at_most: int) -> Iterator[Outcome]:
    """Yield the outcome of up to `at_most` questions of each kind, drawn at random, always the same."""
    dev = [one for one in read_written(data / "written") if one.dev]
    kinds: dict[str, list[tuple[Written, Question]]] = {}
    for one in dev:
        for question in one.questions:
            kinds.setdefault(question.kind, []).append((one, question))
    random = Random("answers")
    with Corpus.in_memory(settings) as corpus:
        corpus.add([one.article for one in dev])
        for asked in kinds.values():
            for article, question in random.sample(asked, min(at_most, len(asked))):
                where = None if question.alone else Filters(articles=(article.article.id,))
                yield outcome_of(article, question, corpus.ask(question.text, filters=where))


def lines(found: Sequence[Outcome]) -> Iterator[str]:
    """Yield the figures by kind, with 95 % intervals, then how often answers of each confidence are right."""
    for kind in dict.fromkeys(one.question.kind for one in found):
        mine = [one for one in found if one.question.kind == kind]
        refused = share_of("refused", [one.refused for one in mine])
        yield f"{kind:<13} {refused}" + (
            "" if kind in UNANSWERABLE else f"   {share_of('right', [one.right for one in mine])}"
        )
    told = [one for one in found if not one.refused]
    for words in dict.fromkeys(confidence_words(level) for level in (None, 0.95, 0.8, 0.6, 0.0)):
        mine = [one for one in told if confidence_words(one.confidence) == words]
        if mine:
            yield f"said to be {words}: {share_of('right', [one.right for one in mine])}"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m eval.training.measure_answers", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the public and the written sets")
    parser.add_argument("--at-most", type=int, default=60, help="questions of each kind")
    parser.add_argument("--reader", default="trained", help="the reader, by name")
    given = parser.parse_args()
    found = []
    for one in outcomes(given.data, Settings(reader=given.reader), at_most=given.at_most):
        found.append(one)
        if len(found) % 50 == 0:
            sys.stderr.write(f"{len(found)} asked\n")
    for line in lines(found):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
