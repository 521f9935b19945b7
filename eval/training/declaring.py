"""A question and its answer to one declarative sentence, by rules of English word order; None where no rule is sure.

It knows no parser: verbs are told from the texts themselves, by the modal verbs before them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rag.language.word_lists import listed

_IRREGULAR = """
arise arose arisen | become became become | begin began begun | bear bore born | break broke broken | bring brought brought | build built
built | buy bought bought | catch caught caught | choose chose chosen | come came come | cost cost cost | cut cut cut |
deal dealt dealt | draw drew drawn | drink drank drunk | drive drove driven | eat ate eaten | fall fell fallen | feel
felt felt | fight fought fought | find found found | flee fled fled | fly flew flown | forget forgot forgotten | get got
got | give gave given | go went gone | grow grew grown | hear heard heard | hide hid hidden | hit hit hit | hold held
held | keep kept kept | know knew known | lay laid laid | lead led led | leave left left | lend lent lent | let let let |
lose lost lost | make made made | mean meant meant | meet met met | pay paid paid | put put put | read read read | rise
rose risen | run ran run | say said said | see saw seen | seek sought sought | sell sold sold | send sent sent | set set
set | shoot shot shot | sing sang sung | sink sank sunk | sit sat sat | speak spoke spoken | spend spent spent | spread
spread spread | stand stood stood | steal stole stolen | strike struck struck | swim swam swum | take took taken | teach
taught taught | tell told told | think thought thought | throw threw thrown | understand understood understood | wear wore
worn | win won won | withdraw withdrew withdrawn | write wrote written | do did done | have had had
"""
_ROWS = [row.split() for row in _IRREGULAR.split("|")]
PAST = {base: past for base, past, _ in _ROWS}
PARTICIPLES = {participle for _, _, participle in _ROWS}
_BE = frozenset("is are was were".split())
_HAVE = frozenset("has have had".split())
_DO = frozenset("do does did".split())
MODALS = frozenset("can could will would should must may might".split())
_AUXILIARIES = _BE | _HAVE | _DO | MODALS
PREPOSITIONS = frozenset(
    """in on at by for from to with of as into after before during under over about against between through since until
    near within around among than like off out up without along across upon toward towards""".split()
)
DETERMINERS = frozenset("the a an this that these those his her its their our my your some any each every no".split())
_WH = frozenset("who whom whose what which when where why how".split())
_LEAD = re.compile(r"^((?:In|During|After|Before|By|Since|On|At|Until|From|Under|With|For) [^,?]{2,60}), (?=\w)")
_FINAL = re.compile(
    r"^(?P<rest>.+?)\s(?:(?P<at>in|on|during|by|from|at|to|of|as) )?(?P<wh>who|whom|what(?: \w+){0,2}|which(?: \w+){1,2}|how many(?: \w+)?|where|when)$"
)
_AMOUNT = re.compile(r"^how (?:many|much)$")
_ADVERBS = frozenset(
    "instead later now often sometimes soon even still always thus therefore perhaps already own".split()
)
LONGEST_ANSWER = 12  # words


@dataclass(frozen=True, slots=True)
class Verbs:
    """Base forms of verbs, as they stand after a modal verb in some texts."""

    bases: frozenset[str]

    @classmethod
    def seen_in(cls, texts: Iterable[str]) -> Verbs:
        """Return the words that follow "would", "did not" and the like at least twice."""
        pattern = re.compile(r"\b(?:can|could|will|would|should|must|may|might|(?:do|does|did) not)\s+([a-z]{2,})\b")
        counts = Counter(match.group(1) for text in texts for match in pattern.finditer(text))
        common = {word for word, times in counts.items() if times >= 2 and not word.endswith("ly")}
        return cls(frozenset(common - listed("function_words") - _ADVERBS) | PAST.keys())

    def past(self, base: str) -> str:
        if base in PAST:
            return PAST[base]
        if base.endswith("e"):
            return base + "d"
        if re.search(r"[^aeiou]y$", base):
            return base[:-1] + "ied"
        if re.search(r"^[^aeiou]*[aeiou][bdgmnprt]$", base):
            return base + base[-1] + "ed"
        return base + "ed"

    def third(self, base: str) -> str:
        if base == "have":
            return "has"
        if re.search(r"(?:s|x|ch|sh|o)$", base):
            return base + "es"
        return base[:-1] + "ies" if re.search(r"[^aeiou]y$", base) else base + "s"

    def finite(self, word: str) -> bool:
        """Whether a word can be the verb of a sentence without a helping verb."""
        if word in PAST.values() or (word.endswith("ed") and len(word) > 4):
            return True
        return any(self.third(base) == word for base in (word[:-1], word[:-2], word[:-3] + "y") if base in self.bases)


def participle(word: str) -> bool:
    return word in PARTICIPLES or (len(word) > 4 and word.endswith("ed"))


class Declarer:
    """Makes statements of questions and answers."""

    def __init__(self, verbs: Verbs) -> None:
        self._verbs = verbs

    def declare(self, question: str, answer: str) -> str | None:
        """Return a sentence with a full stop, or None."""
        asked = re.sub(r"\s+", " ", question).strip().rstrip("?. ")
        said = answer.strip().strip(".,;:").strip()
        if not asked or not said or len(said.split()) > LONGEST_ANSWER or "?" in asked or "\n" in said:
            return None
        if self._says_a_deed(said.split()[0]):
            return None
        lead = _LEAD.match(asked)
        if lead:
            asked = asked[lead.end() :]
        made = self._inverted(asked.split(), said) or _at_the_end(asked, said)
        if made is None:
            return None
        text = f"{lead.group(1)}, {made}" if lead else made
        text = re.sub(r"\s+", " ", text).strip(" ,")
        if not 4 <= len(text.split()) <= 45 or _WH & set(text.lower().split()[:2]):
            return None
        return text[0].upper() + text[1:] + "."

    def _says_a_deed(self, first: str) -> bool:
        """Whether an answer begins with a verb or "not", and so is no noun: "facilitate student learning"."""
        return first == "not" or first in self._verbs.bases or (first.islower() and first in PAST.values())

    def _inverted(self, words: list[str], said: str) -> str | None:
        """Read a question that begins with its question word, with or without a preposition before it."""
        before = words[0].lower() if words[0].lower() in PREPOSITIONS and len(words) > 3 else ""
        if before:
            words = words[1:]
        head = words[0].lower()
        if head not in ("who", "whom", "what", "which", "when", "where", "how"):
            return None
        asked_of, rest = self._question_phrase(words)
        if asked_of is None or len(rest) < 2:
            return None
        helper = rest[0].lower()
        if helper not in _AUXILIARIES:
            return self._of_subject(asked_of, rest, said) if not before else None
        if helper in _BE | _HAVE | MODALS and not before and self._is_predicate(rest[1:], helper):
            return self._of_subject(asked_of, rest, said)
        return self._of_other(asked_of, before, rest, said)

    def _question_phrase(self, words: list[str]) -> tuple[list[str] | None, list[str]]:
        """Return the question phrase ("how many", "moons") and the words from the verb on."""
        head = [words[0].lower()]
        place = 1
        if head == ["how"]:
            if words[1].lower() not in ("many", "much", "long", "old", "tall", "far"):
                return None, []
            head = [f"how {words[1].lower()}"]
            place = 2
        if head[0] in ("what", "which", "how many", "how much"):
            while place < len(words) and place < 6:
                word = words[place].lower()
                if word in _AUXILIARIES or (self._verbs.finite(word) and words[place].islower() and place >= 1):
                    break
                if word in DETERMINERS:
                    return None, []
                head.append(words[place])
                place += 1
        return head, words[place:]

    def _is_predicate(self, following: list[str], helper: str) -> bool:
        """Whether the helping verb is followed by its verb, so that the question word is the subject."""
        first = following[0]
        if not first[0].islower() or first.lower() in DETERMINERS:
            return False
        if helper in MODALS:
            return first in self._verbs.bases or first == "be"
        return participle(first) or (helper in _HAVE and first == "been") or (helper in _BE and first.endswith("ing"))

    def _of_subject(self, asked_of: list[str], rest: list[str], said: str) -> str | None:
        if not (rest[0].lower() in _AUXILIARIES or self._verbs.finite(rest[0])) or asked_of[0] in ("when", "where"):
            return None
        if rest[-1].lower() in PREPOSITIONS and rest[0].lower() in _BE:
            return None
        return f"{_counted(asked_of, said)} {' '.join(rest)}"

    def _of_other(self, asked_of: list[str], before: str, rest: list[str], said: str) -> str | None:
        helper, following = rest[0].lower(), rest[1:]
        counted = _counted(asked_of, said)
        if helper in _BE and following[0].lower() == "there":
            return f"there {helper} {counted} {' '.join(following[1:])}" if asked_of[0] == "how many" else None
        split = self._subject_end(following, helper)
        if split is None:
            return self._copula(asked_of, before, helper, following, said)
        subject, verb, tail = " ".join(following[:split]), following[split], following[split + 1 :]
        phrase = self._verb_phrase(helper, verb)
        if _doubtful(subject):
            return None
        if before:
            unlike = asked_of[-1].lower() in ("way", "ways", "manner", "name", "terms")
            return None if unlike else f"{subject} {phrase} {' '.join(tail)} {before} {said}"
        if asked_of[0] in ("when", "where"):
            if tail and tail[-1].lower() in PREPOSITIONS:
                return None
            return f"{subject} {phrase} {' '.join(tail)} {_placed(asked_of[0], said)}"
        if asked_of[0] in ("how long", "how old", "how tall", "how far"):
            return None
        if len(asked_of) > 1 and asked_of[-1].lower() in ("year", "day", "date", "month", "decade", "century"):
            return f"{subject} {phrase} {' '.join(tail)} {_placed('when', said)}"
        gap = _gap(tail)
        called = verb in ("called", "named", "termed") and not tail
        if gap is None or (helper in _BE and gap == 0 and not called):
            return None
        return f"{subject} {phrase} {' '.join(tail[:gap])} {counted} {' '.join(tail[gap:])}"

    def _subject_end(self, following: list[str], helper: str) -> int | None:
        """Return where the verb stands behind the subject of an inverted question."""
        for place, word in enumerate(following):
            behind = following[place - 1].lower() if place else ""
            if not place or not word.islower() or behind in DETERMINERS | PREPOSITIONS or behind.endswith("'s"):
                continue
            if helper in _DO | MODALS and (word in self._verbs.bases or (helper in MODALS and word == "be")):
                return place
            if helper in _BE | _HAVE and (participle(word) or (helper in _BE and word.endswith("ing"))):
                return place
        return None

    def _verb_phrase(self, helper: str, verb: str) -> str:
        if helper == "did":
            return self._verbs.past(verb)
        if helper == "does":
            return self._verbs.third(verb)
        return verb if helper == "do" else f"{helper} {verb}"

    def _copula(self, asked_of: list[str], before: str, helper: str, following: list[str], said: str) -> str | None:
        """Answer "what was the name of the ship": "the name of the ship was …"."""
        other = " ".join(following)
        if helper not in _BE or before or len(asked_of) > 1 or _doubtful(other):
            return None
        if asked_of[0] in ("who", "what"):
            return None if following[-1].lower() in PREPOSITIONS else f"{other} {helper} {said}"
        if asked_of[0] in ("when", "where"):
            return f"{other} {helper} {_placed(asked_of[0], said)}"
        return None


def _counted(asked_of: list[str], said: str) -> str:
    """Return the answer with what it counts: "how many moons" and "two" give "two moons"."""
    noun = " ".join(asked_of[1:])
    if not noun or not _AMOUNT.match(asked_of[0]) or any(word.lower() in said.lower() for word in asked_of[1:]):
        return said
    return f"{said} {noun}"


def _placed(asked: str, said: str) -> str:
    """Return the answer with a preposition where it has none."""
    first = said.split()[0].lower()
    if first in PREPOSITIONS | {"between", "circa", "when", "next", "last"}:
        return said
    if asked == "where":
        return f"in {said}"
    if re.fullmatch(r"(?:the )?(?:early |late |mid-?)?(?:\w+ )?\d{4}s?|.*\b(?:century|BC|AD|BCE|CE|year)", said):
        return f"in {said}"
    day = re.match(
        r"(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December)", said
    )
    if day:
        return f"on {said}" if re.search(r"\b\d{1,2}\b", said) else f"in {said}"
    return f"in {said}" if re.search(r"\b\d{4}\b", said) else said


def _doubtful(subject: str) -> bool:
    """Whether a subject does not look like one: too long, or with a clause in it."""
    lowered = subject.lower().split()
    return (
        not lowered or len(lowered) > 14 or bool(_WH - {"who", "which"} & set(lowered)) or lowered[-1] in PREPOSITIONS
    )


def _gap(tail: list[str]) -> int | None:
    """Return where the answer stands behind the verb; None where an object stands there already."""
    if not tail:
        return 0
    lowered = [word.lower() for word in tail]
    if lowered[-1] in PREPOSITIONS:
        return len(tail)
    if lowered[0] in PREPOSITIONS:
        return 1 if len(tail) > 1 and lowered[1] in PREPOSITIONS else 0
    return None


def _at_the_end(asked: str, said: str) -> str | None:
    """Answer a question that keeps the order of a statement: "the ship was named after whom"."""
    found = _FINAL.match(asked[0].lower() + asked[1:] if asked.split()[0] in ("The", "A", "An", "In") else asked)
    if found is None or asked.split()[0].lower() in _WH | _AUXILIARIES or _WH & set(found["rest"].lower().split()):
        return None
    counted = found["wh"].split()
    answer = said
    if found["wh"].startswith("how many") and len(counted) > 2:
        answer = _counted(["how many", counted[2]], said)
    if found["wh"] in ("where", "when"):
        answer = _placed(found["wh"], said)
    at = found["at"] or ""
    return (
        f"{found['rest']} {at} {answer}"
        if not at or not said.lower().startswith(at + " ")
        else f"{found['rest']} {answer}"
    )
