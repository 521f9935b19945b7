"""Fine-tunes the search's embedding model on questions and the passages that answer them; ends with a mean with the original.

A step of `eval.training.runs`.
"""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as functional
from safetensors.torch import load_file, save_file
from torch import Tensor

from rag.index.embedding import minilm_folder

from .data import read_sets
from .embedder_data import Batch, batches, public_batches
from .masters import Masters
from .pairs import rounded
from .written import Written, read_written

log = logging.getLogger(__name__)

WEIGHTS = "model.safetensors"
CHECKPOINT = "checkpoint.safetensors"
LONGEST = {True: 64, False: 256}  # tokens of a question and of a passage
AT_ONCE = 4000  # padded tokens
SHARES = (0.5, 0.7)  # of the trained weights in the mixtures


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. A round is one pass over the written articles and as many batches of the public sets."""

    rounds: int = 6
    seed: int = 1
    articles: int = 24  # of a batch, alike ones together
    peak: float = 6e-5
    warm_up: int = 15  # steps
    decay: float = 0.01
    sharpness: float = 20.0  # of the softmax over cosines
    within: float = 0.5  # weight of telling the passages of one article apart


class EmbedderTrainer:
    """A run on its way; its word embeddings stay as they are, so that only half of the weights need shipping."""

    def __init__(self, plan: Plan, *, folder: Path) -> None:
        from transformers import AutoModel, AutoTokenizer

        torch.manual_seed(plan.seed)
        self.plan = plan
        self.folder = folder
        self.round = self.step = 0
        self.tokeniser: Any = AutoTokenizer.from_pretrained(minilm_folder())
        self.encoder: Any = AutoModel.from_pretrained(
            minilm_folder(), attn_implementation="eager", add_pooling_layer=False
        )
        self.encoder.eval()  # dropout off
        self.encoder.get_input_embeddings().weight.requires_grad_(False)
        self._masters = Masters(self.encoder, self.encoder, decay=plan.decay)

    def run(self, train: Sequence[Written], public: Sequence[Any]) -> None:
        """Train to the plan's last round; write the network of each round and a checkpoint."""
        path = self.folder / CHECKPOINT
        if path.exists():
            self.step = self._masters.restore(path)
            self.round = json.loads((self.folder / "round.json").read_text(encoding="utf-8"))
        while self.round < self.plan.rounds:
            seed = f"{self.plan.seed}:{self.round}"
            began, losses, beside = time.monotonic(), [], public_batches(public, seed=seed)
            for batch in batches(train, seed=seed, articles_of=self.plan.articles):
                losses.append((self._learn(batch), self._learn(next(beside))))
            self.round += 1
            mean = [round(sum(one) / len(losses), 3) for one in zip(*losses, strict=True)]
            log.info("round %d: written %.3f, public %.3f, %.0f s", self.round, *mean, time.monotonic() - began)
            self.write(self.folder / f"round-{self.round}", self._masters.weights())
            self._masters.save(path, step=self.step)
            (self.folder / "round.json").write_text(json.dumps(self.round), encoding="utf-8")

    def write(self, folder: Path, weights: dict[str, Tensor]) -> None:
        """Write an embedding model with these weights, and the packaged ones where there are none."""
        shutil.copytree(minilm_folder(), folder, dirs_exist_ok=True)
        packaged = load_file(minilm_folder() / WEIGHTS)
        save_file(
            packaged | {name: weights[name].contiguous() for name in packaged.keys() & weights.keys()}, folder / WEIGHTS
        )

    def _learn(self, batch: Batch) -> float:
        rate = self.plan.peak * min(1.0, (self.step + 1) / self.plan.warm_up)
        done = self.step / (self._steps() + 1)
        questions = self._embed(batch.questions, short=True)
        passages = self._embed(batch.passages, short=False)
        loss = self._loss(questions @ passages.T * self.plan.sharpness, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        self._masters.step(rate=rate * (1 - 0.9 * done))
        self.step += 1
        return float(loss.detach())

    def _steps(self) -> int:
        return self.plan.rounds * 2 * 17

    def _loss(self, scores: Tensor, batch: Batch) -> Tensor:
        """InfoNCE over the whole batch for questions that stand alone, and within the article for all."""
        right = torch.tensor(batch.right)
        outside = torch.tensor(batch.open)
        alone = torch.tensor(batch.alone)
        total = _nce(scores.masked_fill(~(outside | right), float("-inf")), right)[alone].mean()
        inside = torch.tensor(batch.inside)
        several = (inside & ~right).any(1)
        if several.any():
            within = _nce(scores.masked_fill(~(inside | right), float("-inf")), right)[several].mean()
            total = total + self.plan.within * within
        return total

    def _embed(self, texts: Sequence[str], *, short: bool) -> Tensor:
        coded = self.tokeniser(list(texts), truncation=True, max_length=LONGEST[short])["input_ids"]
        order = sorted(range(len(texts)), key=lambda row: -len(coded[row]))
        rows: list[Tensor] = [torch.empty(0)] * len(texts)
        while order:
            width = rounded(len(coded[order[0]]))
            taken, order = order[: max(1, AT_ONCE // width)], order[max(1, AT_ONCE // width) :]
            ids = torch.full((len(taken), width), self.tokeniser.pad_token_id)
            mask = torch.zeros((len(taken), width), dtype=torch.long)
            for place, row in enumerate(taken):
                ids[place, : len(coded[row])] = torch.tensor(coded[row])
                mask[place, : len(coded[row])] = 1
            hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
            kept = mask.unsqueeze(-1).float()
            vectors = functional.normalize((hidden * kept).sum(1) / kept.sum(1), dim=1)
            for place, row in enumerate(taken):
                rows[row] = vectors[place]
        return torch.stack(rows)


def _nce(scores: Tensor, right: Tensor) -> Tensor:
    return scores.logsumexp(1) - scores.masked_fill(~right, float("-inf")).logsumexp(1)


def mixed(trained: Path, *, share: float, into: Path) -> None:
    """Write the mean of a trained model and the packaged one, in which the trained one has this share."""
    shutil.copytree(minilm_folder(), into, dirs_exist_ok=True)
    old, new = load_file(minilm_folder() / WEIGHTS), load_file(trained / WEIGHTS)
    blend = {
        name: torch.lerp(weight, new[name], share) if weight.is_floating_point() else weight
        for name, weight in old.items()
    }
    save_file(blend, into / WEIGHTS)


def train(plan: Plan, *, data: Path, folder: Path) -> None:
    """Train on the sets under `data`, going on from the last whole round, then write mixtures with the packaged model."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [one for one in read_written(data / "written") if not one.dev]
    trainer = EmbedderTrainer(plan, folder=folder)
    trainer.run(written, read_sets(data).train)
    for share in SHARES:
        mixed(folder / f"round-{plan.rounds}", share=share, into=folder / f"mixed-{share:.2f}")
