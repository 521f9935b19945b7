"""Each way in which a statement says what its quote does not: numbers, dates, names, negation, quantity, attribution.

Names must stand in the quote itself: neither the question nor a title lends one, for that is how a right name gets
wrong words. What it cannot see is a changed predicate of the same subject ("bought" for "sold" where neither is listed).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from ...language import cues
from ...language.amounts import Amount
from ...language.antonyms import OPPOSITES
from ...language.facts import Facts, facts_of
from ...language.stems import same_name, stem
from ...language.tokens import Token, is_common, is_content
from .order import turned_rates, turned_steps, turned_times
from .roles import turned_roles
from .slots import displaced, recounted, substituted

_POINT = stem("point")  # 2 percentage points are not 2 percent
LEAST_SHARE = 0.6  # of the content words of a statement that must stand in its quote
LEAST_REPEATED = 3  # words that a "not" bears on: a statement that has them without it denies nothing
DENIED = 2  # words before "which she denies": who repeats them tells what is denied
LEAST_WORDS = 3  # "June" is no statement
CLAUSE = re.compile(r"\s*(?:;|,\s+(?:and|but|while|whereas|although)\b|,?\s+(?:while|whereas)\b)\s*")
# Not after an initial or a title, nor in a date: "J. Berg", "Dr. Chen", "Jan. 12".
_SENTENCE_END = re.compile(
    r"(?<![\s.(][A-Z]\.)(?<!\b[MDS][rt]\.)(?<!\bMrs\.)(?<!\b[eEi]\.[ge]\.)(?<!\bc\.)(?<!\bca\.)(?<!\bvs\.)(?<!\bNo\.)(?<!\bProf\.)"
    r"(?!(?:(?<=\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\.)|(?<=\bSept\.))\s+\d)"
    r"(?:(?<=[.!?])|(?<=[.!?][”\"’)]))\s+(?=[“\"‘(]?[A-Z0-9])"
)
_DENYING = frozenset(map(stem, ("deny", "refute", "rebut")))
Check = Callable[[Facts, Facts], Iterator[str]]  # of a statement and its quote
_PRONOUNS = frozenset(("he", "she", "it", "they", "him", "her", "them", "his", "who"))


def differences(statement: Facts, quote: Facts) -> tuple[str, ...]:
    """Return each way in which the statement says what the quote does not, in a fixed order."""
    return tuple(difference for check in CHECKS.values() for difference in check(statement, quote))


def share(statement: Facts, quote: Facts) -> float:
    """Return the share of the statement's content words that the quote has in some form, 0 to 1."""
    wanted = [token for token in statement.tokens if is_content(token)]
    if not wanted:
        return 0.0
    values = {amount.value for amount in quote.amounts}
    counted = {place for a in statement.amounts if a.value in values for place in range(a.first, a.last)}
    index = {token: place for place, token in enumerate(statement.tokens)}
    held = sum(index[token] in counted or _has_word(token, quote) for token in wanted)
    return held / len(wanted)


def _has_word(token: Token, quote: Facts) -> bool:
    if token.stem in quote.stems:
        return True
    if token.text[0].isupper() and not token.opens:
        return any(same_name(token.word, word) for run in quote.names for word in run)
    # A word and its derivation: deploy, deployment; announce, announcement.
    return len(token.stem) >= 5 and any(len(each) >= 5 and each[:5] == token.stem[:5] for each in quote.stems)


def _words(statement: Facts, quote: Facts) -> Iterator[str]:
    if len(statement.tokens) < LEAST_WORDS:
        yield "words: it is no sentence"
    held = share(statement, quote)
    if held < LEAST_SHARE:
        yield f"words: only {held:.0%} of its words are in the quote"


def _repeats(statement: Facts, quote: Facts) -> Iterator[str]:
    """A number said more often than in the quote has taken another's place: "from 2012 to 2012" of "from 2011 to 2012"."""
    held = Counter(_figures(quote))
    for value, times in sorted(Counter(_figures(statement)).items()):
        if times > max(1, held[value]):
            yield f"number: '{value}' stands {times} times here, {held[value]} in the quote"


def _figures(facts: Facts) -> list[str]:
    return [token.word for token in facts.tokens if token.word[:1].isdigit()]


def _numbers(statement: Facts, quote: Facts) -> Iterator[str]:
    yield from (f"comparison: '{word}' is not in the quote" for word in _added(statement, quote, cues.EXACT))
    for amount in statement.amounts:
        if amount.words.casefold() == "one" and not amount.comparison:
            rivals = [other for other in quote.amounts if other.units & amount.units]
            if rivals and all(other.value != 1 for other in rivals):
                yield f"number: '{amount.words}' is not in the quote"
            continue
        if any(amount.words == str(moment.year) for moment in quote.moments):
            continue  # "2018 elections" here, "in 2018" there
        same = [other for other in quote.amounts if other.value == amount.value]
        counting_same = [other for other in same if _same_unit(amount, other, quote)]
        if not same:
            yield f"number: '{amount.words}' is not in the quote"
        elif not counting_same:
            yield f"unit: '{amount.words}' counts something else in the quote"
        elif all(other.comparison not in _compared(amount, statement) for other in counting_same):
            quoted = counting_same[0].comparison or "exactly"
            yield f"comparison: '{amount.words}' is '{amount.comparison or 'exactly'}' here, '{quoted}' in the quote"


