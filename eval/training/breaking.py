"""Ways to break a true statement so that its passage no longer bears it. Each is a plain function and says which words it changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from rag.language.dates import MONTHS
from rag.language.facts import facts_of
from rag.language.stems import fold, stem
from rag.reader.batching import Span

from .declaring import PAST

_PLACED = re.compile(
    r"\b(?:in|near|at|from|outside|across|throughout|of|to) (?:the )?((?:[A-Z][\w'’-]+)(?: [A-Z][\w'’-]+)*)"
)
_SURELY_PLACED = re.compile(r"\b(?:in|near|outside|throughout) ((?:[A-Z][\w'’-]+)(?: [A-Z][\w'’-]+)*)")
_DIGITS = re.compile(r"(?<![\w.,:/-])\d(?:[\d,]*\d)?(?:\.\d+)?(?![\w:/-])")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|had|can|could|will|would|should|must|may|might)\b")
_NEGATED = re.compile(
    r"\b(?:(is|are|was|were|has|have|had|can|could|will|would|should|do|does|did) not|(is|are|was|were|has|have|had|could|would|should|do|does|did)n['’]t|never|no|without)\b\s"
)
_WITHOUT = {"without": "with ", "no": "some ", "never": "always "}
_SAID = re.compile(
    r"\b(?:[Aa]ccording to|said by|argued by|claimed by|stated by|reported by) ((?:the )?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*)"
)
_SAYS = re.compile(
    r"\b([A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*) (?:said|says|argued|argues|claimed|claims|stated|states|wrote|believed|believes|declared|announced)\b"
)
_SPEECH = ("according to {}, {}", "{} said that {}", "{} argued that {}", "{} announced that {}")
_MEASURES = (
    "dollars euros pounds yen", "$ € £", "miles kilometres feet metres", "km mi", "percent million", "years months weeks days hours minutes",
    "million billion thousand", "tonnes kilograms pounds", "acres hectares", "inches centimetres", "degrees percent",
    "kilometers miles meters feet", "tons kilograms", "hours days weeks months years decades centuries",
)  # fmt: skip
_QUANTITIES = (
    ("all", "some few"), ("every", "hardly any|some"), ("most", "all few"), ("some", "all most no"), ("many", "few all"), ("several", "all most"),
    ("few", "many most"), ("both", "neither|hardly"), ("only", "not only|hardly"), ("always", "sometimes never"), ("often", "always rarely"),
    ("usually", "always rarely"), ("sometimes", "always never"), ("mostly", "entirely"), ("majority", "minority"), ("half", "all|a quarter of"),
    ("rarely", "often"), ("generally", "always"), ("primarily", "exclusively"), ("mainly", "exclusively"),
)  # fmt: skip
_COMPARISONS = (
    ("more than", "less than|exactly|at most"), ("less than", "more than|exactly"), ("fewer than", "more than"), ("over", "under|exactly"),
    ("at least", "at most|exactly|fewer than"), ("up to", "more than|at least"), ("about", "exactly|more than"), ("around", "exactly|fewer than"),
    ("approximately", "exactly|more than"), ("nearly", "more than|exactly"), ("almost", "more than|exactly"), ("under", "over"), ("below", "above"),
    ("above", "below"), ("roughly", "exactly"), ("under", "over"), ("as many as", "at least|more than"),
)  # fmt: skip
_CERTAINTIES = (
    ("may have", "had"), ("might have", "had"), ("could have", "had"), ("may", "will"), ("might", "will"), ("could", "will"), ("probably", "certainly"),
    ("possibly", "certainly"), ("likely", "certain"), ("allegedly", ""), ("reportedly", ""), ("perhaps", ""), ("apparently", ""), ("believed to be", "known to be"),
    ("is thought to", "is certain to"), ("suggested that", "proved that"), ("suggests that", "proves that"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """What a statement stands on: its passage, and what else its article and the other articles name."""

    passage: str
    sentences: tuple[str, ...]
    title: str
    names: Sequence[str]  # of the article
    places: Sequence[str]
    other_titles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken statement and the characters of it that are wrong; none where words were only taken away."""

    text: str
    wrong: tuple[Span, ...]


Breaker = Callable[[str, Ground, Random], Broken | None]


def number(statement: str, ground: Ground, random: Random) -> Broken | None:
    """Another number of the passage in its place half of the time, else a digit changed."""
    found = [match for match in _DIGITS.finditer(statement) if not _YEAR.fullmatch(match.group())]
    if not found:
        return None
    match = random.choice(found)
    held = [other for other in _DIGITS.findall(ground.passage) if not _YEAR.fullmatch(other)]
    others = [other for other in held if other not in statement]
    if others and random.random() < 0.5:
        return _put(statement, match.span(), random.choice(others))
    changed = _other_digit(match.group(), random)
    return None if changed in ground.passage else _put(statement, match.span(), changed)


