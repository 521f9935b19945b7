"""Several articles in one file: each by itself, whatever frame its export puts around it; and files that hold one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from eval.benchmarks.sections import load_labelled
from rag import Article
from rag.index.splitting import split
from rag.loading import Unread, read_path
from rag.loading.exports import articles_from_text


@dataclass(frozen=True)
class Story:
    title: str
    outlet: str
    day: date
    author: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        return "\n\n".join(self.paragraphs)

    @property
    def words(self) -> int:
        return len(self.body.split())

    @property
    def spelt(self) -> str:
        return f"{self.day:%B} {self.day.day}, {self.day.year} {self.day:%A}"


STORIES = (
    Story("Tarnbrook bridge repair to cost 4.2 million", "The Tarnbrook Argus", date(2024, 3, 12), "Edda Rowan", (
        "Repairing the Tarnbrook bridge will cost 4.2 million pounds, the county council said on Monday. Work is to begin in August.",
        "The bridge, opened in 1934, was closed in January after divers found cracks in two piers. About 6,300 cars used it every day.",
        "Councillor Hugh Penn said a temporary footbridge would be put up by Easter.")),
    Story("Bridge bill may reach 5.8 million, engineers warn", "County Mail", date(2024, 4, 23), "Oskar Linde", (
        "The bill for repairing the Tarnbrook bridge may reach 5.8 million pounds, engineers told the county council in a report.",
        "A third pier is damaged as well, the report says. The work would then take twenty months.")),
    Story("Whale found in Harn estuary", "The Tarnbrook Argus", date(2024, 4, 25), "Edda Rowan", (
        "A minke whale eight metres long was found in the Harn estuary on Wednesday. Volunteers poured water over it for five hours.",
        "It swam out to sea at 17:20, said Bea Cole of the coast guard, who had watched it from the pier.")),
    Story("Choir from Marrow wins in Lask", "Valley Courier", date(2024, 4, 28), "", (
        "The chamber choir of Marrow has won the choir contest of Lask with 94.5 points of 100. Thirty-one choirs took part.",
        "Its conductor, Jonna Pries, founded it in 2011 with nine pupils of the village school.")),
)  # fmt: skip


def with_cover(stories: Sequence[Story]) -> str:
    lines = [
        "User Name: = press desk",
        "Date and Time: = Friday, May 3, 2024 9:12:00 AM",
        f"Documents ({len(stories)})",
    ]
    lines += [line for at, one in enumerate(stories, 1) for line in (f"{at}. {one.title}", "Client/Matter: -None-")]
    lines += ["Search Terms: tarnbrook OR harn"]
    for one in stories:
        lines += [
            one.title,
            one.outlet,
            one.spelt,
            f"Copyright 2024 {one.outlet} All Rights Reserved",
            "Section: NEWS; Pg. 4",
        ]
        lines += [
            f"Length: {one.words} words",
            *([f"Byline: {one.author}"] if one.author else []),
            "Body",
            *one.paragraphs,
        ]
        lines += ["Classification", "Language: ENGLISH", "Publication-Type: Newspaper", f"Load-Date: {one.spelt}", "End of Document"]  # fmt: skip
    return "\n\n".join(lines)


def counted(stories: Sequence[Story]) -> str:
    return "\n".join(
        f"\n{'':30}{at} of {len(stories)} DOCUMENTS\n\n{'':30}{one.outlet}\n\n{'':30}{one.spelt}\n\n{one.title}\n\n"
        f"BYLINE: {one.author or 'Staff'}\n\nLENGTH: {one.words} words\n\n{one.body}\n\nLOAD-DATE: {one.spelt}\n\nLANGUAGE: ENGLISH\n\n"
        f"{'':20}Copyright 2024 {one.outlet}\n{'':20}All Rights Reserved\n"
        for at, one in enumerate(stories, 1)
    )


def ended_by_a_code(stories: Sequence[Story]) -> str:
    return "\n\n".join(
        f"{one.title}\n\nBy {one.author or 'Staff'}\n\n{one.words} words\n\n{one.day.day} {one.day:%B %Y}\n\n{one.outlet}\n\nEnglish\n\n"
        f"(c) 2024.\n\n{one.body}\n\nDocument ARGUS0002024031{at}"
        for at, one in enumerate(stories)
    )


def two_letters(stories: Sequence[Story]) -> str:
    return "\n\n".join(
        f"HD {one.title}\nBY By {one.author or 'Staff'}\nWC {one.words} words\nPD {one.day.day} {one.day:%B %Y}\nSN {one.outlet}\nLA English\n"
        f"CY (c) 2024\n\nLP\n{one.paragraphs[0]}\n\nTD\n"
        + "\n\n".join(one.paragraphs[1:])
        + f"\n\nAN Document X00020240312ek{at}"
        for at, one in enumerate(stories)
    )


def labelled_below(stories: Sequence[Story]) -> str:
    return "".join(
        f"{'_' * 60}\n\nDocument {at} of {len(stories)}\n\n{one.title}\n\nAuthor: {one.author or 'Anonymous'}\n\n"
        f"Publication info: {one.outlet}; Lask [Lask] {one.spelt}: A.{at}.\n\nAbstract: None available.\n\nFull text: {one.body}\n\n"
        f"Title: {one.title}\n\nPublication title: {one.outlet}\n\nPublication date: {one.day.isoformat()}\n\n"
        f"document ID: 29400{at}8812\n\nCopyright: Copyright {one.outlet} 2024\n\n"
        for at, one in enumerate(stories, 1)
    )


def one_line(stories: Sequence[Story]) -> str:
    return "\n\n".join(f"{one.title}\n{one.outlet}, {one.spelt}\n\n{one.body}" for one in stories)


def german(stories: Sequence[Story]) -> str:
    months = {3: "März", 4: "April"}
    return "\n\n* * *\n\n".join(
        f"{one.title}\n{one.outlet} vom {one.day.day}. {months[one.day.month]} 2024, Seite {at}\nAutor: {one.author or 'Redaktion'}\n\n{one.body}"
        for at, one in enumerate(stories, 1)
    )


def letters(stories: Sequence[Story]) -> str:
    return "".join(
        f"Message: {at}\nDate: {one.day:%a, %d %b %Y} 08:12:00 +0100\nFrom: {one.outlet} <desk@paper.example>\nSubject: {one.title}\n\n"
        f"{one.body}\n\n{'-' * 30}\n\n"
        for at, one in enumerate(stories, 1)
    )


def paged(stories: Sequence[Story]) -> str:
    return "\n\n".join(
        f"[{at}]\n\n{one.title}\n\n{one.outlet} · {one.day.day} {one.day:%B %Y} · p. {at + 3}\n\n{one.body}"
        for at, one in enumerate(stories, 1)
    )


EXPORTS = [with_cover, counted, ended_by_a_code, two_letters, labelled_below, one_line, german, letters, paged]
WITHOUT_AUTHOR = (one_line, letters, paged)
Export = Callable[[Sequence[Story]], str]


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("export", EXPORTS)
def test_each_article_of_an_export_has_its_own_fields(export: Export, count: int) -> None:
    stories = STORIES[:count]
    found = articles_from_text(export(stories), source="export.txt")
    articles = [one for one in found if isinstance(one, Article)]
    assert [one.title for one in articles] == [one.title for one in stories]
    assert [one.outlet for one in articles] == [one.outlet for one in stories]
    assert [one.published for one in articles] == [one.day for one in stories]
    if export not in WITHOUT_AUTHOR:
        assert [one.author for one in articles] == [one.author or None for one in stories]
    assert [one.source for one in articles] == [f"export.txt#{at}" for at in range(1, count + 1)]


@pytest.mark.parametrize("export", EXPORTS)
def test_all_words_of_the_stories_are_searched_and_the_frame_is_not(export: Export) -> None:
    for article, story in zip(articles_from_text(export(STORIES), source="export.txt"), STORIES, strict=True):
        assert isinstance(article, Article)
        searched = "\n".join(passage.text for passage in split(article, passage_tokens=200) if passage.kind == "body")
        assert all(paragraph in searched for paragraph in story.paragraphs)
        for word in (
            "Load-Date",
            "words",
            "ARGUS000",
            "Copyright",
            "End of Document",
            "DOCUMENTS",
            "Search Terms",
            "Full text",
        ):
            assert word not in searched


def test_sections_of_a_part_are_stretches_of_its_text() -> None:
    for article in articles_from_text(counted(STORIES), source="x"):
        assert isinstance(article, Article)
        ends = [0, *(section.end for section in article.sections)]
        assert all(
            before <= section.start < section.end for before, section in zip(ends, article.sections, strict=False)
        )
        assert article.sections[-1].end <= len(article.text)


def test_an_export_in_word_is_parted(tmp_path: Path) -> None:
    document = Document()
    for line in with_cover(STORIES).split("\n\n"):
        document.add_paragraph(line)
    path = tmp_path / "Files (4).DOCX"
    document.save(str(path))
    found = [one for one in read_path(path) if isinstance(one, Article)]
    assert [(one.title, one.published) for one in found] == [(one.title, one.day) for one in STORIES]
    assert found[2].source.endswith("DOCX#3")


def test_an_export_in_pdf_is_parted_and_keeps_the_numbers_of_its_pages(tmp_path: Path, make_pdf: Any) -> None:
    pages = [part.strip().split("\n") for part in paged(STORIES).split("[")[1:]]
    path = tmp_path / "clips.pdf"
    path.write_bytes(make_pdf(*[[line for line in [f"[{page[0]}", *page[1:]] if line] for page in pages]))
    found = [one for one in read_path(path) if isinstance(one, Article)]
    assert [one.published for one in found] == [one.day for one in STORIES]
    for number, article in enumerate(found, start=1):
        at = article.text.index(STORIES[number - 1].title)
        assert sum(begin <= at for begin in article.pages) == number


@pytest.mark.parametrize("name", [one.name for one in load_labelled()])
def test_one_article_stays_one(name: str) -> None:
    text = next(one.article.text for one in load_labelled() if one.name == name)
    assert len(articles_from_text(text, source="x")) == 1


def test_lists_with_days_and_prices_are_no_export() -> None:
    shows = "\n\n".join(
        f"Date: {day} May 2024\nWhere: Town hall\nPrice: {day} crowns\n\nThe choir of Marrow sings for the friends of the old organ, and all who come can join in the last song."
        for day in range(3, 9)
    )
    assert (
        len([one for one in articles_from_text(f"Concerts in May\n\n{shows}", source="x") if isinstance(one, Article)])
        == 1
    )


def test_what_looks_like_several_and_is_not_understood_is_told() -> None:
    text = "\n\n".join(f"Copyright 200{at} of somebody\n\n{story.body}" for at, story in enumerate(STORIES))
    article, told = articles_from_text(text, source="odd.txt")
    assert isinstance(article, Article)
    assert isinstance(told, Unread)
    assert "several articles in one file" in told.reason
