"""Two small written articles, and a network small enough to train in a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoTokenizer, MPNetConfig, MPNetModel

from eval.training.understanding import UnderstandingNetwork
from eval.training.written import Written, written

READER = Path(__file__).resolve().parents[3] / "rag" / "models" / "reader-large"

FERRY = {
    "title": "Ferry strike ends in Varnholt",
    "outlet": "Coast Post",
    "date": "2021-03-04",
    "p": [
        ["Varnholt's ferries sail again today.", "Captain Olga Brenner called off the strike on Tuesday."],
        ["Her crews will get 4 percent more.", "The harbour denies that it paid 90,000 euros to end it."],
    ],
}
FERRY_QUESTIONS = [
    ["plain", "Who called off the strike?", "Captain Olga Brenner", [1]],
    ["para", "How much extra pay is coming?", "4 percent", [2]],
    ["yesno", "Are ships leaving port?", "yes", [0]],
    ["near", "How long did the strike last?", None, []],
    ["solo", "Which captain stopped the Varnholt ferry strike?", "Captain Olga Brenner", [1]],
]
FERRY_STATEMENTS = [
    ["t", "The walkout was ended on Tuesday by Brenner.", [1]],
    ["f:date", "The walkout was ended on Monday by Brenner.", [1]],
    ["f:hedge", "The harbour paid 90,000 euros.", [3]],
]
MILL = {
    "title": "Paper mill closes in Ostrava",
    "outlet": "Mill Letter",
    "date": "2020-01-09",
    "p": [
        ["The paper mill at Ostrava will close in May.", "Some 310 people lose their work."],
        ["Its owner blames the price of wood."],
    ],
}
MILL_QUESTIONS = [
    ["plain", "When will the mill close?", "in May", [0]],
    ["solo-para", "How many Czech workers go when paper making stops?", "310", [1]],
]
MILL_STATEMENTS = [["t", "More than three hundred jobs go.", [1]]]


@pytest.fixture
def ferry() -> Written:
    return written(FERRY, FERRY_QUESTIONS, FERRY_STATEMENTS, dev=False)


@pytest.fixture
def mill() -> Written:
    return written(MILL, MILL_QUESTIONS, MILL_STATEMENTS, dev=False)


@pytest.fixture(scope="session")
def tokeniser() -> Any:
    return AutoTokenizer.from_pretrained(READER)


@pytest.fixture
def network(tokeniser: Any) -> UnderstandingNetwork:
    torch.manual_seed(1)
    config = MPNetConfig(
        vocab_size=len(tokeniser), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    config._attn_implementation = "eager"
    return UnderstandingNetwork(MPNetModel(config, add_pooling_layer=False), width=32)
