"""JSON, JSON Lines and CSV: one article for each record, fields by their names, and a map for other names."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag import Article
from rag.errors import ReadingError, SettingsError
from rag.loading import Unread, parse_fields, read_path

TEXT = "The ferry between the two islands will stop running in October, the harbour board decided on Monday."
RECORD = {
    "id": "f-17",
    "headline": "Ferry &amp; harbour",
    "body": TEXT,
    "author": {"name": "Moira Kell"},
    "source": {"id": "x", "name": "Sound Courier"},
    "publishedAt": "2024-09-03T07:15:00Z",
    "lang": "en-GB",
    "url": "https://courier.example/ferry",
}


def read(folder: Path, name: str, data: str | bytes, mapping: str = "") -> list[Article | Unread]:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_path(path, parse_fields(mapping))


def articles(found: list[Article | Unread]) -> list[Article]:
    return [one for one in found if isinstance(one, Article)]


def test_a_record_gives_each_field_with_where_it_stands(tmp_path: Path) -> None:
    [article] = articles(read(tmp_path, "export.json", json.dumps([RECORD])))
    assert article.source == f"{tmp_path / 'export.json'}#f-17"
    assert (article.title, article.text, article.author) == ("Ferry & harbour", TEXT, "Moira Kell")
    assert (article.outlet, article.published, article.language) == ("Sound Courier", date(2024, 9, 3), "en")
    assert article.address == "https://courier.example/ferry"
    assert article.origins["published"] == "field publishedAt"


@pytest.mark.parametrize(
    "data",
    [
        [RECORD, {"id": "2", "content": "Other words."}],
        {"articles": [RECORD, {"id": "2", "content": "Other words."}], "total": 2},
        {"response": {"status": "ok", "results": [RECORD, {"id": "2", "text": "Other words."}], "tags": [{"a": 1}]}},
        {"f-17": {"articleBody": TEXT}, "2": {"articleBody": "Other words."}},
    ],
)
def test_records_are_found_in_lists_and_under_names(tmp_path: Path, data: Any) -> None:
    found = articles(read(tmp_path, "export.json", json.dumps(data)))
    assert [one.text for one in found] == [TEXT, "Other words."]
    assert [one.source.rpartition("#")[2] for one in found] == ["f-17", "2"]


def test_a_single_object_is_one_article_of_the_file(tmp_path: Path) -> None:
    [article] = articles(read(tmp_path, "export.json", json.dumps(RECORD)))
    assert article.source == str(tmp_path / "export.json")


def test_records_without_an_id_of_their_own_are_numbered(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "One."}, {"id": "a", "text": "Two."}]
    found = articles(read(tmp_path, "export.jsonl", "\n".join(map(json.dumps, rows))))
    assert [one.source.rpartition("#")[2] for one in found] == ["1", "2"]


def test_a_broken_line_costs_only_itself(tmp_path: Path) -> None:
    found = read(tmp_path, "export.jsonl", json.dumps(RECORD) + "\n\n{broken\n[1]\n")
    assert len(articles(found)) == 1
    reasons = [one.reason for one in found if isinstance(one, Unread)]
    assert "line 3 is no JSON" in reasons[0]
    assert "line 4 is no object" in reasons[1]


def test_json_lines_under_the_name_of_json_are_read(tmp_path: Path) -> None:
    rows = [{"text": "One."}, {"text": "Two."}]
    assert len(read(tmp_path, "export.json", "\n".join(map(json.dumps, rows)))) == 2


def test_a_record_without_a_text_costs_only_itself(tmp_path: Path) -> None:
    found = read(tmp_path, "export.json", json.dumps([{"text": "One."}, {"title": "No text"}]))
    assert isinstance(found[1], Unread)
    assert "has no text" in found[1].reason


def test_markup_in_a_text_is_taken_out(tmp_path: Path) -> None:
    row = {"content": {"rendered": f"<h2>Harbour</h2><p>{TEXT}</p><p>It was <em>late</em>.</p>"}}
    [article] = articles(read(tmp_path, "export.json", json.dumps([row])))
    assert "<" not in article.text
    assert TEXT in article.text
    assert "It was late." in article.text


def test_entities_in_a_text_without_markup_are_characters(tmp_path: Path) -> None:
    rows = [{"text": "AT&amp;T said &#8220;no&#8221;."}, {"text": "The shop of Lund &copy & Sons closed."}]
    one, other = articles(read(tmp_path, "export.json", json.dumps(rows)))
    assert one.text == "AT&T said “no”."
    assert other.text == rows[1]["text"]


def test_a_map_names_other_fields(tmp_path: Path) -> None:
    row = {"attributes": {"lede": TEXT}, "kop": "Ferry"}
    [article] = articles(read(tmp_path, "export.json", json.dumps([row]), "text=attributes.lede, title=kop"))
    assert (article.text, article.title, article.origins["title"]) == (TEXT, "Ferry", "field kop")


@pytest.mark.parametrize("mapping", ["text", "words=x", "text=", "=x"])
def test_a_map_that_is_none_is_explained(mapping: str) -> None:
    with pytest.raises(SettingsError, match="expected NAME=FIELD with one of text, title"):
        parse_fields(mapping)


def test_a_file_without_texts_names_its_fields_and_the_map(tmp_path: Path) -> None:
    for name, data in [
        ("a.json", '[{"kop": "x", "lede": "y"}]'),
        ("a.csv", "kop,lede\nx,y\n"),
        ("a.jsonl", '{"kop": "x", "lede": "y"}'),
    ]:
        with pytest.raises(
            ReadingError, match=r"Its fields: kop, lede; expected the text in text, body.*--map text=FIELD"
        ):
            read(tmp_path, name, data)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_table_is_read_whatever_parts_its_cells(tmp_path: Path, separator: str) -> None:
    rows = [
        ["Title", "Full Text", "Date"],
        ["Ferry", f'"{TEXT}\n\nIt said ""no""."', "2024-09-03"],
        ["Fog", "A fog came.", ""],
    ]
    found = articles(read(tmp_path, "export.csv", "\r\n".join(separator.join(row) for row in rows)))
    assert [one.title for one in found] == ["Ferry", "Fog"]
    assert found[0].text == f'{TEXT}\n\nIt said "no".'
    assert [one.published for one in found] == [date(2024, 9, 3), None]


def test_a_long_cell_is_read(tmp_path: Path) -> None:
    long = "A word. " * 40_000
    [article] = articles(read(tmp_path, "export.csv", f"text\n{long}\n"))
    assert article.text == long.strip()


def test_a_legacy_encoding_is_recognised(tmp_path: Path) -> None:
    words = "Der Bürgermeister sagte, die Brücke werde im März geöffnet."
    [article] = articles(read(tmp_path, "export.csv", f"text;title\n{words};Brücke\n".encode("cp1252")))
    assert (article.text, article.title) == (words, "Brücke")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.json", "", "no JSON at line 1"),
        ("a.json", '[{"text": "One."}', "no JSON at line 1"),
        ("a.json", "[" * 200_000, "cannot be read as JSON"),
        ("a.jsonl", "", "holds no line"),
        ("a.csv", "", "is empty"),
        ("a.csv", 'text\n"never closed', "no table after line 1"),
        ("a.json", '[{"text": "half \\ud800"}]', ""),
    ],
)
def test_what_is_broken_is_an_error_of_reading(tmp_path: Path, name: str, data: str, said: str) -> None:
    try:
        found = read(tmp_path, name, data)
    except ReadingError as error:
        assert said in str(error)  # noqa: PT017
        return
    assert "a broken character" in next(one.reason for one in found if isinstance(one, Unread))


PAIR = [
    {"title": "Ferry", "text": TEXT, "date": "2024-09-03"},
    {"title": "Fog", "text": "A fog came.", "date": "2024-09-04"},
]


@pytest.mark.parametrize(
    "data",
    [
        {"content": PAIR, "totalPages": 1},
        {"response": {"content": PAIR}},
        {"title": "All of May", "content": PAIR},
        [{"content": PAIR[:1]}, {"content": PAIR[1:]}],
    ],
)
def test_records_under_the_name_of_a_text_are_articles_each(tmp_path: Path, data: Any) -> None:
    found = articles(read(tmp_path, "export.json", json.dumps(data)))
    assert [(one.title, one.text) for one in found] == [("Ferry", TEXT), ("Fog", "A fog came.")]
    assert [one.published for one in found] == [date(2024, 9, 3), date(2024, 9, 4)]


@pytest.mark.parametrize(
    "text",
    [
        [{"title": "How it began", "text": TEXT}, {"title": "How it ended", "text": "A fog came."}],
        [{"type": "paragraph", "text": TEXT}, {"type": "paragraph", "text": "A fog came."}],
    ],
)
def test_a_text_in_sections_is_one_article(tmp_path: Path, text: Any) -> None:
    [article] = articles(read(tmp_path, "export.json", json.dumps({"title": "Ferry", "content": text})))
    assert (article.title, article.text) == ("Ferry", f"{TEXT}\n\nA fog came.")


def test_what_is_no_record_in_a_list_costs_only_itself(tmp_path: Path) -> None:
    found = read(tmp_path, "export.json", json.dumps({"items": [{"text": "One."}, None, {"text": "Two."}, "x"]}))
    assert [(one.source.rpartition("#")[2], one.text) for one in articles(found)] == [("1", "One."), ("3", "Two.")]
    reasons = [one.reason for one in found if isinstance(one, Unread)]
    assert len(reasons) == 2
    assert "record 2 is no object" in reasons[0]
    assert "record 4 is no object" in reasons[1]
