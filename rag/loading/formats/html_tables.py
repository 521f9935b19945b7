"""The tables of a page, as lines in its tree. Knows elements (lxml)."""

from __future__ import annotations

from typing import Any

from ..tables import WIDEST, is_table, lines_of_table

MOST_CELLS = 20_000


def tables_as_lines(tree: Any) -> None:
    """Put a paragraph for each row in the place of each table with figures or words in it. The tree is changed."""
    for table in list(tree.iter("table")):
        if next(table.iterdescendants("table"), None) is not None or len(list(table.iter("td", "th"))) > MOST_CELLS:
            continue
        rows, heads = _grid(table)
        if not is_table(rows):
            continue
        caption = table.find("caption")
        lines = lines_of_table(rows, heads=heads, caption="" if caption is None else _words(caption))
        _replace(table, lines)


def _grid(table: Any) -> tuple[list[list[str]], int | None]:
    """Return the cells, a merged one in each place that it covers, and how many rows name the columns, if that is told."""
    rows: list[list[str]] = []
    spans: dict[tuple[int, int], str] = {}
    heads = 0
    for number, row in enumerate(table.iter("tr")):
        cells: list[str] = []
        own = [cell for cell in row if cell.tag in ("td", "th")]
        for cell in own:
            while (number, len(cells)) in spans:
                cells.append(spans[number, len(cells)])
            words, wide, high = _words(cell), _span(cell, "colspan"), _span(cell, "rowspan")
            for column in range(len(cells), len(cells) + wide):
                for below in range(1, high):
                    spans[number + below, column] = words
            cells += [words] * wide
        while (number, len(cells)) in spans:
            cells.append(spans[number, len(cells)])
        inside = any(one.tag == "thead" for one in row.iterancestors("thead", "table"))
        if heads == number and own and (inside or all(cell.tag == "th" for cell in own)):
            heads += 1
        rows.append(cells)
    return rows, heads or None


def _span(cell: Any, name: str) -> int:
    told = (cell.get(name) or "1").strip()
    return min(WIDEST, int(told)) if told.isascii() and told.isdigit() and int(told) else 1


def _words(cell: Any) -> str:
    return " ".join(" ".join(cell.itertext()).split())


def _replace(table: Any, lines: list[str]) -> None:
    parent = table.getparent()
    if parent is None:
        return
    block = table.makeelement("div")
    for line in lines:
        paragraph = table.makeelement("p")
        paragraph.text = line
        block.append(paragraph)
    block.tail = table.tail
    parent.replace(table, block)
