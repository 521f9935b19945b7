"""Which cell of a table answers: rows are lines of "head: cell" pairs, and a question names a row and a column by their words.

A reader of running text takes a figure beside the right one. Here words of the question that stand in a row, and in a
head, are weighed by how few rows and heads have them; the reader judges what is left, each cell by itself with its head.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..language.lines import TABLE_ROW, is_row
from ..language.stems import stem
from ..language.words import is_function_word, names
from ..plugins import Reader
from ..schema import Hit, Passage, Reading, SentenceScore
from .log_odds import log_odds

TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+")
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
FIGURE = re.compile(r"\d")
EMPTY = re.compile(r"[–—-]|n/?a|\.\.\.?|…|k\. ?A\.", re.IGNORECASE)
_CARDINALS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
NUMBERS = {word: str(at) for at, word in enumerate(_CARDINALS)} | {
    word: str(at) for at, word in enumerate(_ORDINALS, 1)
}
SUMS = frozenset("total altogether together overall whole entire sum combined all".split())
FOR_FIGURE = re.compile(
    r"\bhow (?:many|much|big|large|long|high|far|old|did|do)\b|\bwhen\b|\bwhat time\b|\bwhat .{0,30}\b(?:cost|earn|pay)\b|"
    r"\bwhat(?:'s| is| was| were| will)? (?:the )?(?:[\w-]+ )?"
    r"(?:share|percentage|price|value|level|time|salary|score|figure|number|total|average|mean|pay|rent|quota|cost|fee|rate)\b",
    re.IGNORECASE,
)
FOR_WORDS = re.compile(r"\bwho\b|\bwhose\b|\bwhere\b|\bcalled\b|\bname\b|\bwhich (?!year|month|quarter)", re.IGNORECASE)
# Chosen on tables t01 to t14 of eval/cases/tables.jsonl, where none of them changes much by half or double.
MISSING_IN_KEY, WHOLE_KEY, MISSING_IN_HEAD, WHOLE_HEAD = 0.3, 0.3, 0.3, 0.5
OF_THE_KIND, KEY_ITSELF, SAID, READ, OF_THE_TABLE = 1.0, 0.5, 0.7, 0.15, 0.6
MOST_CELLS = 24  # that the reader judges
SURE, UNSURE, NONE = 0.97, 0.6, 0.01
LEAST_ODDS = -2.0  # of a cell whose head the question does not name
LEAST_ODDS_IN_ROW = -6.0  # of one whose row it names in full


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, `text[start:end]` of a passage, under its `head`, in the row `text[row[0]:row[1]]`."""

    head: str
    words: str
    start: int
    end: int
    row: tuple[int, int]
    column: int


@dataclass(frozen=True, slots=True)
class Match:
    """How well a question names the row and the column of a cell, and whether the cell is of the kind asked for.

    `whole`: each word of the row's first cell stands in the question.
    """

    cell: Cell
    reading: int
    row: float
    column: float
    kind: float
    table: float
    whole: bool

    @property
    def total(self) -> float:
        return self.row + self.column + self.kind + self.table


def with_best_cell(question: str, readings: Sequence[Reading], reader: Reader) -> list[Reading]:
    """Return the readings with the cell that answers first, where the question names a row and a column of a table.

    `readings` are best first. One whose best sentence is no row, and answers, stays before all cells.
    """
    rows = {at: rows_of(reading.hit.passage.text) for at, reading in enumerate(readings)}
    rows = {at: own for at, own in rows.items() if own}
    if not rows or (readings[0].score >= UNSURE and not is_row(readings[0].sentence)):
        return list(readings)
    matches = sorted(_matches(question, readings, rows), key=lambda one: -one.total)[:MOST_CELLS]
    matches = [one for one in matches if one.row > 0]
    if not matches:
        return list(readings)
    judged = _judged(question, [(one, readings[one.reading]) for one in matches], reader)
    best, odds = max(zip(matches, judged, strict=True), key=lambda pair: pair[0].total + READ * pair[1])
    chance = _chance(question, best, readings[best.reading].hit, odds)
    if chance is None:
        return list(readings)
    first = _answered(readings[best.reading], best.cell, chance)
    rest = [replace(one, score=min(one.score, chance)) for at, one in enumerate(readings) if at != best.reading]
    return sorted([first, *rest], key=lambda reading: -reading.score)


def rows_of(text: str) -> list[list[Cell]]:
    """Return the rows of tables in a text, each with its cells.

    A table has two rows at least, which share a head: "Ann (Korean: 안; born 1955)" is a sentence.
    """
    rows = [list(_cells(found)) for found in TABLE_ROW.finditer(text)]
    shared = Counter(head for row in rows for head in {cell.head for cell in row if cell.head})
    return [row for row in rows if any(shared[cell.head] > 1 for cell in row)]


