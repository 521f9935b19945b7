"""When two English words count as the same word: inflections, irregular verbs, a country and its people."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_IRREGULAR = """
be am is are was were been being | become became | begin began begun | bear bore borne | break broke broken |
bring brought | build built | buy bought | catch caught | choose chose chosen | come came | cost costs | cut cuts |
deal dealt | do did done does | draw drew drawn | drink drank drunk | drive drove driven | eat ate eaten |
fall fell fallen | feed fed | feel felt | fight fought | find found | flee fled | fly flew flown flies |
forget forgot forgotten | get got gotten | give gave given | go went gone goes | grow grew grown | hang hung |
have has had | hear heard | hide hid hidden | hold held | keep kept | know knew known | lay laid | lead led |
leave left | lend lent | lose lost loses losing | make made | mean meant | meet met | pay paid | read reads |
ride rode ridden | ring rang rung | rise rose risen | run ran | say said | see saw seen | seek sought |
sell sold | send sent | set sets | shake shook shaken | shoot shot | show showed shown | sing sang sung |
sink sank sunk | sit sat | sleep slept | speak spoke spoken | spend spent | stand stood | steal stole stolen |
strike struck | swim swam swum | take took taken | teach taught | tear tore torn | tell told | think thought |
throw threw thrown | understand understood | wear wore worn | win won | withdraw withdrew withdrawn |
write wrote written | man men | woman women | person people | child children | foot feet | life lives |
mouse mice | tooth teeth | goose geese | wolf wolves | troop soldier | kilometre kilometer km |
kilogram kilogramme kg | metre meter | centimetre centimeter cm | millimetre millimeter mm | tonne ton |
percent percentage | dollar usd | euro eur | pound gbp sterling | organisation organization | defence defense |
"""
_PEOPLES = """
france french | germany german | britain british | netherlands dutch | spain spanish | poland polish |
denmark danish | sweden swedish | switzerland swiss | turkey turkish turkiye | greece greek | wales welsh |
ireland irish | scotland scottish scots | finland finnish | norway norwegian | philippines filipino |
thailand thai | iceland icelandic | portugal portuguese | england english | europe european | peru peruvian |
ukraine ukrainian | argentina argentine argentinian | china chinese | japan japanese | vietnam vietnamese |
mexico mexican | canada canadian | brazil brazilian | egypt egyptian | norway norwegians | cyprus cypriot |
afghanistan afghan | uzbekistan uzbek | kazakhstan kazakh | pakistan pakistani | bangladesh bangladeshi
"""


def _groups(table: str) -> dict[str, str]:
    rows = [row.split() for row in table.split("|")]
    return {word: row[0] for row in rows if row for word in row}


_SAME = _groups(_IRREGULAR) | _groups(_PEOPLES)
_PEOPLE_ENDINGS = ("ians", "ian", "ans", "an", "ese", "n", "i", "is", "ns")


def fold(word: str) -> str:
    """Return the word in lower case without accents, dots or a possessive ending."""
    plain = unicodedata.normalize("NFKD", word.replace("’", "'"))
    plain = "".join(character for character in plain if not unicodedata.combining(character)).casefold()
    return plain.removesuffix("'s").rstrip("'").replace(".", "")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return what the inflections of a word share: `gifted` and `gifts` both give `gift`, `sent` gives `send`."""
    plain = fold(word)
    if plain in _SAME:
        return _stripped(_SAME[plain])
    if plain.endswith("s") and plain[:-1] in _SAME:
        return _stripped(_SAME[plain[:-1]])
    return _stripped(plain)


def _stripped(word: str) -> str:
    if len(word) <= 3:
        return word
    for ending, instead in (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return _bare(word.removesuffix(ending) + instead)
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and any(letter in "aeiouy" for letter in rest):
            return _bare(rest)
    return _bare(word)


def _bare(word: str) -> str:
    """Undo a doubled consonant, a silent e and British spelling, so that `planned` meets `plan`."""
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouslf":
        word = word[:-1]
    word = word.removesuffix("e") if len(word) > 3 else word
    word = word.replace("isation", "ization")
    return word.removesuffix("is") + "iz" if len(word) > 5 and word.endswith("is") else word


def same_name(one: str, other: str) -> bool:
    """Return whether two folded words name the same place or person: equal, or a place and its people."""
    if one == other or stem(one) == stem(other):
        return True
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if len(short) < 4 or not long.startswith(short[:-1]):
        return False
    return any(long == root + ending for root in (short, short[:-1]) for ending in _PEOPLE_ENDINGS if len(root) >= 4)
