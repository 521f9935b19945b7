"""A few clients press a real server for a moment; what they meet is judged."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from eval.benchmarks import load

MET = load.Load(
    clients=2,
    seconds=1.0,
    answers=9,
    errors=(),
    median_answer=0.5,
    p95_answer=0.9,
    slowest_client=1.1,
    median_look=0.01,
    p95_look=0.02,
    megabytes_warm=100.0,
    megabytes_most=110.0,
)


def test_each_promise_that_is_not_kept_is_named() -> None:
    assert MET.broken == []
    assert replace(MET, errors=("client 1: status 500",)).broken == ["no errors"]
    assert replace(MET, slowest_client=2.1).broken == ["the slowest client waits at most 2 times the median"]
    assert replace(MET, p95_look=0.6).broken == ["looking is faster than asking"]
    assert replace(MET, megabytes_most=130.0).broken == ["memory is bounded"]


@pytest.mark.slow
def test_a_real_server_is_pressed(tmp_path: Path) -> None:
    with load.served(tmp_path / "index", "a-token-for-tests") as (address, pid):
        met = asyncio.run(load.press(address, "a-token-for-tests", pid, clients=10, greedy=10, seconds=15))
    assert met.broken == [], "\n".join(load.lines(met))
    assert met.answers > 10
    assert met.megabytes_most > 50
