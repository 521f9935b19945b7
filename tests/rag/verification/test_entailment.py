import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verification.entailment import check_support

FERRY = "The ferry Aurora carries 300 passengers."
HARBOUR = "Lomvik has two harbours."


def test_a_quote_itself_scores_one() -> None:
    assert check_support(FERRY, [FERRY]).score == 1.0


def test_white_space_alone_makes_no_difference() -> None:
    assert check_support("The ferry  Aurora carries\n300 passengers.", [FERRY]).score == 1.0


def test_a_rewrite_scores_the_share_of_its_words_that_the_quote_has() -> None:
    support = check_support("The ferry Aurora safely carries 300 passengers.", [FERRY])
    assert support.differences == ()
    assert support.score == pytest.approx(5 / 6)


def test_no_quote_supports_nothing() -> None:
    assert check_support(FERRY, []).differences


def test_an_empty_quote_supports_nothing() -> None:
    assert check_support(FERRY, [""]).differences


def test_a_word_or_two_are_no_statement() -> None:
    assert check_support("300 passengers", [FERRY]).differences == ("words: it is no sentence",)


def test_one_of_several_quotes_is_enough() -> None:
    assert check_support("The Aurora carries 300 passengers.", [HARBOUR, FERRY]).differences == ()


def test_two_clauses_may_rest_on_two_quotes() -> None:
    statement = "The ferry Aurora carries 300 passengers, and Lomvik has two harbours."
    assert check_support(statement, [FERRY, HARBOUR]).differences == ()


@pytest.mark.parametrize(
    "later",
    ["and has two harbours", "and it has two harbours", "while also having two harbours", "and It has two harbours"],
)
def test_a_clause_without_a_subject_of_its_own_rests_on_no_other_quote(later: str) -> None:
    assert check_support(f"The ferry Aurora carries 300 passengers, {later}.", [FERRY, HARBOUR]).differences


def test_two_quotes_are_not_stitched_into_one_clause() -> None:
    assert check_support("The ferry Aurora has two harbours.", [FERRY, HARBOUR]).differences


def test_the_question_lends_no_name() -> None:
    support = check_support("Berg steers the ferry.", ["He steers the ferry."])
    assert [difference.partition(":")[0] for difference in support.differences] == ["name"]


def test_a_difference_names_the_words_it_is_about() -> None:
    (difference,) = check_support("The ferry Aurora carries 301 passengers.", [FERRY]).differences
    assert difference == "number: '301' is not in the quote"


def test_a_negation_in_another_clause_of_the_quote_does_not_matter() -> None:
    quote = "The library did not open on Monday. The ferry carries 300 passengers."
    assert check_support("The ferry carries 300 passengers.", [quote]).differences == ()


@given(st.integers(2, 10_000_000), st.integers(2, 10_000_000))
def test_only_the_same_number_is_accepted(stated: int, quoted: int) -> None:
    support = check_support(f"They counted {stated:,} geese.", [f"Wardens counted {quoted} geese there."])
    assert (not support.differences) == (stated == quoted)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_gets_a_verdict(statement: str, quote: str) -> None:
    support = check_support(statement, [quote])
    assert 0.0 <= support.score <= 1.0


def test_takes_less_than_two_milliseconds_a_statement() -> None:
    quotes = [
        f"In {1900 + n}, the mayor of Lomvik said that {n} ferries, but not all, could carry cars." for n in range(99)
    ]
    started = time.process_time()
    for n, quote in enumerate(quotes):
        check_support(f"The mayor of Lomvik said {n} ferries could carry cars.", [quote])
    assert time.process_time() - started < 0.002 * len(quotes)
