"""A question-answering model of transformers as reader: tiny random ones, so what they say is arbitrary, where is not."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForQuestionAnswering,
    BertModel,
    DistilBertConfig,
    DistilBertForQuestionAnswering,
    PreTrainedTokenizerFast,
)

from rag import Corpus, Settings
from rag.errors import MissingExtraError, UnknownPluginError
from rag.index.embedding import minilm_folder
from rag.pipeline import NOT_CALIBRATED
from rag.plugins import load
from rag.reader.transformers_qa import QuestionAnsweringReader
from rag.schema import Hit, Passage
from rag.testing import HashEmbedder, check_reader

TEXT = "The zoo got seventy lions. Nobody knows why the bears came late."
SIZE = {
    "vocab_size": 30522,
    "hidden_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 32,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(1)
    written = tmp_path_factory.mktemp("models") / "tiny-bert"
    BertForQuestionAnswering(BertConfig(**SIZE)).save_pretrained(written)
    AutoTokenizer.from_pretrained(minilm_folder()).save_pretrained(written)
    return written


def hit(text: str = TEXT, start: int = 100) -> Hit:
    passage = Passage("a1", start, start + len(text), text, "body", ((start, start + len(text)),))
    return Hit(passage, 1, 1.0, "Zoo", None, None, "zoo.txt", None, None)


def test_a_model_in_a_folder_is_a_reader(folder: Path) -> None:
    reader = load("reader", f"qa:{folder}", Settings())
    assert isinstance(reader, QuestionAnsweringReader)
    check_reader(reader)


def test_a_model_of_another_architecture_is_a_reader(tmp_path: Path) -> None:
    size = DistilBertConfig(vocab_size=30522, dim=32, n_layers=1, n_heads=2, hidden_dim=32)
    DistilBertForQuestionAnswering(size).save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained(minilm_folder()).save_pretrained(tmp_path)
    check_reader(QuestionAnsweringReader(Settings(), model=str(tmp_path)))


def test_it_says_what_the_model_says(folder: Path) -> None:
    """The words and the odds are those of the model itself, run the plain way in float32."""
    [reading] = QuestionAnsweringReader(Settings(), model=str(folder)).read("How many lions?", [hit()])
    model = BertForQuestionAnswering.from_pretrained(folder)
    tokeniser = AutoTokenizer.from_pretrained(folder)
    coded = tokeniser("How many lions?", "Zoo. " + TEXT, return_offsets_mapping=True, return_tensors="pt")
    offsets = coded.pop("offset_mapping")[0].tolist()
    with torch.inference_mode():
        said = model(**coded)
    start, end = said.start_logits[0].tolist(), said.end_logits[0].tolist()
    inside = [at for at, part in enumerate(coded.sequence_ids(0)) if part == 1 and offsets[at][0] >= len("Zoo. ")]
    sums = {
        (first, last): start[first] + end[last] for first in inside for last in inside if first <= last < first + 30
    }
    first, last = max(sums, key=lambda span: sums[span])
    odds = sums[first, last] - start[0] - end[0]
    lead = 100 - len("Zoo. ")
    assert reading.score == pytest.approx(1 / (1 + math.exp(-odds)), abs=0.01)
    assert reading.short is not None
    found = (reading.short[0] - lead, reading.short[1] - lead)
    near = {
        (offsets[one][0], offsets[other][1]) for (one, other), value in sums.items() if value > sums[first, last] - 0.02
    }
    assert found in near  # in bfloat16 near ties may swap


def test_the_name_tells_the_model_and_its_weights_but_no_folder(folder: Path, tmp_path: Path) -> None:
    name = QuestionAnsweringReader(Settings(), model=str(folder)).name
    assert name.startswith("qa-tiny-bert@")
    assert str(folder.parent) not in name
    torch.manual_seed(2)
    BertForQuestionAnswering(BertConfig(**SIZE)).save_pretrained(tmp_path / "tiny-bert")
    AutoTokenizer.from_pretrained(minilm_folder()).save_pretrained(tmp_path / "tiny-bert")
    assert QuestionAnsweringReader(Settings(), model=str(tmp_path / "tiny-bert")).name != name


@pytest.mark.parametrize("model", ["nobody/no-such-model", "no/such/folder", "spaces in it"])
def test_a_model_that_is_not_here_is_not_looked_for_elsewhere(model: str, network_attempts: list[str]) -> None:
    with pytest.raises(MissingExtraError, match=r"not on this machine.+hf download"):
        load("reader", f"qa:{model}", Settings())
    assert network_attempts == []


def test_a_folder_without_a_model_is_no_reader(tmp_path: Path) -> None:
    with pytest.raises(UnknownPluginError, match="cannot be loaded"):
        load("reader", f"qa:{tmp_path}", Settings())


def test_a_model_never_trained_to_answer_is_no_reader(tmp_path: Path) -> None:
    BertModel(BertConfig(**SIZE)).save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained(minilm_folder()).save_pretrained(tmp_path)
    with pytest.raises(UnknownPluginError, match="no trained qa_outputs"):
        load("reader", f"qa:{tmp_path}", Settings())


def test_a_model_that_marks_no_answer_at_a_first_token_is_no_reader(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "model")
    bare = Tokenizer(WordLevel({"[PAD]": 0, "[UNK]": 1}, unk_token="[UNK]"))
    PreTrainedTokenizerFast(tokenizer_object=bare, pad_token="[PAD]").save_pretrained(tmp_path / "model")
    with pytest.raises(UnknownPluginError, match="elsewhere than at a first token"):
        load("reader", f"qa:{tmp_path / 'model'}", Settings())


def test_a_model_in_the_cache_is_found_by_its_name(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    home = tmp_path / "models--someone--tiny"
    shutil.copytree(folder, home / "snapshots" / commit)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text(commit, encoding="utf-8")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    reader = load("reader", "qa:someone/tiny", Settings())
    assert reader.name.startswith("qa-someone/tiny@")
    assert len(reader.read("How many lions?", [hit()])) == 1


def test_without_a_name_the_family_is_no_reader() -> None:
    for name in ("qa", "qa:"):
        with pytest.raises(UnknownPluginError, match="qa:MODEL"):
            load("reader", name, Settings())


def test_an_answer_read_by_it_has_no_confidence_and_says_so(folder: Path, seeds: Path) -> None:
    settings = Settings.from_environment(reader=f"qa:{folder}", max_error=1.0)
    with Corpus.in_memory(settings, embedder=HashEmbedder()) as corpus:
        corpus.add(seeds)
        answer = corpus.ask("How many animals did Putin give to North Korea?")
    assert answer.status == "answered"
    assert answer.confidence is None
    assert NOT_CALIBRATED in answer.trace.notes
    assert answer.made_by["reader"].startswith("qa-tiny-bert@")
