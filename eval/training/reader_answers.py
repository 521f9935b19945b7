"""What a reader answers to the written training questions, right and wrong, as inferences: what the entailment model sees in use.

`python -m eval.training.reader_answers OUT --data DATA` reads them and writes one inference a line; run again, it goes on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from rag.corpus import Corpus
from rag.schema import Reading
from rag.serialization import from_plain, to_plain
from rag.settings import Settings
from rag.verification.entailment_model import CONTRADICTED, NOT_SAID, SUPPORTED
from rag.verification.read_back import read_back

from .pairs import Inference
from .pool import Asked, asked_of
from .written import UNANSWERABLE, Question, Written, read_written

FALSE = (CONTRADICTED, NOT_SAID)
PASSAGES = 6  # that are read for a question
MOST_PUT = 2  # of its readings, the best
ANSWERABLE_SHARE = 0.45  # of the answerable questions, so that these are about as many as the others
KEPT = "yesno", "multi"  # no words of the article answer these


def inferences_of(asked: Asked, question: Question, readings: Sequence[Reading]) -> Iterator[Inference]:
    """Yield the best readings' words as answers to the question; those of which it is not known whether they are right are left out."""
    for reading in readings[:MOST_PUT]:
        if reading.short is None or not reading.sentences:
            continue
        [(hypothesis, told)] = read_back(question.text, reading)
        allowed = _allowed(asked, question, reading)
        if allowed is not None:
            yield Inference(told, hypothesis, allowed, None, f"read {question.kind}")


def _allowed(asked: Asked, question: Question, reading: Reading) -> tuple[int, ...] | None:
    if question.kind in UNANSWERABLE:
        return (NOT_SAID,) if question.kind.endswith(("near", "absent")) else FALSE
    assert reading.short is not None
    start, end = reading.short
    words = reading.hit.passage.text[start - reading.hit.passage.start : end - reading.hit.passage.start].lower()
    here = reading.hit.source == asked.source
    proves = here and asked.start <= start < asked.end
    alike = any(one.lower() in words or words in one.lower() for one in question.answers)
    if proves and alike:
        return (SUPPORTED,)
    shared = set(words.split()) & {word for one in question.answers for word in one.lower().split()}
    return FALSE if here and not alike and not shared else None


def chosen(articles: Sequence[Written]) -> list[tuple[Written, Question]]:
    """Return the training questions to be read, in an order of their own: any first part of them is a fair sample."""
    random = Random("reader answers")
    found = [
        (one, question)
        for one in articles
        if not one.dev
        for question in one.questions
        if question.kind not in KEPT and (question.kind in UNANSWERABLE or random.random() < ANSWERABLE_SHARE)
    ]
    random.shuffle(found)
    return found


def load(path: Path) -> list[Inference]:
    """Return the inferences that were written to the file."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [from_plain(Inference, one) for line in lines for one in json.loads(line)]


def main() -> None:
    """Read the questions."""
    parser = argparse.ArgumentParser(prog="python -m eval.training.reader_answers", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", default="trained")
    given = parser.parse_args()
    articles = read_written(given.data / "written")
    done = len(given.out.read_text(encoding="utf-8").splitlines()) if given.out.exists() else 0
    with Corpus.in_memory(Settings(reader=given.reader)) as corpus, given.out.open("a", encoding="utf-8") as lines:
        corpus.add([one.article for one in articles])
        for article, question in chosen(articles)[done:]:
            asked = asked_of(article, question)
            hits = corpus.search(question.text, k=PASSAGES, kinds=("body",), filters=asked.filters)
            readings = corpus.models.reader.read(question.text, hits)
            lines.write(json.dumps([to_plain(one) for one in inferences_of(asked, question, readings)]) + "\n")


if __name__ == "__main__":
    main()