def unit(statement: str, ground: Ground, random: Random) -> Broken | None:
    """The measure after a number changed, or what the number counts."""
    found = []
    for row in _MEASURES:
        words = row.split()
        for word in words:
            pattern = re.escape(word) if not word.isalpha() else rf"(?<=\d )\b{word}\b|(?<=\w )\b{word}\b"
            for match in re.finditer(pattern, statement):
                number_near = re.search(r"\d", statement[max(0, match.start() - 14) : match.end() + 2])
                others = [other for other in words if other != word and other not in statement]
                if number_near and others:
                    found.append((match.span(), random.choice(others)))
    counted = list(re.finditer(r"(?<=\d )[a-z]{4,}s\b", statement))
    nouns = [
        noun
        for noun in re.findall(r"\b[a-z]{4,}s\b", ground.passage)
        if noun not in statement and not noun.endswith("ss")
    ]
    if counted and nouns and not found:
        return _put(statement, random.choice(counted).span(), random.choice(nouns))
    return _put(statement, *random.choice(found)) if found else None


def date(statement: str, ground: Ground, random: Random) -> Broken | None:
    """Another year, month or day; half of the time one that stands in the passage."""
    years = list(_YEAR.finditer(statement))
    months = [
        m for m in re.finditer(r"\b[A-Z][a-z]{2,8}\b", statement) if fold(m.group()) in MONTHS and m.group() != "May"
    ]
    if not years and not months:
        return None
    match = random.choice([*years, *months])
    if match.group()[0].isalpha():
        others = [
            name.capitalize() for name in MONTHS if len(name) > 3 and name != "may" and name != fold(match.group())
        ]
        return _put(statement, match.span(), random.choice(others))
    held = [year for year in _YEAR.findall(ground.passage) if year not in statement]
    if held and random.random() < 0.5:
        return _put(statement, match.span(), random.choice(held))
    changed = _other_digit(match.group(), random)
    return None if changed in ground.passage else _put(statement, match.span(), changed)


def name(statement: str, ground: Ground, random: Random) -> Broken | None:
    """Another name of the article in its place; half of the time one that stands in the passage."""
    placed = {match.start(1) for match in _PLACED.finditer(statement)}
    return _renamed(statement, ground.names, ground, random, where=lambda start: start not in placed)


def place(statement: str, ground: Ground, random: Random) -> Broken | None:
    """Another place of the article in its place, or of another article."""
    placed = {match.start(1) for match in _SURELY_PLACED.finditer(statement)}
    return _renamed(statement, ground.places, ground, random, where=lambda start: start in placed)


def negation_added(statement: str, ground: Ground, random: Random) -> Broken | None:
    found = list(_AUXILIARY.finditer(statement))
    if _NEGATED.search(statement):
        return None
    if found:
        match = random.choice(found[:2])
        return _put(statement, (match.end(), match.end()), random.choice([" not", " not", " never"]))
    bases = {past: base for base, past in PAST.items()}
    for match in re.finditer(r"\b[a-z]+\b", statement):
        if match.group() in bases and statement[: match.start()].strip():
            return _put(statement, match.span(), f"did not {bases[match.group()]}")
    return None


def negation_removed(statement: str, ground: Ground, random: Random) -> Broken | None:
    match = _NEGATED.search(statement)
    if match is None:
        return None
    helper = match.group(1) or match.group(2)
    changed = f"{helper} " if helper else _WITHOUT.get(match.group().strip(), "")
    return Broken(statement[: match.start()] + changed + statement[match.end() :], ())


def attribution(statement: str, ground: Ground, random: Random) -> Broken | None:
    """Another speaker, or a speaker where the passage has none."""
    found = [match for pattern in (_SAID, _SAYS) for match in pattern.finditer(statement)]
    others = [other for other in ground.names if other not in statement and len(other) > 3]
    if not others:
        return None
    if found:
        return _put(statement, found[0].span(1), random.choice(others))
    speaker = random.choice(others)
    if re.search(
        rf"{re.escape(speaker)}\W+(?:\w+\W+){{0,3}}(?:said|says|argue|claim|state|wrote|believe|announce|report)|[Aa]ccording to",
        ground.passage,
    ):
        return None
    begins = (
        statement
        if statement.split()[0] in ground.passage and statement[0].isupper() and statement.split()[0] not in _OPENING
        else statement[0].lower() + statement[1:]
    )
    told = random.choice(_SPEECH).format(speaker, begins)
    told = told[0].upper() + told[1:]
    return Broken(told, ((0, len(told) - len(begins)),))


