import pytest

from rag.question.kinds import kind_of, subject_of
from rag.question.moves import Move, move_of
from rag.schema import QuestionKind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many lions did Putin give?", "fact"),
        ("Did Putin give lions?", "yes-no"),
        ("Did it open in May or in June?", "choice"),
        ("Why were the lions sent?", "why"),
        ("List the animals that were sent.", "list"),
        ("Compare the zoo of Lomvik and the zoo of Hesta.", "compare"),
        ("Summarise the article on the zoo.", "summary"),
        ("What does the letter by Tove Aker say?", "source"),
        ("Tell me about Tove Aker", "about"),
        ("What happened in Lomvik on 3 May 2024?", "date"),
        ("Timeline of the strike, please", "timeline"),
        ("Which articles mention lions?", "collection"),
        ("Hello!", "small-talk"),
        ("Thanks, that helps", "small-talk"),
    ],
)
def test_the_words_of_a_question_tell_its_kind(question: str, kind: QuestionKind) -> None:
    assert kind_of(question) == kind


def test_the_subject_is_without_the_words_that_only_ask() -> None:
    assert "timeline" not in subject_of("Timeline of the strike in Lomvik").lower()
    assert "Lomvik" in subject_of("Timeline of the strike in Lomvik")


@pytest.mark.parametrize(
    ("turn", "move"),
    [
        ("where does it say that?", "where"),
        ("tell me more", "more"),
        ("shorter please", "shorter"),
        ("and the other one?", "other"),
        ("more than in January?", None),
        ("Where does the zoo keep its lions?", None),
    ],
)
def test_a_turn_that_asks_nothing_by_itself_is_known(turn: str, move: Move | None) -> None:
    assert move_of(turn) == move


def test_two_things_before_the_comparison_are_compared() -> None:
    assert kind_of("Nets or cages, which kept the salmon in Vell better?") == "compare"


def test_people_and_things_asked_for_are_a_list() -> None:
    assert kind_of("Which people and firms were added to the register of Vell?") == "list"
