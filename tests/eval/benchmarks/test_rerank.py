"""The measures against numbers worked out by hand, and one small run."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eval.benchmarks.rerank import MEASURES, READER, SEARCH, Row, app, ask, drawn, figures, markdown, ranks_of, relevant
from eval.benchmarks.retrieval_sets import Asked
from eval.evidence import Part, Span
from rag import Article, Corpus
from rag.schema import Hit, Passage, Reading


def hit(rank: int, *, start: int = 0, end: int = 100, article: str = "a") -> Hit:
    return Hit(Passage(article, start, end, "x" * (end - start), "body", ()), rank, 1.0, "", None, None, "", None, None)


def part(start: int, end: int, article: str = "a") -> Part:
    return Part((), (Span(article, start, end),))


@pytest.mark.parametrize(
    ("proof", "holds"),
    [
        (part(10, 20), True),
        (part(95, 105), True),  # half of the words
        (part(94, 107), False),  # less than half of them
        (part(50, 400), True),  # half of the passage lies within a longer proof
        (part(51, 400), False),
        (part(10, 20, "b"), False),
    ],
)
def test_a_passage_is_relevant_by_half_of_the_shorter(proof: Part, holds: bool) -> None:
    assert relevant(hit(1), proof) is holds


def test_measures_are_those_worked_out_by_hand() -> None:
    assert [MEASURES[name]((2, 6, None)) for name in ("mrr", "recall@5", "recall@10")] == [1 / 2, 1 / 3, 2 / 3]
    assert [MEASURES[name]((None,)) for name in ("mrr", "recall@5", "recall@10")] == [0.0, 0.0, 0.0]


def readings(*scores: float) -> list[Reading]:
    """Readings of disjoint passages, found by the search in the order of the scores given; best first."""
    read = [
        Reading(hit(rank, start=100 * rank, end=100 * rank + 100), score, (), None)
        for rank, score in enumerate(scores, start=1)
    ]
    return sorted(read, key=lambda reading: -reading.score)


def test_each_order_ranks_the_same_hits() -> None:
    ranks = ranks_of(readings(0.1, 0.2, 0.9), [part(300, 400), part(100, 200), part(900, 950)])
    assert ranks[SEARCH] == (3, 1, None)
    assert ranks[READER] == (1, 3, None)


def row(name: str, search: int, reader: int, split: str = "dev") -> Row:
    return Row(f"{name}-{search}-{reader}", name, split, "q", {SEARCH: (search,), READER: (reader,)})


def test_a_set_that_falls_is_told_from_one_that_rises_and_from_noise() -> None:
    rows = [
        *(row("up", 2, 1) for _ in range(20)),
        *(row("down", 1, 2) for _ in range(20)),
        *(row("even", *pair) for pair in [(1, 2), (1, 2), (2, 1)]),
    ]
    found = {one.name: one for one in figures(rows) if one.measure == "mrr"}
    assert (found["up"].search, found["up"].reader, found["up"].verdict) == (0.5, 1.0, "rises")
    assert found["down"].verdict == "falls"
    assert found["even"].verdict == "lower, within noise"
    assert "| down | dev | 20 | mrr | 1.000 | 0.500 | -0.500 | -0.500 to -0.500 | falls |" in markdown(
        figures(rows), k=30
    )


def test_groups_count_apart_and_in_their_set_and_splits_never_mix() -> None:
    rows = [row("set/a", 1, 1), row("set/b", 1, 2), row("set/a", 2, 1, "test")]
    found = {(one.name, one.split): one.n for one in figures(rows)}
    assert found == {
        ("set", "dev"): 2,
        ("set/a", "dev"): 1,
        ("set/b", "dev"): 1,
        ("set", "test"): 1,
        ("set/a", "test"): 1,
    }


def test_few_questions_are_drawn_from_everywhere_and_always_the_same() -> None:
    asked = [Asked(f"i{number}", f"Question {number}?", "", "dev", ()) for number in range(200)]
    few = drawn(asked, 20)
    assert few == drawn(asked[::-1], 20)[::-1]
    assert len(few) == 20
    assert any(int(one.id[1:]) >= 150 for one in few)
    assert drawn(asked, 1000) == asked


def test_the_hits_of_a_corpus_are_read_and_ranked(
    empty_corpus: Corpus, article_of: Callable[..., Article], answers_with: Callable[..., Corpus]
) -> None:
    empty_corpus.add(
        [article_of("zoo.txt", "The zoo got seals."), article_of("port.txt", "The zoo port lost a ship, a zoo ship.")]
    )
    corpus = answers_with(empty_corpus, "seals")
    [zoo] = [one for one in corpus.articles() if "seals" in one.text]
    [found] = ask(corpus, [Asked("q1", "Which zoo ship?", "", "dev", (part(0, 18, zoo.id),))], name="own", k=10)
    assert (found.ranks[SEARCH], found.ranks[READER]) == ((2,), (1,))


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


def test_a_run_saves_what_it_found_the_same_every_time(tmp_path: Path) -> None:
    names = ("rows.jsonl", "summary.md")
    saved: list[Sequence[bytes]] = []
    for name in ("one", "two"):
        arguments = ("--at-most", "3", "--out", str(tmp_path / name), "--index", str(tmp_path / "index"))
        done = run(*arguments, "--reader", "rag.testing:WordReader")
        assert done.exit_code in (0, 1), done.output
        saved.append([(tmp_path / name / file).read_bytes() for file in names])
    assert saved[0] == saved[1]
    assert len(saved[0][0].splitlines()) == 3
    made = json.loads((tmp_path / "one" / "run.json").read_text(encoding="utf-8"))
    assert made["made_by"]["embedder"] == "hash-1"
    assert "| seeds | dev | 3 | mrr |" in saved[0][1].decode()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--sets", "trec"), "no set 'trec'"),
        (("--sets", "musique"), "Give --data"),
        (("--split", "half"), "no split 'half'"),
    ],
)
def test_a_wrong_argument_is_one_sentence(arguments: tuple[str, ...], told: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert told in done.output
