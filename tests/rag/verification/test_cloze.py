"""Questions made of a statement: what they ask for, and where the quote says it."""

import pytest

from rag.language.facts import facts_of
from rag.verification.cloze import clozes

QUOTE = (
    "Marie Curie, born in Warsaw in 1867, shared the 1903 Nobel Prize with her husband Pierre Curie, "
    "and on Monday the Bank of Lomvik gave $4 million, a tenth gift, or 25% of its profit."
)


def asked(statement: str, quote: str = QUOTE) -> dict[str, str]:
    return {cloze.said: cloze.question for cloze in clozes(facts_of(statement), facts_of(quote))}


@pytest.mark.parametrize(
    ("statement", "said", "question"),
    [
        ("Pierre Curie was born in Poland.", "Pierre Curie", "Who was born in Poland?"),
        ("She was born in Warsaw.", "Warsaw", "She was born where?"),
        ("She lived near Warsaw.", "Warsaw", "She lived near where?"),
        ("She came from Warsaw.", "Warsaw", "She came from what?"),
        ("Its gift was made on Monday.", "Monday", "Its gift was made when?"),
        ("In 1867 she was born.", "1867", "When she was born?"),
        ("The Bank of Lomvik gave money.", "Bank of Lomvik", "Who gave money?"),
        ("It gave $4 million.", "4 million", "It gave how much money?"),
        ("It gave 25% of its profit.", "25", "It gave how many percent of its profit?"),
        ("It was the tenth gift.", "tenth", "It was the which gift?"),
        ("Lomvik's bank gave money.", "Lomvik's", "Whose bank gave money?"),
    ],
)
def test_a_name_number_or_date_is_asked_for_in_its_place(statement: str, said: str, question: str) -> None:
    assert asked(statement)[said] == question


def test_each_name_number_and_date_is_asked_for_once() -> None:
    assert list(asked("Marie Curie shared the 1903 Nobel Prize.")) == ["1903", "Marie Curie", "Nobel Prize"]


def test_what_the_quote_does_not_name_is_not_asked_for() -> None:
    assert asked("Niels Bohr was given 17 horses in 1922.") == {}
    assert asked("It rained again.") == {}


def places(statement: str) -> dict[str, list[str]]:
    found = clozes(facts_of(statement), facts_of(QUOTE))
    return {cloze.said: [QUOTE[start:end] for start, end in cloze.places] for cloze in found}


def test_a_person_of_the_same_family_is_another() -> None:
    assert places("Pierre Curie was born there.") == {"Pierre Curie": ["Pierre Curie"]}
    assert places("Pierre Curie was born there.") != places("Marie Curie was born there.")


def test_a_family_name_alone_may_be_either() -> None:
    assert places("Curie was born there.") == {"Curie": ["Marie Curie", "Pierre Curie"]}


def test_a_longer_name_holds_the_shorter_one() -> None:
    assert places("Madame Marie Sklodowska Curie was born there.") == {"Madame Marie Sklodowska Curie": ["Marie Curie"]}


def test_what_stands_in_the_quote_between_the_same_words_is_not_asked_for() -> None:
    assert asked("Born in Warsaw in 1867, shared the 1903 Nobel Prize.") == {}
    assert list(asked("Born in Warsaw in 1867, won the 1903 Nobel Prize.")) == ["1867", "1903", "Warsaw", "Nobel Prize"]
