"""The measurement of near copies, on a few stories."""

from __future__ import annotations

from eval import copies
from rag import copies as grouping


def test_copies_are_counted_and_pairs_of_different_stories_named() -> None:
    told = [story for story in copies.stories(None) if len(story.paragraphs) > 4][:4]
    result = copies.grouped("edited 2 %", told)
    assert (result.found, result.made, result.wrong_pairs) == (4, 4, ())
    text = " ".join(f"word{at}" for at in range(80))
    same = [copies.Story(name, (text,)) for name in ("one", "other")]
    assert len(copies.grouped("other headline", same).wrong_pairs) == 4  # of two originals and two copies


def test_the_tables_have_a_row_for_each_kind() -> None:
    told = copies.stories(None)[:3]
    rows = copies.table([copies.grouped(kind, told) for kind in copies.KINDS]).splitlines()
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows[2:10]] == list(copies.KINDS)
    assert copies.threshold_table(told).count("\n") == 2 + len(copies.THRESHOLDS)


def test_measuring_the_cost_leaves_the_grouping_as_it_was() -> None:
    before = grouping.add, grouping.settle
    copies.cost(20, repeats=2)
    assert (grouping.add, grouping.settle) == before
