from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from eval.training.entailment_data import inferences
from eval.training.joint import Plan, Stream, Trainer
from eval.training.reading_data import written_tasks
from eval.training.understanding import UnderstandingNetwork, load_understanding, save_understanding
from eval.training.written import Written


def test_a_stream_gives_everything_once_a_round_in_an_order_that_repeats() -> None:
    drawn = [Stream(lambda number: [10 * number + place for place in range(5)], seed="1").take(0, 10) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert sorted(drawn[0][:5]) == [0, 1, 2, 3, 4]
    assert sorted(drawn[0][5:]) == [10, 11, 12, 13, 14]


def test_what_is_first_comes_early_in_the_first_round() -> None:
    stream = Stream(lambda _: list(range(1000)), seed="1", first=lambda one: one < 100)
    places = [place for place, one in enumerate(stream.take(0, 1000)) if one < 100]
    assert max(places) < 600
    assert stream.round_of(999) == 0
    assert stream.round_of(1000) == 1


def test_training_goes_on_from_its_checkpoint(
    ferry: Written, mill: Written, network: UnderstandingNetwork, tokeniser: Any, tmp_path: Path
) -> None:
    told = inferences([ferry, mill], seed="1")
    tasks = written_tasks([ferry, mill], seed="1")
    trainer = Trainer(Plan(peak=1e-3), folder=tmp_path, network=network, tokeniser=tokeniser)
    losses = [trainer._learn(told, tasks) for _ in range(8)]
    assert losses[-1][0] < losses[0][0]
    assert losses[-1][1] < losses[0][1]
    trainer.save()
    trained = {name: weight.clone() for name, weight in network.named_parameters()}
    with torch.no_grad():
        network.verdict.weight.zero_()
    again = Trainer(Plan(), folder=tmp_path, network=network, tokeniser=tokeniser)
    again.resume()
    assert again.step == 8
    assert all(torch.equal(weight, trained[name]) for name, weight in network.named_parameters())


def test_a_network_is_the_same_after_saving(network: UnderstandingNetwork, tokeniser: Any, tmp_path: Path) -> None:
    save_understanding(tmp_path, network=network, tokeniser=tokeniser)
    loaded, _ = load_understanding(tmp_path)
    ids, kinds, mask = torch.arange(5, 21)[None], torch.zeros(1, 16), torch.ones(1, 16, dtype=torch.long)
    network.eval()
    assert torch.allclose(loaded.judge(ids, kinds, mask)[0], network.judge(ids, kinds, mask)[0], atol=0.02)


def test_a_run_of_so_many_steps_ends_with_a_rate_of_nothing() -> None:
    plan = Plan(warm_up=5, steps=100, peak=1.0)
    assert plan.rate(0) == pytest.approx(0.2)
    assert plan.rate(50) == pytest.approx(0.5)
    assert 0.0 < plan.rate(99) < 0.02
    assert Plan(peak=1.0).rate(10_000) == 1.0


def test_a_run_without_questions_learns_and_measures_entailment_alone(
    ferry: Written, mill: Written, network: UnderstandingNetwork, tokeniser: Any, tmp_path: Path
) -> None:
    plan = Plan(statements=4, questions=0, steps=3, warm_up=1)
    trainer = Trainer(plan, folder=tmp_path, network=network, tokeniser=tokeniser)
    before = network.relevance.weight.clone()
    told = Stream(lambda number: inferences([ferry, mill], seed=str(number)), seed="1")
    course = SimpleNamespace(statements=told, tasks=Stream(lambda _: [], seed="1"), dev=[ferry, mill])
    assert trainer.run(course)  # type: ignore[arg-type]
    assert trainer.step == 3
    assert torch.equal(network.relevance.weight, before)
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert 0.0 <= rows[-1]["dev_auroc"] <= 1.0
    assert rows[-1]["dev_read"] == 0.0
