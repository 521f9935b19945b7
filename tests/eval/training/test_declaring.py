import pytest

from eval.training.declaring import Declarer, Verbs

VERBS = Verbs.seen_in(
    [
        "It will sail. It could sail. They can carry it. They would carry it. It did not cost. He may cost. It can load. It will load."
    ]
)
DECLARED = [
    ("When was the Lomvik ferry founded?", "1889", "The Lomvik ferry was founded in 1889."),
    ("When did the Aurora sail?", "5 May 2031", "The Aurora sailed on 5 May 2031."),
    ("In what year did the Aurora sail to Pisek?", "2031", "The Aurora sailed to Pisek in 2031."),
    ("Who wrote the harbour rules?", "Ida Berg", "Ida Berg wrote the harbour rules."),
    ("Which ferry was built by Ida Berg?", "the Aurora", "The Aurora was built by Ida Berg."),
    ("How many passengers does the Aurora carry?", "300", "The Aurora carries 300 passengers."),
    ("How many ferries are there in Lomvik?", "two", "There are two ferries in Lomvik."),
    ("What does the Aurora carry on Sundays?", "geese", "The Aurora carries geese on Sundays."),
    ("Where was Ida Berg born?", "Pisek", "Ida Berg was born in Pisek."),
    ("What was the name of the ship?", "Aurora", "The name of the ship was Aurora."),
    ("The ferry was named after whom?", "Ida Berg", "The ferry was named after Ida Berg."),
    ("In 1999, who led the yard?", "Ida Berg", "In 1999, Ida Berg led the yard."),
    ("What can the Aurora carry?", "geese", "The Aurora can carry geese."),
]


@pytest.mark.parametrize(("question", "answer", "statement"), DECLARED)
def test_a_question_and_its_answer_become_a_statement(question: str, answer: str, statement: str) -> None:
    assert Declarer(VERBS).declare(question, answer) == statement


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Why did the Aurora sail?", "because of the ice"),
        ("How did she load the ferry?", "by night"),
        ("Did the Aurora sail?", "yes"),
        ("What is the yard for?", "carry geese"),
        ("", "1889"),
        ("Who sails?", ""),
    ],
)
def test_what_no_rule_is_sure_of_becomes_nothing(question: str, answer: str) -> None:
    assert Declarer(VERBS).declare(question, answer) is None


def test_only_words_behind_modal_verbs_are_taken_for_verbs() -> None:
    assert "carry" in VERBS.bases
    assert "ferry" not in Verbs.seen_in(["the ferry, a ferry, to ferry"]).bases
