"""What is refused for certain: a contradiction in a copied statement, and never a true rewording. Sentences are invented."""

import pytest

from rag.language.facts import facts_of
from rag.verification.contradiction.differences import CHECKS, CONTRADICTIONS, copied_share, differences, is_certain

TRUE_REWORDINGS = [
    ("The U.S. sent twenty-two ferries to Lomvik in May.", "The United States sent 22 ferries to Lomvik in May."),
    ("The United States sent 22 ferries to Lomvik in May.", "The US sent twenty-two ferries to Lomvik in May."),
    ("In May 33 percent of the boats in Lomvik were empty.", "A third of the boats in Lomvik were empty in May."),
    ("Lund raised its forecast from 11 to 12.5 billion dollars.", "Lund raised its forecast from $11bn to $12.5bn."),
    (
        "Lund raised its forecast from 11 to 12.5 billion dollars.",
        "Lund raised its forecast for the year by 1.5 billion dollars.",
    ),
    ("The council of Lomvik approved the bridge in May.", "Yes, the council of Lomvik approved the bridge in May."),
    ("The council of Lomvik did not approve the bridge.", "No, the council of Lomvik did not approve the bridge."),
    ("The mayor of Lomvik denied that he took bribes.", "No, the mayor of Lomvik said that he took no bribes."),
    ("Otto Lund hired Ida Berg as his deputy in 2011.", "Ida Berg was hired by Otto Lund as his deputy in 2011."),
    ("The company sold the yard in 1989 to Ida Berg.", "Ida Berg bought the yard in 1989 from the company."),
]
CONTRADICTING = [
    ("The strike lasted 26 hours in Lomvik harbour.", "The strike lasted 26 days in Lomvik harbour."),
    ("More than 70 boats lay in Lomvik harbour.", "70 boats lay in Lomvik harbour."),
    ("Turnout in Lomvik fell by 7 points to 41 percent.", "Turnout in Lomvik fell by 41 percent."),
    ("The ferry carries 640 cars a day to Lomvik.", "The ferry carries 640 cars a week to Lomvik."),
    ("The lock at Lomvik opened on 12 January 2019.", "The lock at Lomvik opened on 13 January 2019."),
    ("Ida Berg, born in Pisek, moved to Lomvik in May.", "Ida Berg, born in Lomvik, moved in May."),
    ("The ferry sails from Pisek on Monday morning.", "The ferry sails from Lomvik on Monday morning."),
    ("Turnout in Lomvik fell sharply to 41 percent.", "Turnout in Lomvik rose sharply to 41 percent."),
    ("“We will rebuild every house,” Ida Berg said.", "“We will rebuild some house,” Ida Berg said."),
]


@pytest.mark.parametrize(("quote", "statement"), TRUE_REWORDINGS)
def test_no_true_rewording_is_refused_for_certain(quote: str, statement: str) -> None:
    assert not is_certain(facts_of(statement), facts_of(quote))


@pytest.mark.parametrize(("quote", "statement"), CONTRADICTING)
def test_a_contradiction_in_a_copied_statement_is_certain(quote: str, statement: str) -> None:
    assert is_certain(facts_of(statement), facts_of(quote))


def test_each_contradiction_has_an_example() -> None:
    pairs = [(facts_of(statement), facts_of(quote)) for quote, statement in CONTRADICTING]
    assert all(any([*check(*pair)] for pair in pairs) for check in CONTRADICTIONS.values())


def test_the_same_difference_in_other_words_is_left_to_the_model() -> None:
    quote, statement = (
        facts_of("The lock opened on 12 January 2019."),
        facts_of("Ships first passed on 13 January 2019."),
    )
    assert any(difference.startswith("date") for difference in differences(statement, quote))
    assert not is_certain(statement, quote)


def test_a_hint_alone_is_never_certain() -> None:
    statement, quote = (
        facts_of("The council of Lomvik approved it."),
        facts_of("The council of Lomvik never approved it."),
    )
    assert differences(statement, quote)
    assert not is_certain(statement, quote)


def test_copied_are_words_beside_each_other_in_the_same_order() -> None:
    quote = facts_of("The ferry sank near Lomvik in 1989.")
    assert copied_share(quote, quote) == 1.0
    assert copied_share(facts_of("Near Lomvik sank the ferry."), quote) == pytest.approx(2 / 5)
    assert copied_share(facts_of("Lomvik ferry sank."), quote) == pytest.approx(2 / 3)
    assert copied_share(facts_of(""), quote) == 0.0


def test_differences_are_those_of_all_checks() -> None:
    statement, quote = facts_of("Berg bought 3 boats in 1998."), facts_of("Lund sold 30 boats in 1989.")
    assert differences(statement, quote) == tuple(one for check in CHECKS.values() for one in check(statement, quote))
