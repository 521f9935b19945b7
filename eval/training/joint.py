"""Trains reading and entailment in one network, with checkpoints to go on from, until the dev figures stay flat."""

from __future__ import annotations

import json
import logging
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Generic, TypeVar

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from rag.reader.batching import slices

from .data import Example, read_sets
from .entailment_data import inferences
from .entailment_loss import entailment_loss
from .entailment_public import made_inferences, public_inferences
from .masters import Masters
from .measure_written import Figures, quick_figures
from .pairs import AT_ONCE, Inference, paired, widened
from .reader_answers import load
from .reading_data import Task, public_tasks, written_tasks
from .reading_loss import reading_loss
from .understanding import UnderstandingNetwork, save_understanding
from .written import Written, read_written

log = logging.getLogger(__name__)

T = TypeVar("T")

CHECKPOINT = "checkpoint.safetensors"
AVERAGE = "average.safetensors"
AVERAGED_EVERY = 10  # steps
FIRST_SPREAD = 0.4  # of the first round, in which the written statements are read
NONE: Mapping[str, int] = {}
LONGEST = 288  # tokens of a question and a passage


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. A step reads `statements` inferences and `questions` with their passages; without any of these, only
    entailment is learned and measured.

    The rate stays at its peak, so that a run can go on for as long as dev gets better; the mean of the weights over the
    last few hundred steps is what is measured and used. A run ends after `rounds` rounds over the statements, or when dev
    has not got better by more than `flat` for a round.
    """

    seed: int = 1
    statements: int = 16
    questions: int = 3
    early: int = (
        0  # steps at the beginning with one question each, since judging has everything to learn and reading little
    )
    rounds: int = 6
    steps: int = (
        0  # if given, the run has so many, the rate falls to 0 over them, and the last weights are what is used
    )
    frozen: int = 0  # of the encoder's layers, the lowest: a third frozen saves a fifth of the time
    peak: float = 4e-5
    warm_up: int = 60
    decay: float = 0.01
    keep: float = 0.95  # of the mean of the weights, every `AVERAGED_EVERY` steps
    flat: float = 0.003
    minutes_between_checkpoints: float = 10.0
    minutes_between_figures: float = 30.0
    made: int = 0  # statements in a round that rules make of the reading sets
    written_share: float = 1.0  # of the written training articles, for a learning curve
    most: Mapping[str, int] = field(default_factory=dict)  # inferences of each sort in a round; all of them without

    def asked(self, step: int) -> tuple[int, int]:
        """Return the place of the first question of a step, and how many it reads."""
        if not self.questions:
            return 0, 0
        late = max(0, step - self.early)
        return min(step, self.early) + late * self.questions, self.questions if step >= self.early else 1

    def rate(self, step: int) -> float:
        """Return the learning rate at a step counted from 0."""
        falling = 1.0 - step / self.steps if self.steps else 1.0
        return self.peak * min(1.0, (step + 1) / self.warm_up) * falling


class Stream(Generic[T]):
    """An endless, repeatable row of things to learn from, drawn and shuffled anew each round."""

    def __init__(
        self, draw: Callable[[int], list[T]], *, seed: str, first: Callable[[T], bool] = lambda _: False
    ) -> None:
        """`draw` returns a round's things by its number; those that are `first` come early in the first round."""
        self._draw = draw
        self._first = first
        self._seed = seed
        self._rounds: dict[int, list[T]] = {}
        self._starts = [0]

    def take(self, first: int, count: int) -> list[T]:
        """Return the things at places `first` to `first + count`."""
        return [self._at(place) for place in range(first, first + count)]

    def round_of(self, place: int) -> int:
        """Return the number of the round, from 0, that a place belongs to."""
        while self._starts[-1] <= place:
            self._starts.append(self._starts[-1] + len(self._round(len(self._starts) - 1)))
        return next(number for number, end in enumerate(self._starts[1:]) if place < end)

    def _at(self, place: int) -> T:
        number = self.round_of(place)
        return self._round(number)[place - self._starts[number]]

    def _round(self, number: int) -> list[T]:
        if number not in self._rounds:
            drawn = self._draw(number)
            random = Random(f"{self._seed}:{number}:order")
            random.shuffle(drawn)
            if number == 0:
                drawn.sort(key=lambda one: random.random() * (FIRST_SPREAD if self._first(one) else 1.0))
            self._rounds = {other: kept for other, kept in self._rounds.items() if other >= number - 1}
            self._rounds[number] = drawn
        return self._rounds[number]


