from random import Random

from eval.training.data import Example
from eval.training.negatives import Changer, Neighbour, Neighbourhood, retrieved, without_answer

PASSAGE = (
    "Bears eat the berries of the northern forest in autumn. In 1916 Anna Berg counted 40 bears near the lake. "
    "The count was repeated every spring by the villagers, who kept the lists in a church tower for decades. "
    "Wolves were counted too, though with less care, and those lists burnt when the tower was struck by lightning."
)


def example(question: str, *, answer: str = "Anna Berg", passage: str = PASSAGE) -> Example:
    start = passage.index(answer)
    return Example(question, "Bears", passage, ((start, start + len(answer)),), (answer,), "bears", "squad1")


def test_the_sentence_that_answers_is_taken_out() -> None:
    less = without_answer(example("Who counted the bears?"))
    assert less is not None
    assert "Anna Berg" not in less.passage
    assert "Wolves" in less.passage
    assert less.spans == ()


def test_nothing_is_made_where_the_answer_stands_elsewhere_too() -> None:
    assert without_answer(example("What were kept in a tower?", answer="lists")) is None


def test_a_changed_number_is_not_in_the_passage() -> None:
    asked = example("Who counted bears in 1916?")
    changed = Changer([asked]).changed(asked, random=Random(1))
    assert changed is not None
    assert changed.question != asked.question
    assert "1916" not in changed.question
    assert changed.spans == ()


def test_a_question_without_details_cannot_be_changed() -> None:
    asked = example("Who counts?")
    assert Changer([asked]).changed(asked, random=Random(1)) is None


def test_a_passage_with_an_accepted_answer_is_no_negative() -> None:
    near = [Neighbour("Tower", "The tower by Anna BERG.", "tower"), Neighbour("Lake", "The lake is deep.", "lake")]
    assert [one.title for one in retrieved(example("Who counted?"), among=near)] == ["Lake"]


def test_the_passage_with_the_words_of_the_question_is_found_first() -> None:
    pool = [example("q", passage=f"{word} met Anna Berg at the lake.") for word in ("Wolves", "Owls", "Lynxes")]
    around = Neighbourhood(pool)
    [best, *_] = around.ranked(["when did owls meet"], encoder=None)[0]
    assert around.neighbours[best].passage.startswith("Owls")
