"""Who wrote an article, where and when it appeared: only what the text itself says, each with where it says so."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath

from ...schema import SectionKind
from ..layout import boilerplate, site_phrases
from ..layout.blocks import Block, front_matter_end
from ..sources import whole_characters
from .dates import DATE, find_date, is_date_line
from .findings import Finding, web_address
from .front_matter import front_matter_findings
from .header_lines import OUTLET_WORD, HeaderLine, header_line, is_paper

LEAD_WORDS = 10  # of a title made from the first words of an article that has none
EMPHASIS = "*_ "  # of Markdown
HEADER_LINES = 8  # so many lines from the top may tell paper and day
EDGE_BLOCKS = 20  # bylines stand among so many first or last blocks

# A date right after a name: "Monday, November 18". Alone, Sunday and May are names.
_DAY = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s)?"
    r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s)?\d"
)
_NAME_WORD = rf"(?:(?!{_DAY})[^\W\d_a-z][\w.'’-]*|(?:de|da|van|von|der|den|la|le|bin|al|di|del|el)(?=\s))"
NAME = rf"{_NAME_WORD}(?:\s{_NAME_WORD}){{1,4}}"
NAMES = rf"{NAME}(?:(?:,\s|\sand\s|\s&\s|,\sand\s){NAME}){{0,5}}"
_AFTER_NAMES = (
    r"(?=$|\s*[|,;·•(—–]|\s-|\.$|\s(?:in|for|on|at|from)\s|\sand (?:edited|translated|illustrated|photographed) by\s|\s"
    + _DAY
    + ")"
)
BYLINE = re.compile(
    rf"(?:(?:By|BY|by|Von|VON|Par|PAR|Por|POR|Door|DOOR|di)(?:\s*:\s*|\s+)"
    rf"|(?:Words|Text|Story|Written|Reporting|Reported|Report|Posted|Interview|WORDS|WRITTEN|REPORTING)\s+(?:by|BY|By)(?:\s*:\s*|\s+)"
    rf"|(?:Author|Authors|AUTHOR|Words|Text|Autor|Autorin|Autoren|Auteur|Autora|Autore|Texte|Tekst|Автор)\s*:\s*)(?P<names>{NAMES}){_AFTER_NAMES}"
)
# In "Posted on 3 March 2024 by Maggie Thornley" the name stands behind the date.
LATER_NAME = re.compile(rf"\s(?:by|By|BY):? (?P<names>{NAMES})(?=$|\s*[|,;·•(—–])")
ROLE = re.compile(
    r"(?:[\w&/'’-]+ ){0,5}(?:correspondent|editor|reporter|columnist|contributor|staff writer|writer|bureau chief)"
    r"(?: (?:in|at|for|of) .{1,30})?",
    re.IGNORECASE,
)
ROLE_WORD = re.compile(
    r"\b(?:Correspondent|Editor|Reporter|Columnist|Contributor|Writer|Journalist|Analyst|Critic|Chief|Bureau|Desk|Staff)\b",
    re.IGNORECASE,
)
PUBLISHED = re.compile(r"\b(?:published|posted|date|released?)\b", re.IGNORECASE)
CHANGED = re.compile(
    r"\b(?:updated|modified|edited|revised|changed|retrieved|accessed|downloaded|captured|archived)\b", re.IGNORECASE
)
AGENCY = (
    "(?:Reuters|REUTERS|AP|(?:The )?Associated Press|AFP|Agence France-Presse|UPI|dpa|DPA|Bloomberg|Xinhua|TASS|Interfax|"
    "Yonhap|PTI|ANI|EFE|ANSA|Kyodo(?: News)?|PA Media)"
)
DATELINE = re.compile(
    rf"(?P<place>[^\W\d_a-z][^\n()]{{0,60}}?)?\s*\((?P<agency>{AGENCY})\)\s*[-–—]|"
    r"(?P<capitals>[^\W\d_a-z]{2}[^\na-z()]{0,40}),\s(?P<rest>[^\n()]{3,30}?)\s*[-–—]\s"
)
PLACE = re.compile(r"[^\W\d_a-z][\w.'’-]*(?:[ /-][^\W\d_a-z][\w.'’-]*){0,3}[,.]? (?:den |le |am )?")  # before a day
DASH = re.compile(r"\.?\s*(?:\([^()]{2,30}\)\s*)?[-–—:]\s")
AFTER_MARK = re.compile(  # of one of these names: else a bar or a dash may as well part off an author or a rubric
    r"(?P<title>.{8,}\S)\s+[|–—-]\s+(?P<outlet>(?:The )?(?:[A-Z][\w.'’]*\s){0,3}"
    r"(?:News|Times|Post|Guardian|Herald|Journal|Tribune|Gazette|Telegraph|Courier|Chronicle|Observer|Mirror|Reuters|BBC|CNN)"
    r"|[A-Z][a-z]+(?:[A-Z][a-z]+)+|[\w-]+\.(?:com|org|net|co\.uk|de|fr|es|it|nl|pl))"  # TheHill, lask.com
)
FIRST_IN = re.compile(
    r"(?:this|the) (?:article|story|post|piece|column|interview|essay)(?: was| has)? (?:first |originally )"
    r"(?:appeared|published|posted|ran|run)(?: (?:in|on|by|at))? (?P<outlet>(?:[Tt]he )?(?-i:[^\W\d_a-z])[^,.;|()\n]{1,50}?)"
    r"(?: (?:on|in) (?P<when>(?:\w+ )?\d[^.;]{4,30}|\w+ \d{1,2},? \d{4}))?(?:[.;,|(].{0,100})?",
    re.IGNORECASE,
)
# What else catalogues and programs write over an article: of the file, not of what it says.
OTHER_FIELD = re.compile(
    r"(?:section|category|rubric|url|link|words?(?: count)?|length|language|date ?line|pages?|pg|id|guid|slug|edition|"
    r"volume|issue|retrieved|accessed|downloaded|saved|archived|clipped|created|modified|updated|doi|issn|copyright|rights|type|"
    r"status|layout|permalink|ressort|rubrik|seite|sprache|rubrique|sección|página|categoria)\s*:\s*\S[^\n]{0,200}",
    re.IGNORECASE,
)
FIELD = re.compile(
    r"(?P<name>title|headline|authors?|by-?line|source|outlet|publication|publisher|newspaper|site|date|published|"
    r"publication date|date published|published on)\s*:\s*(?P<value>\S.{0,200})",
    re.IGNORECASE,
)
FIELDS = {
    **dict.fromkeys(("title", "headline"), "title"),
    **dict.fromkeys(("author", "authors", "byline", "by-line"), "author"),
    **dict.fromkeys(("source", "outlet", "publication", "publisher", "newspaper", "site"), "outlet"),
    **dict.fromkeys(("date", "published", "publication date", "date published", "published on"), "published"),
}


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of an article beside its text. `origins` tells for each known field where from."""

    title: str
    outlet: str | None = None
    author: str | None = None
    published: date | None = None
    language: str | None = None
    address: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict)


