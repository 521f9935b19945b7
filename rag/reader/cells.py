"""Which cell of a table answers: rows are lines of "head: cell" pairs, and a question names a row and a column by their words.

A reader of running text takes a figure beside the right one. Here words of the question that stand in a row, and in a
head, are weighed by how few rows and heads have them; the reader judges what is left, each cell by itself with its head.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ..language.lines import TABLE_ROW, is_row
from ..language.words import names
from ..plugins import Reader
from ..schema import Hit, Passage, Reading, SentenceScore
from .cell_matching import (
    EMPTY,
    FOR_TIME,
    Cell,
    Match,
    Table,
    asked_for,
    counts_what_is_not_there,
    matches_of,
    table_of,
)
from .cell_nearness import Nearness
from .cell_times import CLOCK, DAY_OR_MONTH, YEAR, is_time
from .cell_words import TOKEN, token_of, tokens
from .log_odds import log_odds

FOR_SIZE = re.compile(r"\bhow (?:high|deep|far|heavy|wide|large|big)\b", re.IGNORECASE)  # no hour is
READ = 0.15  # what the reader's log-odds of a cell count beside its match
MOST_CELLS = 24  # that the reader judges
SURE, UNSURE, NONE = 0.97, 0.6, 0.01
LEAST_ODDS = -2.0  # of a cell whose head the question does not name
LEAST_ODDS_IN_ROW = -6.0  # of one whose row it names in full


def with_best_cell(
    question: str, readings: Sequence[Reading], reader: Reader, nearness: Nearness | None = None
) -> list[Reading]:
    """Return the readings with the cell that answers first, where the question names a row and a column of a table.

    `nearness` finds names that the question says in other words. `readings` are best first. One whose best sentence is no row, and answers, stays before all cells.
    """
    if readings and readings[0].score >= UNSURE and not is_row(readings[0].sentence):
        return list(readings)
    of_article: dict[str, dict[int, Passage]] = defaultdict(dict)
    for at, reading in sorted(enumerate(readings), key=lambda pair: pair[1].hit.passage.start):
        if TABLE_ROW.search(reading.hit.passage.text):
            of_article[reading.hit.passage.article_id][at] = reading.hit.passage
    tables = [
        table_of(
            readings[min(own)].hit.title,
            {at: passage.text for at, passage in own.items()},
            _words_of(article, readings),
        )
        for article, own in of_article.items()
    ]
    of_reading = {at: table for table in tables for at in table.rows}
    matches = sorted(
        (one for table in tables for one in matches_of(question, table, nearness)), key=lambda one: -one.total
    )
    matches = [one for one in matches[:MOST_CELLS] if one.row > 0]
    if not matches:
        return list(readings)
    judged = _judged(question, [(one, readings[one.reading]) for one in matches], reader)
    best, odds = max(zip(matches, judged, strict=True), key=lambda pair: pair[0].total + READ * pair[1])
    chance = _chance(question, best, readings[best.reading].hit, of_reading[best.reading], odds)
    if chance is None:
        return list(readings)
    first = _answered(readings[best.reading], best.cell, chance)
    rest = [replace(one, score=min(one.score, chance)) for at, one in enumerate(readings) if at != best.reading]
    return sorted([first, *rest], key=lambda reading: -reading.score)


def _words_of(article_id: str, readings: Sequence[Reading]) -> str:
    """Return the words of all passages of an article: the note of a mark may stand in another than its row."""
    return "\n".join(one.hit.passage.text for one in readings if one.hit.passage.article_id == article_id)


def _judged(question: str, matches: Sequence[tuple[Match, Reading]], reader: Reader) -> list[float]:
    """Return the reader's log-odds of each cell, read alone with its head and the first cell of its row."""
    hits = []
    for rank, (match, reading) in enumerate(matches, start=1):
        text = reading.hit.passage.text
        key = text[match.cell.row[0] : match.cell.row[1]].partition("; ")[0]
        words = f"{key}; {match.cell.head}: {match.cell.words}." if match.cell.column else f"{key}."
        passage = Passage(reading.hit.passage.article_id, 0, len(words), words, "body", ((0, len(words)),))
        hits.append(replace(reading.hit, passage=passage, rank=rank))
    scores = {reading.hit.rank: reading.score for reading in reader.read(question, hits)}
    return [2 * log_odds(scores[hit.rank]) for hit in hits]


def _chance(question: str, match: Match, hit: Hit, table: Table, odds: float) -> float | None:
    """Return how likely the cell answers; None where the question names something that the table does not have."""
    cell = match.cell
    everywhere = table.everywhere
    if EMPTY.fullmatch(cell.words) or (match.blank and match.whole):
        return NONE
    if FOR_TIME.search(question) and not is_time(cell.words):
        return NONE
    if FOR_SIZE.search(question) and CLOCK.fullmatch(cell.words):
        return NONE
    if any(token not in _years_told(match, hit, table) for token in TOKEN.findall(question) if YEAR.fullmatch(token)):
        return NONE if match.table > 0 else None
    if any(
        number not in everywhere | match.ranged
        for number in tokens(question)
        if len(number) > 1 and number[0].isdigit()
    ):
        return NONE if match.table > 0 else None
    if counts_what_is_not_there(question, cell.head, table):
        return NONE
    if any(word not in everywhere for word in _proper_words(question)):
        return NONE if match.whole and match.table > 0 else None
    if match.whole and match.column > 0:
        return SURE
    if any(token not in everywhere for name in names(question) for token in tokens(name) if len(token) > 1):
        return None
    if match.column > 0:
        return SURE
    wanted = set(asked_for(question))
    told = match.whole and (not wanted or bool(wanted & everywhere))  # else "how many jobs", and no word on jobs
    return UNSURE if odds > (LEAST_ODDS_IN_ROW if told else LEAST_ODDS) else NONE


def _proper_words(question: str) -> set[str]:
    """Return the tokens of the names in a question, but for figures, days and months, which other rules weigh."""
    found = (word for name in names(question) for word in TOKEN.findall(name.casefold()))
    return {token_of(word) for word in found if len(word) > 2 and word[0].isalpha() and not DAY_OR_MONTH.match(word)}


def _years_told(match: Match, hit: Hit, table: Table) -> set[str]:
    """Return the tokens that tell of when a cell is: its row, head and title; the words above too, if no head or row has a year."""
    cell, above = match.cell, table.above
    own_row = next((row for row in table.rows[match.reading] if row[0].row == cell.row), [])
    told = set(tokens(" ".join([*(one.words for one in own_row), cell.head, hit.title])))
    own = set(table.in_heads) | {
        token for rows in table.rows.values() for row in rows for token in tokens(row[0].words)
    }
    years = {token for token in own if YEAR.fullmatch(token)}
    if len(years) == 1:  # that of all columns, also of their sum
        told |= years
    if len(years) > 1:
        above = (above.strip().splitlines() or [""])[-1]  # the caption
    return told | set(tokens(above))


def _answered(reading: Reading, cell: Cell, chance: float) -> Reading:
    """Return the reading with the cell as its words and its row as its best sentence."""
    start = reading.hit.passage.start
    sentences = tuple(
        SentenceScore(
            one.start, one.end, chance if one.start <= start + cell.start < one.end else min(one.score, 0.2 * chance)
        )
        for one in reading.sentences
    )
    short = (start + cell.start, start + cell.end)
    return replace(reading, score=chance, sentences=sentences, short=short)
