"""Front matter of notes: lists in both ways of writing, and addresses that are no outlets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag import Article
from rag.loading import read_path

CLIPPING = """---
title: "Sella ferry company sold"
source: "https://herald.sella.example/ferry"
author:
  - "[[Ilse Bram]]"
  - "[[Kofi Draye]]"
created: 2024-06-02
published: 2024-05-21
tags:
  - "clippings"
---
The ferry company of Sella now belongs to the [[Orrin Group|Orrin Group]], which bought it on Tuesday from [[Bastian Vool]] for ==210 million crowns==.

> [!warning] Debt
> The company owes 360 million crowns to its banks, according to its last report.

The company runs 14 ferries to [[Skarn (island)|Skarn]] and **four** other [islands](https://x.example/a_(b)).[^1] %%check: an older article has 9 ferries%%

![[ferry-photo.png|400]]

[^1]: Company report 2023, p. 12.
"""


@pytest.fixture
def clipping(tmp_path: Path) -> Article:
    (tmp_path / "Sella ferry.md").write_text(CLIPPING, encoding="utf-8")
    [article] = read_path(tmp_path / "Sella ferry.md")
    assert isinstance(article, Article)
    return article


def test_lists_days_and_addresses_are_told_apart(clipping: Article) -> None:
    assert clipping.author == "Ilse Bram, Kofi Draye"
    assert (clipping.outlet, clipping.address) == (None, "https://herald.sella.example/ferry")
    assert (clipping.published, clipping.origins["published"]) == (date(2024, 5, 21), "front matter")


def test_marks_are_read_as_the_words_that_are_seen(clipping: Article) -> None:
    assert (
        "belongs to the Orrin Group, which bought it on Tuesday from Bastian Vool for 210 million crowns."
        in clipping.text
    )
    assert "Debt\nThe company owes 360 million crowns" in clipping.text
    assert "14 ferries to Skarn and four other islands." in clipping.text
    assert "9 ferries" not in clipping.text
    assert "ferry-photo" not in clipping.text


@pytest.mark.parametrize("line", ["authors: [Ilse Bram, 'Kofi Draye']", 'author: "Ilse Bram, Kofi Draye"'])
def test_a_list_may_stand_in_one_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.md").write_text(
        f"---\n{line}\nsource: Sella Herald\n---\nThe ferry company was sold on Tuesday.\n", encoding="utf-8"
    )
    [article] = read_path(tmp_path / "a.md")
    assert isinstance(article, Article)
    assert (article.author, article.outlet) == ("Ilse Bram, Kofi Draye", "Sella Herald")
