"""The line over an article that tells paper, day, page and author, in any order."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag import Article
from rag.loading import read_path
from rag.loading.articles import article_from_text
from rag.loading.metadata.dates import find_date
from rag.loading.metadata.header_lines import header_line

TITLE = "Library of Sornet counts 640,000 books in a record year"
BODY = "The library of Sornet lent 640,000 books last year, more than ever since it was founded in 1903. It has 212,000 titles."
DAY = date(2025, 1, 7)

LINES = [
    ("Sornet Gazette, 7 January 2025", "Sornet Gazette", None),
    ("Sornet Gazette | 7 Jan 2025 | By Lise Amar", "Sornet Gazette", "Lise Amar"),
    ("*Sornet Gazette, Tuesday 7 January 2025, page 4*", "Sornet Gazette", None),
    ("Lise Amar, Sornet Gazette, 07.01.2025", "Sornet Gazette", "Lise Amar"),
    ("7 January 2025 · Sornet Gazette · Lise Amar", "Sornet Gazette", "Lise Amar"),
    ("The Lantern, 7 January 2025, p. 12", "The Lantern", None),
    ("REUTERS 2025-01-07", "REUTERS", None),
    ("Von Anna Kort | Lasker Bote | Dienstag, 7. Januar 2025, 10:12 Uhr", "Lasker Bote", "Anna Kort"),
    ("Par Luc Maret – Le Monde – mardi 7 janvier 2025", "Le Monde", "Luc Maret"),
    ("El País, 7 de enero de 2025, página 4", "El País", None),
    ("Corriere di Lask, 7 gennaio 2025", "Corriere di Lask", None),
    ("Gazeta Łódzka, 7 stycznia 2025 r., s. 3", "Gazeta Łódzka", None),
    ("Ведомости, 7 января 2025 г., с. 4", "Ведомости", None),
    ("SORNET, 7 January 2025", None, None),
]


def article(line: str) -> Article:
    return article_from_text(f"{TITLE}\n{line}\n\n{BODY}", source="library.txt")


@pytest.mark.parametrize(("line", "outlet", "author"), LINES)
def test_paper_day_and_author_are_found_in_any_order(line: str, outlet: str | None, author: str | None) -> None:
    found = article(line)
    assert (found.title, found.outlet, found.author, found.published) == (TITLE, outlet, author, DAY)
    assert found.origins["published"] in ("header line", "byline")


def test_the_line_may_be_the_third() -> None:
    found = article("A third more than the year before\nREUTERS 2025-01-07")
    assert (found.outlet, found.published) == ("REUTERS", DAY)


def test_paper_and_day_may_stand_in_two_lines() -> None:
    found = article("By Mara Quist\nLask Evening Mail\n7 January 2025")
    assert (found.outlet, found.author, found.published) == ("Lask Evening Mail", "Mara Quist", DAY)


def test_a_paper_after_the_author_is_no_author() -> None:
    found = article("By Anna Kort, Lask Evening Mail")
    assert (found.outlet, found.author) == ("Lask Evening Mail", "Anna Kort")


@pytest.mark.parametrize("place", ["SORNET", "Sornet", "Upper Sornet"])
def test_a_day_behind_the_place_at_the_beginning_of_the_text_is_found(place: str) -> None:
    found = article_from_text(f"{TITLE}\n\n{place}, 7 January 2025 – {BODY}", source="x")
    assert (found.published, found.origins["published"]) == (DAY, "dateline")


@pytest.mark.parametrize("line", ["Election results of 5 November 2024", "The council met on 5 November 2024 in Lask", "A third more than in 2024"])  # fmt: skip
def test_a_sentence_with_a_day_is_no_such_line(line: str) -> None:
    told = header_line(line)
    assert told is None or not told.whole
    assert article(line).outlet is None


def test_word_and_pdf_are_read_alike(tmp_path: Path, make_word: Any, make_pdf: Any) -> None:
    line = "Sornet Gazette | 7 Jan 2025 | By Lise Amar"
    (tmp_path / "a.docx").write_bytes(make_word(TITLE, line, BODY))
    (tmp_path / "b.pdf").write_bytes(make_pdf([TITLE, line, BODY[:60], BODY[60:]]))
    for name in ("a.docx", "b.pdf"):
        [found] = read_path(tmp_path / name)
        assert isinstance(found, Article)
        assert (found.outlet, found.author, found.published) == ("Sornet Gazette", "Lise Amar", DAY)


@pytest.mark.parametrize(
    "words",
    ["7. Januar 2025", "7 janvier 2025", "7 de enero de 2025", "7 de janeiro de 2025", "7 gennaio 2025", "7 januari 2025",
     "7 stycznia 2025 r.", "7 января 2025 г.", "7 يناير 2025", "07.01.2025", "Jan. 7, 2025"],
)  # fmt: skip
def test_days_are_read_in_ten_languages(words: str) -> None:
    assert find_date(words) == DAY


def test_day_and_month_that_could_be_swapped_are_read_only_with_points() -> None:
    assert find_date("07/01/2025") is None
    assert find_date("31.02.2025") is None


def test_the_name_of_a_site_goes_off_the_title() -> None:
    found = article_from_text(f"Heat closes 3 schools in Sella | TheHill\n\n{BODY}", source="x")
    assert (found.title, found.outlet) == ("Heat closes 3 schools in Sella", "TheHill")


@pytest.mark.parametrize(
    "title", ["Bridge to cost 4.2 million", "Top 10 - 3 of them from Lask", "Dead: 12 - 4 still missing"]
)
def test_a_title_is_not_cut_at_a_number(title: str) -> None:
    assert article_from_text(f"{title}\n\n{BODY}", source="x").title == title
