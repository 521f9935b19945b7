"""Pages of a wiki (MediaWiki's XML export, or the text of one page) to articles."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..articles import article_from_text
from ..decoding import decode
from ..file_bytes import read_bytes
from ..metadata.dates import find_date
from ..metadata.findings import Finding, language_code
from ..sources import Unread, begin_part, part
from .wikitext import looks_like_wikitext, wikitext_words
from .xml_tree import attribute, children, words_of

ARTICLES = frozenset({"0", ""})  # the namespace of talk, users and templates is another
REDIRECT = re.compile(r"\s*#\w{4,20}\s*:?\s*\[\[", re.IGNORECASE)


def read_wikitext_file(path: Path) -> list[Article]:
    """Return the one article of a page's own text; of a text that is none, the same as for any text.

    Raises:
        ReadingError: the file cannot be read, or is not text.
    """
    decoded = decode(read_bytes(path), name=str(path))
    if not looks_like_wikitext(decoded.text):
        return [article_from_text(decoded.text, source=str(path), encoding=decoded.encoding)]
    title = Finding("title", path.stem.replace("_", " "), "file name")
    return [_article(decoded.text, source=str(path), findings=[title])]


def read_wiki_export(root: Any, *, source: str) -> list[Article | Unread]:
    """Return an article for each page of the export, as its newest version is. What is no article is ignored.

    Raises:
        ReadingError: it holds no page with a text.
    """
    site = next(iter(children(root, "siteinfo")), None)
    outlet = words_of(next(children(site, "sitename"), None)) if site is not None else ""
    language = language_code(attribute(root, "lang"))
    found: list[Article | Unread] = []
    for page in children(root, "page"):
        title = words_of(next(children(page, "title"), None))
        name = part(source, title or str(len(found) + 1))
        revisions = list(children(page, "revision"))
        texts = [one for revision in revisions[-1:] for one in children(revision, "text")]
        text = texts[0].text or "" if texts else ""
        if words_of(next(children(page, "ns"), None)) not in ARTICLES or REDIRECT.match(text):
            found.append(Unread(name, "It is no article of the wiki.", ignored=True))
            continue
        if why_not := begin_part(len(text)):
            found.append(Unread(name, f"{name} {why_not}"))
            continue
        findings = [Finding("title", title, "export")] if title else []
        if outlet:
            findings.append(Finding("outlet", outlet, "export"))
        if language:
            findings.append(Finding("language", language, "export"))
        stamps = [words_of(one) for one in children(revisions[-1], "timestamp")] if revisions else []
        if stamps and (day := find_date(stamps[0])):
            findings.append(Finding("published", day, "newest version"))
        try:
            found.append(_article(text, source=name, findings=findings))
        except ReadingError as error:
            found.append(Unread(name, str(error)))
    if not any(isinstance(one, Article) for one in found):
        raise ReadingError(f"{source} holds no page with a text, expected articles. Export it again, with texts.")
    return found


def _article(text: str, *, source: str, findings: list[Finding]) -> Article:
    words, left_out = wikitext_words(text)
    shown = ", ".join(left_out[:5]) + (f" and {len(left_out) - 5} more" if len(left_out) > 5 else "")
    notes = [f"Templates of the wiki were not read: {shown}."] if left_out else []
    return article_from_text(words, source=source, findings=findings, notes=notes)
