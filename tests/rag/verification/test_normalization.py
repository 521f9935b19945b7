"""A statement in its quote's form: what may be written otherwise, and what must stay as it is."""

import pytest

from rag.verification.normalization import in_form_of


@pytest.mark.parametrize(
    ("statement", "quote", "read"),
    [
        ("It cost £2.1 million.", "Repairs cost £2.1m so far.", "It cost £2.1m."),
        ("Lund paid $2.1bn.", "It paid $2.1 billion.", "Lund paid $2.1 billion."),
        ("It cost €3.4 billion.", "at a cost of 3.4 billion euros, if", "It cost 3.4 billion euros."),
        ("From $2m to $3m.", "between $2 million and $3 million", "From $2 million to $3 million."),
        ("Over US$5m was paid.", "more than US$5 million was paid", "more than US$5 million was paid."),
        ("The Nile is 6,650 km long.", "the Nile, at 6,650 kilometres,", "The Nile is 6,650 kilometres long."),
        ("It fell 40%.", "It fell 40 per cent in May.", "It fell 40 per cent."),
        ("Forty-eight thousand people came.", "48,000 people came by train", "48,000 people came."),
        ("At least three ships sank.", "three or more ships sank", "three or more ships sank."),
        ("It saw 70+ ships and 2 boats.", "at least 70 ships, two boats", "It saw at least 70 ships and two boats."),
    ],
)
def test_an_amount_is_read_as_the_quote_writes_it(statement: str, quote: str, read: str) -> None:
    assert in_form_of(quote, statement) == read


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("It cost £2.1 million.", "It cost €2.1m."),
        ("It cost A$2.1 million.", "It cost $2.1m."),
        ("It cost 2.1 million.", "It cost £2.1m."),
        ("It cost $2.1 million.", "It cost $2.1bn."),
        ("It is 10 km away.", "It is ten miles away."),
        ("It is 10 km away.", "It has ten doors."),
        ("The third ship sank.", "Three ships sank."),
        ("Over 70 ships sank.", "Seventy ships sank."),
        ("Over 70 ships sank.", "At least seventy ships sank."),
        ("From 200 to 300 ships sank.", "About two hundred ships sank."),
        ("It saw fewer than 10 to 100 ships.", "It saw about 10 to 100 ships."),
        ("It tells about three saints.", "It shows 3 saints."),
        ("A two-day strike began.", "The strike of 2 days began."),
        ("It cost $5 million.", "It cost $5m, or 5 million dollars: $5 million."),
    ],
)
def test_another_unit_scale_or_bound_stays_as_it_is(statement: str, quote: str) -> None:
    assert in_form_of(quote, statement) == statement


def test_a_contraction_that_the_quote_has_not_is_written_out() -> None:
    assert in_form_of("He has not left.", "Karim hasn't left.") == "Karim has not left."
    assert in_form_of("He said no.", "He can’t and won't.") == "He cannot and will not."
    assert in_form_of("He hasn't left.", "Karim hasn't left.") == "Karim hasn't left."
    assert in_form_of("He said no.", "He ain't there.") == "He ain't there."
