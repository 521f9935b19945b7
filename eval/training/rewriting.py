"""Ways to say a sentence otherwise without changing what it says: what a support check must let through."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from rag.language.dates import MONTHS

from .declaring import MODALS

_PARENTHESIS = re.compile(r"\s*[(\[][^()\[\]]{2,}[)\]]")
_RELATIVE = re.compile(
    r", (?:which|who|where|whose|including|such as|known as|also known as|led by|based on)\b[^,;]{4,}(?=,|\.$)"
)
_LAST_CLAUSE = re.compile(
    r"(?:;|, (?:and|but|while|although|whereas|though|with|which|who|where|including|making|leading|resulting|allowing)\b)[^;]+$"
)
_FIRST_PHRASE = re.compile(
    r"^((?:In|On|During|By|After|Since|At|Before|Until|Throughout) [^,]{3,40}), ((?:the |The |a |an )?\w+[^,]*)\.$"
)
_TRAILING_DATE = re.compile(
    r"^(.{15,}?) ((?:in|on|by|since) (?:the )?(?:early |late )?(?:(?:\d{1,2} )?[A-Z][a-z]+ )?(?:1\d|20)\d\d(?:s)?)\.$"
)
_SMALL = "two three four five six seven eight nine ten eleven twelve".split()
_SYNONYMS = (
    ("approximately", "about"), ("began to", "started to"), ("purchased", "bought"), ("however, ", ""), ("received", "was given"), ("numerous", "many"),
    ("commenced", "began"), ("was founded", "was established"), ("was established", "was founded"), ("created", "made"), ("obtained", "got"),
    ("located", "situated"), ("situated", "located"), ("largest", "biggest"), ("often", "frequently"), ("frequently", "often"), ("throughout", "across"),
    ("over", "more than"), ("more than", "over"), ("around", "about"), ("about", "around"), ("nearly", "almost"), ("almost", "nearly"),
    ("due to", "because of"), ("as a result of", "because of"), ("also", ""), ("named", "called"), ("called", "named"), ("known as", "called"), ("whilst", "while"),
    ("residents", "inhabitants"), ("inhabitants", "residents"), ("required", "needed"), ("demonstrated", "showed"), ("primarily", "mainly"), ("mainly", "chiefly"),
    ("ended", "came to an end"), ("constructed", "built"), ("built", "constructed"), ("died", "passed away"), ("moved to", "went to"),
    ("assisted", "helped"), ("remained", "stayed"), ("utilized", "used"), ("started", "began"), ("began", "started"), ("won", "gained"),
    ("permitted", "allowed"), ("large", "big"), ("usually", "normally"), ("led to", "caused"),
    ("consists of", "is made up of"), ("contains", "holds"), ("increased", "grew"), ("decreased", "fell"), ("produced", "made"), ("per cent", "percent"), ("percent", "%"),
)  # fmt: skip


def aside_dropped(sentence: str, passage: str) -> str | None:
    """The sentence without what stands in brackets or in a relative clause."""
    bare = _PARENTHESIS.sub("", sentence, count=1)
    if bare != sentence:
        return bare
    bare = _RELATIVE.sub("", sentence, count=1)
    if bare == sentence:
        return None
    return re.sub(r"^([^,]{3,60}), (?=(?:is|was|are|were|has|had|became)\b)", r"\1 ", bare)


def clause_dropped(sentence: str, passage: str) -> str | None:
    bare = _LAST_CLAUSE.sub("", sentence)
    return bare.rstrip(".") + "." if bare != sentence and len(bare.split()) >= 6 and bare.count('"') % 2 == 0 else None


def reordered(sentence: str, passage: str) -> str | None:
    """A leading phrase put at the end, or a date at the end put first."""
    first = _FIRST_PHRASE.match(sentence)
    if first and first.group(2).split()[0].lower() not in MODALS:
        rest = first.group(2)
        return f"{rest[0].upper()}{rest[1:]} {first.group(1)[0].lower()}{first.group(1)[1:]}."
    last = _TRAILING_DATE.match(sentence)
    if last is None or re.search(r"[,;]", sentence):
        return None
    when, rest = last.group(2), last.group(1)
    lowered = (
        rest[0].lower() + rest[1:] if rest.split()[0] in ("The", "A", "An", "It", "He", "She", "They", "This") else rest
    )
    return f"{when[0].upper()}{when[1:]}, {lowered}."


def number_written(sentence: str, passage: str) -> str | None:
    """A small number in words for digits or the other way round."""
    found = re.search(r"(?<=[a-z] )(?:[2-9]|1[0-2])(?= [a-z]{3,})", sentence)
    before = sentence[: found.start()].split()[-1:] if found else []
    if found and not {word.lower() for word in before} & MONTHS.keys():
        return sentence[: found.start()] + _SMALL[int(found.group()) - 2] + sentence[found.end() :]
    for value, word in enumerate(_SMALL, start=2):
        spelt = re.search(rf"(?<=[a-z] ){word}(?= [a-z]{{4,}})", sentence)
        if spelt:
            return sentence[: spelt.start()] + str(value) + sentence[spelt.end() :]
    thousands = re.search(r"\b(\d{1,3}),(\d{3})\b(?!,)", sentence)
    return (
        sentence[: thousands.start()] + thousands.group().replace(",", "") + sentence[thousands.end() :]
        if thousands
        else None
    )


def name_shortened(sentence: str, passage: str) -> str | None:
    """The last part of a name of two, where the passage uses it alone as well."""
    for found in re.finditer(r"\b([A-Z][a-z]+) ([A-Z][a-z]{3,})\b(?! [A-Z])", sentence):
        alone = re.search(
            rf"(?<![A-Z][a-z] )(?<!\w ){found.group(2)}\b|(?<=[a-z,.] ){found.group(2)}\b",
            passage.replace(found.group(), ""),
        )
        if alone and found.group(1) not in ("The", "In", "On", "At", "North", "South", "East", "West", "New", "United"):
            return sentence[: found.start()] + found.group(2) + sentence[found.end() :]
    return None


def synonym(sentence: str, passage: str) -> str | None:
    """Up to two words changed for others of like meaning."""
    made, done = sentence, set[str]()
    for words, other in _SYNONYMS:
        if words in done:
            continue
        changed = re.sub(rf"(?<=[a-z,] ){re.escape(words)}\b", other, made, count=1)
        if changed != made and (words not in ("over", "around", "about") or re.search(rf"\b{words} \d", made)):
            made = re.sub(r"  +", " ", changed).replace(" %", "%")
            done.add(other)
            if len(done) == 2:
                break
    return made if made != sentence else None


Rewriter = Callable[[str, str], str | None]

REWRITERS: Mapping[str, Rewriter] = {
    "aside dropped": aside_dropped,
    "clause dropped": clause_dropped,
    "reordered": reordered,
    "number written": number_written,
    "name shortened": name_shortened,
    "synonym": synonym,
}
