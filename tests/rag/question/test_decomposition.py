import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.interrogatives import is_question
from rag.question.decomposition import parts


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "How much aid did Oster send, and how many men has Vell lost in the war?",
            ("How much aid did Oster send?", "How many men has Vell lost in the war?"),
        ),
        ("When and where was the mayor born?", ("When was the mayor born?", "Where was the mayor born?")),
        ("Who is Ada Holm? When did she leave Lomvik?", ("Who is Ada Holm?", "When did she leave Lomvik?")),
        ("Who founded the zoo and when was it opened?", ("Who founded the zoo?", "When was it opened?")),
        ("what is nitrox; and where does it come from", ("what is nitrox?", "Where does it come from")),
        ("Did Ada resign, and who leads the port?", ("Did Ada resign?", "Who leads the port?")),
        ("When did the zoo open, and how heavy is the lion?", ("When did the zoo open?", "How heavy is the lion?")),
        (
            "Who led the port, where is its office and when did the council close the harbour?",
            ("Who led the port, where is its office?", "When did the council close the harbour?"),
        ),
    ],
)
def test_what_asks_several_things_is_parted(question: str, expected: tuple[str, ...]) -> None:
    assert parts(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "How many animals did Putin give to North Korea?",
        "Which countries sent lions and bears?",
        "How many bears were in the shipment, and of what kind?",
        "What colour are the cockatoos, and how many are there?",
        "How many bears and how many lions did the zoo get?",
        "What do we know of the mayor and how she was elected?",
        "What do we know of the ban and how lions were moved?",
        "What did he say about where they went and when they came back?",
        "What do we know of the mayor and what the council did in May?",
        "Who is the man who came and who left with the lions?",
        "Which zoo opened in 1959 and which has lions from Vell?",
        "What year, and where did it win a prize?",
        "I wonder. Who is Ada Holm?",
        "Why?",
        "?",
    ],
)
def test_what_asks_one_thing_or_is_unsure_stays_whole(question: str) -> None:
    assert parts(question) == (question,)


WORDS = st.sampled_from(["who", "When", "and", ",", "how many", "did", "it", "Ada", "lions", "?", "is", "?  "])


@given(st.lists(WORDS, min_size=1, max_size=14))
def test_no_word_is_lost_and_no_part_is_empty(words: list[str]) -> None:
    question = " ".join(words)
    found = parts(question)
    assert all(part.strip(" ?,") for part in found) or found == (question,)
    left = "".join(found).casefold().replace("and", "")
    assert {word for word in question.casefold().split() if word.isalpha()} - {"and"} <= {
        word for word in ["who", "when", "how", "many", "did", "it", "ada", "lions", "is"] if word in left
    }


@pytest.mark.parametrize(
    ("sentence", "asks"),
    [
        ("Is it true that lions were sent?", True),
        ("- How many lions are there? ", True),
        ("Keppel won a million on Who Wants to Be a Millionaire?", False),
        ("“Why should we?” Holm said.", False),
        ("How the port was lost is not known.", False),
    ],
)
def test_a_sentence_that_asks_is_told_from_one_that_says(sentence: str, asks: bool) -> None:
    assert is_question(sentence) == asks
