import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.asking import Asked, asked_for, offers


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many lions were sent?", "number"),
        ("What percentage of the crop failed?", "number"),
        ("When did the port open?", "date"),
        ("In which year did the war end?", "date"),
        ("Who signed the treaty?", "person"),
        ("Which minister resigned?", "person"),
        ("Where do the bears live?", "place"),
        ("What country sent the bears?", "place"),
        ("Why did the port close?", None),
        ("What did the council decide?", None),
    ],
)
def test_a_question_tells_what_it_asks_for(question: str, kind: Asked | None) -> None:
    assert asked_for(question) == kind


@pytest.mark.parametrize(
    ("sentence", "kind", "question", "expected"),
    [
        ("They sent more than 70 animals.", "number", "How many animals?", ["more than 70"]),
        ("They sent twenty-five owls.", "number", "How many owls?", ["twenty-five"]),
        ("It opened on 3 May 2019.", "number", "How many?", []),
        ("It opened on 3 May 2019.", "date", "When did it open?", ["3 May 2019"]),
        ("The bears went to Lomvik.", "place", "Where did the bears go?", ["Lomvik"]),
        ("The treaty was signed by Ida Berg.", "person", "Who signed the treaty?", ["Ida Berg"]),
        ("Nobody came to the party.", "number", "How many came?", []),
    ],
)
def test_a_sentence_offers_things_of_a_kind(sentence: str, kind: Asked, question: str, expected: list[str]) -> None:
    found = [sentence[start:end] for start, end in offers(sentence, kind, question)]
    assert [one for one in found if one in expected] == expected
    assert bool(found) == bool(expected)


def test_what_the_question_names_itself_is_no_answer_to_it() -> None:
    assert offers("Ida Berg met Olaf Lund.", "person", "Who met Ida Berg?") == [(13, 22)]


@given(st.text(max_size=200), st.sampled_from(["number", "date", "person", "place"]), st.text(max_size=50))
def test_what_is_offered_lies_in_the_sentence(sentence: str, kind: Asked, question: str) -> None:
    for start, end in offers(sentence, kind, question):
        assert 0 <= start < end <= len(sentence)