def find_metadata(text: str, blocks: Sequence[Block], *, source: str, findings: Iterable[Finding] = ()) -> Metadata:
    """Return what is known of an article: `findings` first, then what its text says. The first of a field wins.

    `source` names the article only if no words can.
    """
    found: dict[str, Finding] = {}
    for finding in itertools.chain(findings, _findings(text, blocks)):
        found.setdefault(finding.field, finding)
    if "title" not in found:
        found["title"] = _stand_in(blocks, source)
    texts = {name: whole_characters(str(one.value)) for name, one in found.items() if not isinstance(one.value, date)}
    published = found["published"].value if "published" in found else None
    return Metadata(
        title=texts["title"],
        outlet=texts.get("outlet"),
        author=texts.get("author"),
        published=published if isinstance(published, date) else None,
        language=texts.get("language"),
        address=texts.get("address"),
        origins={name: found[name].origin for name in sorted(found)},
    )


def is_byline(block: Block) -> bool:
    """Tell whether the block only says who wrote the text, or when or where it first appeared."""
    words = block.words.strip(EMPHASIS)
    if len(words) > 250 or block.count > 30:
        return False
    if BYLINE.match(words):
        return block.count <= 25 and (block.ending not in ".!?" or words.count(". ") == 0)
    return FIRST_IN.fullmatch(words) is not None or is_date_line(words) or _is_header_line(words)


