"""The measurement of near copies, on a few stories."""

from __future__ import annotations

from eval.benchmarks import near_duplicates
from rag.index import near_duplicates as grouping


def test_copies_are_counted_and_pairs_of_different_stories_named() -> None:
    told = [story for story in near_duplicates.stories(None) if len(story.paragraphs) > 4][:4]
    result = near_duplicates.grouped("edited 2 %", told)
    assert (result.found, result.made, result.wrong_pairs) == (4, 4, ())
    text = " ".join(f"word{at}" for at in range(80))
    same = [near_duplicates.Story(name, (text,)) for name in ("one", "other")]
    assert len(near_duplicates.grouped("other headline", same).wrong_pairs) == 4  # of two originals and two copies


def test_the_tables_have_a_row_for_each_kind() -> None:
    told = near_duplicates.stories(None)[:3]
    rows = near_duplicates.table([near_duplicates.grouped(kind, told) for kind in near_duplicates.KINDS]).splitlines()
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows[2:10]] == list(near_duplicates.KINDS)
    assert near_duplicates.threshold_table(told).count("\n") == 2 + len(near_duplicates.THRESHOLDS)


def test_measuring_the_cost_leaves_the_grouping_as_it_was() -> None:
    before = grouping.add, grouping.settle
    near_duplicates.cost(20, repeats=2)
    assert (grouping.add, grouping.settle) == before
