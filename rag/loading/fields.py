"""Records of an export (an object of JSON, a row of CSV) to articles, by the names of their fields."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..errors import ReadingError, SettingsError
from ..schema import Article
from .exports import articles_of_part
from .file_bytes import MAX_MEGABYTES
from .metadata.dates import find_date
from .metadata.findings import Finding, language_code, web_address
from .sources import Unread

# Ours, and what exports call it; small letters and digits only, so that "date_published" is "datePublished".
NAMES: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "articlebody", "fulltext", "maintext", "contenttext", "articletext", "bodytext",
             "contenthtml", "bodyhtml", "html", "story", "article", "abstractnote", "abstract"),
    "title": ("title", "headline", "name", "subject", "webtitle"),
    "outlet": ("outlet", "publisher", "publication", "newspaper", "sitename", "site", "source", "journal",
               "publicationtitle", "containertitle"),
    "author": ("author", "authors", "byline", "creator", "publishedby"),
    "published": ("published", "date", "datepublished", "publishedat", "pubdate", "publicationdate", "publisheddate",
                  "webpublicationdate", "publishdate", "publishedon"),
    "language": ("language", "lang", "inlanguage"),
    "address": ("address", "url", "link", "permalink", "weburl", "canonicalurl", "canonical"),
    "id": ("id", "guid", "uuid", "articleid"),
}  # fmt: skip
MARKUP = re.compile(
    r"</(?:p|div|h[1-6]|ul|ol|li|article|section|span|a|em|strong|b|i|u|sup|sub|small|blockquote|table|td|th|body)\s*>|<br\s*/?>",
    re.IGNORECASE,
)
ENTITY = re.compile(r"&(?:amp|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|#\d{2,5}|#x[\da-f]{2,5});", re.IGNORECASE)
MAX_ID_CHARACTERS = 200
CUT = re.compile(r"(?<!\s)\s*\[\+([\d,]{1,12}) (?:chars|characters)\]\s*$")
SUMMARIES = frozenset({"abstractnote", "abstract", "description", "summary", "excerpt"})


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields of a record hold what. `given` are from the user: our name → theirs, dots stepping into objects."""

    given: Mapping[str, str] = field(default_factory=dict)

    def value(self, record: Mapping[str, Any], name: str) -> tuple[str, str]:
        """Return the field that holds `name`, and its value as text; both empty when the record has none."""
        as_text = _as_text if name == "text" else _as_name
        if name in self.given:
            return self.given[name], as_text(_at(record, self.given[name]))
        known = {_plain(str(key)): key for key in reversed(list(record))}
        for candidate in NAMES[name]:
            if candidate in known and (words := as_text(record[known[candidate]])):
                return str(known[candidate]), words
        return "", ""

    def has_text(self, record: object) -> bool:
        """Tell whether it is a record that holds the text of an article."""
        return isinstance(record, Mapping) and bool(self.value(record, "text")[1])


def parse_fields(mapping: str) -> Fields:
    """Return the fields that `text=story,title=heading.main` names.

    Raises:
        SettingsError: a part is no pair, or names something that articles do not have.
    """
    given: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in mapping.split(","))):
        ours, equals, theirs = (part.strip() for part in pair.partition("="))
        if ours not in NAMES or not equals or not theirs:
            raise SettingsError(
                f"the field map has {pair!r}, expected NAME=FIELD with one of {', '.join(NAMES)} as NAME. "
                "For example: --map text=story --map title=heading.main"
            )
        given[ours] = theirs
    return Fields(given)


