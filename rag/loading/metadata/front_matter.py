"""What the front matter of a Markdown file says: names and values, lists in brackets or one item a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..markup import WIKI_LINK
from .dates import find_date
from .findings import Finding, language_code, web_address

ORIGIN = "front matter"
NAMED = re.compile(r"(?P<name>[A-Za-z][\w -]{0,30}?)\s*:(?:\s+(?P<value>.*))?$")
ITEM = re.compile(r"\s*-\s+(?P<value>.+)$")
FIELDS = {
    **dict.fromkeys(("title", "headline"), "title"),
    **dict.fromkeys(("author", "authors", "byline", "by", "creator"), "author"),
    **dict.fromkeys(("source", "outlet", "publication", "publisher", "newspaper", "site", "site_name", "journal"), "outlet"),
    **dict.fromkeys(("published", "date", "publication date", "date published", "published on", "pubdate", "datepublished"), "published"),
    **dict.fromkeys(("url", "link", "canonical", "address", "permalink"), "address"),
    **dict.fromkeys(("lang", "language"), "language"),
}  # fmt: skip
DAYS_FIRST = ("published", "publication date", "date published", "published on", "pubdate", "datepublished")


def front_matter_findings(front: str) -> Iterator[Finding]:
    """Yield what the lines between the two rules say. An address is no outlet, whatever its name."""
    values = _values(front)
    # "date" is often that of the note; "published" is that of the article.
    for name in sorted(values, key=lambda one: one not in DAYS_FIRST):
        field = FIELDS.get(name)
        told = ", ".join(values[name])
        if field is None or not told:
            continue
        if field == "published":
            if day := find_date(told):
                yield Finding(field, day, ORIGIN)
        elif address := web_address(told):
            yield from [Finding("address", address, ORIGIN)] if field in ("outlet", "address") else []
        elif field == "language":
            yield from (Finding(field, code, ORIGIN) for code in [language_code(told)] if code)
        elif field != "address":
            yield Finding(field, told, ORIGIN)


def _values(front: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in front.split("\n"):
        item = ITEM.match(line)
        if item and name:
            found[name].append(_plain(item["value"]))
            continue
        named = NAMED.match(line)
        name = " ".join(named["name"].casefold().split()) if named else ""
        if named and name:
            found.setdefault(name, []).extend(_listed(named["value"] or ""))
    return {name: [one for one in values if one] for name, values in found.items()}


def _listed(value: str) -> list[str]:
    value = value.strip()
    if value.startswith("[") and value.endswith("]") and not value.startswith("[["):
        return [_plain(one) for one in re.findall(r"\"[^\"]*\"|'[^']*'|[^,]+", value[1:-1])]
    return [_plain(value)]


def _plain(value: str) -> str:
    words = value.strip()
    if len(words) > 1 and words[0] == words[-1] and words[0] in "\"'":
        words = words[1:-1]
    return " ".join(WIKI_LINK.sub(lambda link: link["seen"], words).split())
