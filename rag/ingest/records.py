"""What a program gives to be added: paths, and articles as records or dictionaries, checked field by field and completed."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path
from types import NoneType
from typing import Any, get_args

from ..errors import ReadingError
from ..loading.articles import article_from_text, article_id
from ..loading.sources import whole_characters
from ..schema import Article, Section, SectionKind

KINDS: tuple[SectionKind, ...] = get_args(SectionKind)
# Of a record that a program gives; without a title, it is found in the text.
FIELDS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("text", "source"), (str,)),
    **dict.fromkeys(("title", "outlet", "author", "language", "address"), (str, NoneType)),
    **dict.fromkeys(("sections", "pages", "notes"), (tuple, list)),
    "published": (date, NoneType),
    "origins": (Mapping,),
}

Addable = str | Path | Article | Mapping[str, Any]


def things_to_add(what: Addable | Iterable[Addable]) -> list[Path | Article]:
    """Return the paths and articles that were given, dictionaries as articles.

    Raises:
        ReadingError: nothing is at a path, a dictionary has a key that Article has not, or it is neither of these.
    """
    given = [what] if isinstance(what, (str, Path, Article, Mapping)) else what
    return [_thing(one) for one in given]


def _thing(given: object) -> Path | Article:
    if isinstance(given, Article):
        return given
    if isinstance(given, Mapping):
        return _from_dictionary(given)
    if not isinstance(given, (str, Path)):
        raise ReadingError(
            f"{given!r:.100} is {type(given).__name__}, expected a path, an Article or a dictionary. Correct it."
        )
    if not os.path.lexists(given):
        raise ReadingError(
            f"there is nothing at {str(given)!r}, expected a file or folder of articles. Correct the path."
        )
    return Path(given)


def _from_dictionary(given: Mapping[str, Any]) -> Article:
    """Return the article; its day may be an ISO string, and what is wrong with a value is told when it is added."""
    known = [one.name for one in fields(Article)]
    for key in given:
        if key not in known:
            close = difflib.get_close_matches(str(key), known, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise ReadingError(f"an article has no field {key!r}.{hint} Known: {', '.join(known)}.")
    values = dict(given)
    if isinstance(values.get("published"), str):
        with suppress(ValueError):
            values["published"] = datetime.fromisoformat(values["published"])
    return Article(**values)


def completed(article: Article) -> Article:
    """Return the record with its id; without sections, they are found as in a file.

    A record without a source gets one from its content: the same article has the same one each time.

    Raises:
        ReadingError: a field is not as Article says, or the sections do not fit the text.
    """
    _check_fields(article)
    _check_items(article)
    if article.sections:
        _check_sections(article)
    # A datetime is a date to Python, but does not come back as one from the store.
    published = article.published.date() if isinstance(article.published, datetime) else article.published
    if not article.source:
        article = replace(article, source=f"record {article_id(replace(article, published=published))}")
    if article.sections and article.origins:  # from a reader of ours: what it found is not "given"
        dated = replace(article, published=published)
        return replace(dated, id=article_id(dated))
    read = article_from_text(
        article.text,
        source=article.source,
        title=article.title or None,
        outlet=article.outlet,
        author=article.author,
        published=published,
        language=article.language,
        address=article.address,
        notes=article.notes,
    )
    return replace(read, sections=article.sections, pages=article.pages) if article.sections else read


def _check_fields(article: Article) -> None:
    """Raise where a field has another type than Article says, or a broken character: the index could not keep it."""
    for name, kinds in FIELDS.items():
        value = getattr(article, name)
        if not isinstance(value, kinds):
            expected = " or ".join(kind.__name__ for kind in kinds).replace("NoneType", "None")
            expected += " such as 2024-05-01" if name == "published" else ""
            raise ReadingError(f"the record has the {name} {value!r:.100}, expected {expected}. Correct it.")
        if isinstance(value, str) and whole_characters(value) != value:
            raise ReadingError(
                f"the record has a broken character in its {name}, expected whole Unicode characters. Repair or remove it."
            )


def _check_items(article: Article) -> None:
    """Raise where one of several things in a field is not as Article says."""
    words = [one for pair in article.origins.items() for one in pair]
    notes = list(article.notes)
    for name, sound, expected in (
        ("sections", all(map(_is_section, article.sections)), f"Section records of the kinds {', '.join(KINDS)}"),
        ("pages", all(isinstance(at, int) for at in article.pages), "offsets"),
        ("origins", all(map(_is_words, words)), "words for names"),
        ("notes", all(map(_is_words, notes)), "sentences"),
    ):
        if not sound:
            value = getattr(article, name)
            raise ReadingError(
                f"the record has the {name} {value!r:.100}, expected {expected}. Correct them, or leave them out."
            )


def _is_words(one: object) -> bool:
    return isinstance(one, str) and whole_characters(one) == one


def _is_section(one: object) -> bool:
    return isinstance(one, Section) and isinstance(one.start, int) and isinstance(one.end, int) and one.kind in KINDS


def _check_sections(article: Article) -> None:
    borders = [at for section in article.sections for at in (section.start, section.end)]
    text = article.text
    shifted = "\r" in text or "\xad" in text or text.startswith("\ufeff")  # reading takes these out
    if shifted or borders != sorted(borders) or not 0 <= borders[0] <= borders[-1] <= len(text):
        raise ReadingError(
            "the given sections do not fit the text, expected them in order, without overlap, within a text that has "
            "no byte order mark, no carriage returns and no soft hyphens. Correct their offsets, or leave them out."
        )
