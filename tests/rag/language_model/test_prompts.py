import pytest

from rag.language_model.prompts import prompt


@pytest.mark.parametrize("name", ["small_answer", "strong_answer", "strong_rewrite", "strong_queries", "strong_verify"])
def test_each_says_that_what_it_shows_is_data(name: str) -> None:
    assert "data" in prompt(name)
    assert "never" in prompt(name).casefold() or "only to be compared" in prompt(name)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("strong_answer", ("answered", "why", "sentences", "quotes", "passage", "words", "kind", "text", "open")),
        ("strong_rewrite", ("sentences", "n", "quotes", "text")),
        ("strong_queries", ("question", "queries")),
        ("strong_verify", ("verdicts", "n", "verdict", "words")),
    ],
)
def test_it_shows_the_form_of_the_reply(name: str, keys: tuple[str, ...]) -> None:
    assert all(f'"{key}"' in prompt(name) for key in keys)


def test_the_answer_follows_the_question_in_length_and_may_refuse() -> None:
    told = prompt("strong_answer")
    for word in ("one or two sentences", "timeline", '"no"', "premise contradicted", '"infers"', "exactly"):
        assert word in told


def test_a_small_model_is_told_little() -> None:
    assert len(prompt("small_answer")) < 700
    assert "NOT_IN_ARTICLES" in prompt("small_answer")


def test_the_verifier_knows_three_outcomes() -> None:
    assert all(f'"{one}"' in prompt("strong_verify") for one in ("supported", "contradicted", "not said"))
