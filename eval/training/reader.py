"""Trains the reader, on a GPU where there is one, with float32 copies of the weights in the optimiser and checkpoints to go on from."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer

from rag.index.embedding import minilm_folder
from rag.reader.batching import slices
from rag.reader.network import ReaderNetwork, load_network, save_network

from .data import read_sets
from .groups import Curriculum, Labelled
from .loss import Losses, losses
from .masters import Masters, fastest_device

log = logging.getLogger(__name__)

SLICE_TOKENS = (
    1600  # padded tokens at once: seven in a hundred faster than 400 here, where all of a batch is read anyway
)
CHECKPOINT = "checkpoint.safetensors"
AVERAGED = (0.85, 0.90, 0.95, 1.0)  # of the run: the weights at these points are averaged in the end


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. `minutes_between` are between checkpoints; `steps` may be lowered when going on, to end sooner."""

    steps: int
    seed: int = 1
    questions: int = 12
    longest: int = 256
    peak: float = 1.5e-4
    frozen: int = 0  # of the encoder's layers, the lowest: a third frozen costs little and saves a fifth of the time
    warm_up: float = 0.06
    decay: float = 0.01
    contrasts: bool = False  # mostly near misses and their answered fellows: see Curriculum
    minutes_between: float = 3.0

    def rate(self, step: int) -> float:
        """Return the learning rate at a step counted from 0: up in a line, then down in a line to zero."""
        rising = self.warm_up * self.steps
        return self.peak * min((step + 1) / rising, (self.steps - step) / max(1.0, self.steps - rising))


class Trainer:
    """A run on its way. `folder` holds its checkpoint, its log and, in `current` and `final`, networks to read with."""

    def __init__(self, plan: Plan, *, folder: Path, encoder: Path, start: Path | None = None) -> None:
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.folder = folder
        self.step = 0
        self.tokeniser: Any = AutoTokenizer.from_pretrained(start or encoder)
        self.network = load_network(start)[0] if start else ReaderNetwork.from_encoder(encoder)
        self.network.train().silence_dropout()
        # 12 of 22 million weights. Left as they are, the reader can share them with the embedder.
        self.network.encoder.get_input_embeddings().weight.requires_grad_(False)
        self.network.freeze(plan.frozen)
        self._masters = Masters(self.network, self.network.encoder, decay=plan.decay)

    def run(self, curriculum: Curriculum) -> None:
        """Train from the present step to the last, then write the averaged network to `final`."""
        plan = self.plan
        tasks = curriculum.tasks(1)
        rounds = -(-plan.steps * plan.questions // len(tasks))
        tasks = curriculum.tasks(rounds)
        log.info(
            "%d groups a round, %.2f rounds", len(tasks) // rounds, plan.steps * plan.questions / len(tasks) * rounds
        )
        averaged = {round(share * plan.steps) for share in AVERAGED}
        saved = began = time.monotonic()
        passages = 0
        while self.step < plan.steps:
            first = self.step * plan.questions
            labelled = [
                one
                for group, task in enumerate(tasks[first : first + plan.questions])
                for one in curriculum.pairs(task, position=first + group, group=group)
            ]
            part = self._learn(labelled)
            self.step += 1
            passages += len(labelled)
            if self.step % 10 == 0:
                self._note(part, rate=passages / (time.monotonic() - began))
            if self.step in averaged:
                save_file(self._masters.weights(), self.folder / f"weights-{self.step:06d}.safetensors")
            if time.monotonic() - saved > 60 * plan.minutes_between:
                self.save()
                saved = time.monotonic()
        self.save()
        self._average()

    def save(self) -> None:
        """Write the checkpoint, whole or not at all, and the network as it is now to `current`."""
        self._masters.save(self.folder / CHECKPOINT, step=self.step)
        save_network(self.folder / "current", network=self.network, tokeniser=self.tokeniser)

    def resume(self) -> None:
        """Go on from the checkpoint in `folder`, if there is one."""
        path = self.folder / CHECKPOINT
        if path.exists():
            self.step = self._masters.restore(path)
            log.info("going on from step %d", self.step)

    def _learn(self, labelled: Sequence[Labelled]) -> Losses:
        read = []
        for part in slices(
            [one.pair for one in labelled], tokeniser=self.tokeniser, longest=self.plan.longest, at_once=SLICE_TOKENS
        ):
            read.append((part, self.network(part.ids, part.kinds, part.mask, part.answerable)))
        result = losses(labelled, read=read)
        result.total.backward()  # type: ignore[no-untyped-call]
        self._masters.step(rate=self.plan.rate(self.step))
        return result

    def _average(self) -> None:
        # Files of a longer or shorter plan may lie in the same folder.
        first = AVERAGED[0] * self.plan.steps - 1
        files = [path for path in sorted(self.folder.glob("weights-*.safetensors")) if int(path.stem[-6:]) >= first]
        self._masters.average([load_file(path) for path in files])
        save_network(self.folder / "final", network=self.network, tokeniser=self.tokeniser)
        log.info("averaged %s into final", ", ".join(path.stem for path in files))

    def _note(self, part: Losses, *, rate: float) -> None:
        row = {
            "step": self.step,
            "shared": round(part.shared.item(), 3),
            "single": round(part.single.item(), 3),
            "relevance": round(part.relevance.item(), 3),
            "passages_a_second": round(rate, 1),
        }
        log.info("%s", json.dumps(row))
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")


def train(plan: Plan, *, data: Path, folder: Path, encoder: Path, start: Path | None = None) -> None:
    """Train a reader on the sets under `data`, going on from the checkpoint in `folder` if there is one.

    It begins with the untrained `encoder`, or with the reader in `start`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_default_device(fastest_device())
    trainer = Trainer(plan, folder=folder, encoder=encoder, start=start)
    trainer.resume()
    found = folder / "neighbours.json"
    examples = read_sets(data).train
    trainer.run(Curriculum(examples, seed=plan.seed, encoder=minilm_folder(), found=found, contrasts=plan.contrasts))
