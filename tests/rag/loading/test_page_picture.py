"""A page of a PDF as a picture: the quoted words are marked where they stand, and no file is shown whose words are others."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag import Article
from rag.errors import ReadingError
from rag.loading import read_path
from rag.loading.formats.pdf_drawing import letters_of, png_of
from rag.loading.page_picture import PagePicture, draw, page_of, pdf_of

FIRST = [
    "The ferry stops in October",
    "The ferry between the two islands will stop running in October, the harbour",
    "board decided on Monday after a meeting that lasted five hours and ended with-",
    "out a vote.",
    "About 900 people use it every week.",
]
SECOND = ["A decision on a replacement is expected in the spring, said the chair."]


@pytest.fixture
def article(tmp_path: Path, make_pdf: Any) -> Article:
    path = tmp_path / "report.pdf"
    path.write_bytes(make_pdf(FIRST, SECOND))
    [found] = read_path(path)
    assert isinstance(found, Article)
    return found


def drawn(article: Article, words: str) -> PagePicture:
    start = article.text.index(words)
    return draw(article, page_of(article, start), start=start, end=start + len(words))


def pixels_of(picture: PagePicture) -> Any:
    """Decode with a reader that is not ours."""
    import io

    image = pytest.importorskip("PIL.Image")
    return np.asarray(image.open(io.BytesIO(base64.b64decode(picture.png))).convert("L"))


def ink(picture: PagePicture, spot: tuple[float, float, float, float]) -> float:
    left, top, width, height = spot
    pixels = pixels_of(picture)
    tall, wide = pixels.shape
    cut = pixels[int(top * tall) : int((top + height) * tall) + 1, int(left * wide) : int((left + width) * wide) + 1]
    return float((cut < 128).mean())


def test_the_words_are_marked_where_they_are_drawn(article: Article) -> None:
    picture = drawn(article, "About 900 people use it every week.")
    assert picture.pages == 2
    assert pixels_of(picture).shape == (picture.height, picture.width)
    [spot] = picture.spots
    assert ink(picture, spot) > 0.05
    left, top, width, height = spot
    assert ink(picture, (left, top + 1.2 * height, width, height)) == 0, "nothing stands below the last line"


def test_words_over_several_lines_and_a_broken_word_are_marked_line_by_line(article: Article) -> None:
    picture = drawn(
        article, "the harbour board decided on Monday after a meeting that lasted five hours and ended without"
    )
    tops = [spot[1] for spot in picture.spots]
    assert len(tops) == 3
    assert tops == sorted(tops)
    assert all(ink(picture, spot) > 0.03 for spot in picture.spots)


def test_of_the_same_words_twice_those_quoted_are_marked(tmp_path: Path, make_pdf: Any) -> None:
    path = tmp_path / "twice.pdf"
    path.write_bytes(
        make_pdf(
            [
                "The ferry stops. It was said on Monday.",
                "Ten people spoke about other things.",
                "The ferry stops. It was said on Friday.",
            ]
        )
    )
    [found] = read_path(path)
    assert isinstance(found, Article)
    last = found.text.rindex("The ferry stops.")
    first, second = (draw(found, 1, start=at, end=at + 16).spots[0][1] for at in (found.text.index("The ferry"), last))
    assert first < second


def test_a_file_that_was_changed_or_is_gone_is_not_shown(article: Article, make_pdf: Any) -> None:
    path = Path(article.source)
    path.write_bytes(make_pdf(["A letter that nobody added to the index, with a number in it: 4711."], SECOND))
    with pytest.raises(ReadingError, match="holds other words than the article"):
        draw(article, 1)
    assert draw(article, 2).pages == 2
    path.unlink()
    assert pdf_of(article) is None
    with pytest.raises(ReadingError, match="not there any more"):
        draw(article, 2)


def test_an_article_that_only_claims_to_come_from_a_file_shows_none_of_it(article: Article, make_pdf: Any) -> None:
    guessed = "The board decided on Monday. The people of the two islands and the harbour will stop in the week. " * 5
    claim = replace(article, text=guessed, pages=(0,))
    with pytest.raises(ReadingError, match="holds other words"):
        draw(claim, 1)


@pytest.mark.parametrize("number", [0, -1, 3, 10**9])
def test_a_page_that_is_not_there_says_how_many_there_are(article: Article, number: int) -> None:
    with pytest.raises(ReadingError, match="expected 1 to 2"):
        draw(article, number)


def test_an_article_of_another_format_has_no_page(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text("The ferry stops in October.", encoding="utf-8")
    [found] = read_path(path)
    assert isinstance(found, Article)
    assert pdf_of(found) is None
    assert pdf_of(replace(found, pages=(0,), source="/dev/null")) is None
    assert pdf_of(replace(found, pages=(0,), source="not\0a name")) is None


def test_ligatures_and_spaces_do_not_keep_words_apart() -> None:
    assert letters_of("The ofﬁce, re-\nopened") == letters_of("the OFFICE reopened")


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_is_the_same_after_png(channels: int) -> None:
    import io

    image = pytest.importorskip("PIL.Image")
    pixels = np.random.default_rng(7).integers(0, 256, (13, 7, channels), dtype=np.uint8)
    read = np.asarray(image.open(io.BytesIO(png_of(pixels))))
    assert np.array_equal(read.reshape(pixels.shape), pixels)
