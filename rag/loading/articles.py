"""A text, and what its file says beside it, to an article."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from ..errors import ReadingError
from ..schema import Article
from .layout.blocks import edges, split_blocks
from .layout.sections import sections_of
from .metadata.bylines import find_metadata
from .metadata.findings import Finding

GIVEN = "given"
# Two figures at least, and not a power of ten: 5² and 10⁶ are numbers.
MARK_AT_NUMBER = re.compile(r"(?<![\d.,])(?!10[¹²³⁴⁵⁶⁷⁸⁹⁰])(\d[\d.,]*\d)([¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3})(?![\w⁻])")


def article_from_text(
    text: str,
    *,
    source: str,
    title: str | None = None,
    outlet: str | None = None,
    author: str | None = None,
    published: date | None = None,
    language: str | None = None,
    address: str | None = None,
    encoding: str | None = None,
    findings: Iterable[Finding] = (),
    notes: Iterable[str] = (),
) -> Article:
    """Return the article with its sections, and with what the text says of itself where nothing is given.

    What is given wins and has the origin "given"; after it come `findings`, what the file says beside the text.
    `encoding` is noted among the origins; `notes` say what of the file is not in the text.

    Raises:
        ReadingError: the text is blank, or holds characters that no text has.
    """
    text = plain_lines(text)
    if not text.strip():
        raise ReadingError(f"{source} is empty, expected an article. Leave it out, or fill it.")
    if "\0" in text:
        raise ReadingError(f"{source} holds NUL characters, expected text. Save it as text and read that.")
    blocks = split_blocks(text)
    found = find_metadata(text, edges(blocks), source=source, findings=findings)
    given = {
        "title": title,
        "outlet": outlet,
        "author": author,
        "published": published,
        "language": language,
        "address": address,
    }
    origins = dict(found.origins) | {name: GIVEN for name, value in given.items() if value}
    if encoding:
        origins["encoding"] = encoding
    article = Article(
        id="",
        title=title or found.title,
        text=text,
        source=source,
        outlet=outlet or found.outlet,
        author=author or found.author,
        published=published or found.published,
        sections=sections_of(text, blocks, title=title or found.title),
        origins=origins,
        language=language or found.language,
        address=address or found.address,
        notes=tuple(dict.fromkeys(notes)),
    )
    return replace(article, id=article_id(article))


def plain_lines(text: str) -> str:
    """Return the text with line feeds alone between its lines, and without marks that nobody sees.

    The mark of a note stands apart from the number before it: `12,450 ³ visas`, as in readers that see raised letters.
    """
    # A soft hyphen is seen at the end of a line only, and would keep its word from being found.
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\xad", "")
    return MARK_AT_NUMBER.sub(r"\1 \2", text)


def article_id(article: Article) -> str:
    """Return 16 hex digits of the SHA-256 of the text, and of outlet and day where one is known.

    So the same article has the same id everywhere, and one text in two papers is two articles, copies of each other.

    Raises:
        ReadingError: the text holds half of a character (a lone surrogate).
    """
    told = article.text
    if article.outlet or article.published:
        told = "\0".join((told, article.outlet or "", article.published.isoformat() if article.published else ""))
    try:
        return hashlib.sha256(told.encode()).hexdigest()[:16]
    except UnicodeEncodeError as error:
        raise ReadingError(
            f"{article.source} holds a broken character at {error.start}, expected whole Unicode characters. Repair or remove it."
        ) from error
