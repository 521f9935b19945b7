"""What is learned from, in order: each question with the passage that answers it and passages that do not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from rag.reader.batching import Pair, Span

from .cleaning import window
from .data import Example
from .negatives import Changer, Neighbour, Neighbourhood, retrieved, without_answer

WORDS = 130  # of a passage: about what one passage of the index holds
CONTRASTS_WORDS = 100  # saves a fifth of the time
INFORMAL = ("reddit", "amazon")  # noisy: a part of them each round, for variety
INFORMAL_SHARE = 0.1
CHANGED_SHARE = 0.4  # of the answered questions, asked again with one detail changed
TITLELESS_SHARE = 0.15
CONTRASTED = "squad2"  # here people wrote, to one paragraph, questions that it answers and near misses
CONTRASTS_SHARE = 0.2  # of the other sets, beside the contrasts


@dataclass(frozen=True, slots=True)
class Task:
    """One group to come: which example, asked as it is or `changed`, with which `neighbours` to draw from."""

    example: Example
    changed: bool
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A pair to learn from: `spans` are the answers in its passage, none if it does not answer; `group` is its question."""

    pair: Pair
    spans: tuple[Span, ...]
    group: int


class Curriculum:
    """The groups of a training run. The same examples and seed give the same groups, whichever is asked for first.

    What the searches found is kept in the file `found`, so that a run that goes on need not search again.
    With `contrasts`, a round is mostly near misses and the answered questions on the same paragraphs, each twice.
    """

    def __init__(
        self, examples: Sequence[Example], *, seed: int, encoder: Path | None, found: Path, contrasts: bool = False
    ) -> None:
        self._seed = seed
        self._contrasts = contrasts
        self._words = CONTRASTS_WORDS if contrasts else WORDS
        self._changer = Changer(examples)
        if contrasts:
            others = [example for example in examples if example.source != CONTRASTED]
            kept = Random(f"{seed}:others").sample(others, int(CONTRASTS_SHARE * len(others)))
            examples = [*(example for example in examples if example.source == CONTRASTED), *kept]
        formal = [example for example in examples if example.source not in INFORMAL]
        informal = [example for example in examples if example.source in INFORMAL]
        self._formal = _with_neighbours(formal, encoder=encoder, found=found)
        self._informal = _with_neighbours(informal, encoder=None, found=found.with_stem(found.stem + "-informal"))

    def tasks(self, rounds: int) -> list[Task]:
        """Return the tasks of so many passes over the data, each pass shuffled anew."""
        formal, informal = self._formal, self._informal
        found: list[Task] = []
        for number in range(rounds):
            random = Random(f"{self._seed}:{number}")
            share = random.sample(informal, int(INFORMAL_SHARE * len(informal)))
            answered = [task for task in formal if task.example.spans]
            asked_again = random.sample(answered, int(CHANGED_SHARE * len(answered)))
            this_round = [*formal, *share, *(replace(task, changed=True) for task in asked_again)]
            # People's near misses are few and the hardest to learn: each is read twice a round.
            this_round += [task for task in formal if self._is_contrast(task) or not task.example.spans]
            random.shuffle(this_round)
            found += this_round
        return found

    def pairs(self, task: Task, *, position: int, group: int) -> list[Labelled]:
        """Return what is read for the task that stands at `position`: the passage in question first."""
        random = Random(f"{self._seed}:{position}:pairs")
        example = task.example
        if task.changed:
            changed = self._changer.changed(example, random=random)
            example, task = (changed, task) if changed else (example, replace(task, changed=False))
        others = [] if task.changed else self._others(task, random=random)
        titled = random.random() >= TITLELESS_SHARE
        read = [
            _labelled(example.question, title, passage, spans, group=group, words=self._words, random=random)
            for title, passage, spans in [
                (example.title, example.passage, example.spans),
                *((title, passage, ()) for title, passage in others),
            ]
        ]
        return read if titled else [replace(one, pair=replace(one.pair, title="")) for one in read]

    def _is_contrast(self, task: Task) -> bool:
        return self._contrasts and task.example.source == CONTRASTED

    def _others(self, task: Task, *, random: Random) -> list[tuple[str, str]]:
        example = task.example
        if self._is_contrast(task):
            wanted = random.randrange(2) if example.spans else 0
        elif not example.spans:
            wanted = random.randrange(2)
        else:
            wanted = 1 if example.source in INFORMAL or random.random() < 0.4 else 2
        found: list[tuple[str, str]] = []
        if example.spans and random.random() < 0.25:
            less = without_answer(example)
            found += [(less.title, less.passage)] if less else []
        # The square draws the best ranked more often: they are the hardest.
        near = list(task.neighbours)
        while near and len(found) < wanted:
            chosen = near.pop(int(len(near) * random.random() ** 2))
            found.append((chosen.title, chosen.passage))
        return found


def _with_neighbours(examples: Sequence[Example], *, encoder: Path | None, found: Path) -> list[Task]:
    if not examples:
        return []
    around = Neighbourhood(examples)
    if not found.exists():
        ranked = around.ranked([example.question for example in examples], encoder=encoder)
        found.write_text(json.dumps(ranked), encoding="utf-8")
    return [
        Task(example, False, tuple(retrieved(example, among=[around.neighbours[place] for place in places])))
        for example, places in zip(examples, json.loads(found.read_text(encoding="utf-8")), strict=True)
    ]


def _labelled(
    question: str, title: str, passage: str, spans: Sequence[Span], *, group: int, words: int, random: Random
) -> Labelled:
    # Passages that do not answer are cut round a random place, so that the cut does not tell which one answers.
    place = random.randrange(max(1, len(passage) - 20))
    cut = window(passage, spans=spans or ((place, place + 1),), words=words, lead=random.randrange(words - 20))
    return Labelled(Pair(question, title, cut.text), cut.spans if spans else (), group)
