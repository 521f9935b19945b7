from datetime import date

import pytest

from rag.question.days import span_of, tells_of

NEWEST = date(2025, 5, 12)


@pytest.mark.parametrize(
    ("question", "span"),
    [
        ("What happened on 17 November 2018?", (date(2018, 11, 17), date(2018, 11, 17))),
        ("What is there from February 2024?", (date(2024, 2, 1), date(2024, 2, 29))),
        ("How many came in 2015?", (date(2015, 1, 1), date(2015, 12, 31))),
        ("What was reported yesterday?", (date(2025, 5, 11), date(2025, 5, 11))),
        ("How many lions are there?", None),
    ],
)
def test_days_that_a_question_names(question: str, span: tuple[date, date] | None) -> None:
    assert span_of(question, newest=NEWEST) == span


def test_relative_days_are_counted_from_the_newest_article_alone() -> None:
    assert span_of("What was reported yesterday?") is None


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("It burned on 5 June 2022.", True),
        ("It burned on 5 June.", True),
        ("It burned in July 2022.", False),
        ("It burned in 2022.", False),
    ],
)
def test_a_text_tells_of_days_that_lie_in_those_asked_for(text: str, tells: bool) -> None:
    assert tells_of((date(2022, 6, 1), date(2022, 6, 30)), text, published=date(2022, 9, 1)) is tells
