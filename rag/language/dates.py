"""Dates in a text, as far as they are told."""

from __future__ import annotations

from dataclasses import dataclass

from .amounts import MONEY
from .stems import stem
from .tokens import Token, is_content, word_set

_MONTHS = """january february march april may june july august september october november december"""
MONTHS = {name: number for number, name in enumerate(_MONTHS.split(), start=1)} | {
    name[:3]: number for number, name in enumerate(_MONTHS.split(), start=1)
} | {"sept": 9}  # fmt: skip
_BEFORE_MAY = word_set("in of last since by until till early late mid this next from to and before after")
DAYS = word_set("monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow tonight")
_BEFORE_YEAR = _BEFORE_MAY | word_set("during around about circa for the a")
_RELATIVE = word_set("last this next previous coming past")
_PERIODS = word_set("week month year decade century night morning spring summer autumn winter weekend")
_ORDINAL_ENDINGS = ("st", "nd", "rd", "th")
_STEMMED_PERIODS = frozenset(stem(word) for word in _PERIODS)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as far as it is told; `phrase` holds what is no calendar date ("friday", "last year", "1990s")."""

    day: int | None
    month: int | None
    year: int | None
    phrase: str
    words: str

    def agrees(self, other: Moment) -> bool:
        """Return whether all that this date tells stands in the other."""
        mine = (self.day, self.month, self.year, self.phrase or None)
        theirs = (other.day, other.month, other.year, other.phrase or None)
        return all(part is None or part == there for part, there in zip(mine, theirs, strict=True))


def moments_of(text: str, tokens: tuple[Token, ...]) -> tuple[tuple[Moment, ...], frozenset[int]]:
    found: list[Moment] = []
    taken: set[int] = set()
    for index, token in enumerate(tokens):
        if index in taken:
            continue
        if _is_month(tokens, index):
            first, last, day, year = _around_month(tokens, index)
            month = MONTHS[token.word]
            found.append(Moment(day, month, year, "", text[tokens[first].start : tokens[last].end]))
            taken.update(range(first, last + 1))
        elif token.word in DAYS:
            found.append(Moment(None, None, None, token.word, token.text))
            taken.add(index)
        elif token.word in _RELATIVE and index + 1 < len(tokens) and tokens[index + 1].stem in _STEMMED_PERIODS:
            phrase = f"{token.word} {tokens[index + 1].stem}"
            found.append(Moment(None, None, None, phrase, f"{token.text} {tokens[index + 1].text}"))
    for index, token in enumerate(tokens):
        if index in taken or year_of(token) is None or _has_unit_of_money(text, token) or _counts(tokens, index):
            continue
        taken.add(index)
        if index + 1 < len(tokens) and tokens[index + 1].word == "s" and tokens[index + 1].start - token.end <= 1:
            found.append(Moment(None, None, None, token.word + "s", token.text + "s"))
            taken.add(index + 1)
        else:
            found.append(Moment(None, None, year_of(token), "", token.text))
    return tuple(found), frozenset(taken)


def _is_month(tokens: tuple[Token, ...], index: int) -> bool:
    token = tokens[index]
    if token.word not in MONTHS or not token.text[0].isupper():
        return False
    if token.word not in ("may", "march", "mar", "jan", "dec", "sept", "sep"):
        return True
    near = [tokens[place] for place in (index - 1, index + 1) if 0 <= place < len(tokens)]
    before = tokens[index - 1].word if index else ""
    return before in _BEFORE_MAY or any(_day(token) or year_of(token) for token in near)


def _around_month(tokens: tuple[Token, ...], index: int) -> tuple[int, int, int | None, int | None]:
    """Return the first and last token of the date around a month, its day and its year."""
    first = last = index
    day = year = None
    before = index - 1
    if before >= 1 and tokens[before].word == "of":
        before -= 1
    if before >= 1 and tokens[before].word in _ORDINAL_ENDINGS:
        before -= 1
    if before >= 0 and not tokens[index].cut and _day(tokens[before]) is not None:
        day, first = _day(tokens[before]), before
    after = index + 1
    if day is None and after < len(tokens) and not tokens[after].cut and _day(tokens[after]) is not None:
        day, last = _day(tokens[after]), after
        if after + 1 < len(tokens) and tokens[after + 1].word in _ORDINAL_ENDINGS:
            last += 1
    after = last + 1
    if after < len(tokens) and year_of(tokens[after]) is not None:
        year, last = year_of(tokens[after]), after
    return first, last, day, year


def _day(token: Token) -> int | None:
    digits = token.word[:-2] if token.word.endswith(_ORDINAL_ENDINGS) else token.word
    return (
        int(digits) if digits.isascii() and digits.isdigit() and 1 <= int(digits) <= 31 and len(digits) <= 2 else None
    )


def year_of(token: Token) -> int | None:
    """Return the year that a number of four digits may be."""
    whole = token.text.isascii() and token.text.isdigit() and len(token.text) == 4
    return int(token.text) if whole and 1500 <= int(token.text) <= 2150 else None


def _counts(tokens: tuple[Token, ...], index: int) -> bool:
    """Return whether four digits count something: "saw 1500 geese" does, "in 1500 geese" and "the 1500s" do not."""
    if index + 1 == len(tokens) or tokens[index + 1].cut or (index and tokens[index - 1].word in _BEFORE_YEAR):
        return False
    following = tokens[index + 1]
    return following.text[0].islower() and is_content(following) and following.word not in ("s", "bc", "ad")


def _has_unit_of_money(text: str, token: Token) -> bool:
    return text[max(0, token.start - 1) : token.start] in MONEY or text[token.end : token.end + 1] == "%"
