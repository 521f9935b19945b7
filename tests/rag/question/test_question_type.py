import pytest

from rag.question.question_type import asks_fact, asks_of_article


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("How many lions were sent?", True),
        ("What percentage of the crop failed?", True),
        ("When did the port open?", True),
        ("In which year did the war end?", True),
        ("Who signed the treaty?", True),
        ("Which minister resigned?", True),
        ("Where do the bears live?", True),
        ("What country sent the bears?", True),
        ("Why did the port close?", False),
        ("What did the council decide?", False),
    ],
)
def test_a_question_tells_whether_it_asks_for_a_fact(question: str, fact: bool) -> None:
    assert asks_fact(question) == fact


@pytest.mark.parametrize("question", ["Who wrote this?", "When was it published?", "In which newspaper did it appear?", "By whom is the story?"])  # fmt: skip
def test_what_is_asked_of_an_article_itself_is_known(question: str) -> None:
    assert asks_of_article(question)


@pytest.mark.parametrize("question", ["Who drove the first tram?", "When did the strike end?", "How many came?"])
def test_what_is_asked_of_the_world_is_no_question_about_an_article(question: str) -> None:
    assert not asks_of_article(question)
