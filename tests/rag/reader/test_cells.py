"""Which cell of a table answers, with a reader that knows nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.loading.tables import lines_of_table
from rag.reader.cells import rows_of, with_best_cell
from rag.schema import Hit, Passage, Reading, SentenceScore

FARES = ["Ticket|Zone 1|Zone 2", "Single|2.10|2.60", "Day ticket|5.80|6.90", "Monthly pass|61.00|74.00", "Dog|–|1.00"]
GAMES = ["Year|Host|Gold|Bronze", "2014|Lake Ulla|0|1", "2018|Port Esk|2|5", "2022|Tornvik|4|9", "All Games||6|15"]
PROSE = "Valmere raises its fares."


class Indifferent:
    name = "indifferent"

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        return [reading(hit, 0.5) for hit in hits]


def reading(hit: Hit, score: float) -> Reading:
    return Reading(hit, score, tuple(SentenceScore(*one, score) for one in hit.passage.sentences), None)


def hit_of(rows: list[str], *, title: str, start: int = 100) -> Hit:
    found = [PROSE, *lines_of_table([row.split("|") for row in rows])]
    text = "\n".join(found)
    ends = [text.index(line) + len(line) for line in found]
    sentences = tuple((start + end - len(line), start + end) for end, line in zip(ends, found, strict=True))
    passage = Passage("a", start, start + len(text), text, "body", sentences)
    return Hit(passage, 1, 1.0, title, None, None, "a.txt", 0.5, 1.0)


def best(question: str, rows: list[str], *, score: float = 0.3) -> tuple[str, Reading]:
    first, *_ = with_best_cell(
        question, [reading(hit_of(rows, title="Fares and games of Valmere"), score)], Indifferent()
    )
    if first.short is None:
        return "", first
    passage = first.hit.passage
    return passage.text[first.short[0] - passage.start : first.short[1] - passage.start], first


@pytest.mark.parametrize(
    ("question", "rows", "cell"),
    [
        ("How much is a monthly pass in zone 2 of Valmere?", FARES, "74.00"),
        ("What does a single ticket for zone 1 cost?", FARES, "2.10"),
        ("How many bronze medals were won in 2022?", GAMES, "9"),
        ("Where were the games of 2018 held?", GAMES, "Port Esk"),
        ("How many golds were won in 2014?", GAMES, "0"),
        ("How much gold was won altogether?", GAMES, "6"),
    ],
)
def test_the_cell_of_the_named_row_and_column_is_the_answer(question: str, rows: list[str], cell: str) -> None:
    found, first = best(question, rows)
    assert found == cell
    assert first.score > 0.5
    assert cell in first.sentence


def test_an_empty_cell_answers_nothing() -> None:
    assert best("What does a dog cost in zone 1?", FARES)[1].score < 0.1


def test_a_year_that_is_no_row_answers_nothing() -> None:
    assert best("How many golds did Valmere win at the games of 2026?", GAMES)[1].score < 0.1


def test_a_sure_reading_of_prose_stays_first() -> None:
    first = reading(hit_of(FARES, title="Fares"), 0.9)
    assert with_best_cell("Who raises its fares?", [first], Indifferent()) == [first]


def test_cells_are_stretches_of_the_text() -> None:
    text = "\n".join(lines_of_table([row.split("|") for row in FARES]))
    assert all(text[cell.start : cell.end] == cell.words for row in rows_of(text) for cell in row)
