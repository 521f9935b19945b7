import pytest

from rag.question.question_type import asks_fact


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
