import pytest

from eval.training.evaluate import auroc, exact_match, f1


def test_f1_ignores_case_articles_and_punctuation() -> None:
    assert f1("The Lion.", ["lion"]) == 1.0


def test_f1_takes_the_best_accepted_answer() -> None:
    assert f1("in 1901", ["spring", "1901"]) == pytest.approx(2 / 3)


def test_no_answer_accepted_scores_nothing() -> None:
    assert f1("lion", []) == 0.0


def test_exact_match_wants_every_word() -> None:
    assert exact_match("a lion", ["Lion"]) == 1.0
    assert exact_match("lions", ["lion"]) == 0.0


def test_auroc_agrees_with_counting_pairs() -> None:
    assert auroc([3.0, 1.0], [2.0, 1.0]) == pytest.approx((1 + 1 + 0 + 0.5) / 4)
