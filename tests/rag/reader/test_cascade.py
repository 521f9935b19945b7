from collections.abc import Sequence

from rag import Hit, Passage
from rag.reader.cascade import CascadeReader, weighed
from rag.schema import Reading, SentenceScore
from rag.settings import Settings

TEXTS = ("ant", "bee", "cow", "dog", "elk")


class Scored:
    """A reader whose scores are given, by the text of the passage."""

    def __init__(self, name: str, **scores: float) -> None:
        self.name = name
        self.scores = scores
        self.seen: list[str] = []

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        self.seen = [hit.passage.text for hit in hits]
        found = [(self.scores[hit.passage.text], hit) for hit in hits]
        ranked = sorted(found, key=lambda pair: -pair[0])
        return [Reading(hit, score, (SentenceScore(0, 3, score / 2),), (0, 3)) for score, hit in ranked]


def hits() -> list[Hit]:
    return [
        Hit(Passage("a", 0, 3, text, "body", ((0, 3),)), rank, 1.0 / rank, "t", None, None, "s", None, None)
        for rank, text in enumerate(TEXTS, start=1)
    ]


def cascade(small: Scored, large: Scored, *, again: int) -> CascadeReader:
    return CascadeReader(Settings(), small=small, large=large, again=again)


SMALL = {"ant": 0.1, "bee": 0.9, "cow": 0.8, "dog": 0.7, "elk": 0.3}


def test_only_the_best_of_the_small_reader_are_read_again() -> None:
    large = Scored("large", ant=1.0, bee=0.2, cow=0.6, dog=1.0, elk=1.0)
    readings = cascade(Scored("small", **SMALL), large, again=2).read("q", hits())
    assert large.seen == ["bee", "cow"]
    assert [reading.hit.passage.text for reading in readings[:2]] == ["cow", "bee"]


def test_what_was_not_read_again_never_outranks_what_was() -> None:
    large = Scored("large", bee=0.2, cow=0.6)
    readings = cascade(Scored("small", **SMALL), large, again=2).read("q", hits())
    assert [reading.hit.passage.text for reading in readings] == ["cow", "bee", "dog", "elk", "ant"]
    lowest = weighed(0.2, 0.9)
    assert [reading.score for reading in readings] == [weighed(0.6, 0.8), lowest, lowest, 0.3, 0.1]
    assert all(reading.sentences[0].score <= reading.score / 2 + 1e-9 for reading in readings)


def test_fewer_hits_than_are_read_again() -> None:
    large = Scored("large", ant=0.4)
    [reading] = cascade(Scored("small", **SMALL), large, again=3).read("q", hits()[:1])
    assert reading.score == weighed(0.4, 0.1)


def test_both_readers_have_a_say_in_the_order() -> None:
    large = Scored("large", bee=0.5, cow=0.6)
    small = {**SMALL, "bee": 0.99, "cow": 0.5, "dog": 0.01}
    readings = cascade(Scored("small", **small), large, again=2).read("q", hits())
    assert [reading.hit.passage.text for reading in readings[:2]] == ["bee", "cow"]


def test_what_the_small_reader_surely_rules_out_is_not_read_again_but_for_its_best() -> None:
    large = Scored("large", ant=0.9, bee=0.5)
    cascade(Scored("small", ant=0.002, bee=0.5, cow=0.001, dog=0.0, elk=0.0), large, again=3).read("q", hits())
    assert large.seen == ["bee"]
    cascade(Scored("small", ant=0.002, bee=0.0, cow=0.001, dog=0.0, elk=0.0), large, again=3).read("q", hits())
    assert large.seen == ["ant"]


def test_no_hits_give_no_readings() -> None:
    assert cascade(Scored("small"), Scored("large"), again=3).read("q", []) == []


def test_other_parts_make_another_reader() -> None:
    small = Scored("small")
    names = {cascade(small, Scored(name), again=again).name for name in ("one", "two") for again in (3, 4)}
    assert len(names) == 4
