"""What a chat model writes, sentence by sentence, into drafts whose quotes are exact words of the passages it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..drafts import Draft, Quote
from ..language.facts import facts_of
from ..language_model.json_reply import THOUGHT, THOUGHT_END
from ..schema import Passage, Reading
from ..verification.contradiction.differences import differences, share

MAX_SENTENCES = 3  # in a quote
LONGEST_ABBREVIATION = 40  # characters, the number of an item in a list and what stands before it among them
# A longer quote must hold this much more of the statement's words for each further sentence.
_SENTENCE_COST = 0.08
_FACT_KINDS = ("number", "unit", "comparison", "date", "name", "stitched", "quotation")

_LABEL = r"(?:sources?|articles?|passages?|references?|refs?|citations?|texts?|ids?)"
_IDS = rf"\s*(?:{_LABEL}\s*(?:[:#]\s*)?|[\^#])?\d{{1,3}}(?:\s*(?:,|;|&|and|-|–)\s*(?:{_LABEL}\s*)?\d{{1,3}})*\s*"
_MARK = rf"(?:\[{_IDS}\]|【{_IDS}】|\({_IDS}\))"
_MARKS = re.compile(_MARK, re.IGNORECASE)
_NUMBERS = re.compile(r"(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?")
_SAME_LINE = re.compile(rf"(?:[ \t]*(?:\([ \t]*)?(?:{_LABEL}\s*:[ \t]*)?{_MARK}\)?,?)*[ \t]*[.!?]*", re.IGNORECASE)
_OWN_LINE = re.compile(rf"(?:\s*(?:\(\s*)?(?:{_LABEL}\s*:\s*)?{_MARK}\)?,?)+[ \t]*[.!?]*(?=\s*\n|\s*$)", re.IGNORECASE)
_STOP = re.compile(r"[.!?…]+[\"”’*_]*|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|gen|col|lt|sgt|st|sen|rep|gov|no|vs|inc|ltd|co|jr|sr|dept|approx|e\.g|i\.e|etc|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|\b[A-Z]|(?:^|\n)[\s*\-]*\d{1,2})\.$",
    re.IGNORECASE,
)
_LABEL_START = ("source", "citation", "reference", "article", "passage")
_NOT_SAID = re.compile(r"\bNOT[_ ]IN[_ ](?:THE[_ ])?ARTICLES?\b")
_LEADS = re.compile(
    rf"^(?:(?:according to|based on|as stated in|as mentioned in|in|from|per)\s+(?:the\s+)?(?:{_LABEL}\s*)?{_MARK}\s*,?\s*|"
    rf"(?:the\s+)?(?:{_LABEL}\s*)?{_MARK}\s+(?:says|states|mentions|reports|notes|explains)\s+(?:that\s+)?)",
    re.IGNORECASE,
)
_DECORATION = re.compile(
    r"^(?:[\s>#•*\-–]+|\d{1,2}[.)]\s+|(?:short |final )?(?:answer|response)\s*:\s*)+", re.IGNORECASE
)
_LABEL_IN_BRACKETS = re.compile(rf"\(\s*{_LABEL}\s*:\s*({_MARK})\s*\)", re.IGNORECASE)
_SOURCE_LABEL = re.compile(rf"(?:\(\s*)?\b{_LABEL}\s*:\s*(?={_MARK})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence without its marks, and the ids it names, in order, each once; they need not exist."""

    text: str
    ids: tuple[int, ...]


class SentenceParser:
    """Cuts a stream into sentences with their citations, each as soon as it is certain that it is finished.

    `shown` is how many passages the model was shown: "(12)" is a citation only if there is a twelfth.
    """

    def __init__(self, shown: int) -> None:
        self.not_said = False
        self._shown = shown
        self._raw = ""
        self._thought = 0  # characters of a thought that had no opening tag
        self._taken = 0  # characters of the text without thoughts that are already in sentences

    def feed(self, piece: str) -> Iterator[Cited]:
        """Yield the sentences that `piece` finishes."""
        self._raw += piece
        yield from self._sentences(final=False)

    def finish(self, *, whole: bool) -> Iterator[Cited]:
        """Yield what is left; when the stream was cut (not `whole`), only sentences that had come to their end."""
        yield from self._sentences(final=True)
        rest = self._spoken()[self._taken :].strip()
        self._taken = len(self._spoken())
        if rest and whole:
            yield from self._cited(rest)

    @property
    def silent(self) -> bool:
        """Whether nothing was written but thoughts."""
        return not self._spoken().strip()

    def _spoken(self) -> str:
        """What was written without the thoughts. A thought may show itself only at its end: then all starts anew."""
        text = THOUGHT.sub("", self._raw)
        ended = THOUGHT_END.match(text)
        if ended and ended.end() != self._thought:
            self._thought, self._taken = ended.end(), 0
        return text[ended.end() :] if ended else text

    def _sentences(self, *, final: bool) -> Iterator[Cited]:
        text = self._spoken()
        if not final and text.rfind("<") > text.rfind(">"):
            text = text[: text.rfind("<")]  # perhaps the beginning of a thought
        self._taken = min(self._taken, len(text))
        while (end := _sentence_end(text[self._taken :], final=final)) is not None:
            sentence = text[self._taken : self._taken + end]
            self._taken += end
            yield from self._cited(sentence)

    def _cited(self, sentence: str) -> Iterator[Cited]:
        if _NOT_SAID.search(sentence):
            self.not_said = True
            return
        ids = [number for mark in _MARKS.finditer(sentence) for number in self._ids(mark.group())]
        text = self._without_marks(_DECORATION.sub("", sentence.strip()))
        if any(character.isalnum() for character in text):
            yield Cited(text, tuple(dict.fromkeys(ids)))

    def _ids(self, mark: str) -> list[int]:
        found: list[int] = []
        for low, high in _NUMBERS.findall(mark):
            found.extend(range(int(low), min(int(high), int(low) + 20) + 1) if high else [int(low)])
        unlikely = mark.startswith("(") and not all(1 <= number <= self._shown for number in found)
        return [] if unlikely else found

    def _without_marks(self, sentence: str) -> str:
        text = _LABEL_IN_BRACKETS.sub(r"\1", _LEADS.sub("", sentence))
        text = _MARKS.sub(lambda mark: "" if self._ids(mark.group()) else mark.group(), _SOURCE_LABEL.sub("", text))
        text = text.replace("**", "").replace("__", "").replace("`", "")
        text = " ".join(re.sub(r"\(\s*[.,;]?\s*\)", "", text).split())
        text = _with_one_stop(re.sub(r" ([.,;:!?])", r"\1", text)).strip(" ,;")
        return text[:1].upper() + text[1:]


