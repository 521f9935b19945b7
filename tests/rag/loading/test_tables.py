"""Tables as lines of "head: cell": two-line heads, merged and empty cells, units and note marks, in every format alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from eval.benchmarks.tables import load_tables, write_table
from rag import Article
from rag.index.splitting import split
from rag.loading import read_path
from rag.loading.tables import is_table, lines_of_table


def lines(*rows: str, **options: int) -> list[str]:
    return lines_of_table([row.split("|") for row in rows], **options)


def test_each_row_names_its_columns() -> None:
    assert lines("Region|2021|2022", "Northmark|7.9|7.1") == ["Region: Northmark; 2021: 7.9; 2022: 7.1."]


def test_a_head_of_two_lines_is_joined() -> None:
    rows = ("Kind|Loans per year||Fines", "|2020|2022|2022", "Books|148|189|7")
    assert lines(*rows) == ["Kind: Books; Loans per year 2020: 148; Loans per year 2022: 189; Fines 2022: 7."]


def test_a_cell_over_several_rows_is_said_in_each() -> None:
    assert lines("Area|Item|2022", "Church|Roof|310", "Church|Organ|120")[1] == "Area: Church; Item: Organ; 2022: 120."


def test_empty_cells_are_left_out_and_dashes_stay() -> None:
    assert lines("Port|Boat 1|Boat 3|Boat 5", "Lyngholm||–|14:50") == ["Port: Lyngholm; Boat 3: –; Boat 5: 14:50."]


@pytest.mark.parametrize(
    ("cell", "read"), [("12,450³", "12,450 ³"), ("510†", "510 †"), ("18.6 km²", "18.6 km²"), ("9*", "9 *")]
)
def test_a_note_mark_is_no_part_of_a_number(cell: str, read: str) -> None:
    assert lines("Year|Children|All", f"2020|{cell}|1") == [f"Year: 2020; Children: {read}; All: 1."]


def test_a_table_of_figures_alone_has_no_heads() -> None:
    assert lines("1|2|3", "4|5|6") == ["1; 2; 3.", "4; 5; 6."]


def test_a_page_laid_out_with_a_table_is_none() -> None:
    assert not is_table([["A long paragraph of running text. " * 8, "Another one, as long as the first. " * 8]] * 3)
    assert not is_table([["Menu"], ["Home"]])


@pytest.mark.parametrize("table", load_tables(), ids=lambda table: table["id"])
def test_each_cell_stands_beside_its_head_in_a_sentence_of_its_row(table: dict, tmp_path: Path) -> None:
    found = read_path(write_table(table, tmp_path))
    assert len(found) == 1
    article = found[0]
    assert isinstance(article, Article)
    quotes = [article.text[start:end] for one in split(article, passage_tokens=200) for start, end in one.sentences]
    for question in table["questions"]:
        if question["answer"] is not None:
            row = [cell.strip("*¹²³⁴†‡ᵃᵇᶜ ") for cell in table["rows"][question["row"]] if "<" not in cell]
            assert any(all(cell in quote for cell in row) and "\n" not in quote for quote in quotes)
    assert table["caption"] in article.text


def test_a_word_table_with_a_cell_over_two_columns(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Exams in Tamboro")
    grid = document.add_table(3, 3)
    for at, row in enumerate((("Language", "2021", ""), ("", "entered", "passed"), ("Arabic", "190", "171"))):
        for column, cell in enumerate(row):
            grid.cell(at, column).text = cell
    grid.cell(0, 1).merge(grid.cell(0, 2)).text = "2021"
    document.save(str(tmp_path / "exams.docx"))
    [article] = read_path(tmp_path / "exams.docx")
    assert isinstance(article, Article)
    assert "Language: Arabic; 2021 entered: 190; 2021 passed: 171." in article.text


def test_an_empty_first_cell_under_a_group_is_of_that_group() -> None:
    rows = ("Area|Item|2022", "Church|Roof|310", "|Organ|120", "|Total|430", "Total||893")
    assert lines(*rows) == [
        "Area: Church; Item: Roof; 2022: 310.",
        "Area: Church; Item: Organ; 2022: 120.",
        "Item: Total; 2022: 430.",
        "Area: Total; 2022: 893.",
    ]


GRID = (("Ticket", "Zone 1", "Zone 2"), ("Single", "2.10", "2.60"), ("Monthly pass", "61.00", "74.00"))
ROW = "Ticket: Monthly pass; Zone 1: 61.00; Zone 2: 74.00."


def sheet(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (("Fares of the Valmere trams",), (), *GRID, (), ("Dogs travel free.",)):
        book.active.append(row)
    book.save(path)


def open_document(path: Path) -> None:
    from eval.stress.files import unzipped, zip_bytes
    from eval.stress.office_files import Story, open_text_bytes

    cells = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{one}</text:p></table:table-cell>" for one in row)
        + "</table:table-row>"
        for row in GRID
    )
    parts = unzipped(
        open_text_bytes([Story("Fares", "A", "Ida Berg", date(2024, 5, 1), ("HERE", "Dogs travel free."))])
    )
    content = parts["content.xml"].replace(b"<text:p>HERE</text:p>", f"<table:table>{cells}</table:table>".encode())
    path.write_bytes(zip_bytes(parts | {"content.xml": content}))


def rich_text(path: Path) -> None:
    rows = "".join(
        "\\trowd\\cellx1\\cellx2\\cellx3 " + "".join(f"\\intbl {one}\\cell " for one in row) + "\\row\n" for row in GRID
    )
    path.write_text(f"{{\\rtf1\\ansi Fares\\par\n{rows}\\pard Dogs travel free.\\par}}")


@pytest.mark.parametrize(("ending", "make"), [("xlsx", sheet), ("odt", open_document), ("rtf", rich_text)])
def test_a_table_of_an_office_file_is_read_by_its_heads(
    ending: str, make: Callable[[Path], None], tmp_path: Path
) -> None:
    make(tmp_path / f"fares.{ending}")
    [article] = read_path(tmp_path / f"fares.{ending}")
    assert isinstance(article, Article)
    assert ROW in article.text.split("\n")
    assert "Dogs travel free." in article.text
