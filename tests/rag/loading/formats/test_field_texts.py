"""Texts and pages as people have them, after reports of what goes wrong elsewhere; all words are invented."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from rag import Article
from rag.index.splitting import split
from rag.loading import read_path

CLIPPING = """---
title: "Sella ferry company sold"
source: "https://herald.sella.example/ferry"
author:
  - "[[Ilse Bram]]"
  - "[[Kofi Draye]]"
published: 2024-05-21
created: 2024-06-02
tags:
  - "clippings"
---
The ferry company of Sella now belongs to the [[Orrin Group|Orrin Group]], which bought it on Tuesday from [[Bastian Vool]] for ==210 million crowns==.

> [!warning] Debt
> The company owes 360 million crowns to its banks, according to its last report.

The company runs 14 ferries to [[Skarn (island)|Skarn]] and four other islands.[^1] %%check: an older article has 9 ferries%%

[^1]: Company report 2023, p. 12.
"""
LUDDEN = (
    "Ludden builds again\nLudden Echo, 12 December 2024\n\nLudden built 12\u202f640 flats in ten years, the city said. “It is a ﬁrst step”, said the mayor, Eva Strøm.\n\n"
    "The co\u00adop\u00aderative that owns them has 3\u202f200 mem\u00adbers. A cold store is kept at \u221218\u00a0°C.\n"
)


def article(path: Path, words: str) -> Article:
    path.write_text(words, encoding="utf-8")
    [found] = read_path(path)
    assert isinstance(found, Article)
    return found


def searched(one: Article) -> str:
    """Return the sentences that an answer may quote where nothing is asked of the article itself."""
    body = [passage for passage in split(one, passage_tokens=200) if passage.kind == "body"]
    return "\n".join(one.text[start:end] for passage in body for start, end in passage.sentences)


def test_f21_a_clipping_is_read_as_its_visible_words_and_its_fields_are_not_quoted(tmp_path: Path) -> None:
    found = article(tmp_path / "Sella ferry.md", CLIPPING)
    assert (found.title, found.outlet, found.author) == ("Sella ferry company sold", None, "Ilse Bram, Kofi Draye")
    assert (found.published, found.address) == (date(2024, 5, 21), "https://herald.sella.example/ferry")
    quotable = searched(found)
    assert (
        "belongs to the Orrin Group, which bought it on Tuesday from Bastian Vool for 210 million crowns." in quotable
    )
    assert "The company owes 360 million crowns to its banks" in quotable
    assert "14 ferries to Skarn and four other islands." in quotable
    for left_out in ("9 ferries", "published:", "created", "clippings", "[[", "=="):
        assert left_out not in quotable


def test_f25_thin_spaces_and_signs_stay_and_soft_hyphens_go(tmp_path: Path) -> None:
    found = article(tmp_path / "ludden.txt", LUDDEN)
    assert (found.outlet, found.published) == ("Ludden Echo", date(2024, 12, 12))
    assert "The cooperative that owns them has 3\u202f200 members." in searched(found)
    assert "−18\u00a0°C" in searched(found)


def test_f28_words_in_json_ld_alone_and_items_in_spans_are_read(tmp_path: Path) -> None:
    body = "The port of Wexel will be widened from next spring, the minister said on Monday. The works cost 640 million crowns and last three years."
    facts = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Port of Wexel to be widened", "datePublished": "2024-05-06", "articleBody": body}  # fmt: skip
    head = f'<head><title>Port of Wexel</title><script type="application/ld+json">{json.dumps(facts)}</script></head>'
    port = article(tmp_path / "wexel.html", f'<html lang="en">{head}<body><div id="root"></div></body></html>')
    assert (port.title, port.published) == ("Port of Wexel to be widened", date(2024, 5, 6))
    assert "The works cost 640 million crowns" in port.text
    items = "".join(f"<li><span>{words}</span></li>" for words in ("Marrow gets 12 million crowns for its school.", "Upper Pell gets 9 million crowns for two bridges."))  # fmt: skip
    before = "The flood fund of Pell Valley has divided its money among five towns, the district said on Monday, after months of talks about how it should be shared out among them."
    after = "The rest of the fund, about three million crowns, will be kept for next year, said the head of the district, Ida Kronn."
    fund = article(tmp_path / "fund.html", f"<html lang=en><head><title>Fund</title></head><body><article><h1>Who gets what from the flood fund</h1><p>{before}</p><ul>{items}</ul><p>{after}</p></article></body></html>")  # fmt: skip
    assert "Upper Pell gets 9 million crowns for two bridges." in fund.text


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Sornet Gazette, 7 January 2025", None),
        ("Sornet Gazette | 7 Jan 2025 | By Lise Amar", "Lise Amar"),
        ("*Sornet Gazette, Tuesday 7 January 2025, page 4*", None),
        ("Lise Amar, Sornet Gazette, 07.01.2025", "Lise Amar"),
    ],
)
def test_f29_paper_and_day_under_the_headline_are_known_and_not_quoted(
    line: str, author: str | None, tmp_path: Path
) -> None:
    body = "The library of Sornet lent 640,000 books last year, more than ever since it was founded in 1903. It has 31 employees, said Ola Wick, who has headed it for four years."
    found = article(tmp_path / "a.txt", f"Library of Sornet counts a record year\n{line}\n\n{body}\n")
    assert (found.title, found.outlet) == ("Library of Sornet counts a record year", "Sornet Gazette")
    assert (found.author, found.published) == (author, date(2025, 1, 7))
    assert "Gazette" not in searched(found)
