"""Every format, each file made of known articles: found once, with the fields that it tells and all of its words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from eval.stress.format_files import MAKERS
from eval.stress.office_files import Story
from rag import Article
from rag.loading import read_path
from rag.loading.folders import files_below

STORIES = (
    Story("Tarnbrook bridge repair to cost 4.2 million", "The Tarnbrook Argus", "Edda Rowan", date(2024, 3, 12), (
        "Repairing the Tarnbrook bridge will cost 4.2 million pounds, the county council said on Monday. Work is to begin in August and will last fourteen months.",
        "The bridge, opened in 1934, was closed in January after divers found cracks in two piers. About 6,300 cars used it every day.",
        "Councillor Hugh Penn said a “temporary” footbridge would be put up by Easter; it costs £90,000 & more.")),
    Story("Whale found in Harn estuary", "The Tarnbrook Argus", "Oskar Linde", date(2024, 4, 25), (
        "A minke whale eight metres long was found in the Harn estuary on Wednesday. Volunteers poured water over it for five hours until the tide came in.",
        "It swam out to sea at 17:20, said Bea Cole of the coast guard, who had counted 31 helpers on the sand.")),
    Story("Choir from Marrow wins in Lask", "The Tarnbrook Argus", "Lise Amar", date(2024, 4, 28), (
        "The chamber choir of Marrow has won the choir contest of Lask with 94.5 points of 100. Thirty-one choirs took part in it.",
        "Its conductor, Jonna Pries, founded it in 2011 with nine pupils of the school in Marrow, where she still teaches.")),
)  # fmt: skip


# Cases of people's reports that are a format each; the others are in test_field_cases.py and beside it.
REPORTED = {
    "mhtml": "f07",
    "epub": "f08",
    **dict.fromkeys(("odt", "xlsx", "pptx"), "f09"),
    **dict.fromkeys(("warc", "warc.gz"), "f10"),
    **dict.fromkeys(("rss", "atom", "xml"), "f11"),
}


@pytest.mark.parametrize("ending", MAKERS, ids=lambda ending: f"{REPORTED.get(ending, '')} {ending}".strip())
def test_each_article_is_found_once_with_its_fields_and_words(tmp_path: Path, ending: str) -> None:
    count, told, maker = MAKERS[ending]
    path = tmp_path / f"news.{ending}"
    path.write_bytes(maker(STORIES[:count]))
    articles = [one for one in read_path(path) if isinstance(one, Article)]
    assert len(articles) == count
    for story, article in zip(STORIES, articles, strict=False):
        assert {name: getattr(article, name) for name in told} == {
            name: getattr(story, "day" if name == "published" else name) for name in told
        }
        words = " ".join(article.text.split())
        assert all(paragraph in words for paragraph in story.paragraphs)
        assert article.notes == ()


@pytest.mark.parametrize(
    "ending", ["rtf", "mbox", "rss", "atom", "wiki.xml", "srt", "vtt", "warc", "msg", "mhtml", "epub", "xlsx"]
)
def test_a_file_is_known_by_how_it_begins(tmp_path: Path, ending: str) -> None:
    count, _, maker = MAKERS[ending]
    path = tmp_path / "Inbox"
    path.write_bytes(maker(STORIES[:count]))
    assert sum(isinstance(one, Article) for one in read_path(path)) == count


def test_files_beside_a_saved_page_and_pictures_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "tram.html").write_bytes(MAKERS["html"][2](STORIES))
    (tmp_path / "tram_files").mkdir()
    for name in ("a.png", "b.js", "c.css", "frame.html", "saved_resource"):
        (tmp_path / "tram_files" / name).write_text("x")
    (tmp_path / "photo.JPG").write_bytes(b"\xff\xd8\xff")
    files, beside = files_below(tmp_path)
    assert [path.name for path in files] == ["tram.html"]
    assert len(beside) == 6
    assert all(one.ignored for one in beside)
