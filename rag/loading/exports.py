"""Several articles in one file: each with its own headline, paper, day, author and source.

The one call for every format whose file is one text (DOCX, RTF, ODT, PDF, plain text), and beside it the one for what
is a text of its own in a file: a letter, a chapter, an entry of a feed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..errors import ReadingError
from ..schema import Article, Section
from .articles import article_from_text, plain_lines
from .layout.blocks import Block
from .layout.frame_pattern import LEAST_WORDS, words_between
from .layout.frames import Found, Framed, frames_of
from .layout.line_shapes import BY, COPY, DAY, HEADED, PAPER
from .metadata.bylines import people_named
from .metadata.dates import find_date
from .metadata.findings import Finding
from .metadata.header_lines import NAME_OF_PAPER, OUTLET_WORD, header_line
from .sources import Unread, part

ORIGIN = "frame of the export"
OUTLET_LABEL = re.compile(
    r"publication(?: title| info)?|source(?: title)?|outlet|newspaper|periodical|journal|zeitung|quelle|medium|publikation|fuente|"
    r"medio|sn|jornal|fonte|testata|bron|krant|źródło|источник|издание"
)
AUTHOR_LABELS = frozenset((
    "byline", "by-line", "author", "authors", "by", "autor", "autorin", "autoren", "auteur", "auteurs", "autora", "autore", "von", "автор",
))  # fmt: skip
DAY_LABEL = re.compile(
    r"(?:publi\w+ |published |)(?:date|day|pd|sent|gesendet|datum|fecha|data|published|дата|tag)|erschienen(?: am)?|veröffentlicht|publié"
)
LATER_DAY_LABELS = ("load-date", "loaddate")
NOBODY = re.compile(
    r"(?:by )?(?:staff(?: reporter| writer)?|anonymous|unknown|none|n/?a|-none-|redaktion|\W*)", re.IGNORECASE
)
MAIL = re.compile(r"(?<!\s)\s*(?:<[^<>\s@]+@[^<>\s]+>|\[mailto:[^\[\]]*\])")
NAME_CHARACTERS = 80
MOST_COVER = 60  # words of running text
LEAST_LEAD = 3  # words above the first article of a letter
NO_PAPER = frozenset(("english", "deutsch", "german", "français", "french", "español", "spanish", "body", "full text"))


def articles_from_text(
    text: str, *, source: str, pages: Sequence[int] = (), findings: Iterable[Finding] = (), **given: Any
) -> list[Article | Unread]:
    """Return the articles of a text: one as a rule, several where a frame repeats around each, as in exports of archives.

    Call it wherever a file is one text, in place of `article_from_text`, with the same arguments; `text` has a line for
    each paragraph, row and item, with the lines of head and end of each article as they stand (nothing taken out that
    repeats). `pages` are the offsets at which the pages of the file begin. What the file says of itself (`findings`,
    `given`) is of the whole file: it goes to the article only where there is one.

    Of several, the source of each is `source#n`, n from 1 in the order of the file, and its text is its own stretch of the
    file. Lines of the frame are furniture; a cover before the first is left out, and told where it has running text, but
    more than MOST_COVER words of that are an article: letters that it quotes are the frame.
    Where the text looks like several and no frame is understood, it is one article, with an Unread that says so.

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
    words = words_between(found.blocks, found.shapes, 0, found.articles[0].start)
    if words > MOST_COVER:
        return articles_of_part(text, source=source, pages=pages, findings=findings, **given)
    cover = [Unread(source, f"Its first {words} words stand before the first article: a cover.", ignored=True)]
    return _parted(text, found, source=source, pages=pages, given=given) + cover * (words >= LEAST_WORDS)


def articles_of_part(
    text: str, *, source: str, pages: Sequence[int] = (), findings: Iterable[Finding] = (), **given: Any
) -> list[Article | Unread]:
    """Return the articles of a text that is somebody's own: a letter, a chapter of a book, an entry of a feed.

    As `articles_from_text`, but what stands above the first of several is an article as well, with the `source`, the
    `findings` and what is `given`: the letter over the mail that it answers, or over the clippings that it brings.

    Raises:
        ReadingError: the text is blank, or holds characters that no text has.
    """
    text = plain_lines(text)
    found = frames_of(text)
    if not found.articles:
        return [article_from_text(text, source=source, findings=findings, **given)]
    parts = _parted(text, found, source=source, pages=pages, given=given)
    own = text[: found.blocks[found.articles[0].start].start].rstrip()
    if len(own.split()) < LEAST_LEAD:
        return parts
    lead = article_from_text(own, source=source, findings=findings, **given)
    return [replace(lead, pages=tuple(begin for begin in pages if begin < len(own))), *parts]


def _parted(
    text: str, found: Found, *, source: str, pages: Sequence[int], given: Mapping[str, Any]
) -> list[Article | Unread]:
    encoding, notes = given.get("encoding"), tuple(given.get("notes", ()))
    return [
        _article(
            text, found, framed, one, source=part(source, str(number)), pages=pages, encoding=encoding, notes=notes
        )
        for number, (framed, one) in enumerate(zip(found.articles, _named(found), strict=True), start=1)
    ]


