"""The words under the pictures of a page: kept below its article as boxes beside it, for many a name stands nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...schema import Article, Section
from ..articles import article_id
from ..layout import site_phrases
from ..metadata.html_head import ELSEWHERE, ELSEWHERE_TAGS

CAPTION_WORDS = 4  # fewer are a credit
MOST_CAPTIONS = 40
HOMES = frozenset({"article", "main"})
# Other elements stand apart on the page, by its style: "the plague" and "Credit: EPA" are two spans without a space.
INLINE = frozenset({"a", "abbr", "b", "cite", "em", "i", "mark", "q", "small", "strong", "sub", "sup", "u"})
COUNTER = re.compile(r"^\d+ ?(?:of|/) ?\d+ (?=\W?[^\W\d_a-z])")  # "2 of 4": the place in a gallery


def captions_of(tree: Any) -> list[str]:
    """Return the captions of the pictures in the article of a page, each once. Those of menus and teasers are left out."""
    found: dict[str, None] = {}
    for element in tree.iter("figcaption"):
        around = list(element.iterancestors())
        homes = [at for at, one in enumerate(around) if one.tag in HOMES]
        if not homes or any(_elsewhere(one) for one in around[: homes[-1]]):
            continue
        words = COUNTER.sub("", _words(element))
        if words.count(" ") + 1 >= CAPTION_WORDS and not _of_the_site(element, words):
            found[words] = None
    return list(found)[:MOST_CAPTIONS]


def _words(element: Any) -> str:
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Any) -> Iterator[str]:
    """Yield the text of an element in order, with a space where a part of it stands apart."""
    from lxml.etree import iterwalk

    for event, part in iterwalk(element, events=("start", "end", "comment", "pi")):
        yield "" if part.tag in INLINE or part is element else " "
        if event == "start":
            yield part.text or ""
        elif part is not element:
            yield part.tail or ""


def _of_the_site(element: Any, words: str) -> bool:
    """Tell whether a caption is a credit alone, or mostly a link: an advertisement or another article."""
    linked = sum(len(_words(link)) for link in element.iter("a"))
    return 2 * linked > len(words) or site_phrases.STRONG.fullmatch(words.casefold().strip("() .")) is not None


def _elsewhere(element: Any) -> bool:
    if element.tag in ELSEWHERE_TAGS and element.tag != "figure":
        return True
    return bool(element.tag == "a" or ELSEWHERE.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def with_captions(article: Article, captions: list[str]) -> Article:
    """Return the article with the captions below its text, each a sidebar of it."""
    text = article.text.rstrip()
    sections = list(article.sections)
    for words in captions:
        text += "\n\n"
        sections.append(Section(len(text), len(text) + len(words), "sidebar"))
        text += words
    if not captions:
        return article
    whole = replace(article, text=text, sections=tuple(sections))
    return replace(whole, id=article_id(whole))
