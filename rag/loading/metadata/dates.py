"""Dates in words of several languages and in figures, read only where they mean one day."""

from __future__ import annotations

import re
from datetime import date

from ...language.months import MONTH, MONTH_NUMBERS, WEEKDAY

DATE = re.compile(
    r"(?<!\d)(?P<year4>\d{4}) ?年 ?(?P<month4>\d{1,2}) ?月 ?(?P<day4>\d{1,2}) ?日|"
    rf"(?<![\d./-])(?P<iso>\d{{4}}(?P<between>[-/])\d{{2}}(?P=between)\d{{2}})(?!\d)"
    rf"|(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|°|ª|\.)?(?: |-| (?:of|de|den) )(?P<month>{MONTH}),?(?: |-| (?:de|del) )(?P<year>\d{{4}})(?!\d)"
    rf"|\b(?P<month2>{MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year2>\d{{4}})(?!\d)"
    r"|(?<![\d./-])(?P<first>\d{1,2})(?P<mark>[/.])(?P<second>\d{1,2})(?P=mark)(?P<year3>\d{4})(?![\d./])",
    re.IGNORECASE,
)
# What may stand beside a date in a line that says nothing else.
_BESIDE = re.compile(
    rf"\b{WEEKDAY}|(?<!\w)[гr]\.?(?!\w)|"
    r"\bt?\d{1,2}[:.]\d{2}(?::\d{2})?z?\b|\b\d{1,2}\s?(?:am|pm)\b"
    r"|\b[ap]\.?m\.?|\b(?:gmt|utc|bst|[cem]e?s?t|pst|pdt|edt|ist|kst|jst|z)\b|\b\d{1,3} ?min(?:ute)?s?(?: read)?\b"
    r"|\b(?:issue|vol(?:ume)?|no|nr|number|edition|ausgabe|numéro)\b\.? ?\d{1,5}\b"
    r"|\b(?:first|last|originally|published|posted|updated|modified|edited|revised|retrieved|accessed|downloaded|archived|date|on|at|and|created|issued|the"
    r"|den|am|vom|stand|uhr|um|veröffentlicht|aktualisiert|erschienen|publié|publiée|mis|à|jour|le|el|publicado|actualizado|em|às|"
    r"pubblicato|aggiornato|il|op|om|gepubliceerd|dnia|opublikowano|опубликовано|в|نشر|في|يوم)\b",
    re.IGNORECASE,
)
_READING_TIME = re.compile(
    r"(?:reading time:? ?)?\d{1,3}[ -]?min(?:ute)?s?(?: (?:read|reading))?(?: time)?", re.IGNORECASE
)
_STAMP = re.compile(
    r"(?:updated|published|posted|modified)(?: at| on)?:? \d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: [a-z]{1,4})?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: (?:GMT|UTC|BST|[CEM]E?S?T|PST|PDT|EDT|IST|KST|JST))?", re.IGNORECASE
)
_BY = re.compile(r"(?<!\w)[Bb]y:? [^\W\d_a-z].{1,60}$")


def find_date(words: str) -> date | None:
    """Return the first date in the words; None if there is none, if no such day exists, or if day and month could be swapped."""
    found = DATE.search(words[:1000])
    if not found:
        return None
    part = found.groupdict()
    try:
        if part["iso"]:
            return date.fromisoformat(part["iso"].replace("/", "-"))
        if part["first"]:
            return _from_figures(int(part["first"]), int(part["second"]), int(part["year3"]), part["mark"])
        if part["year4"]:
            return date(int(part["year4"]), int(part["month4"]), int(part["day4"]))
        month = MONTH_NUMBERS[(part["month"] or part["month2"]).lower().rstrip(".")]
        return date(int(part["year"] or part["year2"]), month, int(part["day"] or part["day2"]))
    except ValueError:
        return None


def is_date_line(words: str) -> bool:
    """Tell whether the line holds a date, or a reading time, and nothing else but time of day, zone and the writer's name."""
    if len(words) > 120:
        return False
    if _READING_TIME.fullmatch(words) or _STAMP.fullmatch(words):
        return True
    rest, dates = DATE.subn(" ", words)
    if not dates:
        return False
    return not any(character.isalnum() for character in _BESIDE.sub(" ", _BY.sub(" ", rest)))


def beside_a_date(words: str) -> str:
    """Return the words without weekday, time of day, zone and the like."""
    return _BESIDE.sub(" ", words)


def is_time_of_day(words: str) -> bool:
    """Tell whether the line is a time of day alone, as over the entries of a live report."""
    return len(words) <= 20 and _CLOCK.fullmatch(words) is not None


def _from_figures(first: int, second: int, year: int, mark: str) -> date | None:
    if mark == ".":  # who writes points writes the day first
        return date(year, second, first)
    if first <= 12 and second <= 12 and first != second:
        return None
    return date(year, min(first, second), max(first, second))