def _article(
    text: str,
    found: Found,
    framed: Framed,
    named: _Named,
    *,
    source: str,
    pages: Sequence[int],
    encoding: str | None,
    notes: Sequence[str],
) -> Article | Unread:
    start, end = found.blocks[framed.start].start, found.blocks[framed.end - 1].end
    findings = list(_findings(found, framed, named))
    try:
        article = article_from_text(text[start:end], source=source, findings=findings, encoding=encoding, notes=notes)
    except ReadingError as error:
        return Unread(source, str(error))
    title = _title(found, framed, named)
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


@dataclass(frozen=True, slots=True)
class _Named:
    """Which lines above an article, of those that no label explains, name its paper and its author."""

    paper: int | None = None
    author: int | None = None


def _named(found: Found) -> list[_Named]:
    """Return for each article the lines that name its paper and its author.

    Lines at one place of the frame are of one sort: papers come again, stand in the line of rights, or sound like papers;
    people have two or three names, and stand beside the day.
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
    papers = {slot: _like_papers(found, numbers, rights) for slot, numbers in slots.items()}
    paper = max(papers, key=lambda slot: papers[slot], default="")
    if papers.get(paper, 0) < 0.5:
        paper = ""
    people = {slot: _like_people(found, numbers) for slot, numbers in slots.items() if slot != paper}
    author = max(people, key=lambda slot: people[slot], default="")
    if people.get(author, 0) < 0.8:
        author = ""
    named = []
    for own in of_article:
        spare = len(own) - (paper in own)
        named.append(_Named(own.get(paper) if len(own) > 1 else None, own.get(author) if spare > 1 else None))
    return named


def _like_papers(found: Found, numbers: Sequence[int], rights: str) -> float:
    words = [found.blocks[number].words.strip("*_# ") for number in numbers]
    if any(len(one) > NAME_CHARACTERS or one.casefold() in NO_PAPER for one in words):
        return 0.0
    if _like_people(found, numbers) >= 0.8 and not any(one in rights for one in words):
        return 0.0
    often = Counter(words)
    dated = [any(found.shapes[near].name == DAY for near in (number - 1, number + 1) if 0 <= near < len(found.shapes)) for number in numbers]  # fmt: skip
    titled = [NAME_OF_PAPER.fullmatch(one) is not None and one.count(" ") < 6 for one in words]
    beside = 0.5 * all(titled) * all(dated)
    return beside + sum((often[one] > 1) + (one in rights) + bool(OUTLET_WORD.search(one)) for one in words) / len(
        words
    )


def _like_people(found: Found, numbers: Sequence[int]) -> float:
    words = [found.blocks[number].words.strip("*_# ") for number in numbers]
    people = [people_named(one) is not None and one.count(" ") < 8 and not OUTLET_WORD.search(one) and not one.startswith("The ") for one in words]  # fmt: skip
    return (
        sum(one or bool(NOBODY.fullmatch(word)) for one, word in zip(people, words, strict=True)) / len(words)
        if any(people)
        else 0.0
    )


def _title(found: Found, framed: Framed, named: _Named) -> int | None:
    if framed.title is not None:
        return framed.title
    return next((number for number in framed.unnamed if number not in (named.paper, named.author)), None)


def _findings(found: Found, framed: Framed, named: _Named) -> Iterator[Finding]:
    title = _title(found, framed, named)
    if title is not None and (words := found.shapes[title].value or found.blocks[title].words.strip("#*_ ")):
        yield Finding("title", words, ORIGIN)
    lines = [(found.shapes[number], found.blocks[number].words) for number in (*framed.head, *framed.tail)]
    for shape, words in lines:
        header = header_line(words) if shape.name == HEADED else None
        if header:
            yield from _known(outlet=header.outlet or next(iter(header.names), None), author=header.author)
        if OUTLET_LABEL.fullmatch(shape.label) and shape.value:
            yield Finding("outlet", shape.value.split(";")[0].strip(), ORIGIN)
        if shape.label in AUTHOR_LABELS and not NOBODY.fullmatch(shape.value):
            value = MAIL.sub("", shape.value).strip(' "')
            yield from _known(author=people_named(value) or value)
        if shape.name == BY and (people := people_named(words)):
            yield from _known(author=people)
        if shape.label in ("from", "von", "de") and (sender := MAIL.sub("", shape.value).strip(' "')):
            yield from _known(
                **{"author" if people_named(sender) and not _sounds_like_paper(sender) else "outlet": sender}
            )
        if shape.name == PAPER:
            yield Finding("outlet", words.strip("*_# "), ORIGIN)
    if named.paper is not None:
        yield Finding("outlet", found.blocks[named.paper].words.strip("*_# "), ORIGIN)
    if named.author is not None and not NOBODY.fullmatch(found.blocks[named.author].words):
        yield from _known(author=people_named(found.blocks[named.author].words))
    days = [words for shape, words in lines if shape.name in (HEADED, DAY)]
    labelled = [shape.value for shape, _ in lines if DAY_LABEL.fullmatch(shape.label)]
    loaded = [shape.value for shape, _ in lines if shape.label in LATER_DAY_LABELS]
    info = [shape.value for shape, _ in lines if OUTLET_LABEL.fullmatch(shape.label)]
    for words in (*labelled, *days, *info, *loaded):
        if day := find_date(words):
            yield Finding("published", day, ORIGIN)


def _sounds_like_paper(name: str) -> bool:
    return OUTLET_WORD.search(name) is not None or name.startswith("The ")


def _known(**fields: str | None) -> Iterator[Finding]:
    for name, value in fields.items():
        if value:
            yield Finding(name, value, ORIGIN)
