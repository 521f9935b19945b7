from pathlib import Path

import pytest
import torch
from transformers import AutoModel, AutoTokenizer, BertConfig

from rag import Hit, Passage
from rag.errors import MissingExtraError
from rag.index.embedding import minilm_folder
from rag.reader.batching import MOST_QUESTION, Pair, slices
from rag.reader.network import ReaderNetwork, Scores, save_network
from rag.reader.spans import best_spans
from rag.reader.trained import TrainedReader, _with_bound
from rag.settings import Settings
from rag.testing import check_reader

TEXT = "Intro. The zoo got seventy lions. Nobody knows why the bears came late to the new house."


def hit(start: int, end: int, *, rank: int) -> Hit:
    passage = Passage("a1", start, end, TEXT[start:end], "body", ((start, end),))
    return Hit(passage, rank, 1.0 / rank, "Zoo", None, None, "zoo.txt", None, None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of the right shape with random weights: what it says is arbitrary, where it points is not."""
    torch.manual_seed(1)
    size = BertConfig(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, vocab_size=30522
    )
    network = ReaderNetwork(AutoModel.from_config(size, add_pooling_layer=False), width=32)
    written = tmp_path_factory.mktemp("reader")
    save_network(written, network=network, tokeniser=AutoTokenizer.from_pretrained(minilm_folder()))
    return written


def test_it_keeps_the_contract_of_readers(folder: Path) -> None:
    check_reader(TrainedReader(Settings(), folder=folder))


def test_each_hit_has_one_reading_best_first(folder: Path) -> None:
    hits = [hit(0, 33, rank=1), hit(34, len(TEXT), rank=2), hit(7, 33, rank=3)]
    readings = TrainedReader(Settings(), folder=folder).read("How many lions?", hits)
    assert sorted(reading.hit.rank for reading in readings) == [1, 2, 3]
    scores = [reading.score for reading in readings]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)


def test_the_short_answer_lies_in_its_passage_of_the_article(folder: Path) -> None:
    for reading in TrainedReader(Settings(), folder=folder).read("Who came late?", [hit(34, len(TEXT), rank=1)]):
        assert reading.short is not None
        start, end = reading.short
        assert 34 <= start < end <= len(TEXT)
        assert TEXT[start:end] == TEXT[start:end].strip()


def test_sentences_score_no_more_than_their_passage(folder: Path) -> None:
    for reading in TrainedReader(Settings(), folder=folder).read("How many?", [hit(0, 33, rank=1), hit(7, 33, rank=2)]):
        assert all(0.0 <= sentence.score <= reading.score + 1e-6 for sentence in reading.sentences)


def test_the_same_hits_give_the_same_readings(folder: Path) -> None:
    hits = [hit(0, 33, rank=1), hit(34, len(TEXT), rank=2)]
    assert TrainedReader(Settings(), folder=folder).read("q", hits) == TrainedReader(Settings(), folder=folder).read(
        "q", hits
    )


def test_no_hits_give_no_readings(folder: Path) -> None:
    assert TrainedReader(Settings(), folder=folder).read("How many?", []) == []


def test_a_long_question_leaves_room_for_the_passage(folder: Path) -> None:
    [reading] = TrainedReader(Settings(), folder=folder).read("how many lions " * 5000, [hit(0, 33, rank=1)])
    assert reading.short is not None


def test_of_a_long_question_the_end_is_read_beside_all_of_the_passage(folder: Path) -> None:
    tokeniser = AutoTokenizer.from_pretrained(folder)
    passage = "word " * 60 + "end"
    for many in (10, 100, 1000):
        (part,) = slices([Pair("please " * many + "how many?", "Zoo", passage)], tokeniser=tokeniser, longest=120)
        assert max(end for _, end in part.offsets[0]) == len(passage)
        asked = int((part.kinds[0][: int(part.mask[0].sum())] == 0).sum()) - 2
        assert asked <= MOST_QUESTION
        assert "many?" in tokeniser.decode(part.ids[0]).replace(" ?", "?")


def test_missing_weights_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingExtraError, match="expected a trained reader"):
        TrainedReader(Settings(), folder=tmp_path)


def test_slices_hold_every_pair_once_and_only_passage_tokens_can_answer(folder: Path) -> None:
    tokeniser = AutoTokenizer.from_pretrained(folder)
    pairs = [Pair("who?", "Zoo", "word " * count + "end") for count in (3, 200, 1, 90, 250)]
    parts = list(slices(pairs, tokeniser=tokeniser, longest=64))
    assert sorted(row for part in parts for row in part.rows) == [0, 1, 2, 3, 4]
    for part in parts:
        for index, row in enumerate(part.rows):
            for place, (start, end) in enumerate(part.offsets[index]):
                open_to_answers = bool(part.answerable[index, place])
                assert open_to_answers == (start >= 0 or place == 0)
                assert start < 0 or pairs[row].passage[start:end].strip()


def test_the_best_span_does_not_end_before_it_starts() -> None:
    start = torch.tensor([[9.0, 0.0, 1.0, 5.0]])
    end = torch.tensor([[9.0, 4.0, 3.0, 0.0]])
    best, first, last = best_spans(Scores(start, end, torch.zeros(1)))
    assert (float(best), int(first), int(last)) == (5.0, 3, 3)


@pytest.mark.parametrize(
    ("before", "answer", "short"),
    [
        ("gave more than ", "70 animals", "more than 70 animals"),
        ("Up to ", "12,000 men", "Up to 12,000 men"),
        ("gave ", "70", "70"),
    ],
)
def test_a_short_answer_keeps_the_words_that_bound_it(before: str, answer: str, short: str) -> None:
    text = before + answer
    assert text[_with_bound(text, len(before)) :] == short
