"""The answer of a language model as JSON: its form, and each of its sentences as a draft with exact quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..drafts import Draft, NotSaid, Quote, Unsaid
from ..language.stems import stem
from ..language.visible import in_one_line, visible
from ..language.words import content_words
from ..language_model.json_reply import JsonReply
from ..schema import Reading
from .quotation import locate

MAX_SENTENCES = 40
MAX_QUOTES = 6  # of a sentence
LONGEST_SENTENCE = 700
LONGEST_PART = 160  # characters of a part that stays open

_QUOTES: Mapping[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["passage", "words"],
        "properties": {"passage": {"type": "integer"}, "words": {"type": "string"}},
    },
}
_SENTENCE: dict[str, Any] = {
    "text": {"type": "string"},
    "kind": {"type": "string", "enum": ["says", "infers"]},
    "quotes": _QUOTES,
}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["answered", "why", "sentences", "open"],
    "properties": {
        "answered": {"type": "string", "enum": ["fully", "partly", "no"]},
        "why": {
            "type": "string",
            "enum": ["", "not mentioned", "only related", "premise contradicted", "unclear"],
        },
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["quotes", "kind", "text"],  # what it rests on is written first
                "properties": _SENTENCE,
            },
        },
        "open": {"type": "array", "items": {"type": "string"}},
    },
}
REWRITE_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["sentences"],
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["n", "quotes", "kind", "text"],
                "properties": {"n": {"type": "integer"}, **_SENTENCE},
            },
        }
    },
}

_WHY: dict[str, Unsaid] = {
    "not mentioned": "not mentioned",
    "only related": "only related",
    "premise contradicted": "premise contradicted",
    "unclear": "unclear",
}
_NO = ("no", "none", "not at all", "not_at_all", "not answered")
_ID = re.compile(r"\d{1,3}")
_MARK = re.compile(r"(?<!\s)\s*\[\d{1,3}(?:\s*,\s*\d{1,3})*\]")


class Unread(Exception):  # noqa: N818  # what the reply is, not what went wrong
    """The reply holds no JSON of an answer; `text` is what it is."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def drafts_of(pieces: Iterable[str], question: str, readings: Sequence[Reading]) -> Iterator[Draft | NotSaid]:
    """Yield each sentence as soon as it is written, then what is not said, if anything; a sentence comes once.

    The reading at place n was shown as passage n.

    Raises:
        Unread: there was no answer in it that can be read.
    """
    reply = JsonReply("sentences")
    seen: set[str] = set()
    for piece in pieces:
        for item in reply.feed(piece):
            draft = draft_of(item, readings)
            if draft and draft.text.casefold() not in seen and len(seen) < MAX_SENTENCES:
                seen.add(draft.text.casefold())
                yield draft
        if len(seen) >= MAX_SENTENCES:
            break
    whole = reply.whole()
    if whole is None or not ({"answered", "sentences"} & whole.keys()):
        if not seen:
            raise Unread(reply.text)
        return
    if unsaid := _not_said(whole, question, wrote=bool(seen)):
        yield unsaid


def replacements_of(pieces: Iterable[str], readings: Sequence[Reading]) -> dict[int, Draft]:
    """Return the sentences that were written anew, by the number of the one that each stands for."""
    reply = JsonReply("sentences")
    items = [item for piece in pieces for item in reply.feed(piece)]
    found: dict[int, Draft] = {}
    for item in items[:MAX_SENTENCES]:
        number, draft = item.get("n"), draft_of(item, readings)
        if isinstance(number, int) and draft:
            found.setdefault(number, draft)
    return found


def draft_of(item: Mapping[str, Any], readings: Sequence[Reading]) -> Draft | None:
    """Return the sentence with its quotes; those whose words stand nowhere are left out, where others do.

    None where there is no text.
    """
    said = item.get("text") or item.get("sentence")
    if not isinstance(said, str):
        return None
    text = in_one_line(_MARK.sub("", visible(said).replace("**", "").replace("`", "")), most=LONGEST_SENTENCE)
    if not any(character.isalnum() for character in text):
        return None
    passages = [reading.hit.passage for reading in readings]
    given = item.get("quotes") or item.get("quote") or []
    quotes: dict[Quote, None] = {}
    lost: list[str] = []
    for words, shown in map(_quote, (given if isinstance(given, list) else [given])[:MAX_QUOTES]):
        named = [passages[shown - 1]] if shown is not None and 1 <= shown <= len(passages) else []
        found = locate(words, [*named, *passages])
        quotes |= dict.fromkeys(found)
        if words and not found:
            lost.append(words)
    if not quotes:
        # Words that stand nowhere are given on as they are: the gate says why they are no footnote.
        return Draft(text, tuple(Quote("", 0, len(words), words) for words in lost[:1]))
    return Draft(text, tuple(quotes), inferred=item.get("kind") == "infers")


def _quote(given: Any) -> tuple[str, int | None]:
    """Return the words, and the number of the passage, None where none is given."""
    if isinstance(given, str):
        return given, None
    if not isinstance(given, Mapping):
        return "", None
    words = next((given[key] for key in ("words", "quote", "text") if isinstance(given.get(key), str)), "")
    number = _ID.search(str(given.get("passage") or given.get("id") or ""))
    return words, int(number[0]) if number else None


def _not_said(whole: Mapping[str, Any], question: str, *, wrote: bool) -> NotSaid | None:
    answered = str(whole.get("answered") or "").strip().casefold()
    why = _WHY.get(str(whole.get("why") or "").strip().casefold())
    listed = whole.get("open")
    open_parts = tuple(_open_parts(listed if isinstance(listed, list) else [], question))
    if not wrote or answered in _NO:
        return NotSaid(why or "not mentioned", open_parts)
    if answered == "partly" or (answered != "fully" and open_parts):
        return NotSaid(why or "not mentioned", open_parts)
    return None


def _open_parts(listed: Sequence[Any], question: str) -> Iterator[str]:
    """Yield the parts that use no content word but the question's: nothing else of a model's is shown without a quote."""
    asked = {stem(word) for word in content_words(question)}
    for one in listed[:MAX_QUOTES]:
        if isinstance(one, str):
            part = in_one_line(one, most=LONGEST_PART)
            said = {stem(word) for word in content_words(part)}
            if said and said <= asked:
                yield part
