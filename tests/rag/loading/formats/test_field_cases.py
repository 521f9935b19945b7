"""Files as people have them, after reports of what goes wrong elsewhere; each is made here, all words are invented."""

from __future__ import annotations

import json
import mailbox
import zlib
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from eval.stress.files import unzipped, word_bytes, zip_bytes
from eval.stress.page_drawing import drawn_pdf
from rag import Article
from rag.errors import ReadingError
from rag.loading import read_path

LEFT = ("Farmers in the Pell Valley have sued the", "state for 19 million crowns. They say the", "dam at Upper Pell was opened too late.", "Their lawyer, Runa Skei, filed the suit", "on Monday. It names three officials of", "the water board.")  # fmt: skip
RIGHT = ("The water board rejects the claim. Its", "director, Emil Castor, said the gates had", "been opened at 02:10, as the rules ask.", "An inquiry by parliament found in July", "that two of five gates had jammed. It", "blamed a lack of grease, not the staff.")  # fmt: skip
CUES = ("HOST: Welcome back. With me is the economist\nLiv Tarran from the University of Ludden.", "HOST: Liv, rents in the capital rose by\neleven per cent last year. Why?", "TARRAN: Because hardly anyone builds. In 2023\nonly 3,900 flats were finished,", "TARRAN: and the city had promised\neight thousand.")  # fmt: skip
WIKI = """{{Short description|River in Gorvia}}
{{Infobox river
| name = Pell
| length = {{convert|312|km|mi|abbr=on}}
}}
The '''Pell''' is a river in [[Gorvia]].<ref name="atlas">{{cite book |title=Atlas of Gorvia |year=1998 |page=44}}</ref> It rises near [[Upper Pell (village)|Upper Pell]] at {{convert|1640|m}}.

== Floods ==
The flood of 1956 killed 212 people.<ref>''Valley Courier'', 3 May 1956</ref> Another {{nowrap|57 people}} died.

[[Category:Rivers of Gorvia]]
"""


def article(path: Path, data: bytes | str) -> Article:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    [found] = read_path(path)
    assert isinstance(found, Article)
    return found


def srt(cues: tuple[str, ...]) -> str:
    return "\n\n".join(
        f"{at}\n00:00:{4 * at:02d},000 --> 00:00:{4 * at + 4:02d},000\n{words}"
        for at, words in enumerate(cues, start=1)
    )


@pytest.mark.parametrize("name", ["All mail.mbox", "Inbox"])
def test_f04_a_mailbox_is_its_letters_whatever_its_name(tmp_path: Path, name: str) -> None:
    box = mailbox.mbox(tmp_path / name)
    for at in (1, 2, 3):
        letter = EmailMessage()
        letter["From"], letter["Subject"], letter["Date"] = (
            "Tove Åker <t@x.example>",
            f"Wind farm {at}",
            f"Mon, 0{at} Apr 2024 07:00:00 +0000",
        )
        letter.set_content(
            f"The wind farm number {at} off Harn has won its licence.\n\nFrom 2029 on, says Tove Åker, power flows.\n"
        )
        box.add(mailbox.mboxMessage(letter))
    box.close()
    found = [one for one in read_path(tmp_path / name) if isinstance(one, Article)]
    assert [(one.title, one.author, one.published) for one in found] == [
        (f"Wind farm {at}", "Tove Åker", date(2024, 4, at)) for at in (1, 2, 3)
    ]
    assert [one.source for one in found] == [f"{tmp_path / name}#{at}" for at in (1, 2, 3)]
    assert "\nFrom 2029 on" in found[0].text


def test_f06_the_words_under_a_picture_are_kept_as_a_box(tmp_path: Path) -> None:
    words = (
        "The first trams ran on line 7 in Lask on Sunday, a year later than planned, and linked the port with the university. "
        * 3
    )
    page = f"<html><body><article><h1>Lask tram</h1><p>{words}</p><figure><img src=a><figcaption>Mayor Otto Falk drove the first tram.</figcaption></figure><p>{words}</p></article><aside><figure><figcaption>Win a trip for two to Skarn now.</figcaption></figure></aside></body></html>"
    found = article(tmp_path / "tram.html", page)
    boxes = [found.text[one.start : one.end] for one in found.sections if one.kind == "sidebar"]
    assert boxes == ["Mayor Otto Falk drove the first tram."]
    assert "Skarn" not in found.text


