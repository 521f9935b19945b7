"""Several articles in one file: each with its own headline, paper, day, author and source.

The one call for every format whose file is one text: DOCX, RTF, plain text, PDF, the letters of a mailbox, a chapter.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..errors import ReadingError
from ..schema import Article, Section
from .articles import article_from_text, plain_lines
from .layout.blocks import Block
from .layout.frames import Found, Framed, frames_of
from .layout.line_shapes import BY, COPY, DAY, HEADED
from .metadata.bylines import people_named
from .metadata.dates import find_date
from .metadata.findings import Finding
from .metadata.header_lines import OUTLET_WORD, header_line
from .sources import Unread, part

ORIGIN = "frame of the export"
OUTLET_LABEL = re.compile(
    r"publication(?: title| info)?|source(?: title)?|outlet|newspaper|periodical|journal|zeitung|quelle|medium|publikation|fuente|"
    r"medio|jornal|fonte|testata|bron|krant|źródło|источник|издание"
)
AUTHOR_LABEL = re.compile(r"(?:by-?line|authors?|by|from|autor(?:in|en)?|auteurs?|autora|autore|von|von|автор)")
DAY_LABEL = re.compile(
    r"(?:publi\w+ |published |)(?:date|day|datum|fecha|data|published|дата|tag)|erschienen(?: am)?|veröffentlicht|publié"
)
LATER_DAY_LABEL = re.compile(r"load-?date")
NOBODY = re.compile(r"(?:staff|anonymous|unknown|none|n/?a|-none-|redaktion|\W*)", re.IGNORECASE)
MAIL = re.compile(r"\s*<[^<>\s]+@[^<>\s]+>|\s*\[mailto:[^\]]*\]")
NAME_CHARACTERS = 80


def articles_from_text(
    text: str, *, source: str, pages: Sequence[int] = (), findings: Iterable[Finding] = (), **given: Any
) -> list[Article | Unread]:
    """Return the articles of a text: one as a rule, several where a frame repeats around each, as in exports of archives.

    Call it wherever a file is one text, in place of `article_from_text`, with the same arguments; `text` has a line for
    each paragraph, row and item, with the lines of head and end of each article as they stand (nothing taken out that
    repeats). `pages` are the offsets at which the pages of the file begin. What the file says of itself (`findings`,
    `given`) is of the whole file: it goes to the article only where there is one.

    Of several, the source of each is `source#n`, n from 1 in the order of the file, and its text is its own stretch of the
    file. Lines of the frame are furniture; a cover before the first is left out. Where the text looks like several and
    no frame is understood, it is one article, with an Unread that says so.

    Raises:
        ReadingError: the text is blank, or holds characters that no text has.
    """
    text = plain_lines(text)
    found = frames_of(text)
    if not found.articles:
        article = article_from_text(text, source=source, findings=findings, **given)
        doubt = [Unread(source, f"looks like several articles in one file and was read as one ({found.doubt}), expected "
                                "a frame that repeats around each. Export the articles one by one, or part the file.")]  # fmt: skip
        return [replace(article, pages=tuple(pages)), *(doubt if found.doubt else ())]
    papers = _papers(found)
    encoding = given.get("encoding")
    return [
        _article(text, found, framed, paper, source=part(source, str(number)), pages=pages, encoding=encoding)
        for number, (framed, paper) in enumerate(zip(found.articles, papers, strict=True), start=1)
    ]


def _article(
    text: str,
    found: Found,
    framed: Framed,
    paper: int | None,
    *,
    source: str,
    pages: Sequence[int],
    encoding: str | None,
) -> Article | Unread:
    start, end = found.blocks[framed.start].start, found.blocks[framed.end - 1].end
    findings = list(_findings(found, framed, paper))
    try:
        article = article_from_text(text[start:end], source=source, findings=findings, encoding=encoding)
    except ReadingError as error:
        return Unread(source, str(error))
    title = _title(found, framed, paper)
    frame = {number for number in (*framed.head, *framed.tail) if number != title}
    marked = [(found.blocks[number].start - start, found.blocks[number].end - start) for number in sorted(frame)]
    marked += [(block.start - start, block.start - start + length) for block, length in _labels(found, framed)]
    marked.sort()
    # A page before the article's own ends where it begins, so that pages keep the numbers they have in the file.
    own = tuple(max(0, begin - start) for begin in pages if begin < end)
    if article.author and NOBODY.fullmatch(article.author):
        article = replace(
            article, author=None, origins={name: one for name, one in article.origins.items() if name != "author"}
        )
    return replace(article, sections=_with_furniture(article.text, article.sections, marked), pages=own)


def _labels(found: Found, framed: Framed) -> Iterator[tuple[Block, int]]:
    """Yield the lines of text that begin with a label of the frame ("Full text: …"), and how long that is."""
    for number in range(framed.start, framed.end):
        block, shape = found.blocks[number], found.shapes[number]
        if shape.value and shape.label in found.labels and number not in (*framed.head, *framed.tail):
            yield block, len(block.words) - len(shape.value)


def _with_furniture(text: str, sections: Sequence[Section], marked: Sequence[tuple[int, int]]) -> tuple[Section, ...]:
    """Return the sections with the marked stretches, which are whole lines, as furniture."""
    found: list[Section] = []
    for section in sections:
        at = section.start
        for start, end in marked:
            if end <= at or start >= section.end:
                continue
            found.append(Section(at, max(at, start), section.kind))
            found.append(Section(max(start, at), min(end, section.end), "furniture"))
            at = min(end, section.end)
        found.append(Section(at, section.end, section.kind))
    return tuple(trimmed for one in found if (trimmed := _trimmed(text, one)))


def _trimmed(text: str, section: Section) -> Section | None:
    """Return the section without white space around it; None if nothing is left."""
    words = text[section.start : section.end]
    start = section.start + len(words) - len(words.lstrip())
    end = start + len(words.strip())
    return Section(start, end, section.kind) if start < end else None


def _papers(found: Found) -> list[int | None]:
    """Return for each article the line that names its paper, of the lines above it that no label explains.

    Lines at one place of the frame are of one sort: it is that whose lines come again, stand in the line of rights, or
    sound like papers.
    """
    slots: dict[str, list[int]] = defaultdict(list)
    of_article: list[dict[str, int]] = []
    names = (found.shapes[number].name for framed in found.articles for number in framed.head)
    repeated = {name for name, count in Counter(names).items() if count > len(found.articles) / 2}
    for framed in found.articles:
        own: dict[str, int] = {}
        for number in framed.unnamed:
            above = range(framed.start, number)
            last = next((i for i in reversed(above) if found.shapes[i].name in repeated), framed.start)
            own[f"{found.shapes[last].name if last > framed.start else 'top'} {number - last}"] = number
        of_article.append(own)
        for slot, number in own.items():
            slots[slot].append(number)
    rights = " ".join(found.blocks[i].words for i, shape in enumerate(found.shapes) if shape.name == COPY)
    scores: dict[str, float] = {}
    for slot, numbers in slots.items():
        words = [found.blocks[number].words.strip("*_# ") for number in numbers]
        often = Counter(words)
        like = sum((often[one] > 1) + (one in rights) + bool(OUTLET_WORD.search(one)) for one in words) / len(words)
        languages = sum(one.casefold() in ("english", "deutsch", "german", "français") for one in words)
        scores[slot] = like if all(len(one) <= NAME_CHARACTERS for one in words) and not languages else 0
    best = max(scores, key=lambda slot: scores[slot], default="")
    return [own.get(best) if scores.get(best, 0) >= 0.5 and len(own) > 1 else None for own in of_article]


def _title(found: Found, framed: Framed, paper: int | None) -> int | None:
    if framed.title is not None:
        return framed.title
    return next((number for number in framed.unnamed if number != paper), None)


def _findings(found: Found, framed: Framed, paper: int | None) -> Iterator[Finding]:
    title = _title(found, framed, paper)
    if title is not None and (words := found.shapes[title].value or found.blocks[title].words.strip("#*_ ")):
        yield Finding("title", words, ORIGIN)
    lines = [(found.shapes[number], found.blocks[number].words) for number in (*framed.head, *framed.tail)]
    for shape, words in lines:
        header = header_line(words) if shape.name == HEADED else None
        if header:
            yield from _known(outlet=header.outlet, author=header.author)
        if OUTLET_LABEL.fullmatch(shape.label) and shape.value:
            yield Finding("outlet", shape.value.split(";")[0].strip(), ORIGIN)
        if AUTHOR_LABEL.fullmatch(shape.label) and not NOBODY.fullmatch(shape.value):
            yield from _known(author=MAIL.sub("", shape.value).strip(' "'))
        if shape.name == BY and (people := people_named(words)):
            yield from _known(author=people)
    if paper is not None:
        yield Finding("outlet", found.blocks[paper].words.strip("*_# "), ORIGIN)
    days = [words for shape, words in lines if shape.name in (HEADED, DAY)]
    labelled = [shape.value for shape, _ in lines if DAY_LABEL.fullmatch(shape.label)]
    loaded = [shape.value for shape, _ in lines if LATER_DAY_LABEL.fullmatch(shape.label)]
    info = [shape.value for shape, _ in lines if OUTLET_LABEL.fullmatch(shape.label)]
    for words in (*labelled, *days, *info, *loaded):
        if day := find_date(words):
            yield Finding("published", day, ORIGIN)


def _known(**fields: str | None) -> Iterator[Finding]:
    for name, value in fields.items():
        if value:
            yield Finding(name, value, ORIGIN)
