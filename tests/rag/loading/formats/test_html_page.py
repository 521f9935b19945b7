"""Web pages: the article without its site, encodings, and pages that hold none."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from rag import Article
from rag.errors import ReadingError
from rag.loading import read_path

PARAGRAPHS = [
    "The ferry between the two islands will stop running in October, the harbour board decided on Monday after a long meeting.",
    "About 900 people use it every week, most of them to reach school or work on the larger island in the morning.",
    "The board said that the engine of the only vessel had failed twice this summer and that a new one would cost too much.",
]
PAGE = (
    '<!DOCTYPE html><html lang="en"><head>{head}<title>Ferry stops</title></head><body><nav><a href="/">Home</a> '
    '<a href="/sport">Sport</a></nav><article><h1>Ferry stops</h1>{body}</article><aside><h3>Most read</h3>'
    '<a href="/x">Whale sings under the bridge</a></aside><footer>All rights reserved</footer></body></html>'
)
BODY = "".join(f"<p>{words}</p>" for words in PARAGRAPHS)


def read(folder: Path, data: bytes, name: str = "page.html") -> Article:
    path = folder / name
    path.write_bytes(data)
    [article] = read_path(path)
    assert isinstance(article, Article)
    return article


def test_the_article_is_kept_and_its_site_is_left_out(tmp_path: Path) -> None:
    article = read(tmp_path, PAGE.format(head="", body=BODY).encode())
    assert all(words in article.text for words in PARAGRAPHS)
    assert "Whale" not in article.text
    assert "Sport" not in article.text


def test_a_paragraph_is_a_line_and_markup_inside_it_leaves_no_gap(tmp_path: Path) -> None:
    body = (
        BODY
        + "<p>The <b>new</b> vessel, called <i>Gann</i>et, costs <a href='/y'>nine million</a> crowns, the board said.</p>"
    )
    assert "The new vessel, called Gannet, costs nine million crowns, the board said." in read(
        tmp_path, PAGE.format(head="", body=body).encode()
    ).text.split("\n")


@pytest.mark.parametrize(
    ("declared", "encoding", "words"),
    [
        ("utf-8", "utf-8", "Das Café „Möwe“ schließt früher"),
        ("iso-8859-1", "cp1252", "Das Café „Möwe“ schließt früher"),
        ("windows-1251", "cp1251", "Паром больше не ходит"),
        ("iso-8859-1", "utf-8", "Das Café „Möwe“ schließt früher"),
        ("no-such", "utf-8", "Das Café „Möwe“ schließt früher"),
        ("shift_jis", "shift_jis", "橋が開通しました"),
    ],
)
def test_a_page_is_decoded_as_it_says_unless_it_is_utf_8(
    tmp_path: Path, declared: str, encoding: str, words: str
) -> None:
    page = PAGE.format(head=f'<meta charset="{declared}">', body=f"<p>{words} {words} {words}.</p>").encode(encoding)
    assert words in read(tmp_path, page).text


def test_a_text_that_advertisements_part_is_whole(tmp_path: Path) -> None:
    half = '<div class="article__body"><p>{}</p><p>{}</p></div><div class="ad">Buy a boat</div>'
    more = [
        f"Paragraph {number} tells of the boats that lie in the harbour over the winter, and of the people who mend them."
        for number in (1, 2, 3, 4)
    ]
    text = read(tmp_path, PAGE.format(head="", body=half.format(*more[:2]) + half.format(*more[2:])).encode()).text
    assert [line for line in text.split("\n") if line.startswith("Paragraph")] == more


def test_a_stray_control_character_does_not_spoil_a_page(tmp_path: Path) -> None:
    page = PAGE.format(head="", body=f"<p>\0\x03</p>{BODY}<p>Caf\u00e9.</p>")
    for data in (page.encode(), page.encode("cp1252"), page.encode() + b"\xff"):
        assert PARAGRAPHS[0] in read(tmp_path, data).text


@pytest.mark.parametrize("name", ["page.txt", "page", "page.pdf", "page.xyz"])
def test_a_page_is_known_by_its_beginning(tmp_path: Path, name: str) -> None:
    article = read(tmp_path, b"\n<!-- saved -->\n" + PAGE.format(head="", body=BODY).encode(), name)
    assert (article.title, article.language) == ("Ferry stops", "en")


def test_text_under_the_ending_of_a_page_keeps_its_lines(tmp_path: Path) -> None:
    assert read(tmp_path, b"One line.\n\nTwo < three.").text == "One line.\n\nTwo < three."


def test_a_piece_of_markup_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, f"<p>{PARAGRAPHS[0]}</p>".encode()).text == PARAGRAPHS[0]


@pytest.mark.parametrize(
    "data", [b"", b"<html><head><title>x</title></head><body></body></html>", b"<script>let a = 1</script>"]
)
def test_a_page_without_words_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ReadingError, match=r"page\.html (is empty|holds no running text)"):
        read(tmp_path, data)


def test_a_truncated_page_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    page = PAGE.format(head="", body=BODY).encode()
    assert PARAGRAPHS[0] in read(tmp_path, page[: page.index(b"About 900") + 30]).text


@pytest.mark.parametrize("tag", ["div", "table><tr><td", "ul><li", "b", "blockquote"])
def test_markup_of_any_depth_ends_soon(tmp_path: Path, tag: str) -> None:
    started = time.perf_counter()
    try:
        read(tmp_path, b"<html><body>" + f"<{tag}>".encode() * 100_000 + BODY.encode())
    except ReadingError as error:
        assert "page.html" in str(error)  # noqa: PT017
    assert time.perf_counter() - started < 60
