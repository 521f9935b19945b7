"""What the embedding model is learned from: batches of alike articles with all their questions, and public questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from rag.language.headings import heading

from .cleaning import window
from .data import Example
from .events import fellows
from .reading_data import gold
from .written import Written

SOURCES = ("new_wiki", "squad1", "squad2", "qed", "nq", "reddit", "amazon")
PUBLIC_QUESTIONS = 40  # of a batch
WORDS = 120  # of a public passage
BARE_SHARE = 0.25  # of the written passages, without title, outlet and day


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions and passages. Of shape (questions, passages): `right` where the passage answers, `open` where it competes
    and does not, `inside` where it is of the question's own article. `alone` are the questions that stand alone."""

    questions: tuple[str, ...]
    passages: tuple[str, ...]
    right: list[list[bool]]
    open: list[list[bool]]
    inside: list[list[bool]]
    alone: list[bool]


def batches(articles: Sequence[Written], *, seed: str, articles_of: int) -> Iterator[Batch]:
    """Yield one round: each article once, with those like it."""
    random = Random(f"{seed}:embedder")
    told = fellows([f"{one.article.title}\n{one.article.text}" for one in articles])
    groups = list(_alike(articles, told, count=articles_of, random=random))
    random.shuffle(groups)
    for group in groups:
        yield _batch(articles, group, told, random=random)


def _alike(
    articles: Sequence[Written], told: Sequence[Sequence[int]], *, count: int, random: Random
) -> Iterator[list[int]]:
    """Yield groups: articles on one event together, and beside them some of those with most words in common, some at random."""
    words = [frozenset(word for word in one.article.text.lower().split() if len(word) > 5) for one in articles]
    left = list(range(len(articles)))
    random.shuffle(left)
    while left:
        group = [left.pop()]
        for place in told[group[0]]:
            if place in left:
                group.append(place)
                left.remove(place)
        likest = sorted(left, key=lambda place: -len(words[place] & words[group[0]]))[: count // 2]
        rest = [place for place in left if place not in likest]
        group += likest + rest[: max(0, count - len(group) - len(likest))]
        left = [place for place in left if place not in group]
        yield group


def _batch(
    articles: Sequence[Written], group: Sequence[int], told: Sequence[Sequence[int]], *, random: Random
) -> Batch:
    held = [(place, passage) for place in group for passage in articles[place].passages]
    texts = []
    for place, passage in held:
        record = articles[place].article
        head = "" if random.random() < BARE_SHARE else f"{heading(record.title, record.outlet, record.published)}\n"
        texts.append(head + passage.text)
    questions, right, open_, inside, alone = [], [], [], [], []
    for place in group:
        for question in articles[place].questions:
            if not question.answers:
                continue
            hits = [at == place and bool(gold(articles[place], question, passage)) for at, passage in held]
            if not any(hits):
                continue
            questions.append(question.text)
            right.append(hits)
            # Another article on the event may answer too.
            open_.append([at not in told[place] for at, _ in held])
            inside.append([at == place for at, _ in held])
            alone.append(question.alone)
    return Batch(tuple(questions), tuple(texts), right, open_, inside, alone)


def public_batches(examples: Sequence[Example], *, seed: str) -> Iterator[Batch]:
    """Yield batches of public questions, each with its passage, without end; two questions of a batch share no passage."""
    random = Random(f"{seed}:public embedder")
    answered = [example for example in examples if example.spans and example.source in SOURCES]
    weights = np.array([0.3 if example.source in ("reddit", "amazon") else 1.0 for example in answered])
    draw = np.random.default_rng(random.randrange(2**32))
    while True:
        chosen = draw.choice(len(answered), size=PUBLIC_QUESTIONS, replace=False, p=weights / weights.sum())
        unlike = list({answered[place].passage: answered[place] for place in chosen}.values())
        texts = []
        for example in unlike:
            cut = window(example.passage, spans=example.spans, words=WORDS, lead=random.randrange(WORDS - 20))
            texts.append(f"{example.title}\n{cut.text}" if example.title and random.random() < 0.5 else cut.text)
        size = len(unlike)
        right = np.eye(size, dtype=bool).tolist()
        yield Batch(
            tuple(example.question for example in unlike),
            tuple(texts),
            right,
            np.ones((size, size), dtype=bool).tolist(),
            right,
            [True] * size,
        )
