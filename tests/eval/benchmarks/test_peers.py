from pathlib import Path
from random import Random

import pytest

from eval.benchmarks.made_up import EACH, Texts, english
from eval.benchmarks.peers import Ours, ratios, written
from eval.benchmarks.peers_worker import Bm25s, measured


def test_english_words_have_english_frequencies() -> None:
    words, weights = english()
    assert words[0] == "the"
    assert len(words) == len(weights) > 100_000
    assert weights[99] > weights[-1] / 3  # a hundred words are a third of a text and more


def test_passages_and_queries_are_the_same_at_every_run(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    first, second = written(tmp_path, passages=80), written(tmp_path / "again", passages=80)
    assert [file.read_text() for file in first] == [file.read_text() for file in second]
    assert len(first[0].read_text().splitlines()) == 80


@pytest.mark.slow
def test_ours_is_measured_and_finds_what_another_search_finds(tmp_path: Path) -> None:
    texts, draw = Texts(), Random(3)
    passages = [texts.passage(draw, texts.topic(draw)) for _ in range(60 * EACH)]
    queries = [" ".join(passage.rstrip(".").lower().split()[:4]) for passage in passages[::60]]
    results = {}
    for name, make in (("ours", Ours), ("bm25s", Bm25s)):
        if name == "bm25s":
            pytest.importorskip("Stemmer")
        (tmp_path / name).mkdir()
        figures, found = measured(make, tmp_path / name, passages, queries)
        results[name] = {"figures": figures, "found": found}
        assert figures["build: CPU seconds"] > 0
    table = ratios(results)
    assert table["ours"]["build: CPU seconds"] == table["ours"]["share of our first ten"] == 1.0
    assert table["bm25s"]["share of our first ten"] > 0.5
