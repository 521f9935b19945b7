"""The words under the pictures of a page: kept below its article as boxes beside it, for many a name stands nowhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...schema import Article, Section
from ..articles import article_id
from ..metadata.html_head import ELSEWHERE, ELSEWHERE_TAGS

CAPTION_WORDS = 4  # fewer are a credit
MOST_CAPTIONS = 40
HOMES = frozenset({"article", "main"})


def captions_of(tree: Any) -> list[str]:
    """Return the captions of the pictures in the article of a page, each once. Those of menus and teasers are left out."""
    found: dict[str, None] = {}
    for element in tree.iter("figcaption"):
        around = list(element.iterancestors())
        homes = [at for at, one in enumerate(around) if one.tag in HOMES]
        if not homes or any(_elsewhere(one) for one in around[: homes[-1]]):
            continue
        words = " ".join("".join(element.itertext()).split())
        if words.count(" ") + 1 >= CAPTION_WORDS:
            found[words] = None
    return list(found)[:MOST_CAPTIONS]


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