def test_f06_captions_stand_apart_from_their_credits_and_advertisements_are_none(tmp_path: Path) -> None:
    words = "The first trams ran on line 7 in Lask on Sunday, and linked the port with the university. " * 3
    figures = (
        "<span>1<span> of </span>2</span><span>Otto Falk at the <b>depot</b>.</span><span>Credit: EPA</span>",
        "<span>2<span> of </span>2</span><span>Otto Falk at the <b>depot</b>.</span><span>Credit: EPA</span>",
        "<a href=x>Want more trams? Subscribe to the magazine.</a>",
        "(Image: Ann Orr / Getty Images)",
    )
    shown = "".join(f"<figure><img src=a><figcaption>{one}</figcaption></figure>" for one in figures)
    found = article(tmp_path / "tram.html", f"<html><body><article><h1>Lask</h1><p>{words}</p>{shown}</article></body></html>")  # fmt: skip
    boxes = [found.text[one.start : one.end] for one in found.sections if one.kind == "sidebar"]
    assert boxes == ["Otto Falk at the depot. Credit: EPA"]


@pytest.mark.parametrize("name", ["rents.srt", "rents.txt"])
def test_f12_f13_cues_are_joined_to_turns_that_tell_speaker_and_time(tmp_path: Path, name: str) -> None:
    found = article(tmp_path / name, srt(CUES))
    assert found.title == "rents"
    assert found.text.split("\n\n") == [
        "[0:00:04] HOST: Welcome back. With me is the economist Liv Tarran from the University of Ludden. Liv, rents in the capital rose by eleven per cent last year. Why?",
        "[0:00:12] TARRAN: Because hardly anyone builds. In 2023 only 3,900 flats were finished, and the city had promised eight thousand.",
    ]


def test_f12_voices_of_webvtt_are_speakers(tmp_path: Path) -> None:
    cues = "WEBVTT\nLanguage: en\n\nNOTE a comment\n\n00:04.000 --> 00:08.000 align:start\n<v Liv Tarran>A cap helps those who have\na <i>flat</i> &amp; no one else.\n\n00:08.000 --> 00:09.000\n<v HOST>Thank you.\n"
    found = article(tmp_path / "rents.vtt", cues)
    assert (
        found.text
        == "[0:00:04] Liv Tarran: A cap helps those who have a flat & no one else.\n\n[0:00:08] HOST: Thank you."
    )
    assert found.language == "en"


def test_f14_pages_without_text_are_noted_and_a_scan_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [(60, 780, 12, "The Corran prison cost the state 31 million crowns a year between 2020 and 2023.")]
    found = article(tmp_path / "audit.pdf", drawn_pdf(words, [], [], words))
    [note] = found.notes
    assert note.startswith("Pages 2, 3 of 4 hold no text and could not be read")
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(ReadingError, match="such as ocrmypdf"):
        article(tmp_path / "scan.pdf", drawn_pdf([]))
    (programs / "ocrmypdf").write_text("#!/bin/sh\n")
    (programs / "ocrmypdf").chmod(0o755)
    with pytest.raises(ReadingError, match=r"add that: ocrmypdf scan\.pdf scan-text\.pdf"):
        article(tmp_path / "scan.pdf", drawn_pdf([]))


@pytest.mark.parametrize("by_row", [True, False])
def test_f15_f16_two_columns_are_read_one_after_the_other_however_they_are_drawn(tmp_path: Path, by_row: bool) -> None:
    left = [(60, 760 - 14 * at, 10, words) for at, words in enumerate(LEFT)]
    right = [(310, 760 - 14 * at, 10, words) for at, words in enumerate(RIGHT)]
    body = [one for pair in zip(left, right, strict=True) for one in pair] if by_row else left + right
    found = article(tmp_path / "page3.pdf", drawn_pdf([(60, 790, 16, "Farmers sue over dam"), *body]))
    assert found.title == "Farmers sue over dam"
    assert " ".join(LEFT) in " ".join(found.text.split())
    assert " ".join(RIGHT) in " ".join(found.text.split())


