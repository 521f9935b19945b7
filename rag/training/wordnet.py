"""Words of like meaning, from WordNet's own files (Debian's `wordnet-base`; https://wordnet.princeton.edu/documentation/wndb5wn)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lemminflect import getAllLemmas, getInflection

PARTS = {"noun": "NOUN", "verb": "VERB", "adj": "ADJ", "adv": "ADV"}  # the files' names; lemminflect's
TAGS = {"NOUN": ("NN", "NNS"), "VERB": ("VB", "VBD", "VBN", "VBG", "VBZ"), "ADJ": ("JJ", "JJR", "JJS"), "ADV": ("RB",)}
TYPES = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}  # of a sense key
SENSES = 4  # of a word, the commonest
RARE = 0.15  # of a word's counted uses: a sense or a part of speech with fewer is left out
WIDER, NARROWER = "@", "~"  # from a noun or verb to what it is a kind of, and back
MOST_KINDS = 20  # of a wider word: "person" stands for nobody

_Place = tuple[str, str]  # a part of speech, and a word or the offset of a set of synonyms


class WordNet:
    """The files under `folder`: `index.noun`, `data.noun` and their fellows. Raises OSError if they are not there."""

    def __init__(self, folder: Path) -> None:
        self._senses: dict[_Place, list[str]] = {}
        self._words: dict[_Place, list[str]] = {}
        self._wider: dict[_Place, list[_Place]] = {}
        self._kinds: Counter[_Place] = Counter()
        self._counts: dict[_Place, Counter[int]] = {}
        for key, sense, count in _rows(folder / "cntlist.rev"):
            lemma, _, rest = key.partition("%")
            self._counts.setdefault((TYPES[rest[0]], lemma), Counter())[int(sense) - 1] = int(count)
        for part in PARTS:
            for fields in _rows(folder / f"index.{part}"):
                self._senses[part, fields[0]] = fields[-int(fields[2]) :][:SENSES]
            for fields in _rows(folder / f"data.{part}"):
                self._add(part, fields)

    def alike(self, word: str) -> list[str]:
        """Return words that may stand for `word`, in its form ("troops": "soldiers"), the commonest sense first."""
        lemmas = [
            (part, lemma)
            for part, upos in PARTS.items()
            for lemma in getAllLemmas(word, upos=upos).get(upos, ())
            if (part, lemma) in self._senses
        ]
        uses = {place: 1 + self._counts.get(place, Counter()).total() for place in lemmas}
        found: dict[str, None] = {}
        for place in sorted(lemmas, key=lambda place: -uses[place]):
            upos = PARTS[place[0]]
            tags = [tag for tag in TAGS[upos] if word in getInflection(place[1], tag)]
            if tags and uses[place] >= RARE * sum(uses.values()):
                found |= dict.fromkeys(_inflected(other, tags[0], upos) for other in self._like(place))
        found.pop(word, None)
        return list(found)

    def _like(self, place: _Place) -> Iterator[str]:
        part, lemma = place
        counts = self._counts.get(place, Counter())
        for number, offset in enumerate(self._senses[place]):
            if counts[number] < RARE * counts.total():
                continue
            yield from (word for word in self._words[part, offset] if word != lemma)
            for above in self._wider[part, offset]:
                if self._kinds[above] <= MOST_KINDS:
                    yield from self._words[above][:2]

    def _add(self, part: str, fields: list[str]) -> None:
        count = int(fields[3], 16)
        # "old(a)" stands only before a noun. Names, with capitals, are no words for a thing.
        words = [fields[4 + 2 * index].split("(")[0].replace("_", " ") for index in range(count)]
        place = part, fields[0]
        self._words[place] = [word for word in words if word.islower()]
        first = 5 + 2 * count
        pointers = [fields[at : at + 2] for at in range(first, first + 4 * int(fields[first - 1]), 4)]
        self._wider[place] = [(part, offset) for sign, offset in pointers if sign == WIDER]
        self._kinds[place] = sum(sign == NARROWER for sign, _ in pointers)


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith(" "):  # the licence
                yield line.split(" | ")[0].split()


def _inflected(words: str, tag: str, upos: str) -> str:
    """Put "give away" or "military man" into the form: the verb's first word, else the last."""
    first, *others = words.split(" ")
    if upos == "VERB":
        return " ".join([(getInflection(first, tag) or (first,))[0], *others])
    *before, last = first, *others
    return " ".join([*before, (getInflection(last, tag) or (last,))[0]])
