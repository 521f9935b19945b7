"""Precision and recall of what pages say, on facts made for it."""

from __future__ import annotations

from eval.benchmarks.page_metadata import Fact, read_facts, score_facts, table


def fact(labelled: str | None, found: str | None) -> Fact:
    return Fact("a.html", "first", "author", labelled, found, None)


def test_a_wrong_value_costs_precision_and_a_missing_one_recall() -> None:
    score = next(
        one
        for one in score_facts([fact("x", "x"), fact("x", None), fact(None, "x"), fact(None, None), fact("x", "y")])
        if one.field == "author"
    )
    assert (score.pages, score.precision, score.recall) == (5, 1 / 3, 1 / 3)
    assert (score.silent, score.silent_right) == (2, 1)


def test_what_is_wrong_is_listed() -> None:
    assert "a.html: author is 'y' (None), labelled 'x'" in table([fact("x", "y")])


def test_a_title_made_up_for_a_page_is_none_found() -> None:
    assert {(one.labelled, one.found) for one in read_facts() if one.page == "nothing_said.html"} == {(None, None)}