def test_f17_a_raised_mark_is_no_digit_of_the_number_in_a_page(tmp_path: Path) -> None:
    rest = (
        "visas for work in 2023, a tenth more than in the year before, according to a paper of the think tank Meridian."
    )
    page = f"<html><body><article><h1>Ostland</h1><p>Ostland issued 12,450<sup>3</sup> {rest}</p><p>The 19<sup>th</sup> hall has 40 m<sup>2</sup>.<sup>[4]</sup> {rest}</p></article></body></html>"
    text = article(tmp_path / "a.html", page).text
    assert "issued 12,450 ³ visas" in text
    assert "The 19th hall has 40 m² ⁴. visas" in text


def test_f17_a_raised_mark_is_no_digit_of_the_number_in_a_pdf(tmp_path: Path) -> None:
    drawn = [
        (60, 780, 12, "Ostland issued 12,450"),
        (178, 785, 7, "3"),
        (185, 780, 12, "visas for work in 2023, a tenth more."),
    ]
    assert "12,450 ³ visas for work" in article(tmp_path / "a.pdf", drawn_pdf(drawn)).text


def test_f19_footnotes_of_a_word_document_are_read_and_marked(tmp_path: Path) -> None:
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    parts = unzipped(word_bytes("Ostland issued 12,450MARK visas for work in 2023."))
    body = parts["word/document.xml"].replace(
        b"MARK", b'</w:t></w:r><w:r><w:footnoteReference w:id="7"/></w:r><w:r><w:t xml:space="preserve">'
    )
    notes = f'<w:footnotes {names}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="7"><w:p><w:r><w:t>Figures of the border agency.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    links = parts["word/_rels/document.xml.rels"].replace(
        b"</Relationships>", f'<Relationship Id="rN" Type="{kind}" Target="footnotes.xml"/></Relationships>'.encode()
    )
    made = parts | {
        "word/document.xml": body,
        "word/footnotes.xml": notes.encode(),
        "word/_rels/document.xml.rels": links,
    }
    types = made["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>',
    )
    found = article(tmp_path / "a.docx", zip_bytes(made | {"[Content_Types].xml": types}))
    assert found.text == "Ostland issued 12,450 ¹ visas for work in 2023.\n\n¹ Figures of the border agency."


def test_f20_words_that_are_placed_one_by_one_are_parted_and_their_lines_are_whole(tmp_path: Path) -> None:
    lines = ("Library of Sornet counts a record year", "Sornet Gazette, 7 January 2025", "The library of Sornet lent 640,000 books last year, more than ever since it was", "founded in 1903. It has 212,000 titles and 31 employees, said Ola Wick, who has")  # fmt: skip
    found = article(
        tmp_path / "library.pdf", drawn_pdf([(60, 780 - 15 * at, 12, line) for at, line in enumerate(lines)], gap=2.1)
    )
    assert found.title == lines[0]
    assert "lent 640,000 books last year, more than ever since it was founded in 1903." in found.text


def test_f22_lists_without_texts_say_what_to_do_and_abstracts_are_noted(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="save the pages themselves"):
        article(
            tmp_path / "part_000000.csv",
            "title,url,time_added,tags,status\nWhale found,https://argus.example/3,1714023000,coast,unread\n",
        )
    row = '"Key","Author","Title","Publication Title","Url","Abstract Note","Date"\n"A","","Choir wins","Valley Courier","https://c.example/4","The choir of Marrow has won the contest of Lask.","2024-04-28"\n'
    found = article(tmp_path / "My Library.csv", row)
    assert (found.title, found.outlet, found.published) == ("Choir wins", "Valley Courier", date(2024, 4, 28))
    assert found.notes == ("The export holds only a summary of it, not the whole text.",)


