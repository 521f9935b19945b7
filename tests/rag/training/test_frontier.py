from collections.abc import Sequence

from rag import Hit, Passage
from rag.plugins import Reader
from rag.reader import CascadeReader
from rag.schema import Reading, SentenceScore
from rag.settings import Settings
from rag.training.frontier import _point, _read
from rag.training.pool import Asked

TEXTS = ("It had 12 lions.", "It had a pool.", "Nobody came at all.")


class Scored:
    """A reader whose scores are given, in the order of the passages."""

    name = "scored"

    def __init__(self, *scores: float) -> None:
        self.scores = scores

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        found = [
            Reading(hit, self.scores[hit.rank - 1], (SentenceScore(0, len(hit.passage.text), 1.0),), None)
            for hit in hits
        ]
        return sorted(found, key=lambda reading: -reading.score)


HITS = [
    Hit(Passage("a", 0, len(text), text, "body", ((0, len(text)),)), rank, 1.0, "Zoo", None, None, "zoo", None, None)
    for rank, text in enumerate(TEXTS, start=1)
]
ASKED = [
    Asked("How many lions?", ("12",), "zoo", 0, 99, "zoo", "answerable"),
    Asked("How many bears?", (), "zoo", 0, 99, "zoo", "near miss"),
]
FOUND = [HITS, HITS]


def right(readers: Sequence[Reader], *, shown: int = 3) -> float:
    return _point("p", ASKED, FOUND, shown, readers, 0.1).right


def test_a_cascade_is_as_right_as_its_second_reader_on_what_the_first_lets_through() -> None:
    wrong, good = Scored(0.2, 0.9, 0.5), Scored(0.9, 0.3, 0.1)
    [first, _], _ = _read(wrong, ASKED, FOUND)
    [second, _], _ = _read(good, ASKED, FOUND)
    assert right([first, first]) == 0.0
    assert right([second, second]) == 1.0
    for again, expected in ((1, 0.0), (2, 0.0), (3, 1.0)):
        both = CascadeReader(Settings(), small=first, large=second, again=again)
        assert right([both, both]) == expected


def test_only_the_hits_shown_are_read() -> None:
    best_last = Scored(0.5, 0.2, 0.9)
    assert right([best_last, best_last], shown=3) == 0.0
    assert right([best_last, best_last], shown=2) == 1.0


def test_the_score_of_a_right_answer_above_that_of_a_wrong_one_is_counted() -> None:
    point = _point("p", ASKED, FOUND, 3, [Scored(0.9, 0.3, 0.1), Scored(0.4, 0.1, 0.1)], 0.1)
    assert point.auroc == 1.0
    assert "100 ms" in str(point)