def _compared(amount: Amount, statement: Facts) -> tuple[str, ...]:
    """How an amount is compared: "raised to 12" says no more than "raised from 11 to 12"."""
    rises_to = amount.first > 0 and statement.tokens[amount.first - 1].word == "to"
    return (amount.comparison, "to") if rises_to and not amount.comparison else (amount.comparison,)


def _same_unit(amount: Amount, other: Amount, quote: Facts) -> bool:
    if amount.measures != other.measures and not (amount.measures & other.measures):
        return False
    if "percent" in amount.units & other.units and (_POINT in amount.units) != (_POINT in other.units):
        return False
    if amount.units & other.units or not amount.units:
        return True
    return not other.units and bool(amount.units & quote.stems)


def _dates(statement: Facts, quote: Facts) -> Iterator[str]:
    digits = {amount.words for amount in quote.amounts}
    for moment in statement.moments:
        year_alone = moment.words == str(moment.year) and moment.words in digits
        if not year_alone and not any(moment.agrees(other) for other in quote.moments):
            yield f"date: '{moment.words}' is not in the quote"


def _names(statement: Facts, quote: Facts) -> Iterator[str]:
    runs = [run for run in quote.names if run]
    for run in statement.names:
        missing = [word for word in run if not _has_name(word, quote)]
        if missing:
            # A common word may have its capital only from opening the sentence: a lack of proof, not another name.
            opening = run == (statement.tokens[0].word,) and is_common(run[0])
            yield f"{'words' if opening else 'name'}: '{' '.join(missing)}' is not in the quote"
            continue
        for before, after in pairwise(run):
            if not _stand_together(before, after, runs):
                yield f"name: '{before} {after}' do not stand together in the quote"


def _has_name(word: str, quote: Facts) -> bool:
    if stem(word) in quote.stems or any(same_name(word, other.word) for other in quote.tokens):
        return True
    initials = ["".join(each[0] for each in run) for run in quote.names if len(run) > 1]
    return 1 < len(word) <= 5 and any(letters.startswith(word) for letters in initials)


def _stand_together(before: str, after: str, runs: Sequence[tuple[str, ...]]) -> bool:
    """Return whether two words of one name can be one name in the quote: "South Korea" cannot in "North Korea"."""
    places_before = [(run, place) for run in runs for place, word in enumerate(run) if same_name(word, before)]
    places_after = [(run, place) for run in runs for place, word in enumerate(run) if same_name(word, after)]
    if not places_before or not places_after:
        return True
    if any(one is other and first < second for one, first in places_before for other, second in places_after):
        return True
    ends = any(place == len(run) - 1 for run, place in places_before)
    return ends and any(place == 0 for _, place in places_after)


