from rag.answering.plan import contextualize


def test_a_later_part_that_names_nothing_is_about_what_the_first_names() -> None:
    plan = contextualize("When did the Harbour Board of Lomvik meet and what did the chairman decide?", ())
    first, later = plan.asked
    assert first.asked == "When did the Harbour Board of Lomvik meet?"
    assert later.question == "What did the chairman decide?"
    assert "Lomvik" in later.asked


def test_a_later_part_that_names_something_stays_as_it_is() -> None:
    plan = contextualize("When did the board of Lomvik meet and what did the board of Hesta decide?", ())
    assert [one.asked for one in plan.asked][1:] == ["What did the board of Hesta decide?"]
