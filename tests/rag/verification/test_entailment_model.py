from pathlib import Path

import pytest
import torch
from transformers import AutoModel, AutoTokenizer, MPNetConfig

from rag.drafts import Thresholds
from rag.errors import MissingExtraError
from rag.reader.network import ReaderNetwork, save_network
from rag.reader.trained import LARGE
from rag.reader.weights import load_changed, load_weights, save_change, save_weights
from rag.settings import Settings
from rag.verification.entailment_model import EntailmentNetwork, TrainedEntailment, batches, save_thresholds

PAIRS = [
    ("The ferry sails.", "The ferry Aurora sails on Sundays."),
    ("Geese fly south in winter.", "In winter the geese fly south. " * 60),
    ("It rains.", "Rain."),
]
SIZE = MPNetConfig(
    hidden_size=48, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, vocab_size=30527, pad_token_id=1
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader of the right vocabulary with random weights."""
    torch.manual_seed(1)
    network = ReaderNetwork(AutoModel.from_config(SIZE, add_pooling_layer=False), width=SIZE.hidden_size)
    written = tmp_path_factory.mktemp("reader")
    save_network(written, network=network, tokeniser=AutoTokenizer.from_pretrained(LARGE))
    return written


@pytest.fixture(scope="module")
def folder(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A change of that reader: what it says is arbitrary, its form is not."""
    torch.manual_seed(2)
    network = EntailmentNetwork(AutoModel.from_config(SIZE, add_pooling_layer=False), width=SIZE.hidden_size)
    before = load_weights(base)
    after = {
        name: before[name] + 0.1 * tensor if name in before and ".layer." in name else before.get(name, tensor)
        for name, tensor in network.state_dict().items()
    }
    written = tmp_path_factory.mktemp("entailment")
    save_change(before, after, written, rank=4)
    save_thresholds(written, Thresholds(clear=0.25, reworded=0.75))
    return written


@pytest.fixture(scope="module")
def entailment(base: Path, folder: Path) -> TrainedEntailment:
    return TrainedEntailment(Settings(), folder=folder, base=base)


def test_each_pair_has_one_probability_in_its_order(entailment: TrainedEntailment) -> None:
    together = entailment.chances(PAIRS)
    assert all(0.0 < chance < 1.0 for chance in together)
    assert together == pytest.approx([entailment.chances([pair])[0] for pair in PAIRS], abs=0.02)


def test_a_statement_that_cannot_be_read_whole_is_not_borne(entailment: TrainedEntailment) -> None:
    long, quote = "The ferry sails again. " * 80, "The ferry sails. " * 120
    told = [(long, quote), (long[:400], quote), (quote, "x" * 300)]
    assert entailment.chances(told)[0] == 0.0
    assert entailment.chances([(long[:400], quote)])[0] > 0.0
    (batch,) = batches([(long[:400], quote)], tokeniser=AutoTokenizer.from_pretrained(LARGE))
    assert max(end for _, end in batch.offsets[0]) == len(long[:400].rstrip())


def test_two_models_of_one_folder_agree(base: Path, folder: Path, entailment: TrainedEntailment) -> None:
    other = TrainedEntailment(Settings(), folder=folder, base=base)
    assert other.chances(PAIRS) == entailment.chances(PAIRS)
    assert other.name == entailment.name


def test_thresholds_come_from_the_folder(entailment: TrainedEntailment) -> None:
    assert entailment.thresholds == Thresholds(clear=0.25, reworded=0.75)


def test_no_pairs_have_no_probabilities(entailment: TrainedEntailment) -> None:
    assert entailment.chances([]) == []


def test_without_weights_it_says_what_to_do(base: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingExtraError, match="holds no weights, expected an entailment model"):
        TrainedEntailment(Settings(), folder=tmp_path, base=base)


def test_a_change_of_low_rank_is_kept_and_what_is_the_same_is_not_written(tmp_path: Path) -> None:
    torch.manual_seed(3)
    before = {"encoder.a": torch.randn(40, 20), "encoder.b": torch.randn(40, 20), "bias": torch.randn(5)}
    low = torch.randn(40, 3) @ torch.randn(3, 20)
    after = {"encoder.a": before["encoder.a"] + low, "encoder.b": before["encoder.b"], "bias": before["bias"] + 1}
    from_disk, changed = tmp_path / "base", tmp_path / "change"
    save_weights(before, from_disk)
    save_change(before, after, changed, rank=3)
    loaded = load_changed(from_disk, changed)
    assert torch.allclose(loaded["encoder.a"], after["encoder.a"], atol=0.1)
    assert torch.equal(loaded["encoder.b"], before["encoder.b"])
    assert torch.equal(loaded["bias"], after["bias"])
    assert "encoder.b" not in load_weights(changed)
