from pathlib import Path
from random import Random

import numpy as np
import pytest

from eval.benchmarks.made_up import EACH, Mixture, Texts, prepared
from eval.benchmarks.scale import build, measure
from rag.testing import HashEmbedder


@pytest.fixture(scope="module")
def mixture() -> Mixture:
    return Mixture(HashEmbedder().embed_texts([Texts().passage(Random(number)) for number in range(200)]))


def test_drawn_vectors_have_unit_length_and_those_of_an_article_are_nearer_to_each_other(mixture: Mixture) -> None:
    rows = mixture.draw(40 * EACH, seed=1)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(len(rows)), abs=1e-5)
    alike = rows @ rows.T
    same = np.kron(np.eye(40), np.ones((EACH, EACH))).astype(bool) & ~np.eye(len(rows), dtype=bool)
    assert alike[same].mean() > alike[~same].mean()


def test_a_made_article_is_what_the_store_wants() -> None:
    one = prepared(10, np.zeros((EACH, 384), dtype=np.float32), Texts())
    assert len(one.passages) == EACH
    assert all(passage.text == one.article.text[passage.start : passage.end] for passage in one.passages)
    assert one.passages[-1].kind == "sidebar"


def test_a_small_index_is_built_and_measured_on_both_sides_of_the_limit(
    mixture: Mixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.index.dense_upkeep.FLAT_MOST", 0)  # put back afterwards
    monkeypatch.setattr("eval.benchmarks.scale.ASKED", 5)
    for name, flat_most in (("flat", 1000), ("file", 100)):
        built = build(tmp_path / name, mixture, passages=400, flat_most=flat_most)
        figures = measure(tmp_path / name, mixture, passages=400, flat_most=flat_most)
        assert built["store: seconds"] > 0
        assert figures["recall at 10"] >= (0.9 if name == "file" else 1.0)
        assert (figures["lists"] > 0) == (name == "file")
