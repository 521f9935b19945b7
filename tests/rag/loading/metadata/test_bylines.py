"""What a text says of itself, and what must not be guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.sections import LabelledArticle, load_labelled
from rag.loading.articles import article_from_text
from rag.loading.metadata.dates import find_date
from rag.schema import Article

# Not the third set: it is there to be measured, and no rule is made to hold on it.
LABELLED = [labelled for labelled in load_labelled() if labelled.half != "third"]
BODY = "The river rose by two metres during the night and carried the old wooden bridge away."


def read(*lines: str) -> Article:
    return article_from_text("\n".join(lines), source="folder/river.txt")


@pytest.mark.parametrize("labelled", LABELLED, ids=lambda labelled: Path(labelled.name).stem)
def test_nothing_is_said_of_a_labelled_article_that_its_labels_do_not_say(labelled: LabelledArticle) -> None:
    read_as = labelled.article
    assert read_as.outlet in (None, labelled.outlet)
    assert read_as.author in (None, labelled.author)
    assert read_as.published in (None, labelled.published)


def test_most_of_what_labelled_articles_say_is_found() -> None:
    fields = ("title", "outlet", "author", "published")
    pairs = [
        (getattr(labelled, field), getattr(labelled.article, field))
        for labelled in LABELLED
        for field in fields
        if getattr(labelled, field) is not None
    ]
    assert sum(wanted == got for wanted, got in pairs) >= 0.9 * len(pairs)


def test_a_byline_gives_the_author() -> None:
    article = read("The bridge is gone", "By: Laura Finch", BODY)
    assert (article.author, article.origins["author"]) == ("Laura Finch", "byline")


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By JANE DOE", "JANE DOE"),
        ("By Ingrid Sol and Matteo Farr", "Ingrid Sol and Matteo Farr"),
        ("By Dr Hannah Oyelaran, Science Editor", "Dr Hannah Oyelaran"),
        ("Words by Samuel Petrie", "Samuel Petrie"),
        ("Posted on March 14, 2023 by Maggie Thornley", "Maggie Thornley"),
        ("*By Ruth Kalman*", "Ruth Kalman"),
        ("By Ludwig van der Berg | 9 August 2022", "Ludwig van der Berg"),
        ("By Maria van der Berg Correspondent", None),
        ("By Maria van der Berg, Correspondent", "Maria van der Berg"),
        ("By Jeff Doe Monday, November 18, 2019", "Jeff Doe"),
        ("By Jane Doe and April Roe May 4, 2020", "Jane Doe and April Roe"),
        ("By Frank Sunday", "Frank Sunday"),
        ("By Reuters Staff", None),
        ("By the numbers", None),
        ("By Friday", None),
        ("By 2030", None),
    ],
)
def test_only_a_name_after_by_is_an_author(line: str, author: str | None) -> None:
    assert read("The bridge is gone", line, BODY, BODY).author == author


def test_a_sentence_that_begins_with_by_is_no_byline() -> None:
    assert (
        read("The bridge is gone", BODY, "By Monday Jane Doe had built another bridge out of barrels.").author is None
    )


def test_an_outlet_named_in_a_sentence_is_not_the_outlet() -> None:
    assert read("The bridge is gone", f"{BODY} It was drawn in a cartoon for The Guardian.", BODY).outlet is None


@pytest.mark.parametrize(
    ("lines", "outlet", "origin"),
    [
        (("The bridge is gone", f"NORVIK, Feb 12 (Reuters) - {BODY}"), "Reuters", "dateline"),
        (("The bridge is gone | The Valley Courier", BODY), "The Valley Courier", "title line"),
        (("The bridge is gone - Valley News", BODY), "Valley News", "title line"),
        (
            ("The bridge is gone", BODY, "This article first appeared in The Examiner."),
            "The Examiner",
            "note on first publication",
        ),
        (("Title: The bridge is gone", "Source: The Examiner", BODY), "The Examiner", "header line"),
    ],
)
def test_the_outlet_comes_from_where_articles_name_it(lines: tuple[str, ...], outlet: str, origin: str) -> None:
    article = read(*lines)
    assert (article.outlet, article.origins["outlet"]) == (outlet, origin)
    assert article.title == "The bridge is gone"


@pytest.mark.parametrize("line", ["The bridge is gone for good | Polly Toynbee", "The bridge is gone – and so is he"])
def test_what_stands_after_a_mark_and_is_no_name_of_an_outlet_belongs_to_the_title(line: str) -> None:
    article = read(line, BODY)
    assert (article.title, article.outlet) == (line, None)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Published: 3 March 2024", date(2024, 3, 3)),
        ("March 3rd, 2024", date(2024, 3, 3)),
        ("Tue 21 Nov 2023 06.00 GMT", date(2023, 11, 21)),
        ("2024-03-09T10:00:00Z", date(2024, 3, 9)),
        ("25/12/2024", date(2024, 12, 25)),
        ("12/25/2024", date(2024, 12, 25)),
        ("11/11/2024", date(2024, 11, 11)),
        ("12/11/2024", None),
        ("31 February 2024", None),
        ("3 March", None),
        ("13/13/2024", None),
        ("version 1.2.2024.5", None),
    ],
)
def test_a_date_is_read_only_where_it_means_one_day(words: str, day: date | None) -> None:
    assert find_date(words) == day


@given(st.dates(min_value=date(1000, 1, 1)))
def test_any_day_written_out_is_read_back(day: date) -> None:
    assert find_date(f"on {day.day} {day:%B} {day.year}") == find_date(f"{day:%b} {day.day}, {day.year}") == day


def test_a_date_in_the_body_is_not_the_day_of_publication() -> None:
    assert read("The bridge is gone", f"On 3 March 2021 it rained. {BODY}", BODY).published is None


def test_the_day_of_a_change_is_not_the_day_of_publication() -> None:
    assert read("The bridge is gone", "Last updated: 3 March 2024", BODY).published is None


def test_both_days_on_a_line_give_the_day_of_publication() -> None:
    line = "Updated October 4, 2022 at 9:31 a.m. EDT | Published October 3, 2022 at 5:00 a.m. EDT"
    assert read("The bridge is gone", line, BODY).published == date(2022, 10, 3)


def test_front_matter_is_read() -> None:
    article = read("---", 'title: "The bridge"', "author: Noor Haddad", "date: 2021-05-19", "---", "# The bridge", BODY)
    assert (article.title, article.author, article.published) == ("The bridge", "Noor Haddad", date(2021, 5, 19))
    assert article.origins["author"] == "front matter"


def test_a_standing_label_is_no_title() -> None:
    article = read("What's happened", BODY)
    assert (article.title, article.origins["title"]) == ("The river rose by two metres during the night and…", "lead")


def test_a_menu_above_the_title_is_passed_over() -> None:
    assert read("Menu", "News", "Sport", "The bridge is gone", BODY).title == "The bridge is gone"


def test_the_file_names_an_article_without_words() -> None:
    article = read("***", "17", "***")
    assert (article.title, article.origins["title"]) == ("river", "file name")


def test_what_is_given_wins() -> None:
    article = article_from_text(
        f"The bridge is gone\nBy Jane Doe\n{BODY}",
        source="a.txt",
        title="Gone",
        author="J. D.",
        published=date(2020, 1, 2),
    )
    assert (article.title, article.author, article.published) == ("Gone", "J. D.", date(2020, 1, 2))
    assert {article.origins[field] for field in ("title", "author", "published")} == {"given"}
