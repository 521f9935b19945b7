"""Trains the judge of support on made and real statements, and chooses its thresholds on articles it did not learn from."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor, nn
from transformers import AutoTokenizer

from rag.index.embedding import minilm_folder
from rag.reader.network import load_network
from rag.settings import Settings
from rag.verification.entailment import OPEN
from rag.verification.entailment_model import (
    Batch,
    EntailmentNetwork,
    TrainedEntailment,
    batches,
    load_entailment,
    save_entailment,
)
from rag.verification.qa_consistency import ReaderConsistency

from .making import Claim
from .masters import Masters
from .statements import Statements
from .thresholds import choose

log = logging.getLogger(__name__)

CHECKPOINT = "checkpoint.safetensors"
WORDS_WEIGHT = 0.5  # of the loss of single words
REAL_TIMES = 3  # how often a statement that a person wrote is seen for each time that a made one is


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. `steps` of `claims` statements each; the order is drawn anew when all have been seen."""

    steps: int
    seed: int = 1
    claims: int = 32
    peak: float = 1e-4
    warm_up: float = 0.06
    decay: float = 0.01
    minutes_between: float = 3.0

    def rate(self, step: int) -> float:
        """Return the learning rate at a step counted from 0: up in a line, then down in a line to zero."""
        rising = max(1.0, self.warm_up * self.steps)
        return self.peak * min((step + 1) / rising, (self.steps - step) / max(1.0, self.steps - rising))

    def claims_of(self, step: int, *, among: Sequence[Claim]) -> list[Claim]:
        """Return the statements of a step: all of them once, in an order drawn from the seed, before any twice."""
        first = step * self.claims
        chosen = []
        for place in range(first, first + self.claims):
            turn, at = divmod(place, len(among))
            chosen.append(among[_order(len(among), seed=self.seed, turn=turn)[at]])
        return chosen


_ORDERS: dict[tuple[int, int, int], list[int]] = {}


def _order(length: int, *, seed: int, turn: int) -> list[int]:
    if (length, seed, turn) not in _ORDERS:
        _ORDERS[length, seed, turn] = Random(f"{seed}:{turn}").sample(range(length), length)
    return _ORDERS[length, seed, turn]


def train(plan: Plan, *, data: Path, folder: Path, reader: Path, start: Path | None = None) -> None:
    """Train on the sets under `data` from the encoder of the reader in `reader`, or go on from the checkpoint in `folder`.

    In the end, `folder/final` holds the judge with its thresholds. Begun with the judge in `start`, it is the mean of the
    weights of that one and of the trained one, so as not to lose what that one knew (Wortsman et al., Robust fine-tuning, 2022).
    """
    folder.mkdir(parents=True, exist_ok=True)
    statements = Statements(data, reader=reader)
    claims = [claim for claim in statements.fit() for _ in range(1 if claim.made else REAL_TIMES)]
    log.info("%d statements, %.2f rounds", len(claims), plan.steps * plan.claims / len(claims))
    torch.manual_seed(plan.seed)
    network = judge_on(load_network(reader)[0].encoder)
    begun = load_entailment(start).state_dict() if start else None
    if begun:
        network.load_state_dict(begun)
    masters = Masters(network, network.encoder, decay=plan.decay)
    step = masters.restore(folder / CHECKPOINT) if (folder / CHECKPOINT).exists() else 0
    tokeniser = AutoTokenizer.from_pretrained(minilm_folder())
    saved = began = time.monotonic()
    first = step
    while step < plan.steps:
        loss = learn(network, plan.claims_of(step, among=claims), tokeniser=tokeniser)
        masters.step(rate=plan.rate(step))
        step += 1
        if step % 10 == 0:
            rate = (step - first) * plan.claims / (time.monotonic() - began)
            _note(folder, {"step": step, "loss": round(loss, 3), "statements_a_second": round(rate, 1)})
        if time.monotonic() - saved > 60 * plan.minutes_between:
            masters.save(folder / CHECKPOINT, step=step)
            saved = time.monotonic()
    masters.save(folder / CHECKPOINT, step=step)
    if begun:
        masters.mix(begun)
    save_entailment(folder / "final", network=network, thresholds=OPEN)
    chosen = choose(
        statements.tune(),
        entailment=TrainedEntailment(Settings(), folder=folder / "final"),
        consistency=ReaderConsistency(Settings()),
    )
    save_entailment(folder / "final", network=network, thresholds=chosen)
    log.info("thresholds: %s", chosen)


def judge_on(encoder: Any) -> EntailmentNetwork:
    """Return an untrained judge on an encoder: without dropout, its word embeddings kept as they are."""
    for module in encoder.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    network = EntailmentNetwork.from_encoder(encoder)
    network.encoder.get_input_embeddings().weight.requires_grad_(False)
    return network.train()


def learn(network: EntailmentNetwork, claims: Sequence[Claim], *, tokeniser: Any) -> float:
    """Add the gradients of some statements to the network and return their mean loss."""
    total = 0.0
    for batch in batches([(claim.text, claim.quote) for claim in claims], tokeniser=tokeniser):
        loss = _loss(network, batch, claims) / len(claims)
        loss.backward()  # type: ignore[no-untyped-call]
        total += float(loss.detach())
    return total


def _loss(network: EntailmentNetwork, batch: Batch, claims: Sequence[Claim]) -> Tensor:
    """Return the sum over the batch: the verdict, and for each word of the statement whether the quote lacks it."""
    verdicts, words = network(batch)
    truth = torch.tensor([float(claims[row].supported) for row in batch.rows])
    loss = functional.binary_cross_entropy_with_logits(verdicts, truth, reduction="sum")
    for place, row in enumerate(batch.rows):
        labels = word_labels(claims[row], batch.offsets[place])
        if labels:
            at = torch.tensor([token for token, _ in labels])
            wrong = torch.tensor([float(bad) for _, bad in labels])
            loss = loss + WORDS_WEIGHT * functional.binary_cross_entropy_with_logits(words[place, at], wrong)
    return loss


def word_labels(claim: Claim, offsets: Sequence[tuple[int, int]]) -> list[tuple[int, bool]]:
    """Return (token, whether it is wrong) for each token of the statement; none where it is not known which are wrong."""
    if not claim.supported and not claim.wrong:
        return []
    return [
        (token, any(start < last and first < end for first, last in claim.wrong))
        for token, (start, end) in enumerate(offsets)
        if end > start
    ]


def _note(folder: Path, row: dict[str, float]) -> None:
    log.info("%s", json.dumps(row))
    with (folder / "log.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(row) + "\n")