def _stitched(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find facts that the quote tells of something else, in another of its sentences.

    A name may come from another sentence when the one that bears the clause has a pronoun for it.
    """
    sentences = [facts_of(text) for text in _SENTENCE_END.split(quote.text) if text.strip()]
    if len(sentences) < 2:
        return
    for clause in map(facts_of, CLAUSE.split(statement.text)):
        apart = [list(_apart(clause, sentence)) for sentence in sentences]
        for words in min(apart, key=len):
            yield f"stitched: '{words}' stands in another sentence of the quote"


def _apart(clause: Facts, sentence: Facts) -> Iterator[str]:
    yield from (difference.split("'")[1] for check in (_numbers, _dates) for difference in check(clause, sentence))
    if not any(token.word in _PRONOUNS for token in sentence.tokens):
        yield from (word for run in clause.names for word in run if not _has_name(word, sentence))


def _negation(statement: Facts, quote: Facts) -> Iterator[str]:
    yield from _turned("negation", statement, quote, cues.negations)
    yield from _turned("negation", statement, quote, cues.denials)


def _denied(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find what somebody denies, told as if nobody did: "took bribes in Lomvik" of "took bribes in Lomvik, which she denies"."""
    told = any(token.stem in cues.REPORTING for token in statement.tokens) or cues.acts(statement)
    if told or cues.hedges(statement) or cues.denials(statement) or cues.negations(statement):
        return
    for cue in cues.denials(quote):
        before = [token for token in quote.tokens[: cue.indices.start] if is_content(token)][-DENIED:]
        if not cue.scope and stem(cue.words) in _DENYING and all(token.stem in statement.stems for token in before):
            yield f"negation: '{cue.words}' of the quote is left out"


def _certainty(statement: Facts, quote: Facts) -> Iterator[str]:
    yield from _turned("certainty", statement, quote, cues.hedges)
    if cues.hedges(quote):
        yield from (f"certainty: '{word}' is not in the quote" for word in _added(statement, quote, cues.CERTAIN))


def _future(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find what will happen told as if it had: "stepped down" of "will step down"."""
    if any(token.word in cues.TO_COME for token in statement.tokens):
        return
    times = Counter(token.stem for token in quote.tokens)
    for place, helper in enumerate(quote.tokens):
        following = [token for token in quote.tokens[place + 1 : place + 4] if is_content(token)]
        if helper.text != "will" or not following:
            continue
        verb = following[0]
        for token in statement.tokens:
            past = token.word != verb.word and not token.word.endswith(("s", "ing"))
            if token.stem == verb.stem and times[verb.stem] == 1 and past:
                yield f"certainty: '{token.text}' is 'will {verb.text}' in the quote"


def _added(statement: Facts, quote: Facts, words: frozenset[str]) -> list[str]:
    held = {token.word for token in quote.tokens}
    return [token.text for token in statement.tokens if token.word in words - held]


def _quantity(statement: Facts, quote: Facts) -> Iterator[str]:
    yield from _turned("quantity", statement, quote, cues.quantities)


def _standing(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find "the minister" of "the former minister". A former one may be told by the years, too."""
    turned = _turned("standing", statement, quote, cues.standings)
    yield from (difference for difference in turned if difference.endswith("left out"))


def _turned(name: str, statement: Facts, quote: Facts, find: cues.Finder) -> Iterator[str]:
    """Find turning words that the statement adds, and those that it leaves away from words it repeats."""
    stated, quoted = find(statement), find(quote)
    for cue in stated:
        like = [other for other in quoted if other.kind == cue.kind]
        bearing = frozenset((cue.key,)) if cue.key else cue.scope
        # "Reportedly, …" bears on all that follows: its scope is empty. "She refused, …" does not.
        open_end = name != "negation"
        if not like or (bearing and not any(bearing & other.scope or (open_end and not other.scope) for other in like)):
            yield f"{name}: '{cue.words}' is not so in the quote"
    for cue in quoted:
        kept = any(other.kind == cue.kind and (cue.scope & other.scope or not other.scope) for other in stated)
        if kept:
            continue
        elsewhere = any(
            token.stem == cue.key and not any(place in other.indices for other in quoted)
            for place, token in enumerate(quote.tokens)
        )
        repeated = len(cue.scope & statement.stems)
        most = name == "negation" and repeated >= max(LEAST_REPEATED, LEAST_SHARE * len(cue.scope))
        # "All" left away says less, not more; "not found in plants" is not what "found in animals" leaves out.
        bears = cue.key in statement.stems and 2 * repeated >= len(cue.scope) - 1 and cue.kind != "all"
        if most or (bears and not elsewhere):
            yield f"{name}: '{cue.words}' of the quote is left out"


def _attribution(statement: Facts, quote: Facts) -> Iterator[str]:
    for act, alike in cues.acts(statement):
        if not alike & quote.stems:
            yield f"attribution: '{act}' is not in the quote"
    said = cues.speakers(statement, strong=True)
    if not said:
        return
    known = cues.speakers(quote, strong=False)
    if not known:
        yield "attribution: nobody says it in the quote"
        return
    for names in said:
        if names and all(names_there and not _overlap(names, names_there) for names_there in known):
            yield f"attribution: '{' '.join(sorted(names))}' is not who says it in the quote"


def _overlap(one: frozenset[str], other: frozenset[str]) -> bool:
    return any(same_name(name, there) for name in one for there in other)


def _quotations(statement: Facts, quote: Facts) -> Iterator[str]:
    text = _straight(quote.text)
    for words in statement.quoted:
        if _straight(words) not in text:
            yield f"quotation: '{words}' does not stand in the quote"


def _straight(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("‘", "'").split()).casefold()


def _opposites(statement: Facts, quote: Facts) -> Iterator[str]:
    for token in statement.tokens:
        against = OPPOSITES.get(token.stem, frozenset()) & quote.stems
        if token.stem not in quote.stems and against and not against & statement.stems:
            yield f"opposite: '{token.text}' where the quote says the opposite"


CHECKS: Mapping[str, Check] = {
    "words": _words, "numbers": _numbers, "turned steps": turned_steps, "turned rates": turned_rates, "recounted": recounted,
    "repeats": _repeats, "dates": _dates, "turned times": turned_times, "names": _names, "displaced": displaced,
    "substituted": substituted, "stitched": _stitched, "negation": _negation, "denied": _denied, "certainty": _certainty,
    "future": _future, "quantity": _quantity, "standing": _standing, "attribution": _attribution,
    "quotations": _quotations, "opposites": _opposites, "turned roles": turned_roles,
}  # fmt: skip
