"""The letters that a letter answers, as programs quote them below it: whose they are is told from who answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..metadata.dates import DATE, beside_a_date, find_date

MOST = 20  # letters in a letter
# "On Mon, 9 Sep 2024 at 14:02, Tove Aker <tove@nordlys.example> wrote:", maybe over two lines.
WROTE = re.compile(
    r"^(?:On|Am|Le|El|Il|Op|Em|W dniu)\s(?P<told>[^\n]{5,200}?(?:\n(?![\n>])[^\n]{1,120}?)?)\s"
    r"(?P<verb>wrote|schrieb(?P<after>[^\n:]{0,80})|a écrit|escribió|ha scritto|schreef(?P<later>[^\n:]{0,80})|escreveu|napisał\(?a?\)?)\s?:[ \t]*\n+(?=>)",
    re.MULTILINE,
)
QUOTED = re.compile(r"(?:^>[^\n]*(?:\n|$)|^[ \t]*\n(?=>))+", re.MULTILINE)
ADDRESS = re.compile(r"<[^<>\n]{1,200}>|\[mailto:[^\]\n]*\]|(?<!\S)[^\s@]{1,200}@\S+")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A letter inside another: who wrote it and when, as far as that is told, and its words."""

    author: str | None
    day: date | None
    text: str


def parted(text: str) -> tuple[str, list[Quoted]]:
    """Return a letter without those that it quotes in whole, and those, outermost first. Lines quoted amid it stay."""
    found: list[Quoted] = []
    own = text
    while len(found) < MOST and (head := WROTE.search(text)) and (body := QUOTED.match(text, head.end())):
        inner = re.sub(r"^> ?", "", body.group(), flags=re.MULTILINE).strip()
        if not found:
            own = f"{text[: head.start()].rstrip()}\n\n{text[body.end() :].lstrip()}".strip()
        told = " ".join(filter(None, (head["told"], head["after"], head["later"])))
        deeper = WROTE.search(inner)
        words = inner[: deeper.start()].rstrip() if deeper else inner
        found.append(Quoted(next(_names(told), None), find_date(told), words))
        text = inner
    return own, [one for one in found if one.text]


def _names(told: str) -> Iterator[str]:
    """Yield who wrote a letter: what is left of the line beside day, time and address."""
    words = beside_a_date(DATE.sub(" ", ADDRESS.sub(" ", told)))
    for name in re.split(r"[,\n]|\s{2,}", words):
        if sum(map(str.isalpha, plain := " ".join(name.split()).strip(" \"'"))) > 1:
            yield plain
