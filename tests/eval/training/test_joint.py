from __future__ import annotations

from pathlib import Path
from typing import Any

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