class Course:
    """All that is learned from: written articles and public sets, as two streams."""

    def __init__(
        self,
        data: Path,
        *,
        seed: int,
        written_share: float = 1.0,
        made: int = 0,
        most: Mapping[str, int] = NONE,
        read: Path | None = None,
    ) -> None:
        written = read_written(data / "written")
        train = [one for one in written if not one.dev]
        self.train = Random(f"{seed}:articles").sample(train, round(written_share * len(train)))
        self.dev = [one for one in written if one.dev]
        self._data = data
        self._public: Sequence[Example] = read_sets(data).train
        self.statements: Stream[Inference] = Stream(self._inferences, seed=f"{seed}:statements", first=_stated)
        self.tasks: Stream[Task] = Stream(self._tasks, seed=f"{seed}:tasks")
        self._seed = seed
        self._made = made
        self._read = load(read) if read else []
        self._most = most

    def _inferences(self, number: int) -> list[Inference]:
        seed = f"{self._seed}:{number}"
        made = made_inferences(self._public, seed=seed, count=self._made) if self._made else []
        told = [*inferences(self.train, seed=seed), *public_inferences(self._data, seed=seed), *made, *self._read]
        if not self._most:
            return told
        random = Random(f"{seed}:most")
        sorts = {name: [one for one in told if _sort(one) == name] for name in self._most}
        return [one for name, some in sorts.items() for one in random.sample(some, min(self._most[name], len(some)))]

    def _tasks(self, number: int) -> list[Task]:
        seed = f"{self._seed}:{number}"
        return [*written_tasks(self.train, seed=seed), *public_tasks(self._public, seed=seed)]


def _sort(one: Inference) -> str:
    """Return what an inference is made of: a statement, a yes/no question, what a reader answered, or something else."""
    if _stated(one):
        return "statements"
    return {"yesno": "yesno", "read": "read"}.get(one.source.split()[0], "other")


def _stated(one: Inference) -> bool:
    return one.source in ("t", "made") or one.source.startswith(("t:", "f:"))


