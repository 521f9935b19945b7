"""How well a question names the row and the column of a cell: by the words that it shares with them, weighed by how few have them.

Each word of a question names one thing: what names the column names no row, and what names the whole table says little.
Where a table lacks a word, one that means the same in tables, or has the same root, stands in for it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..language.lines import TABLE_ROW
from ..language.words import is_function_word
from .cell_nearness import IN_BRACKETS, Nearness
from .cell_times import CLOCK, fits_part_of_day, is_time, latest_of, months_of, times_meant
from .cell_words import TOKEN, abbreviates, meaning, one_root, same_in_tables, spelt, token_of, tokens
from .ranges import figures_within, range_of

FIGURE = re.compile(r"\d")
MARK = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹⁰]+|[*†‡]+")
NOTE = re.compile(r"^([¹²³⁴⁵⁶⁷⁸⁹⁰]+|[*†‡]+)\s+(\S.{0,200})$", re.MULTILINE)
EMPTY = re.compile(r"[–—-]|n/?a|\.\.\.?|…|k\. ?A\.", re.IGNORECASE)
AS_FIGURE = re.compile(r"free|none|nil|no|yes|closed", re.IGNORECASE)  # where others have a figure
ASKED = re.compile(
    r"\b(?:what|which|how (?:many|much))\b(?:(?:'s|’s| is| was| are| were| will be)? the)?((?: [\w-]+){1,4})"
)
HOW_MANY = re.compile(r"\bhow many ([^\W\d_]{3,})(?![\w-])")
ANYBODY = frozenset(tokens("people persons inhabitants times thousand million percent others more per different"))
WHICH = re.compile(r"\bwhich ([\w-]+)")
RANK = ("#", "No.", "Nr.", "Pos", "Pos.", "Pl.")
FOR_FIGURE = re.compile(
    r"\bhow (?:many|much|big|large|long|high|far|old|did|do)\b|\bwhen\b|\bwhat time\b|\bwhat .{0,30}\b(?:cost|earn|pay)\b|"
    r"\bwhat(?:'s| is| was| were| will)? (?:the )?(?:[\w-]+ )?"
    r"(?:share|percentage|price|value|level|time|salary|score|figure|number|total|average|mean|pay|rent|quota|cost|fee|rate)\b",
    re.IGNORECASE,
)
FOR_WORDS = re.compile(r"\bwho\b|\bwhose\b|\bwhere\b|\bcalled\b|\bname\b|\bwhich (?!year|month|quarter)", re.IGNORECASE)
FOR_TIME = re.compile(r"\bwhen\b|\bwhat time\b", re.IGNORECASE)
FOR_AMOUNT = re.compile(r"\bhow (?:many|much|big|large|high|deep|far|heavy|wide)\b", re.IGNORECASE)
# Chosen on tables t01 to t30 of eval/cases/tables.jsonl, where none of them changes much by half or double.
MISSING_IN_KEY, WHOLE_KEY, MISSING_IN_HEAD, WHOLE_HEAD = 0.3, 0.3, 0.3, 0.5
OF_THE_KIND, KEY_ITSELF, SAID, OF_THE_TABLE = 1.0, 0.5, 0.7, 0.6
IN_TITLE = 0.3  # times as much a word of the title tells of a row
ASKED_FOR = 0.7  # the head of the column stands right behind "what" or "how many"
NAMED_BETTER = 0.5  # by so much, a column in which the row has no cell
ANOTHER_HEAD = 2.0  # a cell that stands under another head than "which" asks for
IN_TIME = 1.0  # the latest of several times, where the question wants that
NEWEST = 0.1  # the last of several years, where the question names none
STANDING_IN = 0.8  # times as much a word that stands in for the typed one names a column
MANY_HEADS = 3  # by which one row is known


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

    `reading` is the number of the passage it stands in. `whole`: each word of the row's first cell stands in the question,
    or it is a range in which figures of the question lie: those are `ranged`. `blank`: it names another column better, in
    which the row has no cell. `near`: how much nearer its row and column stand to the question in meaning than the others.
    """

    cell: Cell
    reading: int
    row: float
    column: float
    kind: float
    table: float
    whole: bool
    ranged: frozenset[str] = frozenset()
    blank: bool = False
    near: float = 0.0

    @property
    def total(self) -> float:
        return self.row + self.column + self.kind + self.table + self.near


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of an article that the hits hold, by the number of the passage, and the words around them."""

    title: str
    rows: dict[int, list[list[Cell]]]
    notes: dict[str, list[str]]  # the tokens of the note of each mark
    around: frozenset[str]  # tokens of the title and of what is no row
    in_rows: Counter[str]  # in how many rows a token stands
    heads: dict[str, Counter[str]]  # the tokens of each head
    in_heads: Counter[str]  # in how many heads a token stands
    above: str  # the first row: as a rule, the caption
    everywhere: frozenset[str]  # tokens of the title and of all passages


def rows_of(text: str) -> list[list[Cell]]:
    """Return the rows of tables in a text, each with its cells."""
    return rows_by_passage({0: text})[0]


def rows_by_passage(texts: Mapping[int, str]) -> dict[int, list[list[Cell]]]:
    """Return the rows of tables in the passages of an article, by the number of the passage.

    A table has two rows at least, in any of the passages, which share a head: "Ann (Korean: 안; born 1955)" is a sentence.
    The rest of a table in a passage by itself may be one row, told by its many heads.
    """
    rows = {at: [list(_cells(found)) for found in TABLE_ROW.finditer(text)] for at, text in texts.items()}
    shared = Counter(head for own in rows.values() for row in own for head in {cell.head for cell in row if cell.head})
    return {at: [row for row in own if _in_table(row, shared)] for at, own in rows.items()}


def _in_table(row: Sequence[Cell], shared: Counter[str]) -> bool:
    return any(shared[cell.head] > 1 for cell in row) or (len(row) >= MANY_HEADS and all(cell.head for cell in row))


def table_of(title: str, texts: Mapping[int, str], words: str) -> Table:
    """Return the table of an article; `texts` are the passages with rows, in their order, each by its number.

    `words` are those of all its passages: the notes may stand in another.
    """
    rows = {at: found for at, found in rows_by_passage(texts).items() if found}
    own = [row for some in rows.values() for row in some]
    outside = " ".join(TABLE_ROW.sub(" ", text) for text in texts.values())
    notes = {mark: meaning(note) for mark, note in NOTE.findall(words)}
    heads = {cell.head: Counter(_tokens_of_head(cell.head, notes)) for row in own for cell in row}
    _sums_named(heads)
    first = next(iter(rows), None)
    return Table(
        title,
        rows,
        notes,
        frozenset(tokens(f"{title} {outside}")),
        Counter(token for row in own for token in {one for cell in row for one in tokens(cell.words)}),
        heads,
        Counter(token for found in heads.values() for token in found),
        texts[first][: rows[first][0][0].row[0]] if first is not None else "",
        frozenset(tokens(" ".join([title, *texts.values()]))),
    )


def _sums_named(heads: Mapping[str, Counter[str]]) -> None:
    """Add "total" to a head that has the words of several others, "zones 1–2", and to "year" beside its quarters."""
    for head, found in heads.items():
        parts = [set(one) for name, one in heads.items() if name != head and one and set(one) < set(found)]
        if len(parts) > 1 and set().union(*parts) == set(found):
            found["total"] += 1
    quarters = [head for head, found in heads.items() if found["quarter"]]
    for found in heads.values():
        if len(quarters) > 1 and set(found) == {token_of("year")}:
            found["total"] += 1


def matches_of(question: str, table: Table, nearness: Nearness | None = None) -> Iterator[Match]:
    """Yield for each cell of a table how well a question names it; without `nearness`, by its words alone."""
    typed = set(meaning(question))
    asked = Counter(_standing_in(meaning(question), table, question))
    wanted = set(_standing_in(asked_for(question), table, question))
    told = frozenset(tokens(table.title))
    about = OF_THE_TABLE * len(set(asked) & table.around)
    times = times_meant(question, list(table.heads))
    newest = latest_of(question, list(table.heads))
    moments = times_meant(question, [row[0].words for rows in table.rows.values() for row in rows])
    count = sum(map(len, table.rows.values()))
    which = _heads_asked_for(question, table)
    near = _near(question, table, nearness) if nearness else {}
    columns = {head: _column_named(set(asked), wanted, head, table, typed) for head in table.heads}
    for at, rows in table.rows.items():
        for row in rows:
            own = {cell.head for cell in row}
            missing = max((score for head, score in columns.items() if head not in own), default=0.0)
            for cell in row:
                head = table.heads[cell.head]
                # A word that names the column is spent on it.
                left = {token for token, number in asked.items() if number > (cell.column > 0 and token in head)}
                within = range_of(row[0].words) if cell.column else None
                ranged = frozenset(figures_within(question, within) if within else ()) - set(head)
                column = columns[cell.head]
                yield Match(
                    cell,
                    at,
                    _row_named(left, row, cell, table, told, count)
                    + IN_TIME * (row[0].words in moments)
                    + math.log(count + 1) * (bool(ranged) or (bool(which) and _holds_figure(row, typed))),
                    column + IN_TIME * (cell.head in times) + NEWEST * (cell.head in newest),
                    _of_the_kind(question, left, cell) - ANOTHER_HEAD * (bool(which) and cell.head not in which),
                    about,
                    cell.column > 0 and (bool(ranged) or _key(row) <= left),
                    ranged,
                    missing > max(column, 0.0) + NAMED_BETTER,
                    near.get(("", cell.head), 0.0) + (cell.column > 0) * near.get((row[0].words, ""), 0.0),
                )


def _near(question: str, table: Table, nearness: Nearness) -> dict[tuple[str, str], float]:
    """Return how near each (first cell, "") and ("", head) stands; a word that names one of them is spent on it."""
    keys = list(dict.fromkeys(row[0].words for rows in table.rows.values() for row in rows))
    title = set(tokens(table.title))
    in_keys = {token for key in keys for token in tokens(key)}
    heads = nearness.of(question, table.heads, spent=title | in_keys)
    firsts = nearness.of(question, keys, spent=title | set(table.in_heads))
    return {("", head): value for head, value in heads.items()} | {(key, ""): value for key, value in firsts.items()}


def _heads_asked_for(question: str, table: Table) -> frozenset[str]:
    """Return the heads that stand right behind "which": its answer stands under one of them."""
    named = {token for phrase in WHICH.findall(question.casefold()) for token in tokens(phrase)}
    return frozenset(head for head in table.heads if named & set(meaning(head)))


def _holds_figure(row: Sequence[Cell], typed: set[str]) -> bool:
    """Tell whether the question has a figure of the row and the head that it stands under: "six golds"."""
    return any(
        cell.words in typed and bool(typed & set(tokens(cell.head)))
        for cell in row
        if cell.column and FIGURE.search(cell.words)
    )


def counts_what_is_not_there(question: str, head: str, table: Table) -> bool:
    """Tell whether a question counts something ("how many jobs") on which article and table have no word.

    A head that it names in full tells enough: "how many pupils passed".
    """
    asked = set(_standing_in(meaning(question), table, question))
    counted = {token for word in HOW_MANY.findall(question.casefold()) for token in meaning(word)} - ANYBODY
    found = any(one in table.everywhere for one in _standing_in(sorted(counted), table, question))
    return bool(counted) and not found and not set(meaning(head)) <= asked


def asked_for(question: str) -> list[str]:
    """Return the tokens of what a question asks for: the words behind "what", "which", "how many", up to one without meaning."""
    found: list[str] = []
    for phrase in ASKED.findall(question.casefold()):
        for word in phrase.split():
            if is_function_word(word):
                break
            found += tokens(word)
    return found


def _standing_in(asked: Sequence[str], table: Table, question: str) -> Iterator[str]:
    """Yield each token of a question as the table has it."""
    known = set(table.in_heads) | set(table.in_rows)
    words = [word for word in TOKEN.findall(spelt(question)) if not is_function_word(word)]
    for token in asked:
        if token in known or token[0].isdigit():
            yield token
        elif same := sorted(same_in_tables().get(token, frozenset()) & known):
            yield from same
        elif root := next((one for one in sorted(known) if one_root(one, token)), None):
            yield root
        else:
            own = [word for word in words if token_of(word) == token and token not in table.around]
            short = [head for head in table.heads if any(abbreviates(head, word) for word in own)]
            yield from tokens(max(short, key=len)) if short else [token]


def _tokens_of_head(head: str, notes: dict[str, list[str]]) -> list[str]:
    """Return the tokens of a head, and those of the notes whose marks it bears."""
    rank = ["rank"] if head.strip() in RANK else []
    return (
        tokens(head) + rank + months_of(head) + [token for mark in MARK.findall(head) for token in notes.get(mark, [])]
    )


def _row_named(
    asked: set[str], row: Sequence[Cell], cell: Cell, table: Table, title: frozenset[str], count: int
) -> float:
    """Figures name a row only where they stand in its first cell."""
    others = {token for other in row if other is not cell for token in tokens(other.words) if other.column == 0 or not token.isdigit()}  # fmt: skip
    named = sum(
        (IN_TITLE if token in title else 1) * math.log((count + 1) / table.in_rows[token])
        for token in asked & others
        if table.in_rows[token]
    )
    key = _key(row)
    return named - (MISSING_IN_KEY * len(key - asked) - WHOLE_KEY * bool(key and key <= asked)) * (cell.column > 0)


def _key(row: Sequence[Cell]) -> set[str]:
    """Return the tokens of a row's first cell; what stands in brackets counts only where nothing else does."""
    return set(meaning(IN_BRACKETS.sub(" ", row[0].words)) or meaning(row[0].words))


