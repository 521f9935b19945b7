"""PDF files: pages, paragraphs out of lines, running titles, and files that hold no text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag import Article
from rag.errors import ReadingError
from rag.loading import read_path
from rag.loading.formats.pdf import GLYPHS, flowing_text

FIRST = [
    "The ferry stops in October",
    "The ferry between the two islands will stop running in October, the harbour",
    "board decided on Monday after a meeting that lasted five hours and ended with-",
    "out a vote.",
    "About 900 people use it every week.",
]
SECOND = ["A decision on a replacement is expected in the spring, said the chair."]


def read(folder: Path, data: bytes, name: str = "report.pdf") -> Article:
    path = folder / name
    path.write_bytes(data)
    [article] = read_path(path)
    assert isinstance(article, Article)
    return article


def page_of(article: Article, words: str) -> int:
    at = article.text.index(words)
    return sum(begin <= at for begin in article.pages)


def test_each_page_is_known_by_where_it_begins(tmp_path: Path, make_pdf: Any) -> None:
    article = read(tmp_path, make_pdf(FIRST, [], SECOND))
    assert len(article.pages) == 3
    assert page_of(article, "The ferry between") == 1
    assert page_of(article, "A decision") == 3


def test_lines_of_a_paragraph_are_joined_and_a_broken_word_made_whole(tmp_path: Path, make_pdf: Any) -> None:
    article = read(tmp_path, make_pdf(FIRST, SECOND))
    assert "in October, the harbour board decided" in article.text
    assert "ended without a vote." in article.text
    assert article.text.startswith("The ferry stops in October\n")


def test_a_hyphen_stays_where_the_word_is_written_with_one() -> None:
    text, _ = flowing_text(
        [["A well-known line of words that is long enough here, and then a well-", "known one again."]]
    )
    assert text.endswith("a well-known one again.")


def test_a_sentence_runs_over_the_end_of_a_page_past_running_titles_and_numbers() -> None:
    pages = [
        [
            "Harbour Report 2024",
            f"Page {number} tells of the harbour and of its boats and then goes on to",
            f"say {number} things more",
            str(number),
        ]
        for number in (1, 2, 3)
    ]
    pages[1][1] = "and more of the boats that lie there in the winter when nobody has a use for"
    text, begins = flowing_text(pages)
    assert text.count("Harbour Report 2024") == 1
    assert "say 1 things more and more of the boats" in text
    assert text[begins[1] :].startswith("and more of the boats")


def test_letters_drawn_as_one_glyph_are_letters() -> None:
    assert flowing_text([["The eﬃcient ﬂeet stays in its ﬁrst oﬃce."]])[0].translate(GLYPHS) == (
        "The efficient fleet stays in its first office."
    )


def test_a_word_of_a_sentence_is_no_title(tmp_path: Path, make_pdf: Any) -> None:
    assert "october" in " ".join(FIRST[1:]).casefold()
    article = read(tmp_path, make_pdf(FIRST, properties={"/Title": "october"}))
    assert (article.title, article.origins["title"]) == ("The ferry stops in October", "first line")


def test_a_title_in_the_properties_counts_when_the_text_has_it(tmp_path: Path, make_pdf: Any) -> None:
    for title, origin in [
        ("The ferry stops in October", "document properties"),
        ("Microsoft Word - x.doc", "first line"),
    ]:
        article = read(tmp_path, make_pdf(FIRST, properties={"/Title": title, "/Author": "jdoe"}))
        assert (article.title, article.origins["title"]) == ("The ferry stops in October", origin)
        assert article.author is None


def test_the_day_a_file_was_made_is_not_the_day_of_publication(tmp_path: Path, make_pdf: Any) -> None:
    article = read(tmp_path, make_pdf(FIRST, properties={"/CreationDate": "D:20240102030405Z"}))
    assert article.published is None


def test_a_pdf_under_another_ending_is_read_as_what_it_is(tmp_path: Path, make_pdf: Any) -> None:
    assert read(tmp_path, make_pdf(FIRST), "report.txt").pages == (0,)


def test_an_encrypted_file_says_so(tmp_path: Path, make_pdf: Any) -> None:
    with pytest.raises(ReadingError, match="is encrypted, expected a PDF without a password"):
        read(tmp_path, make_pdf(FIRST, password="secret"))


def test_a_file_of_pictures_says_so(tmp_path: Path, make_pdf: Any) -> None:
    with pytest.raises(ReadingError, match=r"holds no text, only pictures.*OCR"):
        read(tmp_path, make_pdf([], []))


@pytest.mark.parametrize("part", [20, 200, 600])
def test_a_truncated_file_is_an_error_of_reading(tmp_path: Path, make_pdf: Any, part: int) -> None:
    with pytest.raises(ReadingError, match=r"report\.pdf"):
        read(tmp_path, make_pdf(FIRST)[:part])


def test_too_many_pages_are_refused(tmp_path: Path, make_pdf: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.loading.formats.pdf.MAX_PAGES", 2)
    with pytest.raises(ReadingError, match="has 3 pages, expected at most 2"):
        read(tmp_path, make_pdf(FIRST, FIRST, FIRST))


lines = (
    st.text(st.sampled_from("ab A.-1\u00e9•"), min_size=1, max_size=60)
    .map(lambda line: " ".join(line.split()))
    .filter(bool)
)


@given(st.lists(st.lists(lines, max_size=6), min_size=1, max_size=5))
@example([["A"], ["1"], ["11111"]])
def test_pages_begin_in_order_within_the_text(pages: list[list[str]]) -> None:
    text, begins = flowing_text(pages)
    assert len(begins) == len(pages)
    assert list(begins) == sorted(begins)
    assert begins[-1] <= len(text)
    for begin, page in zip(begins, pages, strict=True):
        if page and begin < len(text):
            assert not text[begin].isspace()
