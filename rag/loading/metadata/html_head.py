"""The head of the article on a web page: its h1, and the elements and lines about it that say by whom and when.

Knows HTML elements (lxml), not meta tags. What lies in menus, sidebars and lists of other articles is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .bylines import BYLINE, CHANGED, day_published, people_named
from .dates import find_date, is_date_line
from .findings import Finding

ELSEWHERE_TAGS = frozenset({"aside", "nav", "footer", "form", "noscript", "script", "style", "template", "figure"})
ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:related|sidebar|teasers?|comments?|popular|trending|recommended|recommendations?|promos?|recirc|"
    r"read-?(?:more|next)|most-?read|more-?(?:from|on|stories)|latest|newsletter|footer|nav(?:bar|igation)?|menu)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
MARKED_DATE = re.compile(
    r"(?:^|[\s_-])(?:(?:pub|publish|published|publication|posted|entry|post|article|story)[_-]?(?:date|time|on)|"
    r"published|posted|pubdate|dateline)(?:$|[\s_-])",
    re.IGNORECASE,
)
MARKED_CHANGE = re.compile(r"updat|modif|revis|edited|today|current", re.IGNORECASE)
MARKED_AUTHOR = re.compile(r"(?:^|[\s_-])(?:byline|authors?)(?:[_-]{1,2}name)?(?:$|\s)", re.IGNORECASE)
SEPARATOR = re.compile(r"\s(?:[|–—·»:-]|::)\s")
PARAGRAPH_WORDS = 25
HEAD_WORDS = 75  # a block about the h1 with more holds the article too
HEAD_ELEMENTS = 300  # between the title and the first paragraph lie a handful
LINE_CHARACTERS = 200
TEXT_CHARACTERS = 2_000


class PageHead:
    """The head of the article on one page. `title` is its h1, `title_element` the `title` of the page; empty if none."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree
        self._heading = _heading(tree)
        # What holds the heading is of the article, whatever its name: "page has-sidebar".
        self._around = [] if self._heading is None else list(self._heading.iterancestors())
        self.title = "" if self._heading is None else _text(self._heading)
        title_element = tree.find(".//title")
        self.title_element = "" if title_element is None else _text(title_element)

    def findings(self) -> Iterator[Finding]:
        """Yield the titles, the authors and the dates of publication that elements say."""
        *_, last = [None, *SEPARATOR.finditer(self.title_element)]
        if last and self.title_element[last.end() :] == self.title:  # the h1 is the name of the site
            yield Finding("title", self.title_element[: last.start()], "title element")
        elif self.title:
            yield Finding("title", self.title, "h1")
        if self.title_element:
            yield Finding("title", self.title_element, "title element")
        lines = self._lines()
        yield from self._authors(lines)
        yield from self._dates(lines)

    def _lines(self) -> list[Any]:
        """Return the elements from the title's block to the first paragraph."""
        start = self._heading
        block = next((one for one in self._around if one.tag in ("header", "hgroup", "div")), None)
        if block is not None and _text(block).count(" ") < HEAD_WORDS:
            start = block
        if start is None:
            start = next(self._tree.iter("article", "main"), None)
        lines: list[Any] = []
        begun = False
        for element in self._tree.iter() if start is not None else ():
            begun = begun or element is start
            paragraph = element.tag in ("p", "h2") and _text(element).count(" ") >= PARAGRAPH_WORDS
            if begun and (paragraph or len(lines) == HEAD_ELEMENTS):
                break
            if begun and isinstance(element.tag, str) and not self._elsewhere(element):
                lines.append(element)
        return lines

    def _authors(self, lines: list[Any]) -> Iterator[Finding]:
        for element in self._tree.iter():
            marked = isinstance(element.tag, str) and _names_author(element) and not self._elsewhere(element)
            if marked and (names := people_named(_line(element))):
                yield Finding("author", names, "byline")
        for element in lines:
            line = _line(element)
            if BYLINE.match(line) and (names := people_named(line)):
                yield Finding("author", names, "byline")

    def _dates(self, lines: list[Any]) -> Iterator[Finding]:
        marked = [one for one in self._tree.iter() if _gives_date(one) and not self._elsewhere(one)]
        candidates = [(one, True) for one in marked if not _of_change(one)]
        candidates += [(one, False) for one in lines if not _of_change(one)]
        for element, _ in candidates:
            stamp = element.get("datetime") or (element.get("content") if element.get("itemprop") else None)
            if stamp and (day := find_date(stamp)):
                yield Finding("published", day, "time element" if element.tag == "time" else "marked element")
        for element, is_marked in candidates:
            line = _line(element)
            if (is_date_line(line) or (is_marked and len(line) < 60)) and (day := day_published(line)):
                yield Finding("published", day, "byline")

    def _elsewhere(self, element: Any) -> bool:
        """Tell whether the element lies in a part of the page that is not of this article."""
        for one in (element, *element.iterancestors()):
            if one in self._around:
                return False
            if one.tag in ELSEWHERE_TAGS or ELSEWHERE.search(f"{one.get('class') or ''} {one.get('id') or ''}"):
                return True
        return False


def _heading(tree: Any) -> Any:
    """Return the one h1 with words; of several, the first in an article; None if there is none."""
    headings = [one for one in tree.iter("h1") if _text(one)]
    if len(headings) > 1:
        headings = [one for one in headings if any(above.tag in ("article", "main") for above in one.iterancestors())]
    return headings[0] if headings else None


def _names_author(element: Any) -> bool:
    return (
        "author" in (element.get("rel") or "").split()
        or "author" in (element.get("itemprop") or "").split()
        or MARKED_AUTHOR.search(element.get("class") or "") is not None
    )


def _gives_date(element: Any) -> bool:
    if not isinstance(element.tag, str):
        return False
    if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None:
        return True
    return element.tag in ("time", "span", "p", "div") and MARKED_DATE.search(element.get("class") or "") is not None


def _of_change(element: Any) -> bool:
    """Tell whether the element, or what stands right before it, says that this is when the article was changed."""
    if MARKED_CHANGE.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}"):
        return True
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        words = before.tail if before.tail and before.tail.strip() else _text(before)
    else:
        words = parent.text if parent is not None else ""
    return CHANGED.search((words or "")[-30:]) is not None


def _line(element: Any) -> str:
    """Return the words of an element if they could stand in one line; empty if there are more."""
    words = _text(element, between=" ").replace(" ,", ",")
    return words if len(words) <= LINE_CHARACTERS else ""


def _text(element: Any, *, between: str = "") -> str:
    """Return the words of an element, of a long one only the first TEXT_CHARACTERS or so."""
    pieces: list[str] = []
    count = 0
    for piece in element.itertext():
        pieces.append(piece)
        count += len(piece)
        if count > TEXT_CHARACTERS:
            break
    return " ".join(between.join(pieces).split())
