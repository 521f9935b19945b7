"""Which cell of a table answers, with a reader that knows nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from rag.loading.tables import lines_of_table
from rag.reader.cell_matching import rows_of
from rag.reader.cell_nearness import Nearness
from rag.reader.cells import with_best_cell
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


def hit_of(rows: list[str], *, title: str, start: int = 100, before: str = PROSE) -> Hit:
    notes = [row for row in rows if "|" not in row]
    found = [before, *lines_of_table([row.split("|") for row in rows if "|" in row]), *notes]
    text = "\n".join(found)
    ends = [text.index(line) + len(line) for line in found]
    sentences = tuple((start + end - len(line), start + end) for end, line in zip(ends, found, strict=True))
    passage = Passage("a", start, start + len(text), text, "body", sentences)
    return Hit(passage, 1, 1.0, title, None, None, "a.txt", 0.5, 1.0)


def best(question: str, rows: list[str], *, score: float = 0.3, before: str = PROSE) -> tuple[str, Reading]:
    hit = hit_of(rows, title="Fares and games of Valmere", before=before)
    first, *_ = with_best_cell(question, [reading(hit, score)], Indifferent())
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


LEAGUE = ["Club|P|W|L|Pts", "Moos|18|9|4|32", "Thur|18|2|14|8"]
TAX = ["Income (francs)|Rate", "up to 20,000|2.0", "20,001–50,000|6.5", "over 50,000|11.2"]
AGES = ["Group|Against", "Under 30|58", "30 to 59|43", "60 and over|37"]
BOATS = ["Port|Boat 1|Boat 7¹", "Gilleholm|06:10|19:05", "Lyngholm|06:35|19:40"]
TIDES = ["Day|High (time)|High (m)", "Fri 8|05:12|11.9", "Sat 9|05:58|12.6"]
PRICES = ["Grain|7 June|21 June|28 June", "Wheat|70,900|69,500|68,300", "Maize|74,300|75,100|76,000"]
RENTS = ["District|2022|2023|Change 2022–23", "Station|61|60|−1.6 %", "Vine Hill|57|63|+10.5 %"]
AID = ["Donor|Promised|Purpose", "Canavan Bank|120|harbour", "European fund|85|schools"]


@pytest.mark.parametrize(
    ("question", "rows", "cell"),
    [
        ("How many points does Moos have?", LEAGUE, "32"),
        ("How many games did Thur lose?", LEAGUE, "14"),
        ("What is the rate on 34,000 francs?", TAX, "6.5"),
        ("What is the rate for more than 50,000 francs?", TAX, "11.2"),
        ("How many of those over sixty are against?", AGES, "37"),
        ("When does the Friday boat leave Lyngholm?", [*BOATS, "¹ Fridays only"], "19:40"),
        ("How high is the tide on Saturday?", TIDES, "12.6"),
        ("At what time is high tide on Friday?", TIDES, "05:12"),
        ("What was the price of wheat at the end of June?", PRICES, "68,300"),
        ("By how much did rents fall in Station?", RENTS, "−1.6 %"),
        ("What is the purpose of the money of the Canavan Bank?", AID, "harbour"),
    ],
)
def test_a_question_names_row_and_column_in_its_own_words(question: str, rows: list[str], cell: str) -> None:
    assert best(question, rows)[0] == cell


QUARTERS = ["Ships|Q1 2023|Q2 2023|Q4 2023|Year", "Tankers|310|284|402|996", "Ferries|20|25|30|75"]
RATES = ["Income|Until 2023|From 2024", "up to 50,000|9.1|8.7", "over 50,000|13.0|12.6"]
HIGH = ["Day|High 1 (time)|High 2 (time)", "Fri 8|05:12|17:33", "Sat 9|05:58|18:19"]
YEARS = ["Ward|2016|2020|2024", "Mill|64|63|55", "Quay|58|59|52"]


@pytest.mark.parametrize(
    ("question", "rows", "cell"),
    [
        ("How many tankers came from October to December 2023?", QUARTERS, "402"),
        ("How many ferries came in the whole of 2023?", QUARTERS, "75"),
        ("What is the new rate for more than 50,000?", RATES, "12.6"),
        ("What was the old rate for more than 50,000?", RATES, "13.0"),
        ("When is high tide on Friday evening?", HIGH, "17:33"),
        ("What was the turnout in Mill?", YEARS, "55"),
        ("Which host saw four golds?", GAMES, "Tornvik"),
        ("What does a nine-year-old pay?", ["Visitor|Fee", "Child (4–15)|8.00", "Senior (65+)|10.50"], "8.00"),
    ],
)
def test_a_question_says_when_and_which_in_other_words_than_the_head(question: str, rows: list[str], cell: str) -> None:
    assert best(question, rows)[0] == cell


def test_a_question_for_a_time_is_not_answered_with_an_amount() -> None:
    assert best("When did the Canavan Bank promise its money?", AID)[1].score < 0.1


def test_what_is_counted_and_has_no_word_in_the_table_is_not_answered() -> None:
    staff = ["Hospital|Doctors needed|Nurses needed", "Brokvik|64|190", "Skar|128|402"]
    assert best("How many midwives are needed in Brokvik?", staff)[1].score < 0.1
    assert best("How many nurses are needed in Brokvik?", staff)[0] == "190"


def test_the_last_row_of_a_table_counts_where_a_new_passage_begins_with_it() -> None:
    first, last = (
        hit_of(FARES[:-1], title="Fares of Valmere"),
        hit_of([FARES[0], "Dog|0.80|1.00"], title="Fares of Valmere", start=900),
    )
    found = with_best_cell("What does a dog cost in zone 2?", [reading(first, 0.3), reading(last, 0.2)], Indifferent())[
        0
    ]
    assert found.short is not None
    assert found.hit.passage.text[found.short[0] - 900 : found.short[1] - 900] == "1.00"


def test_a_figure_that_names_the_column_names_no_row() -> None:
    scale = ["Band|Entry|After 5 years", "5|28,405|34,580", "6|35,390|42,620"]
    assert best("What does a band 6 nurse earn after five years?", scale)[0] == "42,620"


def test_a_row_without_a_cell_in_the_column_that_is_asked_for_answers_nothing() -> None:
    rates = ["Place|Buys at|Sells at", "Post office|1176|1219", "Hotel Sava|1140|"]
    assert best("At what rate does Hotel Sava sell?", rates)[1].score < 0.1


def test_a_year_in_the_words_around_is_no_year_of_a_table_that_has_others() -> None:
    before = "In 2021 Valmere built a hall.\nMedals of Valmere"
    assert best("How many bronze medals did Valmere win at Port Esk in 2021?", GAMES, before=before)[1].score < 0.1


def test_a_row_that_ends_in_a_word_is_a_row() -> None:
    assert len(rows_of("\n".join(lines_of_table([row.split("|") for row in AID])) + "\n")) == 2


def test_a_table_without_a_head_over_its_first_column_has_rows() -> None:
    zoo = ["|Weekday|Weekend", "St. Ann's class|14.50|17.00", "Student|11.00|13.00"]
    assert best("What does a student pay at the weekend?", zoo)[0] == "13.00"
    assert rows_of("He came; she: no.\nThey went; all: gone.\n") == []


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


class OfTwoKinds:
    """Knows that these words are of one kind each; any other text is of none."""

    name, dimension = "two kinds", 3
    kinds = ("loud noise", "price cost")

    def embed_query(self, text: str) -> np.ndarray:
        kinds = [float(any(word in kind.split() for word in text.split())) for kind in self.kinds]
        row = np.array([*kinds, float(not any(kinds))], np.float32)
        return row / np.linalg.norm(row)

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self.embed_query(text) for text in texts])


def test_a_column_is_found_by_a_word_that_means_what_its_head_says() -> None:
    rows = ["Model|Price (euros)|Noise (dB)", "Borsa|515|44", "Delfin|599|42"]
    hit = hit_of(rows, title="Dishwashers")
    question = "How loud is the Borsa among dishwashers?"
    [found] = with_best_cell(question, [reading(hit, 0.3)], Indifferent(), Nearness(OfTwoKinds()))
    assert found.short is not None
    assert hit.passage.text[found.short[0] - hit.passage.start : found.short[1] - hit.passage.start] == "44"


def test_a_place_that_no_article_names_is_answered_with_no_cell_of_the_row() -> None:
    rows = ["From|To|Leaves", "Orsund|Hest|06:40", "Hest|Orsund|08:30"]
    hit = hit_of(rows, title="Ferries of Orsund", before="The Tern sails from Orsund.")
    [found] = with_best_cell("When does the boat of Orsund leave for Skelvik?", [reading(hit, 0.3)], Indifferent())
    assert found.score < 0.3 or found.short is None
