"""E-mail: the letter, its headers, and what is attached."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from rag import Article
from rag.errors import ReadingError
from rag.loading import read_path

WORDS = "The ferry between the two islands will stop running in October, the harbour board decided on Monday."


def letter(body: str = WORDS, *, html: str = "", **headers: str) -> EmailMessage:
    message = EmailMessage()
    said = {
        "Subject": "Ferry stops",
        "From": "Moira Kell <m@courier.example>",
        "Date": "Tue, 03 Sep 2024 07:15:00 +0100",
    }
    if body:
        message.set_content(body, charset="utf-8")
    if html:
        message.add_alternative(html, subtype="html")
    for name, value in (said | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        if value:
            message[name] = value
    return message


def read(folder: Path, message: EmailMessage | bytes, name: str = "letter.eml") -> dict[str, Article]:
    path = folder / name
    path.write_bytes(message if isinstance(message, bytes) else message.as_bytes())
    found = read_path(path)
    return {one.source.removeprefix(str(path)): one for one in found if isinstance(one, Article)}


def test_headers_say_title_author_and_day(tmp_path: Path) -> None:
    article = read(tmp_path, letter(Content_Language="en"))[""]
    assert (article.title, article.author, article.published) == ("Ferry stops", "Moira Kell", date(2024, 9, 3))
    assert article.origins["published"] == "Date header"
    assert (article.text.strip(), article.language) == (WORDS, "en")


def test_breaks_that_a_mail_program_made_in_a_paragraph_are_none(tmp_path: Path) -> None:
    body = "The harbour closes on Monday, the master \nsaid.\n\nIt is \nold.\n> Is \nit?\n-- \nMoira\n"
    message = letter(body)
    message.set_param("format", "flowed")
    flowed = "The harbour closes on Monday, the master said.\n\nIt is old.\n> Is \nit?\n-- \nMoira\n"
    assert read(tmp_path, message)[""].text == flowed
    assert read(tmp_path, letter(body))[""].text == body


def test_encoded_headers_and_bodies_are_decoded(tmp_path: Path) -> None:
    article = read(tmp_path, letter("Die Fähre fährt im Oktober nicht mehr.", Subject="Fähre – Schluß"))[""]
    assert (article.title, article.text.strip()) == ("Fähre – Schluß", "Die Fähre fährt im Oktober nicht mehr.")


def test_a_letter_in_html_alone_is_read(tmp_path: Path) -> None:
    article = read(tmp_path, letter("", html=f"<p>{WORDS}</p><p>More follows.</p>"))[""]
    assert WORDS in article.text
    assert "<" not in article.text


def test_attached_articles_are_articles_and_pictures_are_left_out(tmp_path: Path, make_pdf: Any) -> None:
    message = letter()
    message.add_attachment(
        make_pdf(["A report on the ferry."]), maintype="application", subtype="pdf", filename="report.pdf"
    )
    message.add_attachment("Some notes on the ferry.", filename="notes.txt")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    message.add_attachment(letter("A letter inside.", Subject="Inner"))
    articles = read(tmp_path, message)
    assert sorted(articles) == ["", "#message-4.eml", "#notes.txt", "#report.pdf"]
    assert articles["#message-4.eml"].title == "Inner"
    assert articles["#report.pdf"].pages == (0,)


def test_nothing_is_made_up_for_headers_that_are_absent_or_broken(tmp_path: Path) -> None:
    article = read(tmp_path, letter(From="m@courier.example", Date="yesterday"))[""]
    assert (article.author, article.published) == (None, None)


def test_a_letter_is_known_by_its_headers(tmp_path: Path) -> None:
    assert read(tmp_path, b"Received: by somewhere\n" + letter().as_bytes(), "download")[""].title == "Ferry stops"


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"Just a text, with no header.\n\nMore of it."])
def test_what_is_no_letter_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ReadingError, match="is no e-mail"):
        read(tmp_path, data)


def test_a_letter_without_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="holds no article"):
        read(tmp_path, letter(""))


def multipart(kind: str, *parts: EmailMessage | bytes) -> bytes:
    inside = b"".join(b"--%b\n%b\n" % (kind.encode(), one if isinstance(one, bytes) else bytes(one)) for one in parts)
    head = f"Content-Type: multipart/{kind}; boundary={kind}\nMIME-Version: 1.0\n\n".encode()
    return head + inside + f"--{kind}--\n".encode()


PLAIN = f"Content-Type: text/plain; charset=utf-8\n\n{WORDS}\n".encode()
NOTES = b"Content-Type: text/plain; charset=utf-8\nContent-Disposition: attachment; filename=notes.txt\n\nSome notes.\n"
SIGNATURE = b"Content-Type: application/pgp-signature; name=signature.asc\n\nabc\n"
FOOTER = b"Content-Type: text/plain\n\nThis list is read by many.\n"
PAGE = f"Content-Type: text/html; charset=utf-8\n\n<p>{WORDS}</p>\n".encode()


@pytest.mark.parametrize(
    "body",
    [
        multipart("signed", multipart("mixed", PLAIN, NOTES), SIGNATURE),
        multipart("mixed", multipart("related", multipart("alternative", PLAIN, PAGE), NOTES), FOOTER),
        multipart("alternative", PLAIN, multipart("mixed", PAGE, NOTES)),
    ],
    ids=["signed", "mailing list", "in one of two versions"],
)
def test_parts_in_parts_are_read(tmp_path: Path, body: bytes) -> None:
    articles = read(tmp_path, b"Subject: Ferry stops\n" + body)
    assert {name: article.text.strip() for name, article in articles.items()} == {
        "": WORDS,
        "#notes.txt": "Some notes.",
    }


def test_the_other_version_of_a_letter_is_no_article_of_its_own(tmp_path: Path) -> None:
    named = PAGE.replace(b"\n", b"; name=letter.html\n", 1)
    assert list(read(tmp_path, b"Subject: Ferry stops\n" + multipart("alternative", PLAIN, named))) == [""]


def test_a_part_of_an_odd_kind_costs_nothing(tmp_path: Path) -> None:
    odd = b"Content-Type: model/stl; name=ferry.stl\n\nabc\n"
    assert list(read(tmp_path, b"Subject: Ferry stops\n" + multipart("mixed", PLAIN, odd))) == [""]


@pytest.mark.parametrize("charset", ["x-unknown", "utf-8-mac", "hex"])
def test_a_charset_that_is_not_known_is_found_out(tmp_path: Path, charset: str) -> None:
    body = f"Content-Type: text/plain; charset={charset}\n\nDie Fähre fährt nicht mehr.\n".encode()
    notes = NOTES.replace(b"utf-8", charset.encode()).replace(b"Some notes", "Die Brücke".encode())
    articles = read(tmp_path, b"Subject: Ferry\n" + multipart("mixed", body, notes))
    assert articles[""].text.strip() == "Die Fähre fährt nicht mehr."
    assert articles["#notes.txt"].text.strip() == "Die Brücke."
