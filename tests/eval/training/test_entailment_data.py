from __future__ import annotations

from eval.training.entailment_data import cite, inferences, stated, wrong_words
from eval.training.written import Statement, Written
from rag.verification.entailment_model import CONTRADICTED, NOT_SAID, SUPPORTED


def test_a_premise_has_heading_and_the_sentence_before(ferry: Written) -> None:
    assert cite(ferry, [3, 2]) == (
        "Ferry strike ends in Varnholt · Coast Post · 4 March 2021. [Captain Olga Brenner called off the strike on Tuesday.] "
        "Her crews will get 4 percent more. … The harbour denies that it paid 90,000 euros to end it."
    )


def test_the_words_that_a_true_counterpart_has_not_are_wrong() -> None:
    statement = Statement("f:date", "It ended on Monday by vote.", (0,), "It ended on Tuesday by vote.")
    assert wrong_words(statement) == ((12, 18),)
    assert wrong_words(Statement("f:date", "It ended on Monday.", (0,))) is None
    assert wrong_words(Statement("t", "It ended.", (0,))) == ()


def test_of_some_kinds_it_is_known_only_that_they_are_false(ferry: Written) -> None:
    allowed = [stated(ferry, statement).allowed for statement in ferry.statements]
    assert allowed == [(SUPPORTED,), (CONTRADICTED,), (CONTRADICTED, NOT_SAID)]


def test_a_yes_or_no_question_is_put_both_ways(ferry: Written) -> None:
    found = {one.hypothesis: one.allowed for one in inferences([ferry], seed="1") if one.source == "yesno"}
    assert found == {"Are ships leaving port? yes": (SUPPORTED,), "Are ships leaving port? no": (CONTRADICTED,)}


def test_the_same_seed_gives_the_same_inferences(ferry: Written, mill: Written) -> None:
    assert inferences([ferry, mill], seed="1") == inferences([ferry, mill], seed="1")
    assert inferences([ferry, mill], seed="1") != inferences([ferry, mill], seed="2")


def test_a_wrong_answer_is_never_part_of_the_right_one(ferry: Written) -> None:
    for seed in range(20):
        wrong = [one for one in inferences([ferry], seed=str(seed)) if one.source == "wrong plain"]
        assert all("Brenner" not in one.hypothesis for one in wrong)