def _is_header_line(words: str) -> bool:
    """Tell whether the line names a paper, a person or a page beside a day, and says nothing else."""
    told = header_line(words)
    if told is None or not told.whole or len(told.names) > 1:
        return False
    return bool(told.outlet or told.author or told.paged) or any(re.fullmatch(AGENCY, name) for name in told.names)


def header(blocks: Sequence[Block]) -> Sequence[Block]:
    """Return the blocks before the first paragraph."""
    for index, block in enumerate(blocks[:EDGE_BLOCKS]):
        if block.paragraph and not is_byline(block):
            return blocks[:index]
    return blocks[: min(EDGE_BLOCKS, len(blocks))]


def is_field(words: str) -> bool:
    """Tell whether a line says something of the article or of its file under a label."""
    return FIELD.fullmatch(words) is not None or OTHER_FIELD.fullmatch(words) is not None


def title_block(blocks: Sequence[Block]) -> Block | None:
    """Return the block that names the article; None if the text begins without one."""
    top = header(blocks)
    if len(top) == len(blocks):  # nothing follows: these few words are the whole article
        return None
    for block in top:
        plain = block.plain
        unlike = block.bare or block.item or block.ending in ".,;:" or is_byline(block) or is_field(block.words)
        if unlike and not block.words.startswith("#"):
            continue
        if not site_phrases.STOCK.fullmatch(plain):
            return block
    return None


def _findings(text: str, blocks: Sequence[Block]) -> Iterator[Finding]:
    top = front_matter_end(text)
    kinds: list[SectionKind | None] = [None] * len(blocks)
    boilerplate.mark(blocks, kinds)
    yield from front_matter_findings(text[:top])
    blocks = [block for block, kind in zip(blocks, kinds, strict=True) if kind is None and block.start >= top]
    above = header(blocks)
    yield from _fields(above, "header line")
    yield from _title(blocks)
    yield from _bylines(above)
    if len(above) < len(blocks):
        yield from _dateline(blocks[len(above)])
    foot = blocks[max(len(above), len(blocks) - EDGE_BLOCKS) :]
    yield from _bylines(foot)
    yield from _fields([block for block in foot[-4:] if block.short and block.count <= 8], "last lines")


def _fields(blocks: Sequence[Block], origin: str) -> Iterator[Finding]:
    for block in blocks:
        parts = FIELD.fullmatch(block.words)
        if not parts or site_phrases.STRONG.fullmatch(block.plain):
            continue
        name, value = FIELDS[" ".join(parts["name"].casefold().split())], parts["value"].strip(" \"'[]")
        if name == "published":
            day = find_date(value)
            if day:
                yield Finding(name, day, origin)
        elif name == "author":
            yield from [Finding(name, people_named(value) or value, origin)] * (origin != "last lines")
        elif name == "outlet" and web_address(value):
            yield Finding("address", value, origin)
        elif (value and origin != "last lines") or name == "outlet":
            yield Finding(name, value, origin)


def _title(blocks: Sequence[Block]) -> Iterator[Finding]:
    block = title_block(blocks)
    if block is None:
        return
    words = " ".join(block.words.lstrip("# ").split()).strip("*_ ")
    named = AFTER_MARK.fullmatch(words)
    yield Finding("title", named["title"] if named else words, "first line")
    if named:
        yield Finding("outlet", named["outlet"].strip(), "title line")


