"""Judges hits with the trained network: one pass over question, title and passage each."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from ..index.embedding import fastest_dtype
from ..models import weights_folder
from ..schema import Hit, Reading, SentenceScore
from ..settings import Settings
from .batching import Pair
from .log_odds import probability
from .network import ReaderNetwork, load_network
from .spans import Prediction, predict
from .weights import digest

SMALL = weights_folder("reader")
LARGE = weights_folder("reader-large")
BOUND = re.compile(
    r"\b(?:(?:no |not )?(?:more|fewer|less) than|over|under|at (?:least|most)|(?:as many as|up to)|almost|nearly|about|around|"
    r"roughly|approximately|since|before|after|until)\s+$",
    re.IGNORECASE,
)
MOST_TITLE = 200  # characters: a longer one would push the passage out
LONGEST = 320  # tokens: a passage of 256 of the splitter's tokens, a long title and a question fit


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Loaded:
    """A network that only reads, with its tokeniser; `name` stands for its weights."""

    network: ReaderNetwork
    tokeniser: Any
    name: str
    lock: threading.Lock  # the tokeniser keeps its cutting rules in itself


_loaded: WeakValueDictionary[Path, Loaded] = WeakValueDictionary()
_loading = threading.Lock()


def load_reader(folder: Path) -> Loaded:
    """Return the network in `folder`; corpora that are open at once share it."""
    with _loading:
        found = _loaded.get(folder)
        if found is None:
            network, tokeniser = load_network(folder, dtype=fastest_dtype())
            found = _loaded[folder] = Loaded(network, tokeniser, f"trained-{digest(folder)}", threading.Lock())
        return found


class TrainedReader:
    """Scores passages and their sentences and finds the short answer. Made by `python -m eval.training reader`.

    `folder` holds the weights; the embedder, which other readers need, is not used.
    """

    def __init__(self, settings: Settings, *, folder: Path = SMALL, **parts: Any) -> None:
        self._loaded = load_reader(folder)
        self.name = self._loaded.name

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Return one reading for each hit, best first; a tie keeps the order of the hits."""
        if not hits:
            return []
        pairs = [Pair(question, hit.title[:MOST_TITLE], hit.passage.text) for hit in hits]
        with self._loaded.lock:
            found = predict(pairs, network=self._loaded.network, tokeniser=self._loaded.tokeniser, longest=LONGEST)
        readings = [reading_of(hit, one) for hit, one in zip(hits, found, strict=True)]
        return sorted(readings, key=lambda reading: -reading.score)


def reading_of(hit: Hit, found: Prediction) -> Reading:
    """Return what a prediction on the hit's passage says in offsets of its article."""
    passage = hit.passage
    # `odds` adds two judgements of one thing, the span's and the relevance head's: their mean is the log-odds.
    score = probability(found.odds / 2)
    sentences = tuple(
        SentenceScore(start, end, score * _chance(found, start=start - passage.start, end=end - passage.start))
        for start, end in passage.sentences
    )
    short = (passage.start + _with_bound(passage.text, found.span[0]), passage.start + found.span[1])
    return Reading(hit, score, sentences, short if found.span[0] >= 0 and short[0] < short[1] else None)


def _with_bound(text: str, start: int) -> int:
    """Return where the answer at `start` begins with the words that bound it: "70" of "more than 70" says less."""
    bound = BOUND.search(text, max(0, start - 40), start)
    return bound.start() if bound else start


def _chance(found: Prediction, *, start: int, end: int) -> float:
    inside = (chance for token, chance in zip(found.tokens, found.chances, strict=True) if start <= token[0] < end)
    return min(1.0, sum(inside))