class Trainer:
    """A run on its way. `folder` holds its checkpoint, its log and, in `best`, the network that was best on dev."""

    def __init__(self, plan: Plan, *, folder: Path, network: UnderstandingNetwork, tokeniser: Any) -> None:
        self.plan = plan
        self.folder = folder
        self.step = 0
        self.tokeniser = tokeniser
        self.network = network
        self.network.train().silence_dropout()
        # The word embeddings are a quarter of the weights and change little: left alone they cost no memory and no time.
        self.network.encoder.get_input_embeddings().weight.requires_grad_(False)
        self.network.freeze(plan.frozen)
        self._masters = Masters(self.network, self.network.encoder, decay=plan.decay)
        self._average: dict[str, Tensor] = self._masters.weights()
        self._stopped = False
        self._best = (0.0, 0)  # the best figure so far and the round it was reached in

    def run(self, course: Course) -> bool:
        """Train from the present step until the plan's end or until dev is flat for a round; return whether it got there."""
        saved = measured = time.monotonic()
        noted, losses = time.monotonic(), []
        tokens = 0
        signal.signal(signal.SIGTERM, self._stop)
        while (
            not self._stopped
            and (not self.plan.steps or self.step < self.plan.steps)
            and (number := course.statements.round_of(self.step * self.plan.statements)) < self.plan.rounds
        ):
            told = course.statements.take(self.step * self.plan.statements, self.plan.statements)
            tasks = course.tasks.take(*self.plan.asked(self.step))
            judged, read, count = self._learn(told, tasks)
            tokens += count
            losses.append((judged, read))
            if self.step % AVERAGED_EVERY == 0:
                self._blend()
            if self.step % 20 == 0:
                rate = tokens / (time.monotonic() - noted)
                mean = [sum(one) / len(losses) for one in zip(*losses, strict=True)]
                self._note(
                    round=number, entailment=round(mean[0], 3), reading=round(mean[1], 3), tokens_a_second=round(rate)
                )
                noted, tokens, losses = time.monotonic(), 0, []
            if time.monotonic() - saved > 60 * self.plan.minutes_between_checkpoints:
                self.save()
                saved = time.monotonic()
            if time.monotonic() - measured > 60 * self.plan.minutes_between_figures:
                if self._is_flat(self.measure(course.dev), number):
                    log.info("dev has been flat for a round")
                    break
                measured = noted = time.monotonic()
        if self.plan.steps:
            self._average = self._masters.weights()
        self.save()
        if not self._stopped:
            self.measure(course.dev)
        return not self._stopped

    def _stop(self, *_: object) -> None:
        log.info("ends after this step, with a checkpoint")
        self._stopped = True

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        part = self.folder / f"{AVERAGE}.part"
        save_file(self._average, part, metadata={"best": json.dumps(self._best)})
        part.replace(self.folder / AVERAGE)
        self._masters.save(self.folder / CHECKPOINT, step=self.step)

    def resume(self) -> None:
        """Go on from the checkpoint in `folder`, if there is one."""
        path = self.folder / CHECKPOINT
        if path.exists():
            self.step = self._masters.restore(path)
            self._average = load_file(self.folder / AVERAGE)
            with safe_open(self.folder / AVERAGE, framework="pt") as opened:
                best, number = json.loads(opened.metadata()["best"])
            self._best = best, number
            log.info("going on from step %d", self.step)

    def measure(self, dev: Sequence[Written]) -> Figures:
        """Return and note the figures of the mean weights on a part of dev; write the network if it is the best so far."""
        present = self._masters.weights()
        self._masters.average([self._average])
        self.network.eval()
        figures = quick_figures(dev, network=self.network, tokeniser=self.tokeniser, reading=self.plan.questions > 0)
        self._note(**figures.row())
        if figures.mean > self._best[0]:
            save_understanding(self.folder / "best", network=self.network, tokeniser=self.tokeniser)
        self.network.train()
        self._masters.average([present])
        return figures

    def _is_flat(self, figures: Figures, number: int) -> bool:
        best, reached = self._best
        if figures.mean > best + self.plan.flat:
            self._best = figures.mean, number
            return False
        self._best = max(best, figures.mean), reached
        return number > reached + 1

    def _blend(self) -> None:
        keep = min(self.plan.keep, self.step / (self.step + 10 * AVERAGED_EVERY))  # at the beginning a short memory
        for name, weight in self._masters.weights().items():
            self._average[name].mul_(keep).add_(weight, alpha=1 - keep)

    def _learn(self, told: Sequence[Inference], tasks: Sequence[Task]) -> tuple[float, float, int]:
        """Take one step and return both losses and how many tokens were read."""
        judged, tokens = 0.0, 0
        for batch in paired([(one.hypothesis, one.premise) for one in told], tokeniser=self.tokeniser):
            verdicts, words = self.network.judge(batch.ids, batch.kinds, batch.mask)
            loss = entailment_loss(told, batch, verdicts, words) / len(told)
            loss.backward()  # type: ignore[no-untyped-call]
            judged += float(loss.detach())
            tokens += batch.ids.numel()
        reading, count = self._read(tasks) if tasks else (0.0, 0)
        self._masters.step(rate=self.plan.rate(self.step))
        self.step += 1
        return judged, reading, tokens + count

    def _read(self, tasks: Sequence[Task]) -> tuple[float, int]:
        """Gather the gradients of reading; return its loss and how many tokens were read."""
        pairs = [read.pair for task in tasks for read in task]
        parts, tokens = [], 0
        for part in slices(pairs, tokeniser=self.tokeniser, longest=LONGEST, at_once=AT_ONCE):
            wide = widened(part, pad=self.tokeniser.pad_token_id)
            parts.append((part, self.network(wide.ids, wide.kinds, wide.mask, wide.answerable)))
            tokens += wide.ids.numel()
        reading = reading_loss(tasks, parts=parts)
        reading.backward()  # type: ignore[no-untyped-call]
        return float(reading.detach()), tokens

    def _note(self, **row: float) -> None:
        line = json.dumps({"step": self.step, **row})
        log.info("%s", line)
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(line + "\n")


def train(plan: Plan, *, data: Path, folder: Path, start: Path, read: Path | None = None) -> bool:
    """Train on the sets under `data` and on what `reader_answers` wrote to `read`, from the network or the sentence-transformers encoder in `start`, or from the checkpoint in `folder` if there is one.

    Return whether the run has come to its end; it has not if it was told to stop.
    """
    from transformers import AutoTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(plan.seed)
    begin = UnderstandingNetwork.from_base if (start / "modules.json").exists() else UnderstandingNetwork.from_reader
    network, tokeniser = begin(start), AutoTokenizer.from_pretrained(start)
    trainer = Trainer(plan, folder=folder, network=network, tokeniser=tokeniser)
    trainer.resume()
    course = Course(data, seed=plan.seed, written_share=plan.written_share, made=plan.made, most=plan.most, read=read)
    return trainer.run(course)


def current(folder: Path, *, start: Path, frozen: int) -> Path:
    """Write the network of the checkpoint in `folder`, of a run that began with `start`, and return where it lies."""
    from transformers import AutoTokenizer

    network, tokeniser = UnderstandingNetwork.from_reader(start), AutoTokenizer.from_pretrained(start)
    Trainer(Plan(frozen=frozen), folder=folder, network=network, tokeniser=tokeniser).resume()
    save_understanding(folder / "current", network=network, tokeniser=tokeniser)
    return folder / "current"
