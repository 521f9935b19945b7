import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.matching import SMALL, contains, first_contained, normalise


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("The Lions!", "lions"),
        ("three", "3"),
        ("Twenty-five lions", "25 lions"),
        ("ten thousand", "10,000"),
        ("two hundred and fifty", "250"),
        ("one hundred twenty thousand three hundred and four", "120,304"),
        ("1.5 million", "1,500,000"),
        ("a million", "one million"),
        ("zero million", "0"),
        ("0 hundred thousand", "0"),
        ("a dozen or two three", "dozen or 2 3"),
        ("in 2024 two lions", "in 2024 2 lions"),
        ("20 five", "20 5"),
        ("10,000–12,000", "10000 12000"),
        ("70 per cent", "70%"),
        ("the U.S. army", "US army"),
        ("Kim Jong-un’s", "kim jong un s"),
        ("three and four", "3 and 4"),
        ("one hundred and lions", "100 and lions"),
        ("5.0", "5"),
        ("version 2.10.1.", "version 2.10.1"),
    ],
)
def test_what_reads_the_same_is_the_same(text: str, same: str) -> None:
    assert normalise(text) == normalise(same)


@pytest.mark.parametrize(
    ("text", "other"), [("13", "3"), ("thirty", "13"), ("two three", "5"), ("1,000", "1"), ("3.5", "35")]
)
def test_other_numbers_stay_other(text: str, other: str) -> None:
    assert not contains(text, other)


def test_an_alternative_ends_at_word_borders() -> None:
    assert contains("They sent 70 animals.", "70")
    assert contains("He met Putin’s envoy", "Putin")
    assert not contains("They sent 170 animals.", "70")
    assert not contains("the lioness", "lion")
    assert not contains("anything", "the")


@pytest.mark.parametrize(
    ("text", "name", "stands"),
    [
        ("Russia vetoed it in May.", "May", True),
        ("It may rain.", "May", False),
        ("It may rain.", "may", True),
        ("Talks with the U.S. went on.", "US", True),
        ("Talks with the US went on.", "the US", True),
        ("They told us nothing.", "US", False),
        ("Who sent the report?", "WHO", False),
        ("The WHO sent a report.", "WHO", True),
        ("In may 2022 it rained.", "May 2022", True),
    ],
)
def test_a_name_that_is_a_function_word_but_for_its_capitals_must_have_them(text: str, name: str, stands: bool) -> None:
    assert contains(text, name) is stands


def test_scripts_without_spaces_are_found_inside() -> None:
    assert contains("熊猫在北京动物园。", "北京")


def test_returns_the_first_alternative_found() -> None:
    assert first_contained("about three lions", ["four", "3", "lions"]) == "3"
    assert first_contained("about three lions", ["four"]) is None


@given(st.integers(0, 999_999))
def test_numbers_in_words_equal_their_digits(number: int) -> None:
    assert normalise(_in_words(number)) == str(number)


@given(st.lists(st.sampled_from([*SMALL, "hundred", "thousand", "and", "7", "12.5", "lions", "the"]), max_size=8))
def test_normalising_again_changes_nothing(words: list[str]) -> None:
    once = normalise(" ".join(words))
    assert normalise(once) == once


def _in_words(number: int) -> str:
    small = {value: word for word, value in SMALL.items()}
    if number in small:
        return small[number]
    if number < 100:
        return f"{small[number // 10 * 10]}-{small[number % 10]}"
    unit, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    head, rest = f"{_in_words(number // unit)} {name}", number % unit
    return head if not rest else f"{head} {'and ' if rest < 100 else ''}{_in_words(rest)}"