def articles_from_record(
    record: Mapping[str, Any], *, source: str, fields: Fields, notes: Iterable[str] = ()
) -> list[Article | Unread]:
    """Return the article that a record holds, or each of several in its text. The origin of what a field says is `field NAME`.

    That the source cut its text off, or gives no more than its summary, is noted with `notes`.

    Raises:
        ReadingError: it has no text, or one that is no article.
    """
    name, text = fields.value(record, "text")
    if not text:
        raise ReadingError(f"{source} has no text. {expected(record, fields)}")
    if len(text) > MAX_MEGABYTES * 1_000_000:
        raise ReadingError(f"{source} is larger than {MAX_MEGABYTES} MB, expected one article. Split it.")
    if MARKUP.search(text):
        from .formats.html_fragment import text_of_fragment

        text = text_of_fragment(text)
    elif ENTITY.search(text):
        text = html.unescape(text)
    text, lost = _without_cut(text)
    if _plain(name) in SUMMARIES:
        lost.append("The export holds only a summary of it, not the whole text.")
    return articles_of_part(text, source=source, findings=_findings(record, fields), notes=[*notes, *lost])


def _without_cut(text: str) -> tuple[str, list[str]]:
    """Return the text without the words by which an interface says how much it cut off, and the note that it did."""
    cut = CUT.search(text)
    if not cut:
        return text, []
    note = f"The source cut its text off: {int(cut[1].replace(',', '')):,} characters are missing."
    return text[: cut.start()].rstrip(), [note]


def expected(record: Mapping[str, Any], fields: Fields) -> str:
    """Return what to tell the user of a record without text."""
    wanted = fields.given.get("text") or ", ".join(NAMES["text"][:5])
    seen = ", ".join(sorted(map(str, record))[:12]) or "none"
    advice = "Name the field: citedesk index --map text=FIELD"
    if "text" not in fields.given and fields.value(record, "address")[1]:  # a list to read later, or of bookmarks
        advice += ". If it lists addresses alone, save the pages themselves, or export it with their texts"
    return f"Its fields: {seen}; expected the text in {wanted}. {advice}"


def record_id(record: Mapping[str, Any], fields: Fields) -> str:
    """Return what the record calls itself, in one line; empty when it does not."""
    words = " ".join(fields.value(record, "id")[1].split())
    return words if len(words) <= MAX_ID_CHARACTERS else ""


def _as_text(value: Any) -> str:
    """Return the text of an article: paragraphs of a list one under the other; empty for what is no text."""
    if isinstance(value, Mapping):
        return next((_as_text(value[key]) for key in ("rendered", "text", "value", "html") if key in value), "")
    if isinstance(value, list):
        if any(isinstance(one, str) for one in value) and any(map(_is_piece, value)):  # words between marked ones
            return "".join(
                one if isinstance(one, str) else _as_text(one) if not _is_piece(one) else one["text"] for one in value
            ).strip()
        return "\n\n".join(filter(None, map(_as_text, value)))
    return value.strip() if isinstance(value, str) else ""


def _is_piece(value: Any) -> bool:
    """Tell whether it is a marked piece of a sentence, as Telegram writes links and bold words."""
    return isinstance(value, Mapping) and isinstance(value.get("text"), str) and "type" in value


def _as_name(value: Any) -> str:
    """Return a value as a few words: the name of an object, the names of a list; empty for what is none."""
    if isinstance(value, Mapping):
        return next(
            (_as_name(value[key]) for key in ("name", "rendered", "main", "title", "value") if key in value), ""
        )
    if isinstance(value, list):
        return ", ".join(filter(None, map(_as_name, value[:20])))
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def _findings(record: Mapping[str, Any], fields: Fields) -> Iterator[Finding]:
    for name in ("title", "outlet", "author", "published", "language", "address"):
        theirs, words = fields.value(record, name)
        value: str | date | None = " ".join(html.unescape(words[:2000]).split())
        if name == "published":
            value = find_date(words[:100])
        elif name == "language":
            value = language_code(words)
        elif name == "address":
            value = web_address(words)
        elif web_address(words):  # an address is no name of an outlet or a person
            value = None
        if value:
            yield Finding(name, value, f"field {theirs}")


def _at(record: Mapping[str, Any], path: str) -> Any:
    if path in record:
        return record[path]
    value: Any = record
    for step in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
