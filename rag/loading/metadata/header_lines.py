"""The line over an article that tells paper, day, page and author, in any order and with any separator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from .dates import DATE, beside_a_date, find_date

LONGEST = 140
MOST_WORDS = 22
MOST_NAME_WORDS = 6
# What papers call themselves. A name with none of these is a paper only beside a person, or after an article.
OUTLET_WORD = re.compile(
    r"(?<!\w)(?:News|Times|Post|Guardian|Herald|Journal|Tribune|Gazette|Telegraph|Courier|Chronicle|Observer|Mirror|Mail|Echo|Argus|"
    r"Express|Standard|Independent|Press|Daily|Weekly|Review|Register|Examiner|Globe|Dispatch|Bulletin|Messenger|Wire|Monitor|"
    r"Magazine|Radio|TV|Sentinel|Advertiser|Inquirer|Reuters|BBC|CNN|\w*[Zz]eitung|\w*[Bb]latt|\w*[Aa]nzeiger|\w*[Nn]achrichten|"
    r"\w*[Bb]ote|Kurier|\w*[Rr]undschau|\w*[Pp]resse|Spiegel|Allgemeine|Monde|Figaro|Libération|Dépêche|Gazette|Soir|País|Mundo|"
    r"Diario|Faro|Periódico|Correo|Noticias|Jornal|Folha|Correio|Diário|Notícias|Corriere|Gazzetta|Repubblica|Giornale|Stampa|"
    r"Krant|Dagblad|Nieuws\w*|Courant|Gazeta|Dziennik|Gazette|Tygodnik|Газета|Известия|Новости|Вестник|Ведомости|صحيفة|جريدة)(?!\w)"
)
_ARTICLES = ("The ", "Die ", "Der ", "Das ", "Le ", "La ", "Les ", "El ", "Los ", "Il ", "De ", "Het ", "O ", "A ")
_PART = re.compile(r"\s*(?:[|·•;/–—]|\s-\s|,|\s(?:vom|du|del|van|dal|von|of)\s(?=\x00)|\x00)\s*")
_PAGE = re.compile(
    r"(?:pages?|pg|p|pp|seiten?|s|page no|página|pág|pagina|pag|blz|str|стр|с|صفحة|ص)\b\.? ?:? ?[A-Z]{0,2}\.?\d{1,4}[A-Za-z]?(?:[-–]\d{1,4})?|"
    r"[A-Z]{1,2}\.?\d{1,3}",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?i:by|von|par|por|di|door|autor(?:in)?|auteur|autora?|author|text|przez|автор|بقلم)\b:?\s+(?=[^\W\d_a-z])"
)
NAME_OF_PAPER = re.compile(
    r"[^\W\d_a-z][\w.'’&-]*(?:\s(?:[^\W\d_a-z][\w.'’&-]*|(?:de|da|van|von|der|den|la|le|bin|al|di|del|el|of|the|and|für|und|y|et|e|i)(?=\s))){0,5}"
)


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """What a line tells. `names` are those of whom it does not say what they are; `whole`: no word is left over."""

    published: date | None = None
    outlet: str | None = None
    author: str | None = None
    paged: bool = False
    names: tuple[str, ...] = ()
    whole: bool = True


def header_line(words: str) -> HeaderLine | None:
    """Return what the line tells; None unless it holds a day and is a list of names, day and page rather than a sentence."""
    words = " ".join(words.strip("*_ ").split())
    if len(words) > LONGEST or words.count(" ") >= MOST_WORDS or not (day := find_date(words)):
        return None
    told = HeaderLine(published=day)
    for part in _parts(words):
        told = _with(told, part)
    return _settled(told)


def tells_of_itself(words: str) -> bool:
    """Tell whether a line is nothing but a paper, a person or a page beside a day."""
    told = header_line(words)
    return told is not None and told.whole and bool(told.outlet or told.author or told.paged)


def is_paper(words: str) -> bool:
    """Tell whether a line is the name of a paper by itself."""
    named = words.count(" ") < MOST_NAME_WORDS and NAME_OF_PAPER.fullmatch(words) is not None
    return named and OUTLET_WORD.search(words) is not None


def _parts(words: str) -> Iterator[str]:
    """Yield what stands between separators; a date is one, with the weekday and the time of day beside it."""
    for part in _PART.split(DATE.sub("\x00", words)):
        if any(character.isalnum() for character in beside_a_date(part)):
            yield part.strip(" .:()[]*_")


def _with(told: HeaderLine, part: str) -> HeaderLine:
    if _PAGE.fullmatch(part):
        return replace(told, paged=True)
    by = _BY.match(part)
    name = part[by.end() :] if by else part
    if not NAME_OF_PAPER.fullmatch(name):
        return replace(told, whole=False)
    if by and not told.author:
        return replace(told, author=name)
    if OUTLET_WORD.search(name) and not told.outlet:
        return replace(told, outlet=name)
    return replace(told, names=(*told.names, name))


def _settled(told: HeaderLine) -> HeaderLine:
    """Return it with names told apart by those beside them: a person beside a paper, a paper after a person."""
    names = list(told.names)
    outlet, author = told.outlet, told.author
    if names and not outlet:
        articled = next((name for name in names if name.startswith(_ARTICLES)), None)
        if articled:
            outlet = articled
        elif len(names) == 1 and (author or told.paged):
            outlet = names[0]
        if outlet:
            names.remove(outlet)
    if outlet and not author and len(names) == 1 and _person(names[0]):
        author = names.pop()
    return replace(told, outlet=outlet, author=author, names=tuple(names))


def _person(name: str) -> bool:
    """Tell whether it may be the name of a person: two to four words, none all in capitals."""
    words = name.split()
    return 2 <= len(words) <= 4 and not any(word.isupper() and len(word) > 2 for word in words)
