"""The hand-written cases and the scorers against each other: whoever quotes the evidence must get everything right."""

from collections.abc import Callable
from pathlib import Path

import pytest

from eval.benchmarks.citation_attack import read_articles
from eval.case import Case, load_cases
from eval.evidence import Articles, name_articles
from eval.scorers import score
from rag.schema import Answer

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return load_cases(ROOT / "eval" / "cases" / "seeds.jsonl")


@pytest.fixture(scope="module")
def articles(cases: list[Case]) -> Articles:
    seeds = read_articles(ROOT / "seeds")
    return Articles(name_articles(cases, seeds), {article.id: article for article in seeds}.__getitem__)


def test_there_are_enough_of_each_kind(cases: list[Case]) -> None:
    assert len(cases) >= 100
    assert sum(not case.answerable for case in cases) >= 30
    assert all(case.evidence for case in cases if case.answerable)


def test_quoting_the_evidence_gets_every_score(
    cases: list[Case], articles: Articles, say: Callable[..., Answer]
) -> None:
    names = ("correct", "proving", "citation_precision", "citation_recall", "verbatim")
    lost = []
    for case in cases:
        if not case.answerable:
            continue
        answer = say(case.question, [(articles.named[proof.article], proof.quote) for proof in case.evidence])
        scores = score(case, answer, articles)
        lost += [(case.id, name, scores[name].why) for name in names if scores[name].value != 1.0]
    assert lost == []


def test_quoting_the_evidence_of_another_case_seldom_gets_one_right(
    cases: list[Case], articles: Articles, say: Callable[..., Answer]
) -> None:
    answerable = [case for case in cases if case.answerable]
    turned = answerable[len(answerable) // 2 :] + answerable[: len(answerable) // 2]
    right = 0.0
    for case, other in zip(answerable, turned, strict=True):
        answer = say(case.question, [(articles.named[proof.article], proof.quote) for proof in other.evidence])
        right += score(case, answer, articles)["correct"].value or 0.0
    assert right / len(answerable) < 0.15
