import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.word_lists import listed
from rag.language.words import content_words, names, unshouted, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Putin’s gift", ["putin", "gift"]),
        ("the soldiers' pay", ["the", "soldiers", "pay"]),
        ("Kim Jong-un didn't", ["kim", "jong-un", "didn't"]),
        ("12,000 troops, U.S. aid", ["12", "000", "troops", "u.s", "aid"]),
        ("Сколько животных?", ["сколько", "животных"]),
        ("… !? — 🦁", []),
        ("", []),
    ],
)
def test_words_are_lower_case_without_possessive(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_function_words_carry_no_meaning() -> None:
    assert content_words("How many of the animals did they send?") == ["animals", "send"]


@given(st.text())
def test_content_words_are_words_in_order(text: str) -> None:
    assert content_words(text) == [word for word in words(text) if word not in listed("function_words")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Did Putin meet Kim in 2019?", ["Putin", "Kim", "2019"]),
        ("The zoo was full. Visitors came.", []),
        ("It was “The” end for F-16s", ["F-16s"]),
    ],
)
def test_names_are_capitalised_inside_a_sentence_or_hold_a_digit(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("WHO FED THE WALRUSES OF NATO?", "who fed the walruses of nato?"),
        ("Who FED the WALRUSES?", "Who FED the WALRUSES?"),
        ("US GDP?", "US GDP?"),
        ("2019 2020 2021", "2019 2020 2021"),
    ],
)
def test_only_a_question_all_in_capitals_loses_them(question: str, plain: str) -> None:
    assert unshouted(question) == plain
