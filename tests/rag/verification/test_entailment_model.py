from pathlib import Path

import pytest
import torch
from transformers import AutoModel, AutoTokenizer, BertConfig

from rag.drafts import Thresholds
from rag.errors import MissingExtraError
from rag.index.embedding import minilm_folder
from rag.settings import Settings
from rag.verification.entailment_model import EntailmentNetwork, TrainedEntailment, batches, save_entailment

PAIRS = [
    ("The ferry sails.", "The ferry Aurora sails on Sundays."),
    ("Geese fly south in winter.", "In winter the geese fly south. " * 60),
    ("It rains.", "Rain."),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A judge of the right vocabulary with random weights: what it says is arbitrary, its form is not."""
    torch.manual_seed(1)
    size = BertConfig(
        hidden_size=384, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, vocab_size=30522
    )
    network = EntailmentNetwork.from_encoder(AutoModel.from_config(size, add_pooling_layer=False))
    written = tmp_path_factory.mktemp("judge")
    save_entailment(written, network=network, thresholds=Thresholds(clear=0.25, reworded=0.75))
    return written


def test_each_pair_has_one_probability_in_its_order(folder: Path) -> None:
    entailment = TrainedEntailment(Settings(), folder=folder)
    together = entailment.chances(PAIRS)
    assert all(0.0 < chance < 1.0 for chance in together)
    assert together == pytest.approx([entailment.chances([pair])[0] for pair in PAIRS], abs=0.02)


def test_a_statement_that_cannot_be_read_whole_is_not_borne(folder: Path) -> None:
    long, quote = "The ferry sails again. " * 80, "The ferry sails. " * 80
    assert (
        TrainedEntailment(Settings(), folder=folder).chances([(long, quote), (long[:400], quote), (quote, "x" * 300)])[
            0
        ]
        == 0.0
    )
    assert TrainedEntailment(Settings(), folder=folder).chances([(long[:400], quote)])[0] > 0.0
    tokeniser = AutoTokenizer.from_pretrained(minilm_folder())
    (batch,) = batches([(long[:400], quote)], tokeniser=tokeniser)
    assert max(end for _, end in batch.offsets[0]) == len(long[:400].rstrip())


def test_two_models_of_one_folder_agree(folder: Path) -> None:
    assert TrainedEntailment(Settings(), folder=folder).chances(PAIRS) == TrainedEntailment(
        Settings(), folder=folder
    ).chances(PAIRS)
    assert TrainedEntailment(Settings(), folder=folder).name == TrainedEntailment(Settings(), folder=folder).name


def test_thresholds_are_kept_with_the_weights(folder: Path) -> None:
    assert TrainedEntailment(Settings(), folder=folder).thresholds == Thresholds(clear=0.25, reworded=0.75)


def test_word_embeddings_are_those_of_the_package_and_not_written_again(folder: Path) -> None:
    assert sum(path.stat().st_size for path in folder.glob("weights*")) < 5_000_000
    package = AutoModel.from_pretrained(minilm_folder()).embeddings.word_embeddings.weight
    used = TrainedEntailment(Settings(), folder=folder)._network.encoder.embeddings.word_embeddings.weight
    assert torch.allclose(used.float(), package.float(), atol=0.01)


def test_no_pairs_give_nothing(folder: Path) -> None:
    assert TrainedEntailment(Settings(), folder=folder).chances([]) == []


def test_missing_weights_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingExtraError, match="expected a trained judge"):
        TrainedEntailment(Settings(), folder=tmp_path)


def test_offsets_point_at_the_statement_alone() -> None:
    tokeniser = AutoTokenizer.from_pretrained(minilm_folder())
    seen = []
    for batch in batches(PAIRS, tokeniser=tokeniser, at_once=64):
        for place, row in enumerate(batch.rows):
            statement = PAIRS[row][0]
            seen.append(row)
            words = [statement[start:end] for start, end in batch.offsets[place] if end > start]
            assert "".join(words) == statement.replace(" ", "")
            assert int(batch.mask[place].sum()) == len(batch.offsets[place])
    assert sorted(seen) == [0, 1, 2]