def wrong_article(statement: str, ground: Ground, random: Random) -> Broken | None:
    """The right words said of the subject of another article."""
    subject = re.match(r"(?:The )?(?:[A-Z][\w'’-]+)(?: (?:of |the )?[A-Z][\w'’-]+)*", statement)
    others = [
        title
        for title in ground.other_titles
        if title not in ground.passage and not set(title.split()) & set(ground.title.split())
    ]
    if (
        subject is None
        or not others
        or subject.end() < 4
        or (subject.group().split()[0] in _OPENING and " " not in subject.group())
    ):
        return None
    return _put(statement, subject.span(), random.choice(others))


def stitched(statement: str, ground: Ground, random: Random) -> Broken | None:
    """The beginning of the statement and the end of another sentence of the passage."""
    verb = re.search(r"\s(?:is|are|was|were|has|have|had|can|could|will|would|became|began|made|led|won)\s", statement)
    if verb is None or not 1 <= len(statement[: verb.start()].split()) <= 8:
        return None
    ends = []
    for sentence in ground.sentences:
        match = re.search(
            r"\s((?:is|are|was|were|has|have|had|can|could|will|would|became|began|made|led|won)\s.*)", sentence
        )
        held = facts_of(statement[: verb.start()]).stems
        if match and len(match.group(1).split()) >= 4 and not held & facts_of(sentence).stems - _COMMON:
            ends.append(match.group(1))
    if not ends:
        return None
    begin = statement[: verb.start() + 1]
    end = " ".join(random.choice(ends).split()[:25]).rstrip(".,;")
    return Broken(f"{begin}{end}.", ())


def quantity(statement: str, ground: Ground, random: Random) -> Broken | None:
    """All for some, few for many; or "all" before a bare plural."""
    made = _exchanged(statement, _QUANTITIES, random)
    if made is not None:
        return made
    subject = re.match(r"([A-Z][a-z]{3,}s) (?:are|were|have|had|can|could|will)\b", statement)
    if subject is None or subject.group(1) in _OPENING:
        return None
    word = random.choice(["All", "Few", "No", "Only some"])
    return Broken(f"{word} {statement[0].lower()}{statement[1:]}", ((0, len(word)),))


def comparison(statement: str, ground: Ground, random: Random) -> Broken | None:
    """What bounds a number changed."""
    bounded = [
        (words, others)
        for words, others in _COMPARISONS
        if re.search(rf"\b{words}\b (?:[$€£]?\d|a |one|two|three|half|ten)", statement)
    ]
    if bounded:
        return _exchanged(statement, bounded, random)
    plain = re.search(r"(?<=[a-z] )(?=\d[\d,.]* [a-z]{4,})(?<!in )(?<!of )(?<!to )(?<!and )(?<!or )", statement)
    if plain is None or _YEAR.match(statement, plain.start()) or MONTHS.keys() & set(statement.lower().split()):
        return None
    return _put(statement, (plain.start(), plain.start()), random.choice(["more than ", "fewer than ", "at most "]))


def certainty(statement: str, ground: Ground, random: Random) -> Broken | None:
    return _exchanged(statement, _CERTAINTIES, random)


def opposite(statement: str, ground: Ground, random: Random) -> Broken | None:
    """A word turned into its opposite, where the passage does not say that too."""
    held = facts_of(ground.passage).stems
    found = []
    for match in re.finditer(r"\b[a-z]{3,}\b", statement):
        for word, other in _PLAIN_OPPOSITES:
            if match.group() == word and stem(other) not in held:
                found.append((match.span(), other))
    return _put(statement, *random.choice(found)) if found else None


def roles(statement: str, ground: Ground, random: Random) -> Broken | None:
    """Two names of the statement changed for each other, where a verb stands between."""
    found = [match for match in _NAMES.finditer(statement) if match.group().split()[0] not in _OPENING]
    pairs = [
        (one, other)
        for one, other in pairwise(found)
        if not _word_stems(one.group()) & _word_stems(other.group())
        and re.search(r"\b[a-z]+(?:ed|s)\b", statement[one.end() : other.start()])
        and not re.search(r"\b(?:and|or)\b|,", statement[one.end() : other.start()])
        and not re.search(r"^ (?:is|are|was|were) (?:the |a )?$", statement[one.end() : other.start()])
    ]
    if not pairs:
        return None
    one, other = random.choice(pairs)
    middle = statement[one.end() : other.start()]
    text = statement[: one.start()] + other.group() + middle + one.group() + statement[other.end() :]
    second = one.start() + len(other.group()) + len(middle)
    return Broken(text, ((one.start(), one.start() + len(other.group())), (second, second + len(one.group()))))


