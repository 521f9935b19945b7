from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.facts import facts_of
from rag.language.negation import denials, negations
from rag.language.stems import same_name, stem


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("three", 3),
        ("twenty-one", 21),
        ("two hundred and fifty-three", 253),
        ("ten thousand", 10_000),
        ("10,000", 10_000),
        ("10000", 10_000),
        ("6bn", 6e9),
        ("6 billion", 6e9),
        ("1.5 million", 1.5e6),
        ("half a million", 5e5),
        ("a hundred", 100),
        ("two dozen", 24),
        ("3.14", 3.14),
        ("1,5 million", 1.5e6),
        ("1,00,000", 100_000),
        ("1,234.5", 1234.5),
        ("-5", -5),
        ("−$5 million", -5e6),
        ("minus 5", -5),
        ("– 5", 5),
        ("north-5", 5),
    ],
)
def test_reads_a_number_however_it_is_written(text: str, value: float) -> None:
    (amount,) = facts_of(f"They saw {text} geese.").amounts
    assert amount.value == value
    assert "gees" in amount.units or "goos" in amount.units


def test_a_mark_that_is_no_word_is_no_unit_and_no_fault() -> None:
    (amount,) = facts_of("The lake was 30ﾟ warm.").amounts
    assert amount.value == 30


@pytest.mark.parametrize(
    ("text", "comparison"),
    [
        ("more than 70", "more"),
        ("over 70", "more"),
        ("at least 70", "at least"),
        ("no fewer than 70", "at least"),
        ("70 or more", "at least"),
        ("fewer than 70", "less"),
        ("up to 70", "at most"),
        ("almost 70", "almost"),
        ("about 70", "about"),
        ("some 70", "about"),
        ("70", ""),
    ],
)
def test_reads_what_bounds_a_number(text: str, comparison: str) -> None:
    (amount,) = facts_of(f"They saw {text} geese.").amounts
    assert amount.comparison == comparison


def test_or_more_than_bounds_the_number_after_it() -> None:
    first, second = facts_of("The geese are less than 84, or more than 12 a day.").amounts
    assert (first.comparison, second.comparison) == ("less", "more")


def test_both_ends_of_a_range_are_marked() -> None:
    low, high = facts_of("Between 10 and 20 geese came.").amounts
    assert (low.comparison, high.comparison) == ("from", "to")


def test_vague_numbers_are_no_numbers() -> None:
    assert [amount.comparison for amount in facts_of("Thousands of geese came.").amounts] == ["vague"]


@pytest.mark.parametrize(("text", "unit"), [("$5", "dollar"), ("5 %", "percent"), ("5 km", "km"), ("€5bn", "euro")])
def test_reads_units_of_measure(text: str, unit: str) -> None:
    (amount,) = facts_of(f"It came to {text}.").amounts
    assert amount.measures == {stem(unit)}


@given(st.dates(date(1600, 1, 1), date(2100, 12, 31)), st.sampled_from(["%d %B %Y", "%B %d, %Y", "%d %b %Y"]))
def test_reads_a_date_however_it_is_written(day: date, form: str) -> None:
    (moment,) = facts_of(f"It sailed on {day.strftime(form)} again.").moments
    assert (moment.day, moment.month, moment.year) == (day.day, day.month, day.year)


def test_a_month_needs_no_year_and_may_is_often_no_month() -> None:
    assert [moment.month for moment in facts_of("It may sail in May. March on, they cried.").moments] == [5]


def test_a_vaguer_date_agrees_with_a_fuller_one_only() -> None:
    (full,) = facts_of("on 5 June 2031").moments
    (vague,) = facts_of("in June").moments
    assert vague.agrees(full)
    assert not full.agrees(vague)


def test_finds_names_but_not_the_capital_of_a_sentence() -> None:
    assert facts_of("The old mayor met Ida Berg in South Lomvik.").names == (("ida", "berg"), ("south", "lomvik"))


def test_finds_words_in_quotation_marks() -> None:
    assert facts_of("She said “never again,” and left.").quoted == ("never again",)


@pytest.mark.parametrize(
    "words", [("gifted", "gifts"), ("sent", "sends"), ("planned", "planning"), ("cities", "city"), ("moved", "move")]
)
def test_inflections_share_a_stem(words: tuple[str, str]) -> None:
    assert stem(words[0]) == stem(words[1])


@pytest.mark.parametrize("words", [("university", "universe"), ("general", "generation"), ("north", "south")])
def test_different_words_share_no_stem(words: tuple[str, str]) -> None:
    assert stem(words[0]) != stem(words[1])


@pytest.mark.parametrize(("one", "other"), [("russia", "russian"), ("france", "french"), ("ukraine", "ukrainian")])
def test_a_country_and_its_people_are_one_name(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(("one", "other"), [("austria", "australia"), ("niger", "nigeria"), ("iran", "iraq")])
def test_two_countries_are_two_names(one: str, other: str) -> None:
    assert not same_name(one, other)


def test_no_more_than_denies_nothing() -> None:
    assert negations(facts_of("No more than five came, not only to sing.")) == []
    assert [cue.words for cue in negations(facts_of("They didn't sing without him."))] == ["didn't", "without"]


def test_a_leading_no_denies_nothing() -> None:
    assert negations(facts_of("No, they sang.")) == []


def test_disputing_is_no_negation() -> None:
    facts = facts_of("Most officials denied that it could sink.")
    assert ([cue.words for cue in denials(facts)], negations(facts)) == (["denied"], [])
