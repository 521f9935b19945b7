import pytest

from eval.benchmarks.documents import (
    Asked,
    Point,
    borrowed,
    judged,
    load_articles,
    load_conversations,
    load_documents,
    made,
)
from rag import Answer, Citation, Statement

POINT = Point(("9.4 million",), ("Meters",))


def said(text: str, title: str = "Meters") -> Statement:
    return Statement(text, (Citation(1, "a", title, None, None, "a.txt", "body", 0, len(text), text),), 1.0)


@pytest.mark.parametrize(
    ("statement", "makes"),
    [
        (said("The meters cost $9.4 million."), True),
        (said("The meters cost $19.4 million."), False),
        (said("The bridge cost $9.4 million.", "Bridges"), False),
    ],
)
def test_a_point_is_made_by_its_words_from_its_article(statement: Statement, makes: bool) -> None:
    assert made(POINT, [statement]) == makes


def test_only_the_first_eight_statements_count() -> None:
    case = Asked("d1", "about", "Q?", "Q?", True, (POINT,), (), (), ())
    late = Answer(
        "Q?", "Q?", "answered", statements=(*[said(f"Nothing {at}.") for at in range(8)], said("$9.4 million."))
    )
    assert judged(case, late).points == 0.0


def test_a_word_that_a_refusal_names_and_nobody_typed_is_found() -> None:
    refusal = Answer(
        "why?", "Why?", "not_found", reason="These words of your question are not in the nearest passages: lions, zoo."
    )
    assert borrowed("And the lions?", refusal) == ["zoo"]


@pytest.mark.parametrize("split", ["dev", "test"])
def test_each_case_names_articles_that_there_are(split: str) -> None:
    titles = {article.title for article in load_articles()}
    cases = [*load_documents(split), *(turn for turns in load_conversations(split) for turn in turns)]
    assert len(cases) > 190
    assert {title for case in cases for point in case.points for title in point.titles} <= titles
