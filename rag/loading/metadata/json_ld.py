"""What the JSON-LD of a page says of the article on it (schema.org, in `script` elements)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .dates import find_date
from .findings import Finding, language_code, web_address

ORIGIN = "JSON-LD"
KINDS = re.compile(r"(?:\w*Article|\w*(?<!Job)Posting|Report|Review|\w*Review)")
WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$|;\s*$")
MAX_DEPTH = 5
MAX_OBJECTS = 500


def json_ld_findings(tree: Any, *, titles: set[str], addresses: set[str]) -> Iterator[Finding]:
    """Yield what is said of the article of the page.

    Where several are described, as on a page with teasers, it is the one under a title (small letters) or an address of
    the page; if none is, nothing is said.
    """
    objects = list(_objects(tree))
    articles = [one for one in objects if _is_article(one)]
    if len(articles) > 1:
        articles = [
            one
            for one in articles
            if _words(one.get("headline")).casefold() in titles or not addresses.isdisjoint(_addresses(one))
        ]
    by_id = {one["@id"]: one for one in objects if isinstance(one.get("@id"), str) and len(one) > 1}
    for article in articles[:1]:
        yield from _said(article, by_id)


def _said(article: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    values = {
        "title": _words(article.get("headline")) or _words(article.get("name")),
        "author": _names(article.get("author"), by_id) or _names(article.get("creator"), by_id),
        "outlet": _names(article.get("publisher"), by_id),
        "published": find_date(_words(article.get("datePublished"))),
        "language": language_code(_names(article.get("inLanguage"), by_id)),
        "address": next(iter(_addresses(article)), None),
    }
    for name, value in values.items():
        if value:
            yield Finding(name, value, ORIGIN)


def _objects(tree: Any) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            try:
                data = json.loads(WRAPPING.sub("", script.text), strict=False)
            except (ValueError, RecursionError):
                continue
            _collect(data, found, MAX_DEPTH)
    return found


def _collect(data: Any, found: list[Mapping[str, Any]], depth: int) -> None:
    if depth == 0 or len(found) >= MAX_OBJECTS:
        return
    if isinstance(data, list):
        for one in data:
            _collect(one, found, depth - 1)
    elif isinstance(data, Mapping):
        found.append(data)
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            _collect(data.get(key), found, depth - 1)


def _is_article(one: Mapping[str, Any]) -> bool:
    kinds = one.get("@type")
    return any(
        isinstance(kind, str) and KINDS.fullmatch(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _addresses(article: Mapping[str, Any]) -> list[str]:
    page = article.get("mainEntityOfPage")
    said = [article.get("url"), page, page.get("@id") if isinstance(page, Mapping) else None, article.get("@id")]
    return [address.split("#")[0] for one in said if isinstance(one, str) and (address := web_address(one))]


def _names(value: Any, by_id: Mapping[str, Mapping[str, Any]], depth: int = 3) -> str:
    """Return the name of a person or an organisation, or of several; addresses are no names."""
    if depth == 0:
        return ""
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(filter(None, (_names(one, by_id, depth - 1) for one in value[:10]))))
    if isinstance(value, Mapping):
        if "name" not in value and isinstance(value.get("@id"), str):
            return _names(by_id.get(value["@id"]), by_id, depth - 1)
        return _names(value.get("name"), by_id, depth - 1)
    words = _words(value)
    return "" if web_address(words) else words.removeprefix("By ").removeprefix("by ")


def _words(value: Any) -> str:
    return " ".join(html.unescape(value[:1000]).split()) if isinstance(value, str) else ""
