from __future__ import annotations

import pytest

from eval.training.measure_answers import Outcome, lines, outcome_of
from eval.training.written import Question, Written
from rag import Answer, Citation, Statement


def answer_from(article: Written, sentence: int, *, short: str | None = None) -> Answer:
    """An answer whose one footnote is a sentence of the article."""
    start, end = article.sentences[sentence]
    record, quote = article.article, article.sentence(sentence)
    footnote = Citation(1, record.id, record.title, record.outlet, None, record.source, "body", start, end, quote)
    return Answer("?", "?", "answered", short=short, statements=(Statement(quote, (footnote,), 1.0),), confidence=0.8)


def asked(article: Written, kind: str) -> Question:
    return next(one for one in article.questions if one.kind == kind)


@pytest.mark.parametrize(
    ("kind", "sentence", "short", "right"),
    [
        ("plain", 1, None, True),
        ("plain", 2, None, False),
        ("yesno", 0, "Yes", True),
        ("yesno", 0, "No", False),
        ("near", 1, None, False),
    ],
)
def test_an_answer_is_right_if_its_footnote_proves_it(
    ferry: Written, kind: str, sentence: int, short: str | None, right: bool
) -> None:
    assert outcome_of(ferry, asked(ferry, kind), answer_from(ferry, sentence, short=short)).right is right


def test_the_same_place_in_another_article_proves_nothing(ferry: Written, mill: Written) -> None:
    assert not outcome_of(ferry, asked(ferry, "plain"), answer_from(mill, 1)).right


def test_a_refusal_is_counted_by_kind_and_leaves_the_confidence_alone(ferry: Written) -> None:
    found = [
        outcome_of(ferry, asked(ferry, "near"), Answer("?", "?", "not_found", confidence=0.2)),
        Outcome(asked(ferry, "plain"), False, True, 0.8),
    ]
    shown = list(lines(found))
    assert shown[0].startswith("near")
    assert "right" not in shown[0]
    assert [line for line in shown if line.startswith("said to be likely right: ")] == [shown[-1]]
