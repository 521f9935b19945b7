"""Raised characters: the mark of a note is kept apart from the number before it, a square metre and an ordinal are not.

A reader wraps what stands raised with `raised`, and settles the whole text once with `with_marks_apart`. A mark is written in
raised figures (³), which are digits to no reader of numbers.
"""

from __future__ import annotations

import re

OPEN, CLOSE = "⸨", "⸩"  # hardly any text has them, and libraries let them pass, as they do not what is never printed
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_STOPS = r".,;:!?…”\"'’)\]"
_MARK = re.compile(
    rf"(?:(?<![{_STOPS} \t])|(?<=[ \t])(?=[{_STOPS}]))([{_STOPS}]*)([ \t]*){OPEN}([^{OPEN}{CLOSE}]*){CLOSE}(?:{OPEN}([^{OPEN}{CLOSE}]*){CLOSE})*"
)
_NUMBERS = re.compile(r"[\[(]?(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)[\])]?")
_SIGNS = re.compile(r"[*†‡§¶#]{1,3}|[\[(]?[a-z][\])]?|[\[(](?:note|nb|fn|n)\.? ?\w{1,3}[\])]", re.IGNORECASE)
_ORDINAL = re.compile(r"(?:st|nd|rd|th|e|er|re|ère|ème|eme|o|º|ª)", re.IGNORECASE)
_UNIT = re.compile(r"(?:^|[\s\d/])(?:k|c|m|d|µ)?m$|(?:^|[\s\d/])(?:ft|in|mi|yd|s)$")
MOST_CHARACTERS = 12  # of a mark; what is longer is raised for its looks


def raised(words: str) -> str:
    """Return what stands raised in a line, wrapped for `with_marks_apart`; what no mark could be comes back as it is."""
    inside = " ".join(words.split())
    return f"{OPEN}{inside}{CLOSE}" if inside and len(inside) <= MOST_CHARACTERS else words


def with_marks_apart(text: str) -> str:
    """Return the text with each raised mark after a space, before the full stop that it follows: `12,450 ³ visas`."""
    if OPEN not in text:
        return text
    pieces: list[str] = []
    position = 0
    for found in _MARK.finditer(text):
        marks = re.findall(rf"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}", found.group())
        pieces.append(text[position : found.start()])
        before = "".join(pieces[-2:])[-12:]
        pieces.append(_settled(before, found[1], found[2], marks))
        position = found.end()
    return ("".join(pieces) + text[position:]).replace(OPEN, "").replace(CLOSE, "")


def _settled(before: str, stop: str, gap: str, marks: list[str]) -> str:
    if not stop and not gap and len(marks) == 1 and _belongs(before, marks[0]):
        return marks[0] if not marks[0][-1:].isdecimal() else marks[0].replace("−", "-").translate(_RAISED)
    shown = [_shown(mark) for mark in marks]
    if not all(shown):
        return stop + gap + " ".join(marks)
    if gap or not before[-1:].strip():
        return stop + gap + " ".join(shown)
    return f" {' '.join(shown)}{stop}"


def _belongs(before: str, mark: str) -> bool:
    """Tell whether it is no note, but of the word: 19th, m², 10⁶."""
    if before[-1:].isdecimal() and _ORDINAL.fullmatch(mark):
        return True
    ten = before.endswith("10") and before[-3:-2] not in (*"0123456789.,",)
    power = ten and mark.removeprefix("-").removeprefix("−").isdecimal() and len(mark) <= 3
    return bool(power or (mark in ("2", "3") and _UNIT.search(before)))


def _shown(mark: str) -> str:
    """Return a mark as it is written beside a word; empty for what is none."""
    if numbers := _NUMBERS.fullmatch(mark):
        return "".join(numbers[1].split()).translate(_RAISED)
    return mark if _SIGNS.fullmatch(mark) else ""
