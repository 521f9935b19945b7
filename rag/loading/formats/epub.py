"""E-books (EPUB) to articles: each chapter, as Calibre and Wallabag put an article of a paper in each."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..exports import articles_of_part
from ..metadata.dates import find_date
from ..metadata.findings import Finding, language_code
from ..sources import Unread, begin_part, part
from .html_fragment import text_of_fragment
from .html_page import decode_page
from .packed import Packed, inside
from .xml_tree import attribute, tag, words_of, xml_tree

CONTAINER = "META-INF/container.xml"
RIGHTS = "META-INF/rights.xml"
PAGES = ("application/xhtml+xml", "text/html")
MATTER = frozenset({"nav", "toc", "cover", "titlepage", "copyright-page", "landmarks"})
CHAPTER_WORDS = 12  # fewer are a cover, a half title or a rule


def read_book_file(path: Path) -> list[Article | Unread]:
    """Return an article for each chapter with a text, or the several of one; the cover and the contents are ignored.

    Raises:
        ReadingError: the file cannot be read, is protected, or holds no chapter.
    """
    packed = Packed(path)
    if RIGHTS in packed:
        raise ReadingError(f"{path} is protected (DRM), expected an open EPUB. Ask where you bought it for one.")
    root = xml_tree(packed.read(CONTAINER))
    book = next((attribute(one, "full-path") for one in root.iter() if tag(one) == "rootfile"), "")
    if book not in packed:
        raise ReadingError(f"{path} names no book, expected an EPUB. Export it again.")
    package = xml_tree(packed.read(book))
    folder = posixpath.dirname(book)
    items = {attribute(one, "id"): one for one in package.iter() if tag(one) == "item"}
    titles = _titles(packed, items, folder)
    facts = list(_book_findings(package))
    found: list[Article | Unread] = []
    for reference in (one for one in package.iter() if tag(one) == "itemref"):
        item = items.get(attribute(reference, "idref"))
        if item is None or attribute(item, "media-type") not in PAGES:
            continue
        name = inside(folder, attribute(item, "href"))
        found += _chapter(packed, name, item, titles.get(name, ""), facts, path)
    if not any(isinstance(one, Article) for one in found):
        raise ReadingError(f"{path} holds no chapter with a text, expected at least one. Export it again.")
    return found


def _chapter(
    packed: Packed, name: str, item: Any, title: str, facts: list[Finding], path: Path
) -> list[Article | Unread]:
    source = part(str(path), name)
    if name not in packed:
        return [Unread(source, f"{source} is not in the file, expected a whole EPUB. Export it again.")]
    data = packed.read(name)
    if why_not := begin_part(len(data)):
        return [Unread(source, f"{source} {why_not}")]
    markup = decode_page(data, name=source).text
    text = text_of_fragment(markup)
    matter = MATTER.intersection(attribute(item, "properties").split()) or f'type="{"toc"}"' in markup[:3_000]
    if matter or len(text.split()) < CHAPTER_WORDS:
        return [Unread(source, "It is a cover, a title or the contents of the book.", ignored=True)]
    findings = [Finding("title", title, "contents of the book")] if title else []
    try:
        return articles_of_part(text, source=source, findings=[*findings, *facts])
    except ReadingError as error:
        return [Unread(source, str(error))]


def _titles(packed: Packed, items: dict[str, Any], folder: str) -> dict[str, str]:
    """Return what the contents call each chapter: that of EPUB 3, else that of EPUB 2."""
    titles: dict[str, str] = {}
    for item in items.values():
        name = inside(folder, attribute(item, "href"))
        is_nav = "nav" in attribute(item, "properties").split()
        if name not in packed or not (is_nav or name.lower().endswith(".ncx")):
            continue
        home = posixpath.dirname(name)
        for element in xml_tree(packed.read(name)).iter():
            if is_nav and tag(element) == "a":
                titles.setdefault(inside(home, attribute(element, "href")), words_of(element))
            elif tag(element) == "navPoint":
                labels = [words_of(one) for one in element if tag(one) == "navLabel"]
                targets = [attribute(one, "src") for one in element if tag(one) == "content"]
                if labels and targets:
                    titles.setdefault(inside(home, targets[0]), labels[0])
    return titles


def _book_findings(package: Any) -> Iterator[Finding]:
    """Yield what the book says of all its chapters. Its author is of a chapter where nothing nearer is named."""
    values = {
        name: [words_of(one) for one in package.iter() if tag(one) == name]
        for name in ("language", "date", "publisher")
    }
    if values["language"] and (code := language_code(values["language"][0])):
        yield Finding("language", code, "book")
    if values["publisher"] and values["publisher"][0]:
        yield Finding("outlet", values["publisher"][0], "book")
    if values["date"] and (day := find_date(values["date"][0])):
        yield Finding("published", day, "book")
