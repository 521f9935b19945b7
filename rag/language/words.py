"""Words of a text: which carry meaning, and when two are the same word."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W_]+(?:[’'.\-][^\W_]+)*")

# Function words and the verbs of asking; a word in this list never decides whether a passage is about a question.
FUNCTION_WORDS = frozenset(
    """
    a about above after again against all also although am an and any anyone anything are aren't as at be because been
    before being below between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down
    during each either else ever every few for from further had hadn't has hasn't have haven't having he he's her here
    hers herself him himself his how how's however i if in into is isn't it it's its itself just let's me more most
    much must my myself neither no nor not of off on once only or other ought our ours ourselves out over own per
    please rather said same say says shall she should so some somebody someone something such tell than that that's the
    their theirs them themselves then there there's these they they're this those though through to too under until up
    upon us very via was wasn't we we're were weren't what what's when when's where where's whether which while who
    who's whom whose why why's will with within without won't would wouldn't yet you you're your yours yourself
    according article articles describe described explain exactly give many mention mentioned mentions
    """.split()
)


LEAST_SHOUTED = 3  # words: of fewer, "WHO" and "US GDP" are names


def unshouted(question: str) -> str:
    """Return a question all in capitals in small letters: capitals that all words have make none of them a name."""
    return question.lower() if question.isupper() and len(WORD.findall(question)) >= LEAST_SHOUTED else question


def words(text: str) -> list[str]:
    """Return the words of `text` in order, lower case, apostrophes straight, without a possessive ending."""
    return [_plain(match.group()) for match in WORD.finditer(text)]


def is_function_word(token: str) -> bool:
    """Whether a word, as it is written, carries no meaning. US, WHO and IT are names, us, who and it are not."""
    capitals = token.isupper() and len(token) > 1
    return _plain(token) in FUNCTION_WORDS and not capitals


def content_words(text: str) -> list[str]:
    """Return the words of `text` that carry meaning, in order, with repetitions."""
    return [_plain(match.group()) for match in WORD.finditer(text) if not is_function_word(match.group())]


def _plain(token: str) -> str:
    return token.lower().replace("’", "'").removesuffix("'s").rstrip("'")


def names(text: str) -> list[str]:
    """Return the words of `text` that name something: capitalised inside a sentence, or holding a digit."""
    found = []
    for match in WORD.finditer(text):
        word = match.group()
        opens_sentence = not re.search(r"[^\s\"“‘'(]\s*[\"“‘'(]*$", text[: match.start()]) or bool(
            re.search(r"[.!?]\s+[\"“‘'(]*$", text[: match.start()])
        )
        capital = word[0].isupper() and not opens_sentence and not is_function_word(word)
        if capital or any(character.isdigit() for character in word):
            found.append(word)
    return found
