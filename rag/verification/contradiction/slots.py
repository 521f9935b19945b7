"""Names and numbers that stand where the quote has others: the same words around them, another thing in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from ...language.antonyms import opposites_of
from ...language.dates import MONTHS, year_of
from ...language.facts import Facts
from ...language.stems import same_name
from ...language.tokens import Token, is_content, word_set

_DETERMINERS = word_set("the a an")
_LINKS = word_set("who that which has have had")  # "Orlov, who had praised it", "Orlov praised it"
_JOINING = word_set("and or of")
_NEAR = 8  # words after a slot in which a list of names may go on
MOST_PUT = 4  # words in a place and in its counterpart


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring tokens first:last that are all names or all numbers in digits."""

    kind: str
    first: int
    last: int
    words: tuple[str, ...]


def displaced(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find names and numbers whose neighbours stand in the quote around something else only.

    "Born in Lomvik" beside the quote "born in Pisek, moved to Lomvik" is found; "born in Norway" beside "born in Oslo,
    Norway" is not, since lists of names go on.
    """
    mine, theirs = (tuple(t for t in _without_determiners(each) if t.word not in _LINKS) for each in (statement, quote))
    runs = list(_runs(quote, theirs))
    for run in _runs(statement, mine):
        if not any(token.stem in quote.stems for token in mine[run.first : run.last]):
            continue  # that it is not there at all is another difference
        slots = [slot for slot in runs if slot.kind == run.kind and _same_place(run, mine, slot, theirs)]
        at_home = any(slot.words == run.words and _beside(run, mine, slot, theirs) for slot in runs)
        if slots and not at_home and not any(_holds(slot, theirs, run) for slot in slots):
            there = " ".join(token.text for token in theirs[slots[0].first : slots[0].last])
            here = " ".join(token.text for token in mine[run.first : run.last])
            yield f"{run.kind}: '{here}' stands where the quote has '{there}'"


def exchanged(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find names and opposites put for others between the same words: "in the Bronx and on" of "in Lower Manhattan and on"."""
    mine, theirs = _without_determiners(statement), _without_determiners(quote)
    matcher = SequenceMatcher(None, [t.stem for t in mine], [t.stem for t in theirs], autojunk=False)
    for step, first, last, start, end in matcher.get_opcodes():
        here, there = mine[first:last], theirs[start:end]
        passive = any(token.word == "by" for token in (*here, *there))  # "hired by Ortega" of "Ortega hired"
        if step != "replace" or not first or passive or max(len(here), len(there)) > MOST_PUT:
            continue
        put, lost = (" ".join(token.text for token in tokens) for tokens in (here, there))
        if _named(here, statement) and _named(there, quote) and not _same_thing(here, there):
            yield f"name: '{put}' stands where the quote has '{lost}'"
        elif any(opposites_of(token.stem) & {other.stem for other in there} for token in here):
            yield f"opposite: '{put}' stands where the quote has '{lost}'"


def _named(tokens: Sequence[Token], facts: Facts) -> bool:
    named = {word for run in facts.names for word in run}
    return any(token.text[0].isupper() and token.word in named for token in tokens)


def _same_thing(here: Sequence[Token], there: Sequence[Token]) -> bool:
    """Whether a word stands in both, or one abbreviates the other."""
    words, others = [token.word for token in here], [token.word for token in there]
    if words == [_initials(others)] or others == [_initials(words)]:
        return True
    return any(same_name(one, other) for one in words for other in others)


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words)


def _without_determiners(facts: Facts) -> tuple[Token, ...]:
    """Return the other tokens; what cuts a determiner off cuts off the word after it."""
    pairs = zip((None, *facts.tokens), facts.tokens, strict=False)
    return tuple(
        replace(token, cut=True) if before and before.cut and before.word in _DETERMINERS else token
        for before, token in pairs
        if token.word not in _DETERMINERS
    )


def _runs(facts: Facts, tokens: Sequence[Token]) -> Iterator[_Run]:
    named = {word for run in facts.names for word in run}
    kinds = [_kind(token, named) for token in tokens]
    first = 0
    for place, (kind, following) in enumerate(pairwise([*kinds, "end"])):
        ends = following != kind or tokens[place + 1].cut
        if kind and ends:
            yield _Run(
                kind, first, place + 1, tuple(token.word.replace(",", "") for token in tokens[first : place + 1])
            )
        if ends:
            first = place + 1


def _kind(token: Token, named: set[str]) -> str:
    if token.text[0].isdigit():
        return "number"
    return "name" if token.text[0].isupper() and token.word in named and token.word not in MONTHS else ""


def _same_place(run: _Run, mine: Sequence[Token], slot: _Run, theirs: Sequence[Token]) -> bool:
    """Whether two words before, two words after, or one on each side are the same, and one of them carries meaning.

    Two words after do only if the first carries meaning: "in the 1990s" follows anything.
    """
    left = _alike(_before(run, mine), _before(slot, theirs))
    right = _alike(_after(run, mine), _after(slot, theirs))
    meaning = any(is_content(token) for token in (*left, *right))
    return meaning and (len(left) == 2 or (len(right) == 2 and is_content(right[0])) or bool(left and right))


def _before(run: _Run, tokens: Sequence[Token]) -> list[Token]:
    """Return up to two words before, the nearest first, none across punctuation."""
    found: list[Token] = []
    at = run.first
    while at > 0 and len(found) < 2 and not tokens[at].cut:
        at -= 1
        found.append(tokens[at])
    return found


def _after(run: _Run, tokens: Sequence[Token]) -> list[Token]:
    found: list[Token] = []
    while run.last + len(found) < len(tokens) and len(found) < 2 and not tokens[run.last + len(found)].cut:
        found.append(tokens[run.last + len(found)])
    return found


def _beside(run: _Run, mine: Sequence[Token], slot: _Run, theirs: Sequence[Token]) -> bool:
    """Whether the word before or the word after is the same; of a year, one that carries meaning: any follows "in"."""
    alike = [*_alike(_before(run, mine), _before(slot, theirs)), *_alike(_after(run, mine), _after(slot, theirs))]
    return any(year_of(mine[run.first]) is None or is_content(token) for token in alike)


def _alike(mine: Sequence[Token], theirs: Sequence[Token]) -> list[Token]:
    """Return the tokens that are the same from the beginning on."""
    found = []
    for one, other in zip(mine, theirs, strict=False):
        if one.stem != other.stem:
            break
        found.append(one)
    return found


def _holds(slot: _Run, tokens: Sequence[Token], run: _Run) -> bool:
    """Whether a word of the run, or what it abbreviates, stands in the slot or in the list that the slot belongs to."""
    around = [
        *_listed(tokens[slot.first : slot.last + _NEAR]),
        *_listed(tokens[max(0, slot.last - _NEAR) : slot.last][::-1]),
    ]
    if run.words == (_initials(slot.words),) or _initials(run.words) in slot.words:
        return True
    return any(same_name(word, token.word.replace(",", "")) for word in run.words for token in around)


def _listed(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield names and numbers as far as only commas, "and", "or" and "of" stand between."""
    for token in tokens:
        if not (token.text[0].isupper() or token.text[0].isdigit() or token.word in _JOINING):
            return
        yield token
