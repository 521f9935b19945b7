"""Questions as they occur in use: articles that the reader was not trained on, pooled into one corpus, retrieved and read."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from rag.corpus import Corpus
from rag.filters import Filters
from rag.language.facts import facts_of
from rag.pipeline import YES_OR_NO
from rag.question.question_type import asks_whether
from rag.schema import Article, Reading, Section
from rag.serialization import from_plain, to_plain
from rag.verification.contradiction.differences import share
from rag.verification.read_back import verified

from .data import Example, occurrences, read_sets
from .negatives import Changer
from .written import Question, Written, read_written

log = logging.getLogger(__name__)

Sort = Literal["answerable", "near miss", "changed", "elsewhere"]
SEED = 20261122
TOLD_AGAIN = (
    0.65  # of the question's content words; of eleven sentences looked at, the six that pass answer, and three more
)
WRITTEN_SHARES = {"alone": 0.35, "in context": 0.25}  # of as many as there are of the public ones
SHARES: dict[Sort, float] = {"answerable": 0.64, "near miss": 0.2, "changed": 0.08, "elsewhere": 0.08}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the answers that its passage at `start:end` of the article from `source` holds; none: it cannot answer.

    A `near miss` was written by a person to look answerable, a `changed` one had a detail changed by `Changer`, and one
    that is answered `elsewhere` was put to a passage of its subject that does not answer. `group` names the article.
    """

    question: str
    answers: tuple[str, ...]
    source: str
    start: int
    end: int
    group: str
    sort: Sort
    style: str = "public"
    day: date | None = None
    outlet: str | None = None

    @property
    def filters(self) -> Filters:
        return Filters(self.day, self.day, self.outlet)


@dataclass(frozen=True, slots=True)
class Read:
    """What the program made of a question: the readings, best first."""

    asked: Asked
    readings: tuple[Reading, ...]

    @property
    def right(self) -> bool:
        """Whether the best sentence holds an answer, in the question's own passage or with most of the question's words."""
        if not self.readings or not self.readings[0].sentences or not self.asked.answers:
            return False
        best = self.readings[0]
        passage = best.hit.passage
        sentence = max(best.sentences, key=lambda score: score.score)
        text = passage.text[sentence.start - passage.start : sentence.end - passage.start]
        if best.hit.source == self.asked.source and self.asked.start <= sentence.start < self.asked.end:
            said = text.lower().strip()
            return any(answer.lower() in said or said in answer.lower() for answer in self.asked.answers)
        # Another passage may say it too: "Basel" of the Rhine knee. An answer alone may stand there by accident.
        if not any(occurrences(text, of=answer) for answer in self.asked.answers):
            return False
        wanted, held = facts_of(self.asked.question), facts_of(f"{best.hit.title}. {text}")
        return share(wanted, held) >= TOLD_AGAIN


def questions(data: Path, *, at_most: int) -> tuple[list[Article], list[Asked]]:
    """Return the held-out articles, whole, and up to `at_most` of the questions on the public ones in the shares of `SHARES`,
    and of those on the written ones as many more as `WRITTEN_SHARES` says."""
    articles: list[Article] = []
    by_sort: dict[Sort, list[Asked]] = {sort: [] for sort in SHARES}
    drawn = random.Random(SEED)
    for examples in read_sets(data).dev.values():
        changer = Changer(examples)
        places = _pooled(examples, articles)
        for example in examples:
            source, start, end = places[example.passage]
            asked = Asked(example.question, example.answers, source, start, end, example.group, _sort(example))
            by_sort[asked.sort].append(asked)
            changed = changer.changed(example, random=drawn) if example.spans else None
            if changed is not None:
                by_sort["changed"].append(Asked(changed.question, (), source, start, end, example.group, "changed"))
    chosen: list[Asked] = []
    for sort, part in SHARES.items():
        known = by_sort[sort]
        chosen += drawn.sample(known, min(len(known), round(part * at_most)))
    for style, written in _written(data, articles).items():
        chosen += drawn.sample(written, min(len(written), round(WRITTEN_SHARES[style] * at_most)))
    drawn.shuffle(chosen)
    return articles, chosen


def _written(data: Path, articles: list[Article]) -> dict[str, list[Asked]]:
    """Add the dev articles of the written set and return the questions on them by style."""
    found: dict[str, list[Asked]] = {style: [] for style in WRITTEN_SHARES}
    for one in read_written(data / "written"):
        if not one.dev:
            continue
        articles.append(one.article)
        for question in one.questions:
            found["alone" if question.alone else "in context"].append(asked_of(one, question))
    return found


def asked_of(one: Written, question: Question) -> Asked:
    """Return a question of the written set: of the whole collection if it can be asked of that, else of its article."""
    article = one.article
    spans = [one.sentences[number] for number in question.proof]
    start, end = min((span[0] for span in spans), default=0), max((span[1] for span in spans), default=0)
    answers = question.answers
    if question.kind == "yesno":  # whatever proves it answers
        answers = tuple(article.text[slice(*span)] for span in spans)
    day, outlet = (None, None) if question.alone else (article.published, article.outlet)
    return Asked(
        question.text,
        answers,
        article.source,
        start,
        end,
        f"written {article.title}",
        "answerable" if answers else "near miss",
        question.kind,
        day,
        outlet,
    )


def read_all(corpus: Corpus, asked: Sequence[Asked], *, keep: Path | None = None) -> list[Read]:
    """Retrieve and read each question as in use. What was read is kept in the file `keep`, and not read again."""
    kept = keep.read_text(encoding="utf-8").splitlines() if keep and keep.exists() else []
    done = [from_plain(Read, json.loads(line)) for line in kept]
    for number, one in enumerate(asked[len(done) :], start=len(done) + 1):
        hits = corpus.search(one.question, k=corpus.settings.k, kinds=("body",), filters=one.filters)
        readings = corpus.models.reader.read(one.question, hits)
        answers = YES_OR_NO if asks_whether(one.question) else ()
        done.append(Read(one, verified(one.question, readings, corpus.models.entailment, answers=answers)))
        if keep:
            with keep.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(to_plain(done[-1])) + "\n")
        if number % 100 == 0:
            log.info("%d of %d questions read", number, len(asked))
    return done


def _sort(example: Example) -> Sort:
    if example.answers:
        return "answerable"
    return "near miss" if example.source == "squad2" else "elsewhere"


def _pooled(examples: Sequence[Example], articles: list[Article]) -> dict[str, tuple[str, int, int]]:
    """Add the examples' articles and return where each passage stands: (source, start, end)."""
    places: dict[str, tuple[str, int, int]] = {}
    for group, title, passages in _by_article(examples):
        text, source = "", f"{group} {len(articles)}"
        for passage in passages:
            places[passage] = (source, len(text), len(text) + len(passage) + 2)
            text += passage.replace("\n", " ") + "\n\n"
        articles.append(Article("", title, text, source=source, sections=(Section(0, len(text), "body"),)))
    return places


def _by_article(examples: Sequence[Example]) -> Iterator[tuple[str, str, list[str]]]:
    passages: dict[tuple[str, str], dict[str, None]] = {}
    for example in examples:
        passages.setdefault((example.group, example.title), {})[example.passage] = None
    for (group, title), known in passages.items():
        yield group, title, list(known)