def _bylines(blocks: Sequence[Block]) -> Iterator[Finding]:
    for index, block in enumerate(blocks):
        words = block.words.strip(EMPHASIS)
        after = blocks[index + 1].words if index + 1 < len(blocks) else ""
        by = is_byline(block)
        if not by and re.fullmatch(NAME, words) and after and len(after) <= 60 and ROLE.fullmatch(after):
            yield Finding("author", words, "byline")
        if re.fullmatch(AGENCY, words):
            yield Finding("outlet", words, "byline")
        if 0 < index <= HEADER_LINES and is_paper(words) and any(map(is_date_line, (blocks[index - 1].words, after))):
            yield Finding("outlet", words, "header line")
        if by:
            yield from _byline(words)
        if index <= HEADER_LINES and (told := header_line(words)):
            yield from _told(told, words)


def _byline(words: str) -> Iterator[Finding]:
    """Yield what a line says that tells only who wrote the text, or when or where it first appeared."""
    if first := FIRST_IN.fullmatch(words):
        yield Finding("outlet", first["outlet"].strip(), "note on first publication")
        return
    named = BYLINE.match(words) or LATER_NAME.search(words)
    if named and named["names"]:
        yield from _named(named["names"])
    day = day_published(words)
    if day:
        yield Finding("published", day, "byline")


def _told(told: HeaderLine, words: str) -> Iterator[Finding]:
    """Yield what a header line tells. A name by itself beside a day may be a person, a paper or a place."""
    agency = next((name for name in told.names if re.fullmatch(AGENCY, name)), None)
    if outlet := told.outlet or agency:
        yield Finding("outlet", outlet, "header line")
    if told.author:
        yield Finding("author", told.author, "header line")
    if (told.whole or outlet) and told.published and not CHANGED.search(words):
        yield Finding("published", told.published, "header line")


def people_named(words: str) -> str | None:
    """Return the names if the words are names of people alone, "By" and roles after a comma left out; None otherwise."""
    found = BYLINE.match(words)
    people = _people(found["names"] if found else words)
    return people if re.fullmatch(NAMES, people) and not re.fullmatch(AGENCY, people) else None


def _named(names: str) -> Iterator[Finding]:
    if re.fullmatch(AGENCY, names):
        yield Finding("outlet", names, "byline")
    elif people := _people(names):
        yield Finding("author", people, "byline")
    papers = [name for name in names.split(", ")[1:] if OUTLET_WORD.search(name)]
    if papers:
        yield Finding("outlet", papers[0], "byline")


def _people(names: str) -> str:
    # "Laura Finch Environment Correspondent": no comma tells where the name ends, so there is none.
    first, *others = names.split(", ")
    named = [first, *(name for name in others if not OUTLET_WORD.search(name))]  # "Anna Kort, Lask Evening Mail"
    return ", ".join(name for name in named if not ROLE_WORD.search(name)).strip()


def day_published(words: str) -> date | None:
    """Return the day that a byline gives; of publication where it also tells of a change."""
    said = PUBLISHED.search(words)
    if said:
        return find_date(words[said.end() :]) or find_date(words)
    return None if CHANGED.search(words) else find_date(words)


def _dateline(block: Block) -> Iterator[Finding]:
    opening = DATELINE.match(block.words[:150])
    if not opening:
        dated = DATE.search(block.words[:80])
        if dated and PLACE.fullmatch(block.words[: dated.start()]) and DASH.match(block.words[dated.end() :]):
            yield from (Finding("published", day, "dateline") for day in [find_date(dated.group())] if day)
        return
    if opening["agency"]:
        yield Finding("outlet", opening["agency"], "dateline")
    day = find_date(opening.group())
    if day:
        yield Finding("published", day, "dateline")


def _stand_in(blocks: Sequence[Block], source: str) -> Finding:
    """Return the first words of the first paragraph, or the name of the file where there are hardly any words."""
    lead = next((block for block in blocks if block.paragraph), None) or next(
        (block for block in blocks if not block.bare), None
    )
    if lead is None or lead.count < 3:
        return Finding("title", PurePath(source).stem or source, "file name")
    words = lead.words[:1000].lstrip("#*-• ").split()
    return Finding("title", " ".join(words[:LEAD_WORDS]) + ("…" if len(words) > LEAD_WORDS else ""), "lead")