def _column_named(asked: set[str], wanted: set[str], words: str, table: Table, typed: set[str]) -> float:
    """What stands in brackets, or in a note, need not be named: units, as a rule. A word that is not `typed` stands in for one."""
    head = table.heads[words]
    plain = set(meaning(IN_BRACKETS.sub(" ", words))) or set(head)
    weights = {token: 1.0 if token in typed else STANDING_IN for token in asked & set(head)}
    named = sum(weight * math.log((len(table.heads) + 1) / table.in_heads[token]) for token, weight in weights.items())
    behind = ASKED_FOR * bool(wanted & plain)
    return named + behind - MISSING_IN_HEAD * len(plain - asked) + WHOLE_HEAD * bool(plain and plain <= asked)


def _of_the_kind(question: str, asked: set[str], cell: Cell) -> float:
    figure = any(
        found for found in (FIGURE.search(cell.words), EMPTY.fullmatch(cell.words), AS_FIGURE.fullmatch(cell.words))
    )
    kind = 0.0
    if FOR_FIGURE.search(question):
        kind = OF_THE_KIND * (figure - 0.5 * (cell.column == 0))
    elif FOR_WORDS.search(question):
        kind = OF_THE_KIND * (-1 if figure else 1)
    clock = CLOCK.fullmatch(cell.words) is not None
    kind += OF_THE_KIND / 2 * (clock * bool(FOR_TIME.search(question)) - clock * bool(FOR_AMOUNT.search(question)))
    if FOR_TIME.search(question):
        kind += OF_THE_KIND * (is_time(cell.words) - 1 + fits_part_of_day(question, cell.words))
    said = not figure and any(token in asked for token in meaning(cell.words))
    return kind - KEY_ITSELF * (cell.column == 0) - SAID * said


def _cells(row: re.Match[str]) -> Iterator[Cell]:
    at = row.start()
    for column, pair in enumerate(row.group().removesuffix(".").split("; ")):
        head, colon, cell = pair.partition(": ")
        start = at + (len(head) + len(colon) if colon else 0)
        yield Cell(head if colon else "", cell if colon else head, start, at + len(pair), row.span(), column)
        at += len(pair) + 2
