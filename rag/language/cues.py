"""Small words that turn a sentence: negation, doubt, quantity, who said it. Each with the words it bears on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .amounts import NUMBER_WORDS
from .facts import Facts
from .stems import stem
from .tokens import Token, is_content, word_set

_SCOPE_TOKENS = 9


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in text.split())


_NEGATIONS = word_set(
    """
    not no never neither nor cannot without nobody nothing none nowhere hardly barely scarcely fail fails failed
    failing refuse refuses refused lack lacks lacked lacking
    """
)
_BACKWARD = word_set("nobody nothing none nowhere never")
_BOUNDS = word_set("more fewer less later only")  # "no more than 5" bounds a number, it denies nothing
CERTAIN = word_set("will shall certainly definitely surely undoubtedly")
TO_COME = CERTAIN | word_set("would to be should can could may might must plan plans expect expects")
EXACT = word_set("exactly precisely")
_DENIALS = _stems("deny refute reject dismiss rebut disavow")
_HEDGES = word_set(
    """
    may might could reportedly allegedly apparently supposedly possibly perhaps probably likely potentially
    presumably unconfirmed rumoured rumored purportedly considering thought
    """
)
_HEDGE_STEMS = _stems("allege claim speculate suspect predict expect suggest believe fear hope plan propose threaten")
_QUANTITIES = {
    "all": "all every each entire whole always everyone everybody entirely fully",
    "most": "most majority mostly largely predominantly",
    "some": "some several certain sometimes partly",
    "many": "many numerous often frequently",
    "few": "few rarely seldom minority",
    "only": "only solely exclusively merely",
    "half": "half",
}
QUANTITIES = {word: kind for kind, members in _QUANTITIES.items() for word in members.split()}
_STANDINGS = word_set("former ex deputy vice acting interim assistant attempted honorary")
REPORTING = _stems(
    """say tell announce remark claim argue note warn report declare explain insist believe acknowledge confirm
    emphasize indicate describe according comment add reply respond testify allege speculate feel think suggest write"""
)
_STRONG_REPORTING = _stems("say tell announce remark claim argue warn declare insist according explain testify")
# Words that do what they say: nobody confirms or promises because another word in the quote is near.
_ACTS = """
confirm confirmation | acknowledge acknowledgement admit admission concede | promise pledge vow assure | agree agreement |
approve approval authorise | condemn condemnation denounce | accuse accusation | apologise apology | endorse endorsement |
demand | order | vote | resign resignation | veto |
convict conviction guilty sentence
"""
_THINGS = word_set("order orders demand demands vote votes promise sentence sentences")  # more often things than acts
_ALIKE = {word: row for row in map(_stems, _ACTS.split("|")) for word in row}


@dataclass(frozen=True, slots=True)
class Cue:
    """A turning word: its kind, the stems it bears on, and the first of them that is neither name nor number."""

    kind: str
    words: str
    scope: frozenset[str]
    key: str | None
    indices: range


Finder = Callable[[Facts], list[Cue]]


def negations(facts: Facts) -> list[Cue]:
    """Return what denies: "not", "never", "without", "failed to". "No more than" and "not only" do not."""
    return _cues(facts, _negation)


def denials(facts: Facts) -> list[Cue]:
    """Return who disputes: "denied", "refuted". Disputing a thing is not the same as its being untrue."""
    return _cues(facts, lambda tokens, index: "denial" if tokens[index].stem in _DENIALS else "")


def hedges(facts: Facts) -> list[Cue]:
    """Return what makes a thing less than certain: "may", "reportedly", "is expected to"."""
    return _cues(facts, _hedge)


def standings(facts: Facts) -> list[Cue]:
    """Return what makes another of who is named after it: "former", "deputy", "acting"."""
    return _cues(facts, lambda tokens, index: tokens[index].word if tokens[index].word in _STANDINGS else "")


def quantities(facts: Facts) -> list[Cue]:
    """Return words of quantity that are no numbers, each with its kind: all, most, some, many, few, only, half."""
    return _cues(facts, _quantity)


def _negation(tokens: tuple[Token, ...], index: int) -> str:
    word = tokens[index].word
    following = tokens[index + 1].word if index + 1 < len(tokens) else ""
    bounds = following == "only" or (index + 2 < len(tokens) and tokens[index + 2].word == "than")
    if word in ("no", "not") and following in _BOUNDS and bounds:
        return ""
    return "negation" if word in _NEGATIONS or word.endswith("n't") else ""


def _hedge(tokens: tuple[Token, ...], index: int) -> str:
    token = tokens[index]
    if token.word.removesuffix("n't") in _HEDGES:
        return "" if token.word == "may" and token.text == "May" and not token.opens else "hedge"
    return "hedge" if token.stem in _HEDGE_STEMS and not token.word.endswith("ion") else ""


def _quantity(tokens: tuple[Token, ...], index: int) -> str:
    word = tokens[index].word
    before = tokens[index - 1].word if index else ""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if word not in QUANTITIES or (word in ("each", "every") and following is not None and following.word == "other"):
        return ""
    if word == "some" and following is not None and following.text[0].isdigit():
        return ""  # "some 40" is a comparison, and judged with the number
    if before in ("at", "after", "above", "not") and word in ("all", "most", "only"):
        return ""
    return "some" if word == "few" and before == "a" else QUANTITIES[word]


def _cues(facts: Facts, kind_of: Callable[[tuple[Token, ...], int], str]) -> list[Cue]:
    tokens = facts.tokens
    found = []
    for index, token in enumerate(tokens):
        kind = kind_of(tokens, index)
        if not kind:
            continue
        last = _scope_end(tokens, index)
        first = index
        while token.word in _BACKWARD and first > 0 and not _bounded(tokens, first) and index - first < 3:
            first -= 1
        bearing = [each for each in tokens[index + 1 : last] if is_content(each)]
        before = [each for each in tokens[first:index] if is_content(each)]
        plain = [each.stem for each in (*bearing, *reversed(before)) if _is_plain(each)]
        scope = frozenset(each.stem for each in (*bearing, *before))
        found.append(Cue(kind, token.text, scope, plain[0] if plain else None, range(first, last)))
    return found


def _is_plain(token: Token) -> bool:
    """Return whether the word is neither a name nor a number, which may be written otherwise elsewhere."""
    numeral = token.text[0].isdigit() or token.word in NUMBER_WORDS
    return not numeral and (token.opens or not token.text[0].isupper())


def _bounded(tokens: tuple[Token, ...], index: int) -> bool:
    return tokens[index].cut or tokens[index - 1].word in ("and", "or", "but")


def _scope_end(tokens: tuple[Token, ...], index: int) -> int:
    end = index + 1
    while end < len(tokens) and end - index <= _SCOPE_TOKENS and not tokens[end].cut and tokens[end].word != "but":
        end += 1
    return end


def speakers(facts: Facts, *, strong: bool) -> list[frozenset[str]]:
    """Return, for each word of reporting, the names it is ascribed to; an empty set when it is "he" or "officials".

    `strong` leaves out words like "noted" and "believes" that often report nothing.
    """
    tokens, verbs = facts.tokens, _STRONG_REPORTING if strong else REPORTING
    named = {word for run in facts.names for word in run}
    found = []
    for index, token in enumerate(tokens):
        if token.stem not in verbs or token.word == "saying":
            continue
        after = _names_from(tokens[index + 1 : _scope_end(tokens, index)], named)
        first = index
        while first > 0 and index - first < 8 and not tokens[first].cut:
            first -= 1
        before = _names_from(tokens[first:index], named)
        follows = token.word == "according" or (token.cut or first == index)
        found.append(after if follows or not before else before)
    return found


def acts(facts: Facts) -> list[tuple[str, frozenset[str]]]:
    """Return each word that is an act of speech, with the stems of those that say the same."""
    return [(t.text, _ALIKE[t.stem]) for t in facts.tokens if t.stem in _ALIKE and t.word not in _THINGS]


def _names_from(tokens: tuple[Token, ...], named: set[str]) -> frozenset[str]:
    return frozenset(token.word for token in tokens if token.text[0].isupper() and token.word in named)
