"""Every row of a long list stands on one of its pages, and the way leads to all of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.conversations.records import ConversationSummary
from ui import render_shelf
from ui.paging import leaf_of, turning


@given(st.integers(0, 500), st.integers(1, 60))
def test_the_pages_together_are_the_list(rows: int, most: int) -> None:
    listed = list(range(rows))
    count = leaf_of(listed, number=1, most=most).count
    leaves = [leaf_of(listed, number=number, most=most) for number in range(1, count + 1)]
    assert [row for leaf in leaves for row in leaf.rows] == listed
    assert all(len(leaf.rows) == most for leaf in leaves[:-1])


@pytest.mark.parametrize(("asked", "given_"), [(0, 1), (-5, 1), (10**12, 3), (2, 2)])
def test_a_page_that_is_not_there_is_the_nearest_one(asked: int, given_: int) -> None:
    assert leaf_of(range(25), number=asked, most=10).number == given_
    assert leaf_of([], number=asked, most=10).number == 1


@pytest.mark.parametrize(("number", "leads"), [(1, ["2"]), (2, ["1", "3"]), (3, ["2"])])
def test_the_way_leads_to_the_neighbours_and_to_any_page(number: int, leads: list[str]) -> None:
    shown = turning(leaf_of(range(25), number=number, most=10), of="articles")
    assert re.findall(r'data-leaf="(\d+)"', shown) == leads
    assert f'max="3" value="{number}"' in shown


def test_one_page_has_no_way_to_others() -> None:
    assert turning(leaf_of(range(10), number=1, most=10), of="articles") == ""


def test_every_conversation_is_on_a_page() -> None:
    kept = [ConversationSummary(f"c{n}", f"Question {n}", "2026-12-01T00:00:00Z", 1) for n in range(120)]
    pages = [render_shelf.shelf(kept, current="", notes=0, narrowed=False, number=n) for n in (1, 2, 3)]
    recalled = re.findall(r'data-recall="([^"]+)"', "".join(pages))
    assert recalled == [one.id for one in kept]
