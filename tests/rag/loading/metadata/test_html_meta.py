"""What a page says of itself: pages with known values, and what must not be taken for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval.benchmarks.page_metadata import Fact, read_facts
from rag.loading.formats.html_page import article_from_page

FACTS = read_facts()
FIRST = [fact for fact in FACTS if fact.half == "first"]  # the second half is measured, not tested
BODY = (
    "<p>" + "The ferry between the two islands will stop running in October, the harbour board decided. " * 4 + "</p>"
)


def read(head: str = "", body: str = "<h1>Ferry stops</h1>", *, start: str = "<html>") -> Any:
    return article_from_page(
        f"<!DOCTYPE html>{start}<head>{head}</head><body>{body}{BODY}</body></html>", source="a.html"
    )


def ld(words: str) -> str:
    return f'<script type="application/ld+json">{words}</script>'


@pytest.mark.parametrize("fact", FIRST, ids=lambda fact: f"{fact.page}-{fact.field}")
def test_the_labelled_pages_say_what_their_labels_say(fact: Fact) -> None:
    assert fact.found == fact.labelled


def test_each_value_says_where_it_stands() -> None:
    article = read(
        ld('{"@type": "NewsArticle", "headline": "Ferry stops", "datePublished": "2024-09-03"}')
        + '<meta property="og:site_name" content="Courier"><link rel="canonical" href="https://courier.example/f">',
        '<h1>Ferry stops</h1><p class="byline">By Moira Kell</p>',
        start='<html lang="en-GB">',
    )
    assert {
        name: article.origins[name] for name in ("title", "published", "outlet", "address", "author", "language")
    } == {
        "title": "JSON-LD",
        "published": "JSON-LD",
        "outlet": "meta tag",
        "address": "canonical link",
        "author": "byline",
        "language": "html element",
    }


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("Ferry stops | The Courier", "", "Ferry stops | The Courier"),
        ("Ferry stops | The Courier", "<h1>The Courier</h1>", "Ferry stops"),
        ("Ferry | harbour stops", "<h1>Ferry stops</h1>", "Ferry stops"),
    ],
)
def test_an_h1_that_only_names_the_site_is_no_title(title: str, heading: str, expected: str) -> None:
    assert read(f"<title>{title}</title>", heading).title == expected


@pytest.mark.parametrize(
    "words",
    [
        "",
        "{",
        "[1, 2]",
        '"x"',
        "null",
        '{"@type": 5, "headline": ["x"]}',
        '{"@graph": {"@graph": {"@graph": {}}}}',
        "[" * 5_000,
    ],
)
def test_json_ld_of_any_shape_is_passed_over(words: str) -> None:
    assert read(ld(words)).published is None


def test_json_ld_with_what_editors_wrap_around_it_is_read() -> None:
    wrapped = '//<![CDATA[\n{"@type": "Article", "headline": "Ferry stops", "datePublished": "2024-09-03"}\n//]]>'
    assert read(ld(wrapped)).published == date(2024, 9, 3)


def test_of_several_articles_none_is_taken_unless_it_is_the_one_of_the_page() -> None:
    several = '[{"@type": "Article", "headline": "A", "datePublished": "2024-01-01"}, {"@type": "Article", "headline": "B", "datePublished": "2024-01-02"}]'
    assert read(ld(several)).published is None


@pytest.mark.parametrize("day", ["1970-01-01T00:00:00Z", "0001-01-01", "yesterday", "03/04/2024"])
def test_no_day_is_made_of_what_names_none(day: str) -> None:
    assert read(f'<meta property="article:published_time" content="{day}">').published is None


@pytest.mark.parametrize("author", ["https://www.facebook.com/x", "@courier", "info@courier.example", "Courier"])
def test_addresses_and_the_outlet_are_no_authors(author: str) -> None:
    head = f'<meta property="og:site_name" content="Courier"><meta name="author" content="{author}">'
    assert read(head).author is None


def test_a_placeholder_address_is_none() -> None:
    assert read('<link rel="canonical" href="/relative"><meta property="og:url" content="courier">').address is None


def test_the_file_of_labels_names_each_page() -> None:
    folder = Path(__file__).parents[3] / "articles" / "pages"
    assert {fact.page for fact in FACTS} == {path.name for path in folder.glob("*.html")}


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Heat closes 3 schools in Sella | TheHill", "Heat closes 3 schools in Sella"),
        ("Heat closes 3 schools - The Hill", "Heat closes 3 schools"),
        ("Heat wave - 43 degrees in Sella", "Heat wave - 43 degrees in Sella"),
    ],
)
def test_the_name_of_the_site_goes_off_a_title_and_a_number_does_not(title: str, read: str) -> None:
    page = (
        f'<html><head><title>{title}</title><link rel="canonical" href="https://thehill.com/heat"></head><body><article>'
        + "<p>All 212 schools of Sella will stay closed until Friday because of the heat, the regional government said on Monday.</p>"
        * 2
        + "</article></body></html>"
    )
    assert article_from_page(page, source="heat.html").title == read
