"""Feeds and exports in XML (RSS, Atom, WordPress; MediaWiki by its own reader) to articles, one for each entry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..fields import Fields
from ..file_bytes import COLLECTION_MEGABYTES, read_bytes
from ..sources import Unread
from .json_records import articles_of
from .mediawiki import read_wiki_export
from .xml_tree import attribute, children, tag, words_of, xml_tree

ROOTS = frozenset({"rss", "feed", "RDF", "channel"})
TEXTS = ("encoded", "content", "body", "fulltext")  # of an entry, in whole
SUMMARIES = ("description", "summary", "subtitle")
DAYS = ("pubDate", "published", "date", "issued", "created", "post_date", "updated")
AUTHORS = ("creator", "author", "dc:creator")
NOT_SHOWN = frozenset({"draft", "auto-draft", "trash", "private", "inherit", "pending"})
NOT_READ = frozenset({"attachment", "nav_menu_item", "revision", "custom_css", "wp_global_styles", "wp_template"})
ONLY_BEGINNING = "The feed holds only a summary of it, not the whole text."


def read_xml_file(path: Path, fields: Fields) -> list[Article | Unread]:
    """Return an article for each entry of a feed, or each page of a wiki.

    Raises:
        ReadingError: the file cannot be read, is of no kind that is known, or holds no entry with a text.
    """
    root = xml_tree(read_bytes(path, megabytes=COLLECTION_MEGABYTES))
    if tag(root) == "mediawiki":
        return read_wiki_export(root, source=str(path))
    if tag(root) == "html":
        from .html_page import read_page_file

        return list(read_page_file(path))
    if tag(root) not in ROOTS:
        raise ReadingError(
            f"{path} is XML of another kind (<{tag(root)}>), expected a feed (RSS, Atom), a WordPress or a MediaWiki "
            "export. Save its articles as text, HTML or CSV."
        )
    return _entries(root, str(path), fields)


def _entries(root: Any, source: str, fields: Fields) -> list[Article | Unread]:
    channel = next(children(root, "channel"), root)
    outlet = words_of(next(children(channel, "title"), None))
    language = words_of(next(children(channel, "language"), None)) or attribute(root, "lang")
    entries = [one for one in root.iter() if tag(one) in ("item", "entry")]
    records: list[tuple[int, Mapping[str, Any]]] = []
    notes: dict[int, tuple[str, ...]] = {}
    unread: list[Article | Unread] = []
    for number, entry in enumerate(entries, start=1):
        if _word(entry, "status") in NOT_SHOWN or _word(entry, "post_type") in NOT_READ:
            unread.append(Unread(f"{source}#{number}", "It is a draft, a menu or a picture.", ignored=True))
            continue
        record, whole = _record(entry)
        if not record["text"]:
            why = f"{source}#{number} has a title and no text, expected an article. Save the page that it links to."
            unread.append(Unread(f"{source}#{number}", why))
            continue
        records.append((number, record | {"outlet": outlet, "language": language}))
        notes[number] = () if whole else (ONLY_BEGINNING,)
    if not records:
        raise ReadingError(f"{source} holds no entry with a text, expected at least one. Export it again, with texts.")
    return articles_of(records, source, fields, notes=notes) + unread


def _record(entry: Any) -> tuple[dict[str, Any], bool]:
    """Return the fields of an entry, and whether its text is more than a summary."""
    texts = [_marked_up(one) for one in children(entry, *TEXTS)]
    summaries = [_marked_up(one) for one in children(entry, *SUMMARIES)]
    text = max(texts, key=len, default="")
    summary = max(summaries, key=len, default="")
    whole = len(text) >= len(summary) and bool(text)
    ended = summary.rstrip().removesuffix("</p>").rstrip()[-1:] not in "…]" and len(summary) > 800
    authors = [words_of(next(children(one, "name"), one)) for one in children(entry, *AUTHORS)]
    links = [attribute(one, "href") or words_of(one) for one in children(entry, "link") if _is_page(one)]
    record = {
        "text": text if whole else summary,
        "title": words_of(next(children(entry, "title"), None)),
        "author": ", ".join(dict.fromkeys(filter(None, authors))),
        "published": next((words for name in DAYS if (words := _word(entry, name))), ""),
        "address": next(iter(links), ""),
        "id": _word(entry, "guid") or _word(entry, "id") or next(iter(links), ""),
    }
    return record, whole or ended


def _is_page(link: Any) -> bool:
    return attribute(link, "rel") in ("", "alternate")


def _word(entry: Any, name: str) -> str:
    return words_of(next(children(entry, name), None))


def _marked_up(element: Any) -> str:
    """Return the text of an element as it is to be read: markup that is escaped as words, XHTML as markup."""
    from lxml import etree

    if len(element):
        return "".join(etree.tostring(one, encoding="unicode") for one in element)
    return (element.text or "").strip()
