"""Web pages to articles: the text through trafilatura, what the page says of itself through its own markup."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Any

from ...errors import ReadingError
from ...schema import Article
from ..articles import article_from_text
from ..decoding import CONTROLS, MARKS, Decoded, decode
from ..file_bytes import read_bytes
from ..metadata.html_meta import page_findings
from .captions import captions_of, with_captions
from .html_fragment import lift_marks
from .html_tables import tables_as_lines
from .note_marks import with_marks_apart

CHARSET = re.compile(
    rb"<(?:meta\s[^>]{0,200}?charset=|\?xml\s[^>]{0,100}?encoding=)\s*[\"']?([\w-]{3,20})", re.IGNORECASE
)
TAG = re.compile(r"<[a-zA-Z!][^<>]{0,2000}>")
CHARSET_BYTES = 4_000
# What pages call Latin-1 or ASCII is read as browsers read it.
AS_BROWSERS_READ = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
# Elements named so with two paragraphs or more hold the article; of several on a page, each holds a part of it.
TEXT_CLASS = re.compile(
    r"(?:article|entry|post|story|body|content|text)[_-]{0,2}(?:body|content|text|container|copy)|articleBody",
    re.IGNORECASE,
)
PARAGRAPH_WORDS = 20
NO_CONTROLS = dict.fromkeys(map(ord, CONTROLS))
CONTROL_BYTES = bytes(map(ord, CONTROLS))


def read_page_file(path: Path) -> list[Article]:
    """Return the one article of a page: its main text without menus, teasers and comments, and what its markup says.

    Raises:
        ReadingError: the file cannot be read, or the page holds no running text.
    """
    data = read_bytes(path)
    decoded = decode_page(data, name=str(path))
    if not TAG.search(decoded.text):  # text under the ending of a page, with what is asked of text
        decoded = decode(data, name=str(path))
        return [article_from_text(decoded.text, source=str(path), encoding=decoded.encoding)]
    return [article_from_page(decoded.text, source=str(path), encoding=decoded.encoding)]


def article_from_page(page: str, *, source: str, encoding: str | None = None) -> Article:
    """Return the article of a page given as HTML.

    Raises:
        ReadingError: it holds no running text.
    """
    tree = _tree(page)
    findings = [] if tree is None else page_findings(tree)
    captions = [] if tree is None else captions_of(tree)
    text = "" if tree is None else _main_text(tree)
    if not text:
        raise ReadingError(
            f"{source} holds no running text, expected the page of an article. "
            "If its words are loaded by a script, save the page from the browser as a complete page."
        )
    article = article_from_text(text, source=source, encoding=encoding, findings=findings)
    told = " ".join(article.text.split())
    return with_captions(article, [one for one in captions if one not in told])


def decode_page(data: bytes, *, name: str, charset: str | None = None) -> Decoded:
    """Return the characters of a page: by its mark, as UTF-8 if it is that, as `charset` or itself says, else by its look.

    Raises:
        ReadingError: it fits no encoding.
    """
    declared = CHARSET.search(data[:CHARSET_BYTES])
    marked = any(data.startswith(mark) for mark, _ in MARKS)
    named = charset or (declared[1].decode("ascii") if declared else "utf-8")
    if not marked and (found := _as_declared(data, named)):
        return found
    return decode(data if marked else data.translate(None, CONTROL_BYTES), name=name)


def _as_declared(data: bytes, declared: str) -> Decoded | None:
    try:
        named = codecs.lookup(declared).name
    except LookupError:
        return None
    # Text in another encoding is UTF-8 only by rare chance, while pages often name another than they are in.
    for encoding in ("utf-8", AS_BROWSERS_READ.get(named, named)):
        try:
            return Decoded(data.decode(encoding).translate(NO_CONTROLS), encoding)
        except (UnicodeDecodeError, LookupError):  # LookupError: a codec that is not one of text
            continue
    return None


def _tree(page: str) -> Any:
    from trafilatura import load_html

    tree = load_html(page)
    # A page of one element and no more is not taken for HTML.
    return load_html(f"<html><body>{page}</body></html>") if tree is None and TAG.search(page) else tree


def _main_text(tree: Any) -> str:
    """Return the text of the article on the page. The tree is changed."""
    from trafilatura import extract

    lift_marks(tree)
    tables_as_lines(tree)
    _join_text(tree)
    # Options chosen on half of the pages of eval/benchmarks/extraction.py; rag/design/decisions/024-web-pages.md has the figures.
    return with_marks_apart(extract(tree, output_format="txt", fast=True, include_comments=False) or "")


def _join_text(tree: Any) -> None:
    """Bring the text together that advertisements part into elements of one class: trafilatura takes the first alone."""
    first: dict[str, Any] = {}
    for element in list(tree.iter("div", "section")):
        name = element.get("class") or ""
        if not TEXT_CLASS.search(name) or _paragraphs(element) < 2:
            continue
        home = first.setdefault(name, element)
        if home is not element and home not in element.iterancestors():
            home.extend(list(element))


def _paragraphs(element: Any) -> int:
    return sum(len("".join(one.itertext()).split()) >= PARAGRAPH_WORDS for one in element.iterchildren("p"))