def _cells(row: re.Match[str]) -> Iterator[Cell]:
    at = row.start()
    for column, pair in enumerate(row.group().removesuffix(".").split("; ")):
        head, colon, cell = pair.partition(": ")
        start = at + (len(head) + len(colon) if colon else 0)
        yield Cell(head if colon else "", cell if colon else head, start, at + len(pair), row.span(), column)
        at += len(pair) + 2


def _matches(question: str, readings: Sequence[Reading], rows: dict[int, list[list[Cell]]]) -> Iterator[Match]:
    asked = _plain(question)
    tables: dict[str, list[int]] = defaultdict(list)
    for at in rows:
        tables[readings[at].hit.passage.article_id].append(at)
    for places in tables.values():
        own = [row for at in places for row in rows[at]]
        in_rows = Counter(token for row in own for token in {one for cell in row for one in tokens(cell.words)})
        named = {cell.head for row in own for cell in row}
        heads = Counter(token for head in named for token in set(tokens(head)))
        hits = [readings[at].hit for at in places]
        about = set(tokens(" ".join((hits[0].title, *(TABLE_ROW.sub(" ", hit.passage.text) for hit in hits)))))
        table = OF_THE_TABLE * len(asked & about)
        for at in places:
            for row in rows[at]:
                for cell in row:
                    yield Match(
                        cell,
                        at,
                        _row_named(asked, row, cell, in_rows, len(own)),
                        _column_named(asked, cell, heads, len(named)),
                        _of_the_kind(question, asked, cell),
                        table,
                        cell.column > 0 and _plain(row[0].words) <= asked,
                    )


def _row_named(asked: set[str], row: Sequence[Cell], cell: Cell, in_rows: Counter[str], count: int) -> float:
    """Figures name a row only where they stand in its first cell."""
    others = {token for other in row if other is not cell for token in tokens(other.words) if other.column == 0 or not token.isdigit()}  # fmt: skip
    named = sum(math.log((count + 1) / in_rows[token]) for token in asked & others)
    key = _plain(row[0].words)
    return named - (MISSING_IN_KEY * len(key - asked) - WHOLE_KEY * bool(key and key <= asked)) * (cell.column > 0)


def _column_named(asked: set[str], cell: Cell, heads: Counter[str], count: int) -> float:
    own = set(tokens(cell.head))
    plain = _plain(cell.head)
    named = sum(math.log((count + 1) / heads[token]) for token in asked & own)
    return named - MISSING_IN_HEAD * len(plain - asked) + WHOLE_HEAD * bool(plain and plain <= asked)


def _of_the_kind(question: str, asked: set[str], cell: Cell) -> float:
    figure = FIGURE.search(cell.words) is not None or EMPTY.fullmatch(cell.words) is not None
    kind = 0.0
    if FOR_FIGURE.search(question):
        kind = OF_THE_KIND * (figure - 0.5 * (cell.column == 0))
    elif FOR_WORDS.search(question):
        kind = OF_THE_KIND * (not figure)
    said = not figure and any(token in asked for token in tokens(cell.words) if not is_function_word(token))
    return kind - KEY_ITSELF * (cell.column == 0) - SAID * said


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


def _chance(question: str, match: Match, hit: Hit, odds: float) -> float | None:
    """Return how likely the cell answers; None where the question names something that the table does not have."""
    text, cell = hit.passage.text, match.cell
    row = text[cell.row[0] : cell.row[1]]
    first = TABLE_ROW.search(text)
    told = set(tokens(f"{row} {cell.head} {hit.title} {text[: first.start()] if first else ''}"))
    everywhere = set(tokens(f"{hit.title} {text}"))
    if EMPTY.fullmatch(cell.words):
        return NONE
    if match.whole and match.column > 0:
        return SURE
    if any(token not in told for token in TOKEN.findall(question) if YEAR.fullmatch(token)):
        return NONE if match.table > 0 else None
    if any(token not in everywhere for name in names(question) for token in tokens(name) if len(token) > 1):
        return None
    if match.column > 0:
        return SURE
    return UNSURE if odds > (LEAST_ODDS_IN_ROW if match.whole else LEAST_ODDS) else NONE


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


def _plain(words: str) -> set[str]:
    """Return the tokens that carry meaning; all, where none does."""
    found = set(tokens(words))
    return {token for token in found if not is_function_word(token)} or found


def tokens(words: str) -> list[str]:
    """Return the words as stems, numbers in figures, and one word for all that ask for a sum."""
    return [_token(word) for word in TOKEN.findall(words.casefold())]


def _token(word: str) -> str:
    if word[0].isdigit():
        return word
    return "total" if word in SUMS else NUMBERS.get(word) or stem(word)
