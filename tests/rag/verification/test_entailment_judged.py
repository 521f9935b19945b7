"""The second layer: what a judge may decide, and what it may not."""

from collections.abc import Sequence

import pytest

from rag.drafts import Premise, Thresholds
from rag.verification.entailment import check_support

QUOTE = "The yard was sold in 1989 to Ida Berg, who paid about 20 million pounds."
SAME = "The yard was sold to Ida Berg in 1989."
REWORDED = "A shipbuilding business changed hands when Ida Berg became its proprietor."
CONTRADICTING = "The yard was sold in 1998 to Ida Berg."


class FixedJudge:
    """Gives one probability to all, and keeps what it is asked about."""

    def __init__(self, chance: float) -> None:
        self.thresholds = Thresholds(clear=0.3, reworded=0.8)
        self.asked: list[tuple[str, str]] = []
        self._chance = chance

    def chances(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        self.asked.extend(pairs)
        return [self._chance] * len(pairs)


def test_other_words_are_rejected_without_a_judge_and_accepted_by_a_sure_one() -> None:
    assert check_support(REWORDED, [QUOTE]).differences
    supported = check_support(REWORDED, [QUOTE], entailment=FixedJudge(0.9))
    assert supported.differences == ()
    assert supported.score == pytest.approx(0.9)


def test_other_words_need_a_surer_judge_than_the_same_words() -> None:
    entailment = FixedJudge(0.5)
    assert check_support(SAME, [QUOTE], entailment=entailment).differences == ()
    assert check_support(REWORDED, [QUOTE], entailment=entailment).differences


def test_a_judge_rejects_what_shows_no_difference_and_says_so() -> None:
    (difference,) = check_support(SAME, [QUOTE], entailment=FixedJudge(0.1)).differences
    assert difference.startswith("judged: ")
    assert "0.10" in difference


def test_no_judge_is_asked_about_a_contradiction() -> None:
    entailment = FixedJudge(1.0)
    assert check_support(CONTRADICTING, [QUOTE], entailment=entailment).differences
    assert entailment.asked == []


def test_no_judge_is_asked_about_the_quote_itself() -> None:
    entailment = FixedJudge(0.0)
    assert check_support(QUOTE, [QUOTE], entailment=entailment).score == 1.0
    assert entailment.asked == []


def test_the_judge_reads_an_equal_amount_in_the_form_of_the_quote() -> None:
    entailment = FixedJudge(1.0)
    check_support("Ida Berg paid about £20m for the yard.", [QUOTE], entailment=entailment)
    assert entailment.asked == [("Ida Berg paid about 20 million pounds for the yard.", QUOTE)]


def test_the_judge_reads_a_quote_with_its_heading_and_the_sentence_before() -> None:
    entailment = FixedJudge(1.0)
    told = Premise((QUOTE,), "Yards · Lomvik Post", "It stood empty.")
    check_support(REWORDED, [told], entailment=entailment)
    assert entailment.asked == [(REWORDED, f"Yards · Lomvik Post. [It stood empty.] {QUOTE}")]


class TogetherJudge(FixedJudge):
    """Is sure of a premise that holds all its words, and of no other."""

    def __init__(self, *words: str) -> None:
        super().__init__(0.0)
        self._words = words

    def chances(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        self.asked.extend(pairs)
        return [float(all(word in told for word in self._words)) for _, told in pairs]


def test_quotes_that_bear_a_statement_only_together_are_read_together() -> None:
    entailment = TogetherJudge("1989", "welders")
    other = "The new owner hired forty welders in the same week."
    statement = "Berg bought it and took on dozens of workers."
    assert check_support(statement, [QUOTE, other], entailment=entailment).differences == ()
    assert entailment.asked[-1] == (statement, f"{QUOTE} … {other}")
    assert check_support(statement, [QUOTE], entailment=entailment).differences


def test_a_quote_of_another_article_is_read_under_its_own_heading() -> None:
    entailment = TogetherJudge("First", "Second")
    told = [Premise((QUOTE,), "First"), Premise(("Berg hired welders.",), "Second")]
    check_support("Berg bought it and took on workers.", told, entailment=entailment)
    assert entailment.asked[-1][1] == f"First. {QUOTE} … Second. Berg hired welders."
