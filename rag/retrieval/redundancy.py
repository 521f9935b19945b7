"""Which passages say again, sentence by sentence, what better ones say."""

from __future__ import annotations

from collections.abc import Sequence

from ..language.facts import facts_of
from ..language.words import words
from ..schema import Passage
from ..verification.contradiction.differences import differences, share

LEAST_REPEATED = 0.8  # of the content words of a sentence that is the same in other words
_PLAIN = str.maketrans("‘’“”–—", "''\"\"--")


def holders(passage: Passage, better: Sequence[Passage]) -> set[int]:
    """Return the places in `better` of those that hold its sentences; empty when a sentence stands in none of them.

    A sentence stands where it stands word for word, or with edits that change none of its facts.
    """
    held = [(at, sentence) for at, one in enumerate(better) for sentence in _sentences(one)]
    places: set[int] = set()
    for sentence in _sentences(passage):
        found = next((at for at, other in held if _same(sentence, other)), None)
        if found is None:
            return set()
        places.add(found)
    return places


def _sentences(passage: Passage) -> list[str]:
    spans = passage.sentences or ((passage.start, passage.end),)
    return [passage.text[start - passage.start : end - passage.start] for start, end in spans]


def _same(sentence: str, other: str) -> bool:
    if _plain(sentence) == _plain(other):
        return True
    mine, theirs = set(words(sentence)), set(words(other))
    if len(mine & theirs) < LEAST_REPEATED * len(mine):
        return False
    one, two = facts_of(sentence), facts_of(other)
    return share(one, two) >= LEAST_REPEATED and not differences(one, two)


def _plain(sentence: str) -> str:
    return " ".join(sentence.translate(_PLAIN).split())
