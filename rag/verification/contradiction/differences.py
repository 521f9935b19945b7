"""Each way in which a statement says what its quote does not, and which of them leave no doubt.

A fluent rewording says the same with other numbers, names and negations, so a difference is a hint: the entailment model
decides. Only where a statement is copied but for a difference of some kinds is it a contradiction for certain. Names must
stand in the quote itself: neither the question nor a title lends one, for that is how a right name gets wrong words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher

from ...language.antonyms import opposites_of
from ...language.facts import Facts
from ...language.negation import Finder, denials, negations
from ...language.stems import same_name, stem
from ...language.tokens import Token, is_common, is_content
from .figures import missing_numbers, other_bounds, other_measures, other_rates, turned_steps
from .slots import displaced, exchanged

LEAST_SHARE = 0.6  # of the content words of a statement that must stand in its quote
LEAST_REPEATED = 3  # words that a "not" bears on: a statement that has them without it denies nothing
LEAST_WORDS = 3  # "June" is no statement
# Of the words of a statement. Of what is refused so, 156 of 172 written statements are false at 0.4, 106 of 108 at 0.5.
LEAST_COPIED = 0.5
LEAST_RUN = 2  # words; one alone is not copied

Check = Callable[[Facts, Facts], Iterator[str]]  # of a statement and its quote


def differences(statement: Facts, quote: Facts) -> tuple[str, ...]:
    """Return each way in which the statement says what the quote does not, in a fixed order."""
    return tuple(difference for check in CHECKS.values() for difference in check(statement, quote))


def is_certain(statement: Facts, quote: Facts) -> bool:
    """Return whether the statement contradicts the quote so plainly that no model is asked."""
    struck = any(True for check in CONTRADICTIONS.values() for _ in check(statement, quote))
    return struck and copied_share(statement, quote) >= LEAST_COPIED


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


def copied_share(statement: Facts, quote: Facts) -> float:
    """Return the share of the statement's words that stand in the quote in the same order, beside each other, 0 to 1."""
    mine, theirs = ([token.stem for token in facts.tokens] for facts in (statement, quote))
    runs = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    return sum(run.size for run in runs if run.size >= LEAST_RUN) / max(1, len(mine))


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


def _dates(statement: Facts, quote: Facts) -> Iterator[str]:
    digits = {amount.words for amount in quote.amounts}
    for moment in statement.moments:
        year_alone = moment.words == str(moment.year) and moment.words in digits
        if not year_alone and not any(moment.agrees(other) for other in quote.moments):
            yield f"date: '{moment.words}' is not in the quote"


def _names(statement: Facts, quote: Facts) -> Iterator[str]:
    for run in statement.names:
        missing = [word for word in run if not _has_name(word, quote)]
        if missing:
            # A common word may have its capital only from opening the sentence: a lack of proof, not another name.
            opening = run == (statement.tokens[0].word,) and is_common(run[0])
            yield f"{'words' if opening else 'name'}: '{' '.join(missing)}' is not in the quote"


def _has_name(word: str, quote: Facts) -> bool:
    if stem(word) in quote.stems or any(same_name(word, other.word) for other in quote.tokens):
        return True
    initials = ["".join(each[0] for each in run) for run in quote.names if len(run) > 1]
    return 1 < len(word) <= 5 and any(letters.startswith(word) for letters in initials)


def _negation(statement: Facts, quote: Facts) -> Iterator[str]:
    yield from _turned(statement, quote, negations)
    yield from _turned(statement, quote, denials)


def _turned(statement: Facts, quote: Facts, find: Finder) -> Iterator[str]:
    """Find denying words that the statement adds, and those that it leaves away from words it repeats."""
    stated, quoted = find(statement), find(quote)
    for cue in stated:
        bearing = frozenset((cue.key,)) if cue.key else cue.scope
        if not quoted or (bearing and not any(bearing & other.scope for other in quoted)):
            yield f"negation: '{cue.words}' is not so in the quote"
    for cue in quoted:
        if any(cue.scope & other.scope or not other.scope for other in stated):
            continue
        repeated = len(cue.scope & statement.stems)
        most = repeated >= max(LEAST_REPEATED, LEAST_SHARE * len(cue.scope))
        bears = cue.key in statement.stems and 2 * repeated >= len(cue.scope) - 1
        # "Not found in plants" is not what "found in animals" leaves out.
        elsewhere = any(
            token.stem == cue.key and not any(place in other.indices for other in quoted)
            for place, token in enumerate(quote.tokens)
        )
        if most or (bears and not elsewhere):
            yield f"negation: '{cue.words}' of the quote is left out"


def _quotations(statement: Facts, quote: Facts) -> Iterator[str]:
    text = _straight(quote.text)
    for words in statement.quoted:
        if _straight(words) not in text:
            yield f"quotation: '{words}' does not stand in the quote"


def _straight(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("‘", "'").split()).casefold()


def _opposites(statement: Facts, quote: Facts) -> Iterator[str]:
    for token in statement.tokens:
        against = opposites_of(token.stem) & quote.stems
        if token.stem not in quote.stems and against and not against & statement.stems:
            yield f"opposite: '{token.text}' where the quote says the opposite"


# What each is worth: design/decisions/010-contradiction-checks.md.
HINTS: Mapping[str, Check] = {
    "words": _words,
    "numbers": missing_numbers,
    "names": _names,
    "negation": _negation,
    "opposites": _opposites,
}
CONTRADICTIONS: Mapping[str, Check] = {
    "measures": other_measures,
    "bounds": other_bounds,
    "steps": turned_steps,
    "rates": other_rates,
    "dates": _dates,
    "displaced": displaced,
    "exchanged": exchanged,
    "quotations": _quotations,
}
CHECKS: Mapping[str, Check] = {**HINTS, **CONTRADICTIONS}