_OPENING = frozenset(
    """The A An In On At By It They He She This These Those His Her Its Their There According During After Before When While
    Although Since As For From With One Some Many Most All Both Each Two Three However Also Another If Under Because To
    Not Only Few Several More Other Today Such Until Between Of""".split()
)
_COMMON = frozenset(
    stem(word) for word in "the a an of in on to and is was are were be by for with it its that as at from".split()
)
_NAMES = re.compile(r"\b[A-Z][\w'’-]+(?: (?:of |the )?[A-Z][\w'’-]+)*")
_PLAIN_OPPOSITES = tuple(
    pair
    for one, other in (
        row.split()
        for row in """increased decreased|increase decrease|increases decreases|rose fell|won lost|win lose|bought sold|before after|first last
        |largest smallest|highest lowest|oldest youngest|larger smaller|higher lower|north south|east west|northern southern|eastern western
        |southern northern|western eastern|early late|most least|more less|began ended|begins ends|opened closed|accepted rejected|supported opposed
        |allowed banned|public private|male female|men women|positive negative|strong weak|common rare|major minor|above below|inside outside
        |best worst|created destroyed|gained lost|long short|old new|majority minority|longest shortest|better worse|upper lower|left joined
        |father mother|son daughter|brother sister|son father|victory defeat|success failure|true false|rich poor|urban rural|import export
        |approved rejected|arrived left|cause prevent|caused prevented|causes prevents|agreed disagreed|defeated supported|founded closed|built destroyed
        |attacked defended|invaded left|wrote criticised|discovered denied|appointed dismissed|elected dismissed|raised lowered|include exclude|includes excludes
        |included excluded|rejected accepted|expanded reduced|improved worsened|encouraged discouraged|required forbidden|requires forbids""".split(
            "|"
        )
    )
    for pair in ((one, other), (other, one))
    if pair != ("left", "arrived") and pair != ("left", "invaded") and pair != ("lost", "gained")
)


def _other_digit(digits: str, random: Random) -> str:
    places = [place for place, digit in enumerate(digits) if digit.isdigit()][-2:]
    at = random.choice(places)
    return digits[:at] + random.choice([digit for digit in "123456789" if digit != digits[at]]) + digits[at + 1 :]


def _word_stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


def _renamed(
    statement: str, names: Sequence[str], ground: Ground, random: Random, *, where: Callable[[int], bool]
) -> Broken | None:
    found = [
        m
        for m in _NAMES.finditer(statement)
        if where(m.start()) and m.group().split()[0] not in _OPENING and fold(m.group()) not in MONTHS
    ]
    if not found:
        return None
    match = random.choice(found)
    mine = {stem(word) for word in match.group().split()}
    others = [other for other in names if other not in statement and not mine & {stem(word) for word in other.split()}]
    near = [other for other in others if other in ground.passage]
    pool = near if near and random.random() < 0.5 else others
    return _put(statement, match.span(), random.choice(pool)) if pool else None


def _exchanged(statement: str, table: Sequence[tuple[str, str]], random: Random) -> Broken | None:
    found = []
    for words, others in table:
        match = re.search(rf"\b{re.escape(words)}\b", statement, re.IGNORECASE)
        if match:
            choices = others.split("|") if "|" in others or " " in words else others.split() or [""]
            found.append((match, random.choice(choices)))
    if not found:
        return None
    match, other = random.choice(found)
    return _put(statement, match.span(), other.capitalize() if match.group()[0].isupper() else other)


def _put(text: str, span: Span, words: str) -> Broken:
    made = text[: span[0]] + words + text[span[1] :]
    made = re.sub(r"  +", " ", made) if not words else made
    return Broken(made, ((span[0], span[0] + len(words)),) if words else ())


BREAKERS: Mapping[str, Breaker] = {
    "number": number,
    "unit": unit,
    "date": date,
    "name": name,
    "place": place,
    "negation added": negation_added,
    "negation removed": negation_removed,
    "attribution": attribution,
    "wrong article": wrong_article,
    "stitched": stitched,
    "quantity": quantity,
    "comparison": comparison,
    "certainty": certainty,
    "opposite": opposite,
    "roles": roles,
}
