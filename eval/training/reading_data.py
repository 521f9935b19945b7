"""What reading is learned from: written questions with passages that answer and passages that do not, and public ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from rag.language.headings import heading
from rag.reader.batching import Pair
from rag.schema import Passage

from .cleaning import window
from .data import Example
from .events import fellows
from .written import Question, Written

Span = tuple[int, int]

HEADINGS = (0.7, 0.15, 0.15)  # title with outlet and day, title alone, nothing
BESIDE_SHARE = 0.6  # with another passage of the article
FELLOW_SHARE = 0.5  # with a passage of an article on the same event, where there is one
RETRIEVED_SHARE = 0.4  # with a passage that the search finds for the question
MOST_RETRIEVED = 12
PUBLIC_WORDS = 120
PUBLIC_TASKS = {"new_wiki": 450, "squad1": 250, "squad2": 800, "qed": 450, "nq": 200, "reddit": 100, "amazon": 100}


@dataclass(frozen=True, slots=True)
class Read:
    """A passage to read for a question. `spans` are the answers in it, none if it does not answer.

    `loose` spans are sentences that prove the answer: it may begin and end anywhere in them.
    """

    pair: Pair
    spans: tuple[Span, ...]
    loose: bool
    source: str


Task = tuple[Read, ...]  # one question with its passages


class Retrieval:
    """The passages of all written training articles with what the search finds for a question."""

    def __init__(self, articles: Sequence[Written]) -> None:
        import bm25s

        self.held = [(place, passage) for place, one in enumerate(articles) for passage in one.passages]
        self._index = bm25s.BM25()
        self._index.index(self._tokens([passage.text for _, passage in self.held]), show_progress=False)

    def found(self, questions: Sequence[str]) -> list[list[int]]:
        """Return, for each question, the places in `held` of the passages with most words in common, best first."""
        places, _ = self._index.retrieve(
            self._tokens(questions), k=min(MOST_RETRIEVED, len(self.held)), show_progress=False
        )
        rows: list[list[int]] = np.asarray(places).tolist()
        return rows

    @staticmethod
    def _tokens(texts: Sequence[str]) -> Any:
        import bm25s

        return bm25s.tokenize(list(texts), stopwords="en", show_progress=False)


def written_tasks(articles: Sequence[Written], *, seed: str) -> list[Task]:
    """Return one round's tasks of the written articles, unshuffled."""
    random = Random(f"{seed}:reading")
    told = fellows([f"{one.article.title}\n{one.article.text}" for one in articles])
    retrieval = Retrieval(articles)
    asked = [(place, question) for place, one in enumerate(articles) for question in one.questions]
    found = retrieval.found([question.text for _, question in asked])
    tasks = []
    for (place, question), near in zip(asked, found, strict=True):
        article = articles[place]
        own, others = _own(article, question, random)
        if question.answers and not own:
            continue  # the answer runs over the end of a passage
        reads: list[tuple[Written, Passage]] = []
        if random.random() < BESIDE_SHARE or not own:
            reads += [(article, passage) for passage in others[:1]]
        if told[place] and random.random() < FELLOW_SHARE:
            fellow = articles[random.choice(told[place])]
            reads.append((fellow, random.choice(fellow.passages)))
        away = [retrieval.held[at] for at in near if retrieval.held[at][0] not in (place, *told[place])]
        if away and random.random() < RETRIEVED_SHARE:
            at, passage = away[int(len(away) * random.random() ** 2)]
            reads.append((articles[at], passage))
        loose = question.kind == "yesno"
        style = random.choices(range(3), HEADINGS)[0]
        tasks.append(
            tuple(
                Read(pair_of(question.text, one, passage, style=style), spans, loose and bool(spans), question.kind)
                for one, passage, spans in [*own, *((one, passage, ()) for one, passage in reads)]
            )
        )
    return tasks


def pair_of(question: str, article: Written, passage: Passage, *, style: int = 0) -> Pair:
    """Return a question with a passage and, before it, title, outlet and day (style 0), the title (1) or nothing (2)."""
    record = article.article
    head = (heading(record.title, record.outlet, record.published), record.title, "")[style]
    return Pair(question, head, passage.text)


def gold(article: Written, question: Question, passage: Passage) -> tuple[Span, ...]:
    """Return where the answer stands in a passage: its words in the proving sentences, or those sentences for yes or no."""
    spans = []
    for number in question.proof:
        start, end = article.sentences[number]
        if start < passage.start or end > passage.end:
            continue
        if question.kind == "yesno":
            spans.append((start - passage.start, end - passage.start))
            continue
        for answer in question.answers:
            at = article.article.text.find(answer, start, end)
            if at >= 0:
                spans.append((at - passage.start, at - passage.start + len(answer)))
    return tuple(spans)


def _own(
    article: Written, question: Question, random: Random
) -> tuple[list[tuple[Written, Passage, tuple[Span, ...]]], list[Passage]]:
    """Return the passages that answer, at most two, and those of the article that have no part in the proof, shuffled."""
    own: list[tuple[Written, Passage, tuple[Span, ...]]] = []
    others = []
    for passage in article.passages:
        spans = gold(article, question, passage)
        proving = any(
            article.sentences[number][0] < passage.end and article.sentences[number][1] > passage.start
            for number in question.proof
        )
        if spans:
            own.append((article, passage, spans))
        elif not proving:
            others.append(passage)
    random.shuffle(others)
    return own[:2], others


def public_tasks(examples: Sequence[Example], *, seed: str) -> list[Task]:
    """Return one round's tasks of the public sets: a share of each, with a passage of the same article that does not answer."""
    random = Random(f"{seed}:public reading")
    chosen: list[Example] = []
    of_group: dict[str, list[Example]] = {}
    for example in examples:
        of_group.setdefault(example.group, []).append(example)
    for source, count in PUBLIC_TASKS.items():
        among = [example for example in examples if example.source == source]
        chosen += random.sample(among, min(count, len(among)))
    tasks = []
    for example in chosen:
        reads = [_public(example, example.spans, random)]
        beside = [one for one in of_group[example.group] if one.passage != example.passage]
        beside = [one for one in beside if not any(answer in one.passage for answer in example.answers)]
        if beside and random.random() < 0.7:
            other = random.choice(beside)
            reads.append(
                _public(Example(example.question, other.title, other.passage, (), (), "", example.source), (), random)
            )
        tasks.append(tuple(reads))
    return tasks


def _public(example: Example, spans: Sequence[Span], random: Random) -> Read:
    place = random.randrange(max(1, len(example.passage) - 20))
    cut = window(
        example.passage,
        spans=spans or ((place, place + 1),),
        words=PUBLIC_WORDS,
        lead=random.randrange(PUBLIC_WORDS - 20),
    )
    return Read(Pair(example.question, example.title, cut.text), cut.spans if spans else (), False, example.source)
