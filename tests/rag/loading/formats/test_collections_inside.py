"""Several articles in a letter, a chapter, an entry of a feed, an RTF or ODT: each by itself, and the letter above them too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from eval.stress.files import word_bytes
from eval.stress.format_files import MAKERS
from eval.stress.office_files import Story
from rag import Article
from rag.loading import Unread, read_path

STORIES = (
    Story("Tarnbrook bridge repair to cost 4.2 million", "The Tarnbrook Argus", "Edda Rowan", date(2024, 3, 12), (
        "Repairing the Tarnbrook bridge will cost 4.2 million pounds, the county council said on Monday. Work is to begin in August.",
        "The bridge, opened in 1934, was closed in January after divers found cracks in two piers. About 6,300 cars used it every day.")),
    Story("Bridge bill may reach 5.8 million, engineers warn", "County Mail", "Oskar Linde", date(2024, 4, 23), (
        "The bill for repairing the Tarnbrook bridge may reach 5.8 million pounds, engineers told the county council in a report.",
        "A third pier is damaged as well, the report says. The work would then take twenty months.")),
    Story("Choir from Marrow wins in Lask", "Valley Courier", "Jonna Pries", date(2024, 4, 28), (
        "The chamber choir of Marrow has won the choir contest of Lask with 94.5 points of 100. Thirty-one choirs took part.",
        "Its conductor founded it in 2011 with nine pupils of the village school in Marrow, where she still teaches music.")),
)  # fmt: skip
GREETING = "Good morning, here are the clippings of the day that speak of the bridge and of the choir."


def clippings(stories: Sequence[Story]) -> list[str]:
    """Return the lines of an export of an archive of papers."""
    lines: list[str] = []
    for one in stories:
        day = f"{one.day:%B} {one.day.day}, {one.day.year} {one.day:%A}"
        length = sum(len(paragraph.split()) for paragraph in one.paragraphs)
        lines += [
            one.title,
            one.outlet,
            day,
            f"Copyright 2024 {one.outlet} All Rights Reserved",
            f"Length: {length} words",
        ]
        lines += [f"Byline: {one.author}", "Body", *one.paragraphs, f"Load-Date: {day}", "End of Document"]
    return lines


def digest() -> Story:
    return Story("Clippings", "Press desk", "Ida Berg", date(2024, 5, 3), (GREETING, *clippings(STORIES)))


def known(found: Sequence[Article | Unread]) -> list[tuple[str, str | None, str | None, date | None]]:
    return [(one.title, one.outlet, one.author, one.published) for one in found if isinstance(one, Article)]


WANTED = [(one.title, one.outlet, one.author, one.day) for one in STORIES]


@pytest.mark.parametrize("ending", ["eml", "mbox", "emlx", "msg", "epub", "rss", "atom", "feed.json"])
def test_a_text_of_somebodys_own_is_an_article_and_so_is_each_that_it_brings(ending: str, tmp_path: Path) -> None:
    count, told, maker = MAKERS[ending]
    others = [
        Story(f"Other {at}", "Press desk", "Ida Berg", date(2024, 5, 3), STORIES[0].paragraphs)
        for at in range(count - 1)
    ]
    path = tmp_path / f"clips.{ending}"
    path.write_bytes(maker([digest(), *others]))
    found = [one for one in read_path(path) if isinstance(one, Article)]
    letter, *clips = found[: 1 + len(STORIES)]
    assert GREETING in letter.text
    assert STORIES[0].paragraphs[0] not in letter.text
    assert {"title": letter.title, "published": letter.published} == {
        "title": "Clippings",
        "published": date(2024, 5, 3),
    } or "published" not in told
    assert known(clips) == WANTED
    assert [one.source for one in clips] == [f"{letter.source}#{at}" for at in (1, 2, 3)]
    assert len(found) == count + len(STORIES)


def test_f01_a_nexis_export_with_a_cover_is_parted_into_its_articles(tmp_path: Path) -> None:
    lines = ["User Name: = press desk", "Date and Time: = Friday, May 3, 2024 9:12:00 AM", "Job Number: = 218845117"]
    lines += [f"{at}. {one.title}" for at, one in enumerate(STORIES, 1)] + ["Search Type: Terms and Connectors"]
    for one in STORIES:
        day = f"{one.day:%B} {one.day.day}, {one.day.year} {one.day:%A}"
        lines += [one.title, one.outlet, day, f"Copyright 2024 {one.outlet} All Rights Reserved", "Section: Pg. 3"]
        lines += ["Length: 60 words", f"Byline: {one.author}", "Body", *one.paragraphs, "Classification"]
        lines += ["Language: ENGLISH", "Publication-Type: Newspaper", "End of Document"]
    path = tmp_path / "Files (4).DOCX"
    path.write_bytes(word_bytes(*lines))
    found = read_path(path)
    assert known(found) == WANTED
    assert [one.source for one in found if isinstance(one, Article)] == [f"{path}#{at}" for at in (1, 2, 3)]
    assert not any("Terms and Connectors" in one.text for one in found if isinstance(one, Article))


@pytest.mark.parametrize("ending", ["rtf", "odt"])
def test_f03_an_export_in_an_office_file_is_parted_and_its_cover_is_told(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"Factiva.{ending}"
    path.write_bytes(MAKERS[ending][2]([digest()]))
    found = read_path(path)
    assert known(found) == WANTED
    assert [one.source for one in found if isinstance(one, Article)] == [f"{path}#{at}" for at in (1, 2, 3)]
    [cover] = [one for one in found if isinstance(one, Unread)]
    assert cover.ignored
    assert "before the first article" in cover.reason


def test_f05_letters_that_a_letter_answers_have_their_own_sender_and_day(tmp_path: Path) -> None:
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "Rik Solem <rik@harnfish.example>", "Re: wind farm"
    letter["Date"] = "Tue, 10 Sep 2024 09:30:00 +0000"
    letter.set_content(
        "Not true. The fishermen never agreed to the new cable route.\n\nRik\n\n"
        "From: Tove Aker <tove@nordlys.example>\nSent: 9 September 2024 14:02\nTo: Rik Solem\nSubject: Re: wind farm\n\n"
        "All fishermen along the coast agreed to the new cable route in June, and we paid 18 million crowns to them.\n\n"
        "From: Rik Solem <rik@harnfish.example>\nSent: 6 September 2024 08:11\nTo: Tove Aker\nSubject: wind farm\n\n"
        "When will you tell the fishermen of the coast where the new cable to the wind farm is to be laid this year?\n"
    )
    (tmp_path / "re.eml").write_bytes(bytes(letter))
    found = [one for one in read_path(tmp_path / "re.eml") if isinstance(one, Article)]
    assert [(one.title, one.author, one.published) for one in found] == [
        ("Re: wind farm", "Rik Solem", date(2024, 9, 10)),
        ("Re: wind farm", "Tove Aker", date(2024, 9, 9)),
        ("wind farm", "Rik Solem", date(2024, 9, 6)),
    ]
    assert "never agreed" in found[0].text
    assert "All fishermen" not in found[0].text
    assert "All fishermen" in found[1].text


@pytest.mark.parametrize(
    ("line", "author", "day"),
    [
        ("On Mon, 9 Sep 2024, Tove Aker <tove@nordlys.example> wrote:", "Tove Aker", date(2024, 9, 9)),
        ("On Mon, Sep 9, 2024 at 2:02 PM Tove Aker <tove@nordlys.example>\nwrote:", "Tove Aker", date(2024, 9, 9)),
        ("Am 9. September 2024 um 14:02 schrieb Tove Aker <tove@nordlys.example>:", "Tove Aker", date(2024, 9, 9)),
        ("Le 9 septembre 2024 à 14:02, Tove Aker <tove@nordlys.example> a écrit :", "Tove Aker", date(2024, 9, 9)),
    ],
)
def test_f05_what_a_letter_quotes_is_of_who_wrote_that(line: str, author: str, day: date, tmp_path: Path) -> None:
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "Rik Solem <rik@harnfish.example>", "Re: wind farm"
    letter["Date"] = "Tue, 10 Sep 2024 09:30:00 +0000"
    letter.set_content(
        f"Not true. The fishermen never agreed to the new cable route.\n\nRik\n\n{line}\n> All fishermen agreed in June.\n"
        "> We paid 18 million crowns.\n>\n> Tove\n> On Sun, 8 Sep 2024, Ida Berg <ida@paper.example> wrote:\n>> Did they agree?\n\n-- \nHarn Fishermen\n"
    )
    (tmp_path / "re.eml").write_bytes(bytes(letter))
    answer, quoted, first = [one for one in read_path(tmp_path / "re.eml") if isinstance(one, Article)]
    assert (answer.author, answer.published) == ("Rik Solem", date(2024, 9, 10))
    assert "All fishermen" not in answer.text
    assert "Harn Fishermen" in answer.text
    assert (quoted.author, quoted.published, quoted.title) == (author, day, "Re: wind farm")
    assert quoted.text == "All fishermen agreed in June.\nWe paid 18 million crowns.\n\nTove"
    assert quoted.source == f"{tmp_path / 're.eml'}#quoted-1"
    assert (first.author, first.text) == ("Ida Berg", "Did they agree?")


def test_lines_that_are_quoted_amid_a_letter_stay_in_it(tmp_path: Path) -> None:
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "Rik Solem <rik@harnfish.example>", "Re: wind farm"
    letter.set_content("> All agreed in June.\n\nNot true, we never agreed.\n\n> We paid 18 million.\n\nTo whom?\n")
    (tmp_path / "re.eml").write_bytes(bytes(letter))
    [article] = read_path(tmp_path / "re.eml")
    assert isinstance(article, Article)
    assert "All agreed in June." in article.text


def test_an_article_that_quotes_letters_is_not_lost_above_them(tmp_path: Path) -> None:
    paragraph = (
        "The council of Lask knew of the cracks in the bridge for a year, letters show that this paper has seen. "
    )
    mails = "".join(
        f"From: {name}\nSent: {day} September 2024\nTo: The council\nSubject: Cracks\n\nThe cracks have grown by {day} millimetres since the spring, and I ask you again to close the bridge at once.\n\n"
        for name, day in (("Tove Aker", 6), ("Rik Solem", 9))
    )
    (tmp_path / "cracks.txt").write_text(f"Council knew of cracks\n\n{paragraph * 4}\n\n{mails}")
    first, *letters = [one for one in read_path(tmp_path / "cracks.txt") if isinstance(one, Article)]
    assert first.title == "Council knew of cracks"
    assert first.source == str(tmp_path / "cracks.txt")
    assert "letters show" in first.text
    assert [one.author for one in letters] == ["Tove Aker", "Rik Solem"]