def _with_one_stop(text: str) -> str:
    """Return the text without the full stops that a mark between them has left behind."""
    if not text.endswith("."):
        return text
    kept = text.rstrip(". ")
    return kept if kept.endswith(("!", "?")) else f"{kept}."


def _sentence_end(text: str, *, final: bool) -> int | None:
    """Return where the first finished sentence ends, its citations included; None while that is not certain."""
    leading = bool(_MARKS.match(text.lstrip(" \n-*•")))
    for stop in _STOP.finditer(text):
        if not text[: stop.start()].strip():
            continue
        line_ends = stop.group().startswith("\n")
        tail = None if leading else _SAME_LINE.match(text, stop.end())
        end = tail.end() if tail and not line_ends else stop.end()
        cites = end > stop.end() and bool(_MARKS.search(text, stop.end(), end))
        if not line_ends and not cites and not _ends_sentence(text, stop):
            continue
        if own_line := _OWN_LINE.match(text, end):
            end = own_line.end()
        rest = text[end:].lstrip()
        if final:
            return end
        if not rest or _may_be_citation(rest):
            return None
        return end
    return None


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    after = text[stop.end() : stop.end() + 1]
    if after and not after.isspace() and after not in "[【(":
        return False
    if stop.group() == "." and _ABBREVIATION.search(text[max(0, stop.end() - LONGEST_ABBREVIATION) : stop.end()]):
        return False
    following = text[stop.end() :].lstrip()
    return not (following and following[0].islower() and not following.lower().startswith(_LABEL_START))


def _may_be_citation(rest: str) -> bool:
    """Return whether what follows a sentence is, or could become, a citation of it."""
    line = rest.split("\n", 1)[0]
    if rest[0] in "[【(":
        mark = _MARKS.match(rest)
        return "\n" not in rest and len(line) < 24 and (mark is None or not rest[mark.end() :].strip())
    lowered = rest.casefold()
    begins = any(label.startswith(lowered[:12]) or lowered.startswith(label) for label in _LABEL_START)
    return begins and "\n" not in rest and len(line) < 24


def draft_of(cited: Cited, readings: Sequence[Reading]) -> Draft:
    """Return the sentence with one quote for each passage it names; ids that were not shown give none, 0 included."""
    shown = [readings[number - 1].hit.passage for number in cited.ids if 1 <= number <= len(readings)]
    return Draft(cited.text, tuple(best_quote(cited.text, passage) for passage in shown))


def best_quote(statement: str, passage: Passage) -> Quote:
    """Return the run of one to three sentences of the passage that bears the statement best.

    First by how many of its numbers, dates and names are missing, then by the share of its words, then the shortest.
    """
    spans = passage.sentences or ((passage.start, passage.end),)
    runs = [
        (spans[first][0], spans[last][1], last - first)
        for first in range(len(spans))
        for last in range(first, min(first + MAX_SENTENCES, len(spans)))
    ]
    wanted = facts_of(statement)

    def cost(run: tuple[int, int, int]) -> tuple[int, float, int, int]:
        start, end, further = run
        held = facts_of(passage.text[start - passage.start : end - passage.start])
        missing = sum(each.startswith(_FACT_KINDS) for each in differences(wanted, held))
        return missing, round(_SENTENCE_COST * further - share(wanted, held), 6), further, start

    start, end, _ = min(runs, key=cost)
    return Quote(passage.article_id, start, end, passage.text[start - passage.start : end - passage.start])
