"""What the markup of a web page says of the article on it, each with where it says so; nothing is inferred.

In order: JSON-LD, meta tags, the elements of the article's head (`page_head`), and last the date in its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from .dates import find_date
from .findings import Finding, language_code, web_address
from .html_head import SEPARATOR, PageHead
from .json_ld import json_ld_findings

META = {
    "title": ("headline", "citation_title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title"),
    "outlet": ("og:site_name", "citation_journal_title", "dc.publisher", "dcterms.publisher", "publisher",
               "article:publisher"),
    "author": ("article:author", "author", "authors", "byl", "citation_author", "dc.creator", "dcterms.creator",
               "parsely-author", "sailthru.author"),
    "published": ("article:published_time", "og:article:published_time", "og:published_time", "datepublished",
                  "citation_publication_date", "citation_date", "dc.date.issued", "dcterms.issued",
                  "parsely-pub-date", "sailthru.date", "publish-date", "publish_date", "pubdate",
                  "publication_date", "published_date", "originalpublicationdate"),
    "language": ("content-language", "dc.language", "dcterms.language", "language", "og:locale"),
    "address": ("og:url", "twitter:url"),
}  # fmt: skip
# After what the page shows: titles written for social networks, and dates that some programs set at every change.
META_LAST = {"title": ("og:title", "twitter:title", "title"), "published": ("dc.date", "dcterms.date", "date")}
ADDRESS_DATE = re.compile(r"/(\d{4}/\d{2}/\d{2})/")
PLACEHOLDERS = (date(1, 1, 1), date(1900, 1, 1), date(1970, 1, 1))  # what programs write for "no date"


def page_findings(tree: Any) -> list[Finding]:
    """Return what the page says, the most reliable first; several of one field may differ. `tree` is of lxml."""
    head = PageHead(tree)
    addresses = list(_addresses(tree))
    titles = {words.casefold() for words in (head.title, head.title_element, *_meta(tree, "og:title")) if words}
    said = list(json_ld_findings(tree, titles=titles, addresses={str(one.value) for one in addresses}))
    said = [*_language(tree), *said, *_meta_findings(tree, META), *addresses, *head.findings()]
    said += _meta_findings(tree, META_LAST)
    for address in addresses:
        inside = ADDRESS_DATE.search(str(address.value))
        if inside and (day := find_date(inside[1])):
            said.append(Finding("published", day, "address"))
    outlet = next((str(one.value) for one in said if one.field == "outlet"), "")
    hosts = [host for one in addresses if (host := urlsplit(str(one.value)).hostname)]
    return [cleaned for one in said if (cleaned := _cleaned(one, outlet, hosts))]


def _cleaned(finding: Finding, outlet: str, hosts: Sequence[str]) -> Finding | None:
    """Return the finding without the name of the outlet, or of the site, in a title; None for one that says nothing."""
    if finding.value in PLACEHOLDERS:
        return None
    if finding.field not in ("title", "author") or not (outlet or hosts):
        return finding
    words = str(finding.value)
    *_, last = [None, *SEPARATOR.finditer(words)]
    if finding.field == "title" and last and _names_site(words[last.end() :], outlet, hosts):
        words = words[: last.start()]
    return None if outlet and words.casefold() == outlet.casefold() else Finding(finding.field, words, finding.origin)


def _names_site(words: str, outlet: str, hosts: Sequence[str]) -> bool:
    """Tell whether the words are the outlet's name or that in the address: "TheHill" of "The Hill", or of thehill.com."""
    name = _squeezed(words)
    return bool(name) and (
        name == _squeezed(outlet) or any(name in map(_squeezed, host.split(".")[:-1]) for host in hosts)
    )


def _squeezed(name: str) -> str:
    for ending in (".com", ".org", ".net", ".co.uk"):
        name = name.casefold().removesuffix(ending)
    return "".join(filter(str.isalnum, name)).removeprefix("the")


def _meta(tree: Any, *names: str) -> Iterator[str]:
    """Yield what the meta tags of these names say, in the order of the names. One with itemprop may be of a teaser."""
    tags: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("http-equiv") or ""
        tags.setdefault(name.lower(), []).append(" ".join((tag.get("content") or "").split()))
    for name in names:
        yield from filter(None, tags.get(name, ()))


def _meta_findings(tree: Any, table: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    for field, names in table.items():
        for said in _meta(tree, *names):
            value: str | date | None = said
            if field == "published":
                value = find_date(said)
            elif field == "language":
                value = language_code(said)
            elif field in ("author", "outlet"):
                named = not said.startswith(("http:", "https:", "//", "www.")) and "@" not in said
                value = said[3:] if named and said[:3].casefold() == "by " else said if named else None
            if value and field != "address":
                yield Finding(field, value, "meta tag")


def _addresses(tree: Any) -> Iterator[Finding]:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and (address := web_address(link.get("href") or "")):
            yield Finding("address", address, "canonical link")
    for said in _meta(tree, *META["address"]):
        if address := web_address(said):
            yield Finding("address", address, "meta tag")


def _language(tree: Any) -> Iterator[Finding]:
    said = tree.get("lang") or tree.get("xml:lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    if code := language_code(said):
        yield Finding("language", code, "html element")
