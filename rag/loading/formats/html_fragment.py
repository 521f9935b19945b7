"""A piece of HTML that is an article and nothing else, as in a record or a letter, to its words. Nothing of it is weighed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml.html.defs import block_tags

from ..decoding import CONTROLS
from .html_tables import tables_as_lines
from .note_marks import raised, with_marks_apart

# lxml's list is of HTML 4, and has cells and words that are marked as new or gone.
BLOCKS = (block_tags - {"td", "th", "ins", "del"}) | {
    "br", "article", "details", "figcaption", "figure", "header", "main", "section", "summary",
}  # fmt: skip
LEFT_OUT = frozenset(
    "aside button footer head iframe nav noscript object script select style svg textarea title".split()
)
BEFORE = {"li": "- ", "td": " | ", "th": " | "}
UNSEEN = dict.fromkeys([*map(ord, CONTROLS), 0x200B])  # the last: where a word may be broken
ITEM_ABOVE = re.compile(r"^- \s*\n\s*", re.MULTILINE)  # its paragraphs are elements of their own


def text_of_fragment(markup: str) -> str:
    """Return the words of the piece, a line for each paragraph, item and row; what is hidden or of a page is left out.

    Where no element parts it into paragraphs, its lines stay as they are.
    """
    from trafilatura import load_html

    tree = load_html(f"<html><body>{markup}</body></html>")
    if tree is None:
        return ""
    lift_marks(tree)
    tables_as_lines(tree)
    if not any(one.tag in BLOCKS for one in tree.iter()):
        return with_marks_apart("".join(_pieces(tree, folded=False)).translate(UNSEEN).strip())
    text = with_marks_apart(ITEM_ABOVE.sub("- ", "".join(_pieces(tree, folded=True))).translate(UNSEEN))
    return "\n".join(filter(None, (" ".join(line.split()).strip("| ") for line in text.split("\n"))))


def lift_marks(tree: Any) -> None:
    """Wrap the words of raised elements, so that the mark of a note can be told from the number before it."""
    for element in list(tree.iter("sup")):
        words = "".join(element.itertext())
        if raised(words) == words:
            continue
        for inner in list(element):
            element.remove(inner)
        element.text = raised(words)
        if element.getparent() is not None:
            element.drop_tag()


def _pieces(element: Any, *, folded: bool) -> Iterator[str]:
    """Yield the words in an element, with line breaks at the borders of blocks; `folded` leaves out those in the words.

    The parser nests elements 256 deep at most.
    """
    if element.tag in LEFT_OUT or "display:none" in "".join((element.get("style") or "").casefold().split()):
        return
    folded = folded and element.tag != "pre"
    edge = "\n" if element.tag in BLOCKS else ""
    yield edge + BEFORE.get(element.tag, "") + _words(element.text, folded=folded)
    for inner in element:
        yield from _pieces(inner, folded=folded)
        yield _words(inner.tail, folded=folded)
    yield edge


def _words(words: str | None, *, folded: bool) -> str:
    return (words or "").replace("\r", " ").replace("\n", " ") if folded else words or ""