def test_f23_wikitext_is_read_as_its_reader_sees_it(tmp_path: Path) -> None:
    found = article(tmp_path / "Pell.txt", WIKI)
    assert found.title == "Pell"
    assert "The Pell is a river in Gorvia ¹. It rises near Upper Pell at 1640 m." in found.text
    assert "killed 212 people ². Another 57 people died." in found.text
    assert "² Valley Courier, 3 May 1956" in found.text
    assert not {"{{", "[[", "''", "<ref", "Category"}.intersection(found.text.split())


def test_a_text_with_a_few_brackets_is_no_wikitext(tmp_path: Path) -> None:
    text = "The code {{name}} stands for a name, and [[x]] for a list.\n\nNothing else is marked in this text of ours."
    assert article(tmp_path / "a.txt", text).text == text


def test_f24_a_line_from_right_to_left_keeps_its_figures_and_its_full_stop(tmp_path: Path) -> None:
    from rag.loading.formats.pdf_layout import lines_of_page
    from rag.loading.formats.pdf_words import Character

    line = "84,000 תיירים ביקרו בחיפה."
    shown = " ".join(word if word[0].isdigit() else word[::-1] for word in reversed(line.split()))
    drawn = [Character(one, 60 + 6.0 * at, 66 + 6.0 * at, 700, 12) for at, one in enumerate(shown)]
    assert lines_of_page(drawn) == [line]


def test_f26_pieces_of_a_telegram_message_are_one_sentence(tmp_path: Path) -> None:
    messages: list[dict[str, Any]] = [
        {"id": 1, "type": "message", "date": "2024-05-03T10:00:00", "from": "Harn Channel", "photo": "a.jpg", "text": ["The minister ", {"type": "bold", "text": "Arvo Lund"}, " has signed the decree, says ", {"type": "link", "text": "the ministry"}, "."]},
        {"id": 2, "type": "service", "date": "2024-05-03T11:00:00", "action": "pin_message", "text": ""},
    ]  # fmt: skip
    found = article(
        tmp_path / "result.json", json.dumps({"name": "Harn Channel", "type": "public_channel", "messages": messages})
    )
    assert found.text == "The minister Arvo Lund has signed the decree, says the ministry."
    assert (found.outlet, found.published) == ("Harn Channel", date(2024, 5, 3))
    assert found.notes == ("A photo beside it was not read.",)


def test_f27_a_text_that_its_source_cut_off_says_so(tmp_path: Path) -> None:
    text = "Some 1,900 people work there, most of them from the village of… [+2345 chars]"
    found = article(tmp_path / "news.json", json.dumps({"articles": [{"title": "Karsk mine", "content": text}]}))
    assert found.text.endswith("from the village of…")
    assert found.notes == ("The source cut its text off: 2,345 characters are missing.",)


def test_an_old_document_and_a_picture_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"an old document of Word.*soffice --headless --convert-to docx"):
        article(tmp_path / "memo.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048))
    with pytest.raises(ReadingError, match=r"is a picture.*text recognition"):
        article(tmp_path / "page.png", b"\x89PNG\r\n")
    with pytest.raises(ReadingError) as caught:
        article(tmp_path / "a.xyz", b"words")
    assert "rename" not in str(caught.value)


def test_entities_of_xml_reach_no_file_and_grow_no_text(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the secret words")
    feed = f'<!DOCTYPE rss [<!ENTITY s SYSTEM "file://{tmp_path}/secret.txt"><!ENTITY a "lol lol"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><title>x</title><item><title>A feed</title><description>Words before &s; and &b; words after, as long as an article.</description></item></channel></rss>'
    text = article(tmp_path / "a.xml", feed).text
    assert "secret words" not in text
    assert "lol" not in text


def test_an_e_book_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    assert len(zlib.compress(bytes(1_000_000))) < 2_000
    book = {"mimetype": b"application/epub+zip", "META-INF/container.xml": b" " * 101_000_000}
    with pytest.raises(ReadingError, match="unpacks to more than 100 MB"):
        article(tmp_path / "bomb.epub", zip_bytes(book))
